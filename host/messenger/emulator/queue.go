package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// queue is the webhooks of one Page for one app, and has one goroutine that
// delivers them.
type queue struct {
	webhook.Queue
	app      *app
	page     *page
	inFlight bool
	wake     chan struct{} // capacity 1
}

// enqueue adds an event, and its repeats, to the queue of an app and a Page. The mutex is held.
func (e *Emulator) enqueue(a *app, p *page, it webhook.Item) {
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
		if !q.Add(it) {
			e.alert("app %s, page %s: %d events wait already; one was dropped", a.ID, p.ID, q.Len())
			return
		}
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
		wait := q.due()
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
func (e *Emulator) next(q *queue) *webhook.Parcel {
	if q.app.Callback == "" {
		if n := q.Forget(); n > 0 {
			e.alert("app %s, page %s: %d events went nowhere, for the app has no callback", q.app.ID, q.page.ID, n)
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
	items := q.Take(q.app.Delivery, e.rand)
	if len(items) == 0 {
		return nil
	}
	q.inFlight = true
	return webhook.Pack(items, webhook.Envelope{
		Page: q.page.ID, Secret: q.app.Secret, Now: e.clock.Now(),
		PerEntry: e.switches.EventsPerEntry, Escapes: e.switches.Escapes, Delivery: q.app.Delivery,
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
func (e *Emulator) post(q *queue, p *webhook.Parcel, delay time.Duration) {
	e.pause(e.ctx, delay)
	repeats := 0
	if p.Tries == 0 {
		repeats = e.switches.retry().AtOnce
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
	status, err := e.try(url, p)
	a := Attempt{
		At: start, App: q.app.ID, Page: q.page.ID, URL: url, Try: p.Tries, Events: len(p.Elements), Elements: p.Elements,
		Header: p.Header, Body: p.Body, Status: status, OK: err == nil && status == http.StatusOK, Took: e.clock.Now().Sub(start),
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

func (e *Emulator) try(url string, p *webhook.Parcel) (int, error) {
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

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(p.Body))
	if err != nil {
		return 0, err
	}
	req.Header = p.Header.Clone()
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
func (e *Emulator) settle(q *queue, p *webhook.Parcel, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.touch()
	q.inFlight = false
	if ok {
		q.Succeed()
		return
	}
	f := q.Fail(p, e.clock.Now(), e.switches.retry())
	if !f.Alert.IsZero() {
		e.alert("app %s, page %s: webhooks have been failing since %s", q.app.ID, q.page.ID, f.Alert.Format(time.RFC3339))
	}
	if f.Dropped {
		e.alert("app %s, page %s: an update of %d events was dropped after 36 h", q.app.ID, q.page.ID, f.Lost)
	}
	if f.Disabled {
		delete(q.page.subscribed, q.app.ID)
		e.alert("Webhooks Disabled: app %s is unsubscribed from page %s after 1 h of failing; %d events are lost", q.app.ID, q.page.ID, f.Lost)
	}
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
	a := e.app(appID)
	if a == nil {
		return fmt.Errorf("app %q: not known to the emulator", appID)
	}
	a.Delivery = d
	e.wakeAll()
	e.touch()
	return nil
}
