// Package group lets messages to different people of a Page go out in one call when they are ready at the same moment.
//
// Who comes while few calls of the Page are under way goes at once and alone. Who comes later waits for the next of
// them to end, or for Wait, and goes with all who wait by then. In one call there is one message of each thread. It
// keeps no order among those of a person: nobody is to come before their last message has an outcome.
//
// It has no goroutine: of those who go together one makes the call. It never tries again and judges no message; see
// delivery. No API of the host is promised.
package group

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

// ErrStayed is the outcome of a message that did not leave, although nothing was wrong with it: it is to
// be begun anew.
var ErrStayed = errors.New("the message stayed here")

// The bounds of groups.
const (
	// DefaultCalls is how many calls with messages of a Page are under way before further messages wait for each other.
	DefaultCalls = 2
	// MaxSize is how many messages go out in one call at most.
	MaxSize = 16
	// Wait is how long a message waits at most for the calls under way.
	Wait = 20 * time.Millisecond
	// Rest is how long the messages of a Page go out alone when the platform has refused a call only because it held several.
	Rest = 10 * time.Minute
)

// A Client makes the calls of one Page. *messenger.Client is one.
type Client interface {
	Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error)
	SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error)
}

// Groups sends the messages of one host. It is safe for concurrent use.
type Groups struct {
	clients func(page string) (Client, bool)
	clock   clock.Clock
	calls   int // of a Page under way, while which nobody waits
	ctx     context.Context

	mu    sync.Mutex
	lines map[string]*line // by page
}

// New returns Groups; clients finds the client of a Page, calls is as DefaultCalls. Calls that bring several
// messages are cut off when ctx ends, and not before.
func New(ctx context.Context, clients func(page string) (Client, bool), c clock.Clock, calls int) *Groups {
	return &Groups{clients: clients, clock: c, calls: calls, ctx: ctx, lines: map[string]*line{}}
}

// line is those who wait for a call of one Page.
type line struct {
	page    string
	under   int // calls under way
	waiting []*rider
	alone   time.Duration // until then, by the clock's Elapsed, nobody goes with others
}

// rider is a message on its way to a call.
type rider struct {
	ctx    context.Context
	parcel messenger.Parcel
	fresh  func() bool // whether it may still leave
	lead   chan []*rider
	out    chan messenger.Outcome
}

// Send sends a message that may go with others (see messenger.Together), with them if that is how it comes. fresh is
// asked when it leaves; it must not wait for anything. With ErrStayed it did not leave: what was taken for granted when it came is to be
// looked at again. Other errors are those of the call.
func (g *Groups) Send(ctx context.Context, page string, p messenger.Parcel, fresh func() bool) (messenger.Receipt, error) {
	r := &rider{ctx: ctx, parcel: p, fresh: fresh, lead: make(chan []*rider, 1), out: make(chan messenger.Outcome, 1)}
	l := g.come(page, r)
	out := g.wait(l, r)
	return out.Receipt, out.Err
}

// come puts a rider in line. If nobody waits and few calls are under way, it is told to make one.
func (g *Groups) come(page string, r *rider) *line {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lines[page]
	if l == nil {
		l = &line{page: page}
		g.lines[page] = l
	}
	l.waiting = append(l.waiting, r)
	if l.under < g.calls {
		g.depart(l)
	}
	return l
}

// depart makes a group of those who have waited longest and tells the first one to make the call. The mutex is held.
func (g *Groups) depart(l *line) {
	most := MaxSize
	if g.clock.Elapsed() < l.alone {
		most = 1
	}
	var group, stay []*rider
	for _, r := range l.waiting {
		// Of one person there can be two: a lease was lost, and taken again by this host.
		same := slices.ContainsFunc(group, func(o *rider) bool { return o.parcel.Person == r.parcel.Person })
		if same || len(group) == most {
			stay = append(stay, r)
			continue
		}
		group = append(group, r)
	}
	l.waiting = stay
	l.under++
	group[0].lead <- group
}

