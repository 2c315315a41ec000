package emulator

import (
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// draft is a send on its way through the checks.
type draft struct {
	call      *call
	recipient map[string]any
	message   map[string]any // nil for a sender action
	action    string
	persona   *thread.Persona
	answers   *comment // of a private reply
	kind      string   // messaging_type
	tag       string
	person    *person
	byRef     bool // addressed without a PSID: the answer has no recipient_id
	spent     *optIn
	blocked   bool // accepted only in secret (F14)
}

// sendChecks are the checks of a send in the order of emulator.md §4.1; what comes
// before them is in dispatch.
var sendChecks = []func(*Emulator, *draft) *refusal.Refusal{
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
	d := &draft{call: c, action: c.Get("sender_action"), kind: c.Get("messaging_type"), tag: c.Get("tag")}
	d.recipient = value.Object(c.Params["recipient"])
	d.message = value.Object(c.Params["message"])
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
		return nil, blockedAnswer()
	}
	if d.action != "" {
		return e.perform(d)
	}
	return e.accept(d), nil
}

// judge runs checks up to the first that refuses.
func (e *Emulator) judge(d *draft, checks []func(*Emulator, *draft) *refusal.Refusal) *refusal.Refusal {
	for _, check := range checks {
		if refused := check(e, d); refused != nil {
			return refused
		}
	}
	return nil
}

// checkRate holds the sends per second of a Page and, under F11, of a person.
func (e *Emulator) checkRate(d *draft) *refusal.Refusal {
	person := value.Text(d.recipient["id"])
	now := e.clock.Now()
	if !e.sends.Spend(d.call.page.ID, e.quotas.SendsPerSecond, time.Second, now) ||
		person != "" && d.action == "" && !e.perPerson.Spend(person, e.switches.ThreadPerSecond, time.Second, now) {
		return refusal.TooMany()
	}
	kind := value.Text(value.Object(d.message["attachment"])["type"])
	if (kind == "audio" || kind == "video") && !e.sends.Spend(d.call.page.ID+" media", e.quotas.MediaPerSecond, time.Second, now) {
		return refusal.TooMany()
	}
	return e.checkVolume(d.call.page, now)
}

func (e *Emulator) checkShape(d *draft) *refusal.Refusal {
	_, hasMessage := d.call.Params["message"]
	switch {
	case hasMessage && d.action != "":
		return refusal.New(100, 2018014, "Invalid parameter: message and sender_action cannot be sent together")
	case !hasMessage && d.action == "":
		return refusal.New(100, 2018015, "Invalid parameter: either message or sender_action must be set")
	case hasMessage && d.message == nil:
		return refusal.New(100, 0, "param message must be an object.")
	case d.action != "" && !slices.Contains([]string{"typing_on", "typing_off", "mark_seen", "react", "unreact"}, d.action):
		return refusal.New(100, 0, "Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}")
	case len(d.recipient) == 0:
		return refusal.New(100, 0, "The parameter recipient is required")
	}
	return d.checkType(e.switches.TypeIsOptional)
}

func (d *draft) checkType(optional bool) *refusal.Refusal {
	if d.action != "" {
		return nil
	}
	switch d.kind {
	case "RESPONSE", "UPDATE", "UTILITY":
	case "MESSAGE_TAG":
		if d.tag == "" {
			return refusal.New(100, 0, "The parameter tag is required")
		}
	case "":
		if d.tag == "" && !optional {
			return refusal.New(100, 0, "The parameter messaging_type is required")
		}
	default:
		return refusal.New(100, 0, "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}")
	}
	switch n := d.call.Get("notification_type"); n {
	case "", "REGULAR", "SILENT_PUSH", "NO_PUSH":
		return nil
	default:
		return refusal.New(100, 0, "Param notification_type must be one of {REGULAR, SILENT_PUSH, NO_PUSH}")
	}
}

// checkRecipient finds the person that the recipient object names.
func (e *Emulator) checkRecipient(d *draft) *refusal.Refusal {
	if found, refused := e.privateReply(d); found {
		return refused
	}
	unknown := refusal.New(100, refusal.UnknownPerson, "No matching user found")
	if id := value.Text(d.recipient["id"]); id != "" {
		who := e.person(id)
		if who == nil || who.Page != d.call.page.ID {
			return unknown
		}
		d.person = who
		return nil
	}
	for _, key := range []string{"user_ref", "notification_messages_token", "one_time_notif_token"} {
		ref := value.Text(d.recipient[key])
		if ref == "" {
			continue
		}
		o := d.call.page.optIns[ref]
		switch {
		case o == nil || o.kind != key:
			return unknown
		case o.stopped && key == "notification_messages_token":
			return refusal.New(10, 1893015, "The user has stopped notification messages for this topic")
		case o.stopped || !o.expires.IsZero() && e.clock.Now().After(o.expires):
			return refusal.New(100, 0, "Invalid parameter: %s was used or has expired", key)
		}
		d.person, d.byRef, d.spent = e.person(o.person), key == "user_ref", o
		return nil
	}
	for key := range d.recipient {
		d.call.note = "recipient." + key + " is not modelled"
		e.unknownLocked(d.call)
	}
	return unknown
}

// checkAccess refuses people without a role while the app is in development.
func (e *Emulator) checkAccess(d *draft) *refusal.Refusal {
	if (d.call.app.Development || d.call.app.Standard) && d.person.Role == "" {
		return refusal.New(e.switches.RoleCode, 2018028,
			"Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.")
	}
	return nil
}

