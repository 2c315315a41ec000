package emulator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/action"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Action is something a person does (or has done to them).
type Action = action.Action

// scene is an action on its way: who, where, when.
type scene struct {
	action.Action
	page   *state.Page
	who    *state.Person
	thread *thread.Thread
	at     time.Time
}

// deed is one kind of action (emulator.md §7). Those that renew open the 24 h
// window; those that write let the Page read the person's profile.
type deed struct {
	renews, writes bool
	do             func(*Emulator, *scene) error
}

var deeds = map[string]deed{
	"say":         {true, true, (*Emulator).say},
	"tap":         {true, true, (*Emulator).tap},
	"postback":    {true, true, (*Emulator).postback},
	"get_started": {true, true, (*Emulator).getStarted},
	"referral":    {false, false, (*Emulator).refer}, // renews in an existing thread, by itself
	"optin":       {false, false, (*Emulator).optIn}, // renews for the plug-ins, by itself
	"attachment":  {true, true, (*Emulator).attach},
	"read":        {false, false, (*Emulator).readThread},
	"reaction":    {true, false, (*Emulator).react},
	"edit":        {false, false, (*Emulator).edit},
	"link":        {false, false, (*Emulator).link},
	"unlink":      {false, false, (*Emulator).link},
	"delete":      {false, false, (*Emulator).deleteThread},
	"block":       {false, false, (*Emulator).block},
	"unblock":     {false, false, (*Emulator).block},
	"inbox":       {false, false, (*Emulator).inbox},
	"human":       {false, false, (*Emulator).human},
	"bot":         {false, false, (*Emulator).human},
	"feedback":    {false, false, (*Emulator).form},
	"game":        {false, false, (*Emulator).form},
	"order":       {false, false, (*Emulator).form},
	"rate":        {false, false, (*Emulator).form},
	"coupon":      {false, false, (*Emulator).coupon},
	"lead":        {false, false, (*Emulator).lead},
	"comment":     {false, false, (*Emulator).writePublic},
	"post":        {false, false, (*Emulator).writePublic},
	"unavailable": {false, false, (*Emulator).leave},
	"available":   {false, false, (*Emulator).leave},
	"policy":      {false, false, (*Emulator).policy},
	"raw":         {false, false, (*Emulator).rawEvent},
}

// ActionKinds are the kinds of actions, sorted.
func ActionKinds() []string { return slices.Sorted(maps.Keys(deeds)) }

// Act lets a person do something. It returns once the events are queued; the error
// says why the person cannot do that.
func (e *Emulator) Act(ctx context.Context, a Action) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, ok := deeds[a.Kind]
	if !ok {
		return fmt.Errorf("action %q: want one of %s", a.Kind, strings.Join(ActionKinds(), ", "))
	}
	if a.Delivery != nil {
		if err := a.Delivery.Check(); err != nil {
			return fmt.Errorf("action %q: %w", a.Kind, err)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return fmt.Errorf("action %q: the emulator is closed", a.Kind)
	}
	p, who, err := e.state.Pair(a.Page, a.Person)
	if err != nil {
		return fmt.Errorf("action %q: %w", a.Kind, err)
	}
	s := &scene{Action: a, page: p, who: who, thread: who.Thread}
	s.thread.Ripen(e.clock.Now())
	if a.Kind != "raw" {
		s.at = who.Thread.Stamp(e.clock.Now())
	}
	e.ownWay = a.Delivery
	err = d.do(e, s)
	e.ownWay = nil
	if err != nil {
		return fmt.Errorf("action %q: %w", a.Kind, err)
	}
	if d.renews {
		e.renew(s)
	}
	who.Thread.Wrote = who.Thread.Wrote || d.writes
	e.touch()
	return nil
}

// adWindow is how long the window stays open after an ad that opens Messenger.
const adWindow = 7 * 24 * time.Hour

// renew opens the window anew.
func (e *Emulator) renew(s *scene) {
	now, span := e.clock.Now(), thread.Window
	if s.AdID != "" || s.thread.FromAd && len(s.thread.Bubbles) <= 1 {
		s.thread.FromAd, span = true, adWindow
	}
	s.thread.Renew(now, span)
	s.page.Engaged.Note(s.who.ID, now)
}

// event is an event from the person to the Page.
func (s *scene) event() webhook.Event {
	return webhook.Event{Sender: &webhook.Party{ID: s.who.ID}, Recipient: &webhook.Party{ID: s.page.ID}, Timestamp: s.at.UnixMilli()}
}

// write sends a message of the person: what waits from a link or a checkbox goes with it.
func (e *Emulator) write(s *scene, b Bubble, m map[string]any) {
	b.ID, b.From, b.At = s.who.MID(), "person", s.at
	m["mid"] = b.ID
	ev := s.event()
	if s.Target != "" {
		b.ReplyTo = s.Target
		own := s.thread.Find(s.Target)
		m["reply_to"] = map[string]any{"mid": s.Target, "is_self_reply": own != nil && own.From == "person"}
	}
	if s.thread.Referral != nil {
		m["referral"] = s.thread.Referral
		s.thread.Referral = nil
	}
	if s.thread.UserRef != "" {
		ev.PriorMessage = map[string]any{"source": "checkbox_plugin", "identifier": s.thread.UserRef}
		s.thread.UserRef = ""
	}
	ev.Message = m
	s.thread.Add(b)
	e.emitFrom(s.page, s.who, webhook.Messages, ev)
}

