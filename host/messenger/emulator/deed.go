package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// rawObject is the action's Raw as an object; an empty one when there is none.
func (s *scene) rawObject(what string) (map[string]any, error) {
	if len(s.Raw) == 0 {
		return map[string]any{}, nil
	}
	v, err := value.Decode(s.Raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	m := value.Object(v)
	if m == nil {
		return nil, fmt.Errorf("%s: want a JSON object in raw", what)
	}
	return m, nil
}

// form answers a feedback form (Text is the score, Payload the free text, Type csat,
// nps or ces), plays a game, sends a cart or rates a reply. What Raw says goes first.
func (e *Emulator) form(s *scene) error {
	m, err := s.rawObject(s.Kind)
	if err != nil {
		return err
	}
	ev := s.event()
	field := ""
	switch s.Kind {
	case "feedback":
		field, ev.Feedback = "messaging_feedback", s.feedback(m)
	case "game":
		fill(m, map[string]any{
			"game_id": s.Ref, "player_id": s.who.ID, "locale": s.who.Locale, "context_type": "SOLO", "context_id": s.who.ID, "payload": s.Payload,
		})
		field, ev.GamePlay = "messaging_game_plays", m
	case "order":
		if products, ok := value.List(m["products"]); !ok || len(products) == 0 {
			return fmt.Errorf(`order: want products in raw, as in {"products":[{"id":"1","quantity":2}]}`)
		}
		fill(m, map[string]any{"note": s.Text})
		field, ev.Order = "send_cart", m
	case "rate":
		b, err := s.target("page")
		if err != nil {
			return err
		}
		text := s.Text
		if text == "" {
			text = "Good response"
		}
		field, ev.Rating = "response_feedback", map[string]any{"feedback": text, "mid": b.ID}
	}
	e.emitFrom(s.page, s.who, field, ev)
	return nil
}

// feedback is the answer to a form of one question.
func (s *scene) feedback(m map[string]any) map[string]any {
	if len(m) > 0 {
		return m
	}
	kind := s.Type
	if kind == "" {
		kind = "csat"
	}
	answer := map[string]any{"type": kind, "payload": s.Text}
	if s.Payload != "" {
		answer["follow_up"] = map[string]any{"type": "free_form", "payload": s.Payload}
	}
	return map[string]any{"feedback_screens": []any{map[string]any{"screen_id": 0, "questions": map[string]any{"q1": answer}}}}
}

// fill adds what m lacks.
func fill(m, more map[string]any) {
	for k, v := range more {
		if _, ok := m[k]; !ok {
			m[k] = v
		}
	}
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
	answers, err := s.rawObject("lead")
	if err != nil {
		return err
	}
	data := []any{}
	for _, question := range slices.Sorted(maps.Keys(answers)) {
		data = append(data, map[string]any{"question": question, "answer": answers[question]})
	}
	if s.thread.Owner(e.clock.Now()) == LeadApp {
		e.moveControl(s.page, s.who, s.page.defaultApp(), "pass", "")
	}
	ev := s.event()
	ev.Referral = map[string]any{"type": "LEAD_COMPLETE", "source": "ADS", "ad_id": s.AdID, "lead": map[string]any{"data": data}}
	e.emitFrom(s.page, s.who, webhook.Referrals, ev)
	return nil
}

// human moves the thread to the Page's inbox, where a human answers, and back.
func (e *Emulator) human(s *scene) error {
	to := InboxApp
	if s.Kind == "bot" {
		to = s.page.defaultApp()
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
		if after.Unavailable = number(s.Payload); s.Payload == "" {
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
	b := Bubble{ID: s.who.mid(), From: "page", At: s.at, Text: s.Text, App: e.switches.InboxApp}
	s.thread.Add(b)
	e.emit(s.page, webhook.Echoes, webhook.Event{
		Sender: &webhook.Party{ID: s.page.ID}, Recipient: &webhook.Party{ID: s.who.ID}, Timestamp: s.at.UnixMilli(),
		Message: map[string]any{"is_echo": true, "app_id": json.Number(b.App), "mid": b.ID, "text": b.Text},
	}, toAll)
	return nil
}
