package emulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// queue is webhooks for one app, and has one goroutine that delivers them. Which
// events share it is for lane to say.
type queue struct {
	webhook.Queue
	app      *state.App
	luck     *rand.Rand // of repeats; its own, so that what other queues do changes nothing here
	disorder *rand.Rand // of the order; apart, for it is drawn when events go, not when they come
	inFlight bool
	wake     chan struct{} // capacity 1
}

// lane tells queues of one app apart: by Page, unless the app's Pages share POSTs, and
// by a part of the people where several POSTs are under way at once.
type lane struct {
	app, page string
	part      int
}

// enqueue gives an event to an app, in the way of the action that is under way or of
// the app. The mutex is held.
func (e *Emulator) enqueue(a *state.App, p *state.Page, person string, it webhook.Item) {
	if e.closed {
		return
	}
	it.Page, it.Own = p.ID, e.ownWay
	d := a.Delivery
	if it.Own != nil {
		d = *it.Own
	}
	if d.Drop {
		e.alert("app %s, page %s: an event was dropped, as the delivery options say", a.ID, p.ID)
		return
	}
	if it.Own != nil && d.Hold {
		e.held = append(e.held, held{a, p, person, it})
		return
	}
	e.queueUp(a, p, person, it, d)
}

// held is an event that waits by itself, while others go past it.
type held struct {
	app    *state.App
	page   *state.Page
	person string
	item   webhook.Item
}

// Release lets the events go that their actions put on hold, in the order in which
// they came. What an app's own Hold keeps back goes when SetDelivery takes that back.
func (e *Emulator) Release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	waited := e.held
	e.held = nil
	for _, h := range waited {
		e.queueUp(h.app, h.page, h.person, h.item, *h.item.Own)
	}
	e.touch()
}

// queueUp adds an event, and its repeats, to its queue.
func (e *Emulator) queueUp(a *state.App, p *state.Page, person string, it webhook.Item, d Delivery) {
	if d.Odd != "" {
		it = webhook.Bend(it, d.Odd)
	}
	at := lane{app: a.ID, page: p.ID}
	if a.Delivery.Mixed {
		at.page = ""
	}
	if n := a.Delivery.Parallel; n > 1 {
		at.part = int(state.Stream(person) % uint64(n))
	}
	q := e.queueOf(a, at)
	copies := 1 + d.Duplicate
	if d.DuplicateChance > 0 && q.luck.Float64() < d.DuplicateChance {
		copies++
	}
	for range copies {
		if !q.Add(it) {
			e.alert("app %s, page %s: %d events wait already; one was dropped", a.ID, p.ID, q.Len())
			return
		}
	}
	q.poke()
}