func (e *Emulator) say(s *scene) error {
	if s.Text == "" {
		return fmt.Errorf("the text is empty")
	}
	m := map[string]any{"text": s.Text}
	if len(s.NLP) > 0 {
		found, err := value.Decode(s.NLP)
		if err != nil {
			return fmt.Errorf("nlp: %w", err)
		}
		m["nlp"] = found
	}
	if name, ok := strings.CutPrefix(strings.Fields(s.Text + " .")[0], "/"); ok && s.page.Profile.HasCommand(name, s.who.Locale) {
		m["commands"] = []any{map[string]any{"name": name}}
	}
	e.write(s, Bubble{Text: s.Text}, m)
	return nil
}

// tap finds what is shown under a title: quick replies first, then buttons from the
// newest message back, then ice breakers and the menu.
func (e *Emulator) tap(s *scene) error {
	shown := []Button{}
	seen := s.thread.Shown()
	if n := len(seen); n > 0 {
		for _, q := range seen[n-1].QuickReplies {
			if q.Titled(s.Text) {
				m := map[string]any{"text": q.Title}
				if q.Type != "text" {
					m["text"] = q.Payload
				}
				m["quick_reply"] = map[string]any{"payload": q.Payload}
				e.write(s, Bubble{Text: value.Text(m["text"])}, m)
				return nil
			}
			shown = append(shown, q)
		}
	}
	shown = append(shown, s.page.Offered(s.who, e.clock.Now())...)
	for _, b := range shown {
		if b.Title == s.Text {
			e.press(s, b)
			return nil
		}
	}
	titles := make([]string, len(shown))
	for i, b := range shown {
		titles[i] = fmt.Sprintf("%q", b.Title)
	}
	return fmt.Errorf("nothing titled %q is shown to person %s; shown are [%s]", s.Text, s.who.ID, strings.Join(titles, " "))
}

// press taps a button. Only a postback and the log-out button make an event; the
// others open something on the person's phone.
func (e *Emulator) press(s *scene, b Button) {
	switch b.Type {
	case "postback":
		e.sendPostback(s, b.Title, b.Payload, nil)
	case "web_url":
		s.who.Opened = b.URL
	case "account_link":
		s.page.OpenLogin(s.who, b.URL, e.state.Key(), e.clock.Now())
	case "account_unlink":
		s.who.Linked = false
		ev := s.event()
		ev.Linking = map[string]any{"status": "unlinked"}
		e.emitFrom(s.page, s.who, webhook.Linking, ev)
	}
}

func (e *Emulator) sendPostback(s *scene, title, payload string, referral map[string]any) {
	mid := s.who.MID()
	m := map[string]any{"title": title, "payload": payload}
	if !e.switches.NoPostbackMID {
		m["mid"] = mid
	}
	if referral != nil {
		m["referral"] = referral
	}
	ev := s.event()
	ev.Postback = m
	s.thread.Add(Bubble{ID: mid, From: "person", At: s.at, Text: title, Tapped: true})
	e.emitFrom(s.page, s.who, webhook.Postbacks, ev)
}

func (e *Emulator) postback(s *scene) error {
	if s.Payload == "" {
		return fmt.Errorf("the payload is empty")
	}
	title := s.Text
	if title == "" {
		title = s.Payload
	}
	e.sendPostback(s, title, s.Payload, nil)
	return nil
}

// getStarted taps Get Started, which is on offer in a new or deleted thread, when
// the Page has one. A payload in the action stands in for the Page's setting.
func (e *Emulator) getStarted(s *scene) error {
	payload := s.Payload
	if payload == "" {
		payload = s.page.Profile.GetStarted()
	}
	switch {
	case payload == "":
		return fmt.Errorf("page %s has no Get Started button; set get_started by messenger_profile", s.page.ID)
	case !s.thread.Fresh:
		return fmt.Errorf("get started is no longer on offer: the thread exists; delete it first")
	}
	referral := s.thread.Referral
	s.thread.Referral = nil
	if s.Ref != "" || s.AdID != "" {
		referral = s.Referral()
	}
	e.sendPostback(s, "Get Started", payload, referral)
	return nil
}

// refer follows an m.me link or an ad. On a new thread it waits for Get Started or
// the first message, unless F10 lets it go alone.
func (e *Emulator) refer(s *scene) error {
	if err := s.CheckReferral(); err != nil {
		return err
	}
	s.thread.FromAd = s.thread.FromAd || s.AdID != ""
	if s.thread.Fresh && !e.switches.RefAlone {
		s.thread.Referral = s.Referral()
		return nil
	}
	e.renew(s)
	ev := s.event()
	ev.Referral = s.Referral()
	e.emitFrom(s.page, s.who, webhook.Referrals, ev)
	return nil
}

// attach sends media, a sticker, a location, or what Raw says.
func (e *Emulator) attach(s *scene) error {
	b := Bubble{Text: s.Text}
	m := map[string]any{}
	if s.Text != "" && !s.Titled() {
		m["text"] = s.Text
	}
	attachments, err := s.Attachments(e.clock.Now())
	if err != nil {
		return err
	}
	m["attachments"] = attachments
	b.Attachment = value.Raw(attachments[0])
	e.write(s, b, m)
	return nil
}

// readThread opens the thread: everything up to now is read.
func (e *Emulator) readThread(s *scene) error {
	s.thread.Read = s.at
	ev := s.event()
	ev.Read = map[string]any{"watermark": s.at.UnixMilli()}
	e.emitFrom(s.page, s.who, webhook.Reads, ev)
	return nil
}
