package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Webhook fields (messenger.md §2.6).
const (
	fieldMessages   = "messages"
	fieldPostbacks  = "messaging_postbacks"
	fieldReferrals  = "messaging_referrals"
	fieldOptIns     = "messaging_optins"
	fieldEchoes     = "message_echoes"
	fieldHandovers  = "messaging_handovers"
	fieldStandby    = "standby"
	fieldReactions  = "message_reactions"
	fieldPolicy     = "messaging_policy_enforcement"
	fieldLinking    = "messaging_account_linking"
	fieldDeliveries = "message_deliveries"
	fieldReads      = "message_reads"
	fieldEdits      = "message_edits"
)

// knownFields are the fields that an app or a Page can subscribe to.
var knownFields = []string{
	fieldMessages, fieldPostbacks, fieldReferrals, fieldOptIns, fieldEchoes, fieldHandovers, fieldStandby, fieldReactions,
	fieldPolicy, fieldLinking, fieldDeliveries, fieldReads, fieldEdits,
	"messaging_feedback", "response_feedback", "messaging_game_plays", "send_cart", "messaging_customer_information",
	"messenger_template_status_update", "inbox_labels", "feed", "leadgen", "calls",
}

func checkFields(fields []string) error {
	for _, f := range fields {
		if !slices.Contains(knownFields, f) {
			return fmt.Errorf("webhook field %q: not one of %s", f, strings.Join(knownFields, ", "))
		}
	}
	return nil
}

// fieldOfKey tells to which field an event belongs, by the key that it carries.
var fieldOfKey = map[string]string{
	"message": fieldMessages, "postback": fieldPostbacks, "referral": fieldReferrals, "optin": fieldOptIns,
	"delivery": fieldDeliveries, "read": fieldReads, "reaction": fieldReactions, "message_edit": fieldEdits,
	"account_linking": fieldLinking, "policy_enforcement": fieldPolicy,
	"pass_thread_control": fieldHandovers, "take_thread_control": fieldHandovers,
	"request_thread_control": fieldHandovers, "app_roles": fieldHandovers,
	"messaging_feedback": "messaging_feedback", "response_feedback": "response_feedback",
	"game_play": "messaging_game_plays", "order": "send_cart",
}

// fieldOf is the field of a hand-made event; empty for one of unknown shape, which
// every app receives.
func fieldOf(element map[string]any) string {
	if truth(object(element["message"])["is_echo"]) {
		return fieldEchoes
	}
	for key, field := range fieldOfKey {
		if _, ok := element[key]; ok {
			return field
		}
	}
	return ""
}

type party struct {
	ID string `json:"id"`
}

// event is one element of messaging[] (messenger.md §2.7).
type event struct {
	Sender    *party `json:"sender,omitempty"`
	Recipient *party `json:"recipient,omitempty"`
	Timestamp int64  `json:"timestamp,omitempty"` // ms

	PriorMessage any `json:"prior_message,omitempty"`
	Message      any `json:"message,omitempty"`
	Edit         any `json:"message_edit,omitempty"`
	Postback     any `json:"postback,omitempty"`
	Referral     any `json:"referral,omitempty"`
	OptIn        any `json:"optin,omitempty"`
	Delivery     any `json:"delivery,omitempty"`
	Read         any `json:"read,omitempty"`
	Reaction     any `json:"reaction,omitempty"`
	Linking      any `json:"account_linking,omitempty"`
	Policy       any `json:"policy_enforcement,omitempty"`
	PassControl  any `json:"pass_thread_control,omitempty"`
}

// toAll addresses an event to every subscribed app alike, whoever controls the thread.
const toAll = "*"

// emit queues an event for every app that subscribed to its field on both levels.
// owner is the app in control of the thread: the others receive the event as
// standby, if they want that. The mutex is held.
func (e *Emulator) emit(p *page, field string, ev event, owner string) {
	body := raw(ev)
	for _, a := range e.apps {
		if owner == toAll || owner == a.ID {
			if a.hears(p, field) {
				e.enqueue(a, p, body, false)
				if a.Delivery.StandbyTwin && field == fieldPostbacks {
					e.enqueue(a, p, raw(standbyOf(ev)), true)
				}
			}
			continue
		}
		if a.hears(p, fieldStandby) && a.hears(p, field) {
			e.enqueue(a, p, raw(standbyOf(ev)), true)
		}
	}
}

// emitFrom queues an event that a person caused, routed by who controls the thread.
// An idle thread belongs to the Page's own app.
func (e *Emulator) emitFrom(p *page, who *person, field string, ev event) {
	for _, a := range e.apps {
		if a.Development && a.ID == p.App && who.Role == "" {
			return // in development only people with a role produce events
		}
	}
	owner := e.owner(who.thread, e.clock.Now())
	if owner == "" {
		owner = p.App
	}
	e.emit(p, field, ev, owner)
}

// standbyOf is the event as apps see it that do not control the thread: postbacks
// come without payload.
func standbyOf(ev event) event {
	if m := object(ev.Postback); m != nil {
		without := map[string]any{}
		for k, v := range m {
			if k != "payload" {
				without[k] = v
			}
		}
		ev.Postback = without
	}
	return ev
}

// hears reports whether the app subscribed to the field on both levels. An empty
// field, of an event of unknown shape, goes to every app on the Page.
func (a *app) hears(p *page, field string) bool {
	onPage, ok := p.subscribed[a.ID]
	if !ok || field == "" {
		return ok
	}
	return slices.Contains(onPage, field) && slices.Contains(a.Fields, field)
}

// echo is the event that tells of a message the Page sent.
func (e *Emulator) echo(d *draft, mid string, at time.Time) event {
	m := map[string]any{"is_echo": true, "app_id": json.Number(d.call.app.ID), "mid": mid}
	if s := text(d.message["text"]); s != "" {
		m["text"] = s
	}
	if s := text(d.message["metadata"]); s != "" {
		m["metadata"] = s
	}
	if a := object(d.message["attachment"]); a != nil {
		m["attachments"] = []any{echoAttachment(a)}
	}
	return event{
		Sender: &party{d.call.page.ID}, Recipient: &party{d.person.ID}, Timestamp: at.UnixMilli(), Message: m,
	}
}

// echoAttachment is an attachment as an echo has it (messenger.md §2.8): templates
// with title and url beside the payload.
func echoAttachment(a map[string]any) map[string]any {
	payload := object(a["payload"])
	if text(a["type"]) != "template" {
		return map[string]any{"type": a["type"], "payload": map[string]any{"url": text(payload["url"])}}
	}
	title := text(payload["text"])
	if elements, _ := list(payload["elements"]); title == "" && len(elements) > 0 {
		title = text(object(elements[0])["title"])
	}
	return map[string]any{"type": "template", "title": title, "url": nil, "payload": payload}
}
