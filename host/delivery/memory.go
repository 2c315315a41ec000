package delivery

import "github.com/footlight-bots/footlight/host/store"

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

// loud tells whether a line about a Page may be logged again.
func (d *Delivery) loud(page string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	if last, ok := d.quiet[page]; ok && now.Sub(last) < quietFor && !now.Before(last) {
		return false
	}
	d.quiet[page] = now
	return true
}
