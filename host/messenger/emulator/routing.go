package emulator

import (
	"slices"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Apps of Meta's own that can control a thread (emulator.md §6).
const (
	InboxApp     = "263902037430900"  // the Page's inbox, as a target of routing
	InstagramApp = "1217981644879628" // the inbox of Instagram
	LeadApp      = "413038776280800"  // the form of a lead ad
	// Questions stands for Meta's own questions and answers, which are no app.
	Questions = "questions"
)

// Longest times for which control can be extended.
const (
	maxExtension   = 7 * 24 * time.Hour
	maxAdExtension = 30 * 24 * time.Hour // of a thread that came from an ad
)

// routed is a call about who controls a thread.
type routed struct {
	*call
	who    *state.Person
	thread *thread.Thread
	owner  string // empty: idle
}

// route reads whom a call about control means. The mutex is held.
func (e *Emulator) routed(c *call) (*routed, *refusal.Refusal) {
	who := e.state.Person(value.Text(value.Object(c.Params["recipient"])["id"]))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	return &routed{c, who, who.Thread, who.Thread.Owner(e.clock.Now())}, nil
}

// mayRoute refuses apps that do not control the thread. An idle thread is its default app's.
func (e *Emulator) mayRoute(r *routed) *refusal.Refusal {
	if r.owner == r.app.ID || r.owner == "" {
		return nil
	}
	return e.taken(r.owner)
}

// taken is the refusal of a call about a thread that someone else controls.
func (e *Emulator) taken(owner string) *refusal.Refusal {
	code := 2018300
	if owner == Questions {
		code = 2018321
	}
	return refusal.Listed(e.switches.ListedUnder, code, refusal.Text(code, 0))
}

// isTarget reports whether control can be passed to an app.
func (e *Emulator) isTarget(p *state.Page, id string) bool {
	_, subscribed := p.Subscribed[id]
	return subscribed || id == InboxApp || id == InstagramApp
}

// passControl is POST /{page}/pass_thread_control.
func (e *Emulator) passControl(c *call) (any, *refusal.Refusal) {
	return e.route(c, func(r *routed) *refusal.Refusal {
		target := c.Get("target_app_id")
		if refused := e.mayRoute(r); refused != nil {
			return refused
		}
		if !e.isTarget(c.page, target) {
			return refusal.New(100, 2018164, "%s", refusal.Text(100, 2018164))
		}
		e.moveControl(c.page, r.who, target, "pass", c.Get("metadata"))
		return nil
	})
}

// takeControl is POST /{page}/take_thread_control, which the default app alone may call.
func (e *Emulator) takeControl(c *call) (any, *refusal.Refusal) {
	return e.route(c, func(r *routed) *refusal.Refusal {
		if c.page.DefaultApp() != c.app.ID {
			return refusal.Listed(e.switches.ListedUnder, e.switches.RoutingCode, refusal.Text(e.switches.RoutingCode, 0))
		}
		if r.owner == Questions {
			return e.taken(Questions)
		}
		e.moveControl(c.page, r.who, c.app.ID, "take", c.Get("metadata"))
		return nil
	})
}

// releaseControl is POST /{page}/release_thread_control.
func (e *Emulator) releaseControl(c *call) (any, *refusal.Refusal) {
	return e.route(c, func(r *routed) *refusal.Refusal {
		if refused := e.mayRoute(r); refused != nil {
			return refused
		}
		e.moveControl(c.page, r.who, "", "pass", c.Get("metadata"))
		return nil
	})
}

// requestControl is POST /{page}/request_thread_control: the app in control hears of it.
func (e *Emulator) requestControl(c *call) (any, *refusal.Refusal) {
	return e.route(c, func(r *routed) *refusal.Refusal {
		ev := e.threadEvent(c.page, r.who)
		ev.RequestControl = map[string]any{"requested_owner_app_id": c.app.ID, "metadata": c.Get("metadata")}
		e.emit(c.page, webhook.Handovers, ev, toAll)
		return nil
	})
}

// extendControl is POST /{page}/extend_thread_control.
func (e *Emulator) extendControl(c *call) (any, *refusal.Refusal) {
	return e.route(c, func(r *routed) *refusal.Refusal {
		if refused := e.mayRoute(r); refused != nil {
			return refused
		}
		seconds, err := strconv.ParseInt(c.Get("duration"), 10, 32)
		limit := maxExtension
		if r.thread.FromAd {
			limit = maxAdExtension
		}
		if d := time.Duration(seconds) * time.Second; err != nil || d <= 0 || d > limit {
			return refusal.New(100, 0, "Invalid parameter: duration must be from 1 to %d seconds", limit/time.Second)
		}
		r.thread.Control = c.app.ID
		r.thread.ControlEnds = e.clock.Now().Add(time.Duration(seconds) * time.Second)
		return nil
	})
}

// route runs one change of control.
func (e *Emulator) route(c *call, change func(*routed) *refusal.Refusal) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, refused := e.routed(c)
	if refused == nil {
		refused = change(r)
	}
	if refused != nil {
		return nil, refused
	}
	e.touch()
	return map[string]any{"success": true}, nil
}