func (e *Emulator) checkPage(d *draft) *refusal.Refusal {
	switch p := d.call.page; {
	case p.Restricted == refusal.Restricted:
		return refusal.New(10, refusal.Restricted, "This Page is temporarily restricted from sending messages.")
	case p.Restricted == 368:
		return refusal.New(368, 0, "The action attempted has been deemed abusive or is otherwise disallowed: temporarily blocked for policies violations")
	case p.Restricted == 2022:
		return refusal.New(2022, 0, "Sending messages is disabled for this Page after a policy violation.")
	case p.Unpublished:
		return unavailable[551]()
	}
	return nil
}

// checkOwner refuses while another app controls the thread. An idle thread takes
// whoever answers.
func (e *Emulator) checkOwner(d *draft) *refusal.Refusal {
	owner := d.person.thread.Owner(e.clock.Now())
	if owner != "" && owner != d.call.app.ID && !d.call.page.NoDefault {
		return e.taken(owner)
	}
	return nil
}

// unavailable are the answers for a person who cannot be reached, by Person.Unavailable.
var unavailable = map[int]func() *refusal.Refusal{
	551: func() *refusal.Refusal {
		return refusal.New(551, 0, "This person isn't receiving messages from you right now.")
	},
	1545041: func() *refusal.Refusal { return refusal.New(551, 1545041, "This person isn't available right now.") },
	200: func() *refusal.Refusal {
		return refusal.New(200, 1545041, "Message Not Sent: This person isn't available right now.")
	},
	2018108: func() *refusal.Refusal {
		return refusal.New(10, 2018108, "They can't receive your messages right now.")
	},
}

func blockedAnswer() *refusal.Refusal {
	return &refusal.Refusal{Code: 2, Bare: true, Transient: true, Text: "An unexpected error has occurred. Please retry your request later."}
}

func (e *Emulator) checkReach(d *draft) *refusal.Refusal {
	if refused := unavailable[d.person.Unavailable]; refused != nil {
		return refused()
	}
	if d.person.Blocked {
		if d.blocked = e.switches.BlockedDelivers && d.action == ""; !d.blocked {
			return blockedAnswer()
		}
	}
	return nil
}

// perform does a sender action. It produces no event.
func (e *Emulator) perform(d *draft) (any, *refusal.Refusal) {
	t, now := d.person.thread, e.clock.Now()
	switch d.action {
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
		if d.action == "react" {
			b.Reaction = value.Text(payload["reaction"])
		}
	}
	e.touch()
	return map[string]any{"recipient_id": d.person.ID}, nil
}

// accept shows the message to the person and lets its events follow.
func (e *Emulator) accept(d *draft) map[string]any {
	t, p := d.person.thread, d.call.page
	now := e.clock.Now()
	t.Ripen(now)
	at, mid := t.Stamp(now), d.person.mid()
	b := e.bubbleOf(d, mid, at)
	b.Persona = d.persona
	b.QuickReplies = content.QuickReplies(d.message, d.person.Phone, d.person.Email)
	late := d.late()
	if late.bubble > 0 {
		t.Delay(thread.Late{Bubble: b, Behind: d.call.fault.Behind, Due: now.Add(late.bubble)})
	} else {
		t.Add(b)
	}
	t.TypingUntil = time.Time{}
	if d.answers != nil {
		d.answers.replied = true
	}
	if t.Owner(now) == "" && d.call.app.ID != p.defaultApp() {
		t.Control, t.ControlEnds = d.call.app.ID, time.Time{} // an idle thread takes whoever answers
	}
	if d.spent != nil && d.spent.kind == "one_time_notif_token" {
		d.spent.stopped = true
	}
	if order := value.Text(value.Object(value.Object(d.message["attachment"])["payload"])["order_number"]); order != "" {
		p.orders[order] = true
	}
	result := map[string]any{"message_id": mid}
	if !d.byRef {
		result["recipient_id"] = d.person.ID
	}
	if id := e.keep(d); id != "" {
		result["attachment_id"] = id
	}
	if !late.silent {
		e.emitAt(due(now, late.echo), p, webhook.Echoes, echo(p, d.person, d.call.app.ID, mid, at, d.message), d.call.app.ID)
	}
	e.emitAt(due(now, late.bubble), p, webhook.Deliveries, webhook.Event{
		Sender: &webhook.Party{ID: d.person.ID}, Recipient: &webhook.Party{ID: p.ID}, Timestamp: t.Stamp(now).UnixMilli(),
		Delivery: map[string]any{"mids": []string{mid}, "watermark": at.UnixMilli()},
	}, toAll)
	e.handOn(d)
	e.touch()
	return result
}

// lateness is what of a message comes late, and how much; silent: no echo comes at all.
type lateness struct {
	bubble, echo time.Duration
	silent       bool
}

func (d *draft) late() (l lateness) {
	f := d.call.fault
	if f == nil {
		return l
	}
	switch f.Kind {
	case fault.NoEcho:
		l.silent = true
	case fault.LateEcho:
		l.echo = f.Late()
	case fault.SlowMedia:
		a := value.Object(d.message["attachment"])
		if value.Text(value.Object(a["payload"])["url"]) != "" && value.Text(a["type"]) != "template" {
			l.bubble, l.echo = f.Late(), f.Late()
		}
	}
	return l
}

// due is the time of what comes late; zero for what does not.
func due(now time.Time, late time.Duration) time.Time {
	if late <= 0 {
		return time.Time{}
	}
	return now.Add(late)
}
