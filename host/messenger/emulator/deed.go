package emulator

import (
	"encoding/json"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// form answers a feedback form, plays a game, sends a cart or rates a reply.
func (e *Emulator) form(s *scene) error {
	ev := s.event()
	field, err := s.Form(&ev, s.who.ID, s.who.Locale)
	if err != nil {
		return err
	}
	if s.Kind == "rate" {
		b, err := s.target("page")
		if err != nil {
			return err
		}
		field, ev.Rating = "response_feedback", s.Rating(b.ID)
	}
	e.emitFrom(s.page, s.who, field, ev)
	return nil
}

// coupon reveals the code of a coupon that the Page sent.
func (e *Emulator) coupon(s *scene) error {
	b, err := s.target("page")
	if err != nil {
		return err
	}
	v, _ := value.Decode(b.Attachment) // what is no JSON is no coupon
	payload := value.Object(value.Object(v)["payload"])
	if value.Text(payload["template_type"]) != "coupon" {
		return fmt.Errorf("message %s is no coupon", b.ID)
	}
	ev := s.event()
	ev.Template = map[string]any{"type": "coupon", "coupon_code": value.Text(payload["coupon_code"]), "mid": b.ID, "payload": value.Text(payload["payload"])}
	e.emitFrom(s.page, s.who, webhook.Messages, ev)
	return nil
}

// lead fills in the form of a lead ad: with Type "start" Meta's form takes the thread,
// then its answers (Raw, an object of question and answer) arrive and it lets go.
func (e *Emulator) lead(s *scene) error {
	if s.Type == "start" {
		e.moveControl(s.page, s.who, LeadApp, "pass", "")
		return nil
	}
	referral, err := s.Lead()
	if err != nil {
		return err
	}
	if s.thread.Owner(e.clock.Now()) == LeadApp {
		e.moveControl(s.page, s.who, s.page.DefaultApp(), "pass", "")
	}
	ev := s.event()
	ev.Referral = referral
	e.emitFrom(s.page, s.who, webhook.Referrals, ev)
	return nil
}

// human moves the thread to the Page's inbox, where a human answers, and back.
func (e *Emulator) human(s *scene) error {
	to := InboxApp
	if s.Kind == "bot" {
		to = s.page.DefaultApp()
	}
	e.moveControl(s.page, s.who, to, "pass", s.Text)
	return nil
}

// leave makes the person unavailable in one of the ways of Person.Unavailable (Payload,
// 551 by default), or available again.
func (e *Emulator) leave(s *scene) error {
	after := s.who.Person
	after.Unavailable = 0
	if s.Kind == "unavailable" {
		if after.Unavailable = value.Count(s.Payload); s.Payload == "" {
			after.Unavailable = 551
		}
	}
	if err := after.Check(); err != nil {
		return err
	}
	s.who.Person = after
	return nil
}

// inbox lets a human answer from the Page's inbox: the apps learn of it by an echo
// with a foreign app id.
func (e *Emulator) inbox(s *scene) error {
	if s.Text == "" {
		return fmt.Errorf("the text is empty")
	}
	b := Bubble{ID: s.who.MID(), From: "page", At: s.at, Text: s.Text, App: e.switches.InboxApp}
	s.thread.Add(b)
	e.emitFrom(s.page, s.who, webhook.Echoes, webhook.Event{
		Sender: &webhook.Party{ID: s.page.ID}, Recipient: &webhook.Party{ID: s.who.ID}, Timestamp: s.at.UnixMilli(),
		Message: map[string]any{"is_echo": true, "app_id": json.Number(b.App), "mid": b.ID, "text": b.Text},
	})
	return nil
}
