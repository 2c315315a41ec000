package delivery

import (
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// What this file keeps lives in memory: a restart forgets it without harm. Failures
// are counted anew then.

func name(e store.Event) string { return e.Key.Page + "/" + e.Key.Person + "/" + e.ID }

// tries is how often the turn of an event has failed on this host.
func (d *Delivery) tries(e store.Event) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failures[name(e)]
}

// blame counts a failure.
func (d *Delivery) blame(e store.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.failures) >= maxRemembered {
		clear(d.failures) // entries of events that other hosts took over since
	}
	d.failures[name(e)]++
}

// forgive forgets the failures of an event that is done with.
func (d *Delivery) forgive(e store.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.failures, name(e))
}

// depart remembers that a send went out, until the store has taken it down: should it
// fail to, the send must be settled then, not sent again.
func (d *Delivery) depart(k store.Key, id string, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.gone) >= maxRemembered {
		clear(d.gone)
	}
	d.gone[sendName(k, id)] = at
}

// went tells whether, and when, a send went out that the store still has.
func (d *Delivery) went(k store.Key, id string) (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.gone[sendName(k, id)]
	return at, ok
}

// arrived forgets a send that is settled.
func (d *Delivery) arrived(k store.Key, id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.gone, sendName(k, id))
}

func sendName(k store.Key, id string) string { return k.Page + "/" + k.Person + "/" + id }

// loud tells whether a line about a Page may be logged again.
func (d *Delivery) loud(page string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.Clock.Now()
	if last, ok := d.quiet[page]; ok && now.Sub(last) < quietFor && !now.Before(last) {
		return false
	}
	d.quiet[page] = now
	return true
}
