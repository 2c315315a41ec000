package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// maxQueue is how many events may wait for one app and Page. Beyond it the newest
// is dropped, loudly.
const maxQueue = 100_000

// item is one event that waits for delivery.
type item struct {
	body     json.RawMessage
	standby  bool
	overtook int // how many later events went before it
}

// queue holds the undelivered events of one Page for one app, and has one
// goroutine that delivers them in order.
type queue struct {
	app      *app
	page     *page
	items    []item
	later    []*parcel // failed ones that wait for their time
	inFlight bool
	wake     chan struct{} // capacity 1

	failing time.Time // since when everything failed; zero: it does not
	alerted bool
}

// enqueue adds an event, and its repeats, to the queue of an app and a Page. The mutex is held.
func (e *Emulator) enqueue(a *app, p *page, body json.RawMessage, standby bool) {
	if e.closed {
		return
	}
	if a.Delivery.Drop {
		e.alert("app %s, page %s: an event was dropped, as the delivery options say", a.ID, p.ID)
		return
	}
	q := e.queueOf(a, p)
	copies := 1 + a.Delivery.Duplicate
	if a.Delivery.DuplicateChance > 0 && e.rand.Float64() < a.Delivery.DuplicateChance {
		copies++
	}
	for range copies {
		if len(q.items) >= maxQueue {
			e.alert("app %s, page %s: %d events wait already; one was dropped", a.ID, p.ID, len(q.items))
			return
		}
		q.items = append(q.items, item{body: body, standby: standby})
	}
	q.poke()
}

func (e *Emulator) queueOf(a *app, p *page) *queue {
	for _, q := range e.queues {
		if q.app == a && q.page == p {
			return q
		}
	}
	q := &queue{app: a, page: p, wake: make(chan struct{}, 1)}
	e.queues = append(e.queues, q)
	e.work.Go(func() { e.deliver(q) })
	return q
}

func (q *queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default: // it will look anyway
	}
}

func (e *Emulator) wakeAll() {
	for _, q := range e.queues {
		q.poke()
	}
}

// deliver is the goroutine of a queue. It ends with Close.
func (e *Emulator) deliver(q *queue) {
	for {
		e.mu.Lock()
		next := e.next(q)
		wait := e.firstDue(q)
		delay := time.Duration(q.app.Delivery.Slow) * time.Millisecond
		e.mu.Unlock()
		if next != nil {
			e.post(q, next, delay)
			if e.ctx.Err() != nil {
				return
			}
			continue
		}
		var due <-chan struct{}
		stop := func() {}
		if !wait.IsZero() {
			due, stop = e.clock.At(wait)
		}
		select {
		case <-q.wake:
		case <-due:
		case <-e.ctx.Done():
			stop()
			return
		}
		stop()
	}
}

// next takes what is to be posted now: a repeat that is due, else the next events.
// The mutex is held.
func (e *Emulator) next(q *queue) *parcel {
	if q.app.Callback == "" {
		if n := len(q.items); n > 0 {
			e.alert("app %s, page %s: %d events went nowhere, for the app has no callback", q.app.ID, q.page.ID, n)
			q.items = nil
			e.touch()
		}
		return nil
	}
	if q.app.Delivery.Hold {
		return nil
	}
	for i, p := range q.later {
		if !p.due.After(e.clock.Now()) {
			q.later = slices.Delete(q.later, i, i+1)
			q.inFlight = true
			return p
		}
	}
	if len(q.items) == 0 {
		return nil
	}
	var batch []item
	for range max(1, q.app.Delivery.Batch) {
		if len(q.items) == 0 {
			break
		}
		i := e.pick(q)
		for j := range i {
			q.items[j].overtook++
		}
		batch = append(batch, q.items[i])
		q.items = slices.Delete(q.items, i, i+1)
	}
	q.inFlight = true
	return e.pack(q.app, q.page, batch)
}

// pick chooses the place of the event that goes next: the first, or under Reorder
// one of those behind it, unless the first was overtaken often enough.
func (e *Emulator) pick(q *queue) int {
	reach := min(q.app.Delivery.Reorder, len(q.items)-1)
	if reach < 1 || q.items[0].overtook >= q.app.Delivery.Reorder {
		return 0
	}
	return e.rand.IntN(reach + 1)
}

// firstDue is when the next repeat falls due; zero when none waits. The mutex is held.
func (e *Emulator) firstDue(q *queue) time.Time {
	var first time.Time
	if q.app.Delivery.Hold || q.app.Callback == "" {
		return first
	}
	for _, p := range q.later {
		if first.IsZero() || p.due.Before(first) {
			first = p.due
		}
	}
	return first
}

// post sends a parcel, with its repeats at once. What still fails waits for later.
func (e *Emulator) post(q *queue, p *parcel, delay time.Duration) {
	e.sleep(delay)
	repeats := 0
	if p.tries == 0 {
		repeats = max(0, e.switches.RetriesAtOnce)
	}
	for n := 0; ; n++ {
		ok := e.attempt(q, p)
		if e.ctx.Err() != nil {
			return
		}
		if ok || n >= repeats {
			e.settle(q, p, ok)
			return
		}
	}
}