// moveControl gives a thread to an app, or to nobody, and tells the apps. how is
// "pass" or "take".
func (e *Emulator) moveControl(p *state.Page, who *state.Person, to, how, metadata string) {
	before := who.Thread.Owner(e.clock.Now())
	ev := e.threadEvent(p, who)
	who.Thread.Control, who.Thread.ControlEnds = to, time.Time{}
	m := map[string]any{"previous_owner_app_id": idOrNull(before), "new_owner_app_id": idOrNull(to)}
	if metadata != "" {
		m["metadata"] = metadata
	}
	if how == "take" {
		ev.TakeControl = m
	} else {
		ev.PassControl = m
	}
	e.emit(p, webhook.Handovers, ev, toAll)
}

// threadEvent is an event about a thread, from its person.
func (e *Emulator) threadEvent(p *state.Page, who *state.Person) webhook.Event {
	return webhook.Event{
		Sender: &webhook.Party{ID: who.ID}, Recipient: &webhook.Party{ID: p.ID}, Timestamp: who.Thread.Stamp(e.clock.Now()).UnixMilli(),
	}
}

// idOrNull is an app's id as events have it: null for nobody, and for what is no app.
func idOrNull(id string) any {
	if !value.Digits(id) {
		return nil
	}
	return id
}

// handOn does what thread_control of a send asks for. The shape is checked before.
func (e *Emulator) handOn(d *sending) {
	switch control := value.Object(d.call.Params["thread_control"]); value.Text(control["control_type"]) {
	case "":
	case "take", "TAKE":
		e.moveControl(d.call.page, d.person, d.call.app.ID, "take", value.Text(control["metadata"]))
	default:
		e.moveControl(d.call.page, d.person, value.Text(control["app_id"]), "pass", value.Text(control["metadata"]))
	}
}

// checkControl refuses a thread_control that cannot be.
func (e *Emulator) checkControl(d *sending) *refusal.Refusal {
	control := value.Object(d.call.Params["thread_control"])
	if control == nil {
		return nil
	}
	kind := value.Text(control["control_type"])
	switch {
	case !slices.Contains([]string{"pass", "take", "PASS", "TAKE"}, kind):
		return refusal.New(100, 0, "Param thread_control[control_type] must be one of {PASS, TAKE}")
	case kind == "pass" || kind == "PASS":
		if !e.isTarget(d.call.page, value.Text(control["app_id"])) {
			return refusal.New(100, 2018164, "%s", refusal.Text(100, 2018164))
		}
	}
	return nil
}

// threadOwner is GET /{page}/thread_owner.
func (e *Emulator) threadOwner(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.state.Person(c.Get("recipient"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	owner := who.Thread.Owner(e.clock.Now())
	if !value.Digits(owner) {
		return map[string]any{"data": []any{}}, nil
	}
	return map[string]any{"data": []any{map[string]any{"thread_owner": map[string]any{
		"app_id": owner, "expiration": who.Thread.OwnerEnds().Unix(),
	}}}}, nil
}

// secondaryReceivers is GET /{page}/secondary_receivers: the apps on the Page besides
// the default one, and the inbox.
func (e *Emulator) secondaryReceivers(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fields, err := selection.Parse(c.Get("fields"))
	if err != nil {
		return nil, refusal.New(2500, 0, "Syntax error: %v", err)
	}
	all := []map[string]any{{"id": InboxApp, "name": "Page Inbox"}}
	for _, a := range e.state.Apps {
		if _, ok := c.page.Subscribed[a.ID]; ok && a.ID != c.page.DefaultApp() {
			all = append(all, map[string]any{"id": a.ID, "name": a.Name})
		}
	}
	data := make([]any, len(all))
	for i, one := range all {
		shown, refused := node.Pick(one, fields, "Application", "name")
		if refused != nil {
			return nil, refused
		}
		data[i] = shown
	}
	return map[string]any{"data": data}, nil
}
