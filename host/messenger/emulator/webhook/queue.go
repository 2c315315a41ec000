package webhook

import (
	"math/rand/v2"
	"slices"
	"time"
)

// maxQueue is how many events may wait in one queue.
const maxQueue = 100_000

// Spans of failing, after which something happens (emulator.md §6, F2).
const (
	alertAfter   = 15 * time.Minute // an alert
	disableAfter = time.Hour        // the app is unsubscribed from the Page
	dropAfter    = 36 * time.Hour   // in the generic way: the update is dropped
)

// Retry says when a failed POST is made again.
type Retry struct {
	AtOnce  int             // repeats without a pause (F3)
	Gaps    []time.Duration // pauses before the repeats that follow, one at least; the last repeats
	Generic bool            // updates are dropped after 36 h, instead of the app unsubscribed after 1 h (F2)
}

// Queue holds the undelivered events of one Page for one app, in order. The zero
// value is empty.
type Queue struct {
	items   []Item
	waiting []Item    // that are not due yet, by due time
	later   []*Parcel // failed ones that wait for their time
	failing time.Time // since when everything failed; zero: it does not
	alerted bool
}

// Add appends an event; one with a due time in the future waits for it. Beyond
// 100,000 it is not taken, and Add reports false.
func (q *Queue) Add(it Item) bool {
	if len(q.items)+len(q.waiting) >= maxQueue {
		return false
	}
	if it.Due.IsZero() {
		q.items = append(q.items, it)
		return true
	}
	at, _ := slices.BinarySearchFunc(q.waiting, it.Due, func(w Item, due time.Time) int {
		if w.Due.After(due) {
			return 1
		}
		return -1 // behind those of the same time
	})
	q.waiting = slices.Insert(q.waiting, at, it)
	return true
}

// Ripen lets the events go whose due time has come.
func (q *Queue) Ripen(now time.Time) {
	n := 0
	for n < len(q.waiting) && !q.waiting[n].Due.After(now) {
		n++
	}
	q.items = append(q.items, q.waiting[:n]...)
	q.waiting = slices.Delete(q.waiting, 0, n)
}

// Len is how many events wait for their first POST.
func (q *Queue) Len() int { return len(q.items) }

// Take removes the events that go into the next POST: as many as d.Batch says, in
// order, or under d.Reorder in a disorder drawn from random.
func (q *Queue) Take(d Delivery, random *rand.Rand) []Item {
	var batch []Item
	for range min(max(1, d.Batch), len(q.items)) {
		i := q.pick(d.Reorder, random)
		if own := q.items[i].Own != nil; own && len(batch) > 0 {
			break // it goes alone, its own way
		} else if own {
			it := q.items[i]
			q.items = slices.Delete(q.items, i, i+1)
			return []Item{it}
		}
		for j := range i {
			q.items[j].overtook++
		}
		batch = append(batch, q.items[i])
		q.items = slices.Delete(q.items, i, i+1)
	}
	return batch
}

// pick chooses the place of the event that goes next: the first, or under disorder
// one of those behind it, unless the first was overtaken often enough.
func (q *Queue) pick(disorder int, random *rand.Rand) int {
	reach := min(disorder, len(q.items)-1)
	if reach < 1 || q.items[0].overtook >= disorder {
		return 0
	}
	return random.IntN(reach + 1)
}

// TakeDue removes a failed POST whose time has come; nil: there is none.
func (q *Queue) TakeDue(now time.Time) *Parcel {
	i := slices.IndexFunc(q.later, func(p *Parcel) bool { return !p.due.After(now) })
	if i < 0 {
		return nil
	}
	p := q.later[i]
	q.later = slices.Delete(q.later, i, i+1)
	return p
}

// Due is when the next failed POST comes round or the next event is due; zero when
// none waits.
func (q *Queue) Due() time.Time {
	var first time.Time
	if len(q.waiting) > 0 {
		first = q.waiting[0].Due
	}
	for _, p := range q.later {
		if first.IsZero() || p.due.Before(first) {
			first = p.due
		}
	}
	return first
}

// Forget drops the events that had no POST yet, and tells how many they were.
func (q *Queue) Forget() int {
	n := len(q.items) + len(q.waiting)
	q.items, q.waiting = nil, nil
	return n
}

// Failure is what follows from a failed POST besides its repeat.
type Failure struct {
	Alert    time.Time // since when everything fails, if the developer is to be told; else zero
	Dropped  bool      // the parcel is given up
	Disabled bool      // the queue is given up: the app is to be unsubscribed
	Lost     int       // events that went with it
}

// Succeed notes that a POST was answered as it should be.
func (q *Queue) Succeed() { q.failing, q.alerted = time.Time{}, false }

// Fail notes that a POST and its repeats at once failed. The parcel comes round
// again, unless the failure says otherwise.
func (q *Queue) Fail(p *Parcel, now time.Time, r Retry) (f Failure) {
	if q.failing.IsZero() {
		q.failing = now
	}
	if p.first.IsZero() {
		p.first = now
	}
	if !q.alerted && now.Sub(q.failing) >= alertAfter {
		q.alerted = true
		f.Alert = q.failing
	}
	switch {
	case r.Generic && now.Sub(p.first) >= dropAfter:
		f.Dropped, f.Lost = true, len(p.Elements)
		return f
	case !r.Generic && now.Sub(q.failing) >= disableAfter:
		f.Disabled, f.Lost = true, len(p.Elements)+q.Forget()
		for _, p := range q.later {
			f.Lost += len(p.Elements)
		}
		q.later = nil
		q.Succeed() // what comes after starts anew
		return f
	}
	spaced := max(0, p.Tries-1-r.AtOnce)
	p.due = now.Add(r.Gaps[min(spaced, len(r.Gaps)-1)])
	q.later = append(q.later, p)
	return f
}
