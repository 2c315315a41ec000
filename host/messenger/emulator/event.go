package emulator

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// toAll addresses an event to every subscribed app alike, whoever controls the thread.
const toAll = "*"

// heard reports whether there is an app that hears of a field.
func (e *Emulator) heard(p *state.Page, field string) bool {
	return slices.ContainsFunc(e.state.Apps, func(a *state.App) bool { return a.Hears(p, field) })
}

// emit queues an event for every app that subscribed to its field on both levels.
// owner is the app in control of the thread: the others receive the event as
// standby, if they want that. The mutex is held.
func (e *Emulator) emit(p *state.Page, field string, ev webhook.Event, owner string) {
	e.emitAt(time.Time{}, p, field, ev, owner)
}

// emitAt is emit for an event that goes out at a later time.
func (e *Emulator) emitAt(due time.Time, p *state.Page, field string, ev webhook.Event, owner string) {
	var body json.RawMessage // made once somebody hears it
	person := ev.With(p.ID)
	if p.NoDefault {
		owner = toAll // "zero configuration"
	}
	for _, a := range e.state.Apps {
		if a.Ignores(e.state.Person(person)) {
			continue
		}
		if owner == toAll || owner == a.ID {
			if a.Hears(p, field) {
				if body == nil {
					body = value.Raw(ev)
				}
				e.enqueue(a, p, person, webhook.Item{Body: body, Due: due})
				if a.Delivery.StandbyTwin && field == webhook.Postbacks {
					e.enqueue(a, p, person, webhook.Item{Body: value.Raw(ev.Standby()), Key: webhook.Standby, Due: due})
				}
			}
			continue
		}
		if a.Hears(p, webhook.Standby) && a.Hears(p, field) {
			e.enqueue(a, p, person, webhook.Item{Body: value.Raw(ev.Standby()), Key: webhook.Standby, Due: due})
		}
	}
}

// emitFrom queues an event of a thread, routed by who controls that. An idle thread belongs to
// the Page's default app.
func (e *Emulator) emitFrom(p *state.Page, who *state.Person, field string, ev webhook.Event) {
	owner := who.Thread.Owner(e.clock.Now())
	if owner == "" {
		owner = p.DefaultApp()
	}
	e.emit(p, field, ev, owner)
}

// echo is the event that tells of a message the Page sent.
func echo(p *state.Page, who *state.Person, app, mid string, at time.Time, message map[string]any) webhook.Event {
	m := webhook.Echo(message, p.Address)
	m["app_id"], m["mid"] = json.Number(app), mid
	return webhook.Event{Sender: &webhook.Party{ID: p.ID}, Recipient: &webhook.Party{ID: who.ID}, Timestamp: at.UnixMilli(), Message: m}
}