func (e *Emulator) queueOf(a *state.App, at lane) *queue {
	if q := e.lanes[at]; q != nil {
		return q
	}
	q := &queue{
		app: a, wake: make(chan struct{}, 1),
		luck:     rand.New(rand.NewPCG(e.seed, state.Stream(fmt.Sprint(at, "luck")))),
		disorder: rand.New(rand.NewPCG(e.seed, state.Stream(fmt.Sprint(at, "disorder")))),
	}
	e.lanes[at] = q
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
		wait := q.due()
		e.mu.Unlock()
		if next != nil {
			e.post(q, next)
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
func (e *Emulator) next(q *queue) *webhook.Parcel {
	if q.app.Callback == "" {
		if n := q.Forget(); n > 0 {
			e.alert("app %s: %d events went nowhere, for the app has no callback", q.app.ID, n)
			e.touch()
		}
		return nil
	}
	if q.app.Delivery.Hold {
		return nil
	}
	q.Ripen(e.clock.Now())
	if p := q.TakeDue(e.clock.Now()); p != nil {
		q.inFlight = true
		return p
	}
	items := q.Take(q.app.Delivery, q.disorder)
	if len(items) == 0 {
		return nil
	}
	d := q.app.Delivery
	if own := items[0].Own; own != nil {
		d = *own
	}
	q.inFlight = true
	return webhook.Pack(items, webhook.Envelope{
		Secret: q.app.Secret, Now: e.clock.Now(), PerEntry: e.switches.EventsPerEntry, Escapes: e.switches.Escapes, Delivery: d,
	})
}

// due is when the next repeat is to be posted; zero when none waits for its time
// alone. The mutex is held.
func (q *queue) due() time.Time {
	if q.app.Delivery.Hold || q.app.Callback == "" {
		return time.Time{}
	}
	return q.Due()
}

// post sends a parcel, with its repeats at once. What still fails waits for later.
func (e *Emulator) post(q *queue, p *webhook.Parcel) {
	e.pause(e.ctx, p.Slow)
	repeats := 0
	if p.Tries == 0 {
		repeats = e.switches.Retry().AtOnce
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

// attempt makes one POST and logs it. Only a 200 within the limit is success.
func (e *Emulator) attempt(q *queue, p *webhook.Parcel) bool {
	p.Tries++
	e.mu.Lock()
	url := q.app.Callback
	e.mu.Unlock()
	start := e.clock.Now()
	got, err := e.caller.Post(e.ctx, url, p.Header, p.Body, p.SlowBody)
	a := Attempt{
		At: start, App: q.app.ID, Page: strings.Join(p.Pages, ","), URL: url, Try: p.Tries, Events: len(p.Elements), Elements: p.Elements,
		Header: p.Header, Body: p.Body, Status: got.Status, OK: err == nil && got.Status == http.StatusOK, Took: e.clock.Now().Sub(start),
	}
	if err != nil {
		a.Error = err.Error()
	}
	e.mu.Lock()
	e.record.attempts.Add(a)
	e.touch()
	e.mu.Unlock()
	e.log.Debug("webhook", "app", a.App, "page", a.Page, "try", a.Try, "events", a.Events, "status", a.Status, "error", a.Error)
	return a.OK
}

// settle draws the consequences of a parcel's outcome: the next repeat, an alert,
// the end of the subscription (emulator.md §6).
func (e *Emulator) settle(q *queue, p *webhook.Parcel, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.touch()
	q.inFlight = false
	if ok {
		q.Succeed()
		return
	}
	f := q.Fail(p, e.clock.Now(), e.switches.Retry())
	pages := strings.Join(p.Pages, ",")
	if !f.Alert.IsZero() {
		e.alert("app %s, page %s: webhooks have been failing since %s", q.app.ID, pages, f.Alert.Format(time.RFC3339))
	}
	if f.Dropped {
		e.alert("app %s, page %s: an update of %d events was dropped after 36 h", q.app.ID, pages, f.Lost)
	}
	if f.Disabled {
		for _, id := range p.Pages {
			delete(e.state.Page(id).Subscribed, q.app.ID)
			for at, other := range e.lanes {
				if at.app == q.app.ID && at.page == id {
					f.Lost += other.Forget()
				}
			}
		}
		e.alert("Webhooks Disabled: app %s is unsubscribed from page %s after 1 h of failing; %d events are lost", q.app.ID, pages, f.Lost)
	}
}

// Settle waits until every event that is due has been tried, and ctx at the
// longest. Repeats whose time has not come, and events on hold, do not count.
func (e *Emulator) Settle(ctx context.Context) error {
	for {
		e.mu.Lock()
		busy, changed := e.busy(), e.change()
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
			return fmt.Sprintf("a POST to app %s is under way", q.app.ID)
		}
		if q.app.Delivery.Hold {
			continue
		}
		if n := q.Len(); n > 0 {
			return fmt.Sprintf("%d events wait for app %s", n, q.app.ID)
		}
		if due := q.due(); !due.IsZero() && !due.After(now) {
			return fmt.Sprintf("a repeat is due for app %s", q.app.ID)
		}
	}
	return ""
}

// SetDelivery changes how an app's webhooks misbehave, from the next POST on.
// Taking Hold back releases what waits.
func (e *Emulator) SetDelivery(appID string, d Delivery) error {
	if err := d.Check(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.state.App(appID)
	if a == nil {
		return fmt.Errorf("app %q: not known to the emulator", appID)
	}
	a.Delivery = d
	e.wakeAll()
	e.touch()
	return nil
}