// wait waits until a rider has an outcome, and makes the call of its group where it is the first.
func (g *Groups) wait(l *line, r *rider) messenger.Outcome {
	select {
	case group := <-r.lead: // without the alarm, which most do not need
		return g.carry(l, r, group)
	default:
	}
	late, stop := clock.After(g.clock, Wait)
	defer stop()
	for {
		select {
		case group := <-r.lead:
			return g.carry(l, r, group)
		case out := <-r.out:
			return out
		case <-late:
			late = nil
			g.hurry(l, r)
		case <-r.ctx.Done():
			return g.giveUp(l, r)
		}
	}
}

// hurry lets a rider go, with those who wait, although calls enough are under way.
func (g *Groups) hurry(l *line, r *rider) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for slices.Contains(l.waiting, r) {
		g.depart(l)
	}
}

// giveUp ends the wait of a rider whose context has ended. If others count on it, it makes their call.
func (g *Groups) giveUp(l *line, r *rider) messenger.Outcome {
	cause := context.Cause(r.ctx)
	g.mu.Lock()
	at := slices.Index(l.waiting, r)
	if at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
	}
	g.mu.Unlock()
	if at >= 0 {
		return failed(&messenger.TransportError{Op: "send", NotSent: true, Err: cause})
	}
	select {
	case group := <-r.lead:
		return g.carry(l, r, group)
	default: // it may be on its way
		return failed(&messenger.TransportError{Op: "send", Err: cause})
	}
}

func failed(err error) messenger.Outcome { return messenger.Outcome{Err: err} }

// carry makes the call of a group, lets those who have waited meanwhile make the next, and tells
// everybody of the group what became of them. It returns what became of the first.
func (g *Groups) carry(l *line, first *rider, group []*rider) messenger.Outcome {
	out := make([]messenger.Outcome, len(group))
	var leaving []int // in group
	for i, r := range group {
		switch err := r.ctx.Err(); {
		case err != nil:
			out[i] = failed(&messenger.TransportError{Op: "send", NotSent: true, Err: err})
		case !r.fresh():
			out[i] = failed(ErrStayed)
		default:
			leaving = append(leaving, i)
		}
	}
	refused := g.call(l.page, group, leaving, out)
	g.mu.Lock()
	if refused {
		l.alone = g.clock.Elapsed() + Rest
	}
	l.under--
	for l.under < g.calls && len(l.waiting) > 0 {
		g.depart(l)
	}
	g.mu.Unlock()
	var own messenger.Outcome
	for i, r := range group {
		if r == first {
			own = out[i]
			continue
		}
		r.out <- out[i]
	}
	return own
}

// call sends the messages of those who leave. It tells whether the platform has refused them only because
// they came together.
func (g *Groups) call(page string, group []*rider, leaving []int, out []messenger.Outcome) (refused bool) {
	client, ok := g.clients(page)
	switch {
	case len(leaving) == 0:
	case !ok: // the credentials are gone
		for _, i := range leaving {
			out[i] = failed(ErrStayed)
		}
	case len(leaving) == 1:
		r := group[leaving[0]]
		receipt, err := client.Send(r.ctx, r.parcel.Person, r.parcel.Message)
		out[leaving[0]] = messenger.Outcome{Receipt: receipt, Err: err}
	default:
		parcels := make([]messenger.Parcel, len(leaving))
		for n, i := range leaving {
			parcels[n] = group[i].parcel
		}
		// Nobody's end is to leave the others in doubt: only that of the host cuts the call off.
		each, err := client.SendAll(g.ctx, parcels)
		if refused = err != nil && !befallsEach(err); refused {
			err = ErrStayed
		}
		for n, i := range leaving {
			if out[i] = failed(err); err == nil {
				out[i] = each[n]
			}
		}
	}
	return refused
}

// befallsEach tells whether the refusal of a call as a whole is one of each message in it: it is when it comes from
// the state of the platform, the app or the Page. What is wrong with the message, the person or the settings of a call that
// holds many is nothing about any of them: each is to be tried alone.
func befallsEach(err error) bool {
	switch messenger.Judge(err).Class {
	case messenger.ClassTransient, messenger.ClassAmbiguous, messenger.ClassRate, messenger.ClassPage:
		return true
	default:
		return false
	}
}
