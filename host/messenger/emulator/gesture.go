package emulator

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// maxEdits is how often one message can be edited.
const maxEdits = 5

// target is the bubble that the action names, or the last one of that side.
func (s *scene) target(from string) (*Bubble, error) {
	if s.Target != "" {
		if b := s.thread.Find(s.Target); b != nil {
			return b, nil
		}
		return nil, fmt.Errorf("message %q: not in the thread", s.Target)
	}
	seen := s.thread.Shown()
	for i := len(seen) - 1; i >= 0; i-- {
		if seen[i].From == from {
			return &seen[i], nil
		}
	}
	return nil, fmt.Errorf("the thread has no message of the %s", from)
}

func (e *Emulator) react(s *scene) error {
	b, err := s.target("page")
	if err != nil {
		return err
	}
	reaction, emoji, err := s.Reaction(b.ID)
	if err != nil {
		return err
	}
	b.Reaction = emoji
	ev := s.event()
	ev.Reaction = reaction
	e.emitFrom(s.page, s.who, webhook.Reactions, ev)
	return nil
}

func (e *Emulator) edit(s *scene) error {
	b, err := s.target("person")
	switch {
	case err != nil:
		return err
	case b.From != "person" || b.Tapped || s.Text == "":
		return fmt.Errorf("only a person's own message can be edited, and not into nothing")
	case b.Edits >= maxEdits:
		return fmt.Errorf("the message was edited %d times already", b.Edits)
	}
	b.Text = s.Text
	b.Edits++
	ev := s.event()
	ev.Edit = map[string]any{"mid": b.ID, "text": b.Text, "num_edit": b.Edits}
	e.emitFrom(s.page, s.who, webhook.Edits, ev)
	return nil
}

// optIn gives a consent: through a plug-in, or for notifications.
func (e *Emulator) optIn(s *scene) error {
	ev := s.event()
	switch s.Type {
	case "":
		ev.OptIn = map[string]any{"ref": s.Ref}
		e.renew(s)
	case "checkbox":
		ref := s.Payload
		if ref == "" {
			ref = "ref-" + e.state.PersonID()
		}
		if s.page.OptIns[ref] != nil {
			return fmt.Errorf("user_ref %q: used before", ref)
		}
		s.page.OptIns[ref] = state.NewOptIn(state.Checkbox, s.who.ID, e.clock.Now())
		s.thread.UserRef = ref
		ev.Sender = nil
		ev.OptIn = map[string]any{"ref": s.Ref, "user_ref": ref}
		e.renew(s)
	case "notification_messages":
		token := e.state.Key()
		given := state.NewOptIn(state.Notifications, s.who.ID, e.clock.Now())
		s.page.OptIns[token] = given
		ev.OptIn = map[string]any{
			"type": "notification_messages", "payload": s.Payload, "title": s.Text, "notification_messages_token": token,
			"notification_messages_frequency": "DAILY", "notification_messages_timezone": "UTC",
			"token_expiry_timestamp": strconv.FormatInt(given.Expires.UnixMilli(), 10), "user_token_status": "NOT_REFRESHED",
		}
	case "stop":
		o := s.page.OptIns[s.Payload]
		if o == nil || o.Kind != state.Notifications {
			return fmt.Errorf("payload: want the notification_messages_token that is to be stopped")
		}
		o.Stopped = true
		ev.OptIn = map[string]any{
			"type": "notification_messages", "notification_messages_token": s.Payload, "notification_messages_status": "STOP NOTIFICATIONS",
		}
	case "one_time_notif_req":
		token := e.state.Key()
		s.page.OptIns[token] = state.NewOptIn(state.OneTime, s.who.ID, e.clock.Now())
		ev.OptIn = map[string]any{"type": "one_time_notif_req", "payload": s.Payload, "one_time_notif_token": token}
	default:
		return fmt.Errorf("type %q: want \"\", checkbox, notification_messages, stop or one_time_notif_req", s.Type)
	}
	e.emitFrom(s.page, s.who, webhook.OptIns, ev)
	return nil
}

// deleteThread empties the thread for the person: Get Started is on offer again. The
// Page is not told, keeps its side of the conversation, and its window stays.
func (e *Emulator) deleteThread(s *scene) error {
	s.thread.Clear()
	return nil
}

func (e *Emulator) block(s *scene) error {
	s.who.Blocked = s.Kind == "block"
	return nil
}

// policy is a measure of Meta's against the Page. A block refuses its sends with code 368.
func (e *Emulator) policy(s *scene) error {
	if !slices.Contains([]string{"warning", "block", "unblock"}, s.Type) {
		return fmt.Errorf("type %q: want warning, block or unblock", s.Type)
	}
	switch s.Type {
	case "block":
		s.page.Restricted = 368
	case "unblock":
		s.page.Restricted = 0
	}
	m := map[string]any{"action": s.Type}
	if s.Text != "" {
		m["reason"] = s.Text
	}
	e.emit(s.page, webhook.Policy, webhook.Event{Recipient: &webhook.Party{ID: s.page.ID}, Timestamp: s.at.UnixMilli(), Policy: m}, toAll)
	return nil
}

// rawEvent delivers a hand-made event as it is, whoever controls the thread.
func (e *Emulator) rawEvent(s *scene) error {
	v, err := value.Decode(s.Raw)
	if err != nil {
		return fmt.Errorf("raw event: %w", err)
	}
	element := value.Object(v)
	if element == nil {
		return fmt.Errorf("raw event: want an object, an element of messaging[]")
	}
	field := webhook.FieldOf(element)
	for _, a := range e.state.Apps {
		if a.Hears(s.page, field) {
			e.enqueue(a, s.page, s.who.ID, webhook.Item{Body: value.Compact(s.Raw)})
		}
	}
	return nil
}
