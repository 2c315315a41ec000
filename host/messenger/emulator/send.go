package emulator

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/draft"
	"github.com/footlight-bots/footlight/host/messenger/emulator/meter"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// sending is a draft on its way through the checks.
type sending struct {
	draft.Draft
	call    *call
	persona *thread.Persona
	answers *state.Comment // of a private reply
	person  *state.Person
	byRef   bool // addressed by a user_ref or a phone number: the answer has no recipient_id
	spent   *state.OptIn
	blocked bool // accepted only in secret (F14)
}

// sendChecks are the checks of a send in the order of emulator.md §4.1; what comes
// before them is in dispatch.
var sendChecks = []func(*Emulator, *sending) *refusal.Refusal{
	(*Emulator).checkRate,
	(*Emulator).checkShape,
	(*Emulator).checkRecipient,
	(*Emulator).checkAccess,
	(*Emulator).checkPage,
	(*Emulator).checkOwner,
	(*Emulator).checkReach,
	(*Emulator).checkWindow,
	(*Emulator).checkControl,
	(*Emulator).checkPersona,
	(*Emulator).checkContent,
}

// typingSpan is how long a typing bubble stays when nothing ends it.
const typingSpan = 20 * time.Second

// messages is POST /{page}/messages.
func (e *Emulator) messages(c *call) (any, *refusal.Refusal) {
	d := &sending{Draft: draft.Read(c.Request), call: c}
	e.mu.Lock()
	defer e.mu.Unlock()
	refused := e.judge(d, sendChecks)
	if refused == nil && e.fetcher != nil {
		e.mu.Unlock()
		refused = e.fetchMedia(d)
		e.mu.Lock()
		if refused == nil {
			refused = e.judge(d, sendChecks[1:]) // things may have changed meanwhile
		}
	}
	if refused != nil {
		return nil, refused
	}
	if d.blocked {
		e.accept(d)
		return nil, refusal.Blocked()
	}
	if d.Action != "" {
		return e.perform(d)
	}
	return e.accept(d), nil
}

// judge runs checks up to the first that refuses.
func (e *Emulator) judge(d *sending, checks []func(*Emulator, *sending) *refusal.Refusal) *refusal.Refusal {
	for _, check := range checks {
		if refused := check(e, d); refused != nil {
			return refused
		}
	}
	return nil
}

// checkRate holds the sends per second of a Page and, under F11, of a person, and its private replies. It counts
// them, so it is asked once.
func (e *Emulator) checkRate(d *sending) *refusal.Refusal {
	kind := value.Text(value.Object(d.Message["attachment"])["type"])
	one := meter.Send{PerSecond: e.switches.ThreadPerSecond, Slow: kind == "audio" || kind == "video"}
	if d.Action == "" {
		one.Person = value.Text(d.Recipient["id"])
	}
	many, refused := e.meter.Send(d.call.page, one, e.clock.Now())
	if many {
		e.alert("page %s: more than %d messages a second for %s; Meta wants to know before", d.call.page.ID, meter.HighVolume, meter.Sustained)
	}
	if refused == nil && d.Public() != "" {
		refused = e.meter.Reply(d.call.page.ID, e.clock.Now())
	}
	return refused
}

func (e *Emulator) checkShape(d *sending) *refusal.Refusal { return d.Check(e.switches.TypeIsOptional) }

// checkRecipient finds the person that the recipient object names.
func (e *Emulator) checkRecipient(d *sending) *refusal.Refusal {
	if found, refused := e.privateReply(d); found {
		return refused
	}
	if id := value.Text(d.Recipient["id"]); id != "" {
		who := e.state.Person(id)
		if who == nil || who.Page != d.call.page.ID {
			return unknownPerson()
		}
		d.person = who
		return nil
	}
	for _, key := range []string{state.Checkbox, state.Notifications, state.OneTime} {
		ref := value.Text(d.Recipient[key])
		if ref == "" {
			continue
		}
		o := d.call.page.OptIns[ref]
		if refused := o.Fault(key, e.clock.Now()); refused != nil {
			return refused
		}
		d.person, d.byRef, d.spent = e.state.Person(o.Person), key == state.Checkbox, o
		return nil
	}
	if number := value.Text(d.Recipient["phone_number"]); number != "" {
		return e.byPhone(d, number)
	}
	for key := range d.Recipient {
		d.call.note = "recipient." + key + " is not modelled"
		e.unknownLocked(d.call)
	}
	return unknownPerson()
}

func unknownPerson() *refusal.Refusal {
	return refusal.New(100, refusal.UnknownPerson, "No matching user found")
}

// checkAccess refuses people without a role while the app is in development.
func (e *Emulator) checkAccess(d *sending) *refusal.Refusal {
	if (d.call.app.Development || d.call.app.Standard) && d.person.Role == "" {
		return refusal.New(e.switches.RoleCode, 2018028,
			"Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.")
	}
	return nil
}