// sleep waits on the emulator's clock, or until Close.
func (e *Emulator) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	reached, stop := e.clock.At(e.clock.Now().Add(d))
	defer stop()
	select {
	case <-reached:
	case <-e.ctx.Done():
	}
}

// attempt makes one POST and logs it. Only a 200 within the limit is success.
func (e *Emulator) attempt(q *queue, p *parcel) bool {
	p.tries++
	e.mu.Lock()
	url := q.app.Callback
	e.mu.Unlock()
	start := e.clock.Now()
	status, err := e.try(url, p)
	a := Attempt{
		At: start, App: q.app.ID, Page: q.page.ID, URL: url, Try: p.tries, Events: p.count, Elements: p.events,
		Header: p.header, Body: p.body, Status: status, OK: err == nil && status == http.StatusOK, Took: e.clock.Now().Sub(start),
	}
	if err != nil {
		a.Error = err.Error()
	}
	e.mu.Lock()
	e.record.attempts.add(a)
	e.touch()
	e.mu.Unlock()
	e.log.Debug("webhook", "app", a.App, "page", a.Page, "try", a.Try, "events", a.Events, "status", a.Status, "error", a.Error)
	return a.OK
}

var errSlow = errors.New("no answer within 5 s")

func (e *Emulator) try(url string, p *parcel) (int, error) {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	late, stop := e.clock.At(e.clock.Now().Add(answerLimit))
	defer stop()
	done := make(chan struct{})
	guarded := make(chan struct{})
	go func() {
		defer close(guarded)
		select {
		case <-late:
			cancel(errSlow)
		case <-done:
		case <-ctx.Done():
		}
	}()
	defer func() { close(done); <-guarded }()

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(p.body))
	if err != nil {
		return 0, err
	}
	req.Header = p.header.Clone()
	resp, err := e.client.Do(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), errSlow) {
			return 0, errSlow
		}
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // read so that the connection can be used again
	return resp.StatusCode, nil
}

// maxAnswer is how much of a webhook's answer is read, in bytes.
const maxAnswer = 64 << 10

// settle draws the consequences of a parcel's outcome: the next repeat, an alert,
// the end of the subscription (emulator.md §6).
func (e *Emulator) settle(q *queue, p *parcel, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.touch()
	q.inFlight = false
	if ok {
		q.failing, q.alerted = time.Time{}, false
		return
	}
	now := e.clock.Now()
	if q.failing.IsZero() {
		q.failing = now
	}
	if p.first.IsZero() {
		p.first = now
	}
	if !q.alerted && now.Sub(q.failing) >= alertAfter {
		q.alerted = true
		e.alert("app %s, page %s: webhooks have been failing since %s", q.app.ID, q.page.ID, q.failing.Format(time.RFC3339))
	}
	if e.switches.GenericRetry {
		if now.Sub(p.first) >= dropAfter {
			e.alert("app %s, page %s: an update of %d events was dropped after 36 h", q.app.ID, q.page.ID, p.count)
			return
		}
	} else if now.Sub(q.failing) >= disableAfter {
		e.disable(q, p.count)
		return
	}
	gaps := e.switches.RetryGaps
	spaced := p.tries - 1 - max(0, e.switches.RetriesAtOnce)
	p.due = now.Add(gaps[min(max(0, spaced), len(gaps)-1)])
	q.later = append(q.later, p)
}

// disable unsubscribes the app from the Page. What waits is lost, as with Meta.
func (e *Emulator) disable(q *queue, lost int) {
	lost += len(q.items)
	for _, p := range q.later {
		lost += p.count
	}
	delete(q.page.subscribed, q.app.ID)
	q.items, q.later = nil, nil
	q.failing, q.alerted = time.Time{}, false
	e.alert("Webhooks Disabled: app %s is unsubscribed from page %s after 1 h of failing; %d events are lost", q.app.ID, q.page.ID, lost)
}

// Settle waits until every event that is due has been tried, and ctx at the
// longest. Repeats whose time has not come, and events on hold, do not count.
func (e *Emulator) Settle(ctx context.Context) error {
	for {
		e.mu.Lock()
		busy, changed := e.busy(), e.changed
		e.mu.Unlock()
		if busy == "" {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("settle webhooks: %s: %w", busy, ctx.Err())
		}
	}
}

func (e *Emulator) busy() string {
	now := e.clock.Now()
	for _, q := range e.queues {
		if q.inFlight {
			return fmt.Sprintf("a POST to app %s for page %s is under way", q.app.ID, q.page.ID)
		}
		if q.app.Delivery.Hold {
			continue
		}
		if len(q.items) > 0 {
			return fmt.Sprintf("%d events wait for app %s", len(q.items), q.app.ID)
		}
		for _, p := range q.later {
			if !p.due.After(now) && q.app.Callback != "" {
				return fmt.Sprintf("a repeat is due for app %s", q.app.ID)
			}
		}
	}
	return ""
}