func (e *Emulator) checkPage(d *sending) *refusal.Refusal {
	switch p := d.call.page; {
	case p.Restricted == refusal.Restricted:
		return refusal.New(10, refusal.Restricted, "This Page is temporarily restricted from sending messages.")
	case p.Restricted == 368:
		return refusal.New(368, 0, "The action attempted has been deemed abusive or is otherwise disallowed: temporarily blocked for policies violations")
	case p.Restricted == 2022:
		return refusal.New(2022, 0, "Sending messages is disabled for this Page after a policy violation.")
	case p.Unpublished:
		return refusal.Unavailable(551)
	}
	return nil
}

// checkOwner refuses while another app controls the thread. An idle thread takes
// whoever answers.
func (e *Emulator) checkOwner(d *sending) *refusal.Refusal {
	owner := d.person.Thread.Owner(e.clock.Now())
	if owner != "" && owner != d.call.app.ID && !d.call.page.NoDefault {
		return e.taken(owner)
	}
	return nil
}

func (e *Emulator) checkReach(d *sending) *refusal.Refusal {
	if refused := refusal.Unavailable(d.person.Unavailable); refused != nil {
		return refused
	}
	if d.person.Blocked {
		if d.blocked = e.switches.BlockedDelivers && d.Action == ""; !d.blocked {
			return refusal.Blocked()
		}
	}
	return nil
}

// perform does a sender action. It produces no event.
func (e *Emulator) perform(d *sending) (any, *refusal.Refusal) {
	t, now := d.person.Thread, e.clock.Now()
	switch d.Action {
	case "typing_on":
		t.TypingUntil, t.TypingAs = now.Add(typingSpan), d.persona
	case "typing_off":
		t.TypingUntil = time.Time{}
	case "mark_seen":
		t.Seen = now
	case "react", "unreact":
		payload := value.Object(d.call.Params["payload"])
		b := t.Find(value.Text(payload["message_id"]))
		if b == nil {
			return nil, refusal.New(100, 0, "Invalid parameter: payload[message_id] is no message of this thread")
		}
		b.Reaction = ""
		if d.Action == "react" {
			b.Reaction = value.Text(payload["reaction"])
		}
	}
	e.touch()
	result := map[string]any{}
	if !d.byRef {
		result["recipient_id"] = d.person.ID
	}
	return result, nil
}

// accept shows the message to the person and lets its events follow.
func (e *Emulator) accept(d *sending) map[string]any {
	t, p := d.person.Thread, d.call.page
	now := e.clock.Now()
	t.Ripen(now)
	at, mid := t.Stamp(now), d.person.MID()
	b := bubbleOf(d)
	b.ID, b.From, b.At, b.App, b.Persona = mid, "page", at, d.call.app.ID, d.persona
	b.QuickReplies = content.QuickReplies(d.Message, d.person.Phone, d.person.Email)
	late := d.Late(d.call.fault)
	if late.Bubble > 0 {
		t.Delay(thread.Late{Bubble: b, Behind: d.call.fault.Behind, Due: now.Add(late.Bubble)})
	} else {
		t.Add(b)
	}
	if e.accepted != nil {
		e.accepted(d.person.ID, b)
	}
	t.TypingUntil = time.Time{}
	if d.answers != nil {
		d.answers.Replied = true
	}
	if t.Owner(now) == "" && d.call.app.ID != p.DefaultApp() {
		t.Control, t.ControlEnds = d.call.app.ID, time.Time{} // an idle thread takes whoever answers
	}
	if d.spent != nil && d.spent.Kind == state.OneTime {
		d.spent.Stopped = true
	}
	if order := d.Order(); order != "" {
		p.Orders[order] = true
	}
	result := map[string]any{"message_id": mid}
	if !d.byRef {
		result["recipient_id"] = d.person.ID
	}
	if id := e.keep(d); id != "" {
		result["attachment_id"] = id
	}
	if !late.Silent && e.heard(p, webhook.Echoes) {
		e.emitAt(due(now, late.Echo), p, webhook.Echoes, echo(p, d.person, d.call.app.ID, mid, at, d.Message), d.call.app.ID)
	}
	if delivered := t.Stamp(now); e.heard(p, webhook.Deliveries) {
		e.emitAt(due(now, late.Bubble), p, webhook.Deliveries, webhook.Event{
			Sender: &webhook.Party{ID: d.person.ID}, Recipient: &webhook.Party{ID: p.ID}, Timestamp: delivered.UnixMilli(),
			Delivery: map[string]any{"mids": []any{mid}, "watermark": at.UnixMilli()},
		}, d.call.app.ID)
	}
	e.handOn(d)
	e.touch()
	return result
}

// due is the time of what comes late; zero for what does not.
func due(now time.Time, late time.Duration) time.Time {
	if late <= 0 {
		return time.Time{}
	}
	return now.Add(late)
}
