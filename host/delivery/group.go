package delivery

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

// errStayed is the outcome of a send that did not leave, although nothing was wrong with it: it is to
// be begun anew.
var errStayed = errors.New("the message stayed here")

// groups let messages to different people of a Page go out in one call when they are ready at the same moment. Who
// comes while few calls of the Page are under way goes at once and alone. Who comes later waits for the next of
// them to end, or for GroupWait, and goes with all who wait by then.
//
// It has no goroutine: of those who go together the first one makes the call. It keeps no order, for nobody waits
// twice: a person's next message comes when the one before has an outcome.
type groups struct {
	clients func(page string) (Client, bool)
	clock   clock.Clock
	calls   int // of a Page under way, while which nobody waits

	ctx context.Context // of Run, until steps in hand are cut off; set once, before anybody comes

	mu    sync.Mutex
	lines map[string]*line // by page
}

// line is those who wait for a call of one Page.
type line struct {
	page    string
	under   int // calls under way
	waiting []*rider
	alone   time.Time // until then nobody goes with others
}

// rider is a message on its way to a call.
type rider struct {
	ctx    context.Context
	parcel messenger.Parcel
	fresh  func() bool // whether it may still leave
	lead   chan []*rider
	out    chan sentOut
}

// sentOut is what became of a message, and how many messages its call had.
type sentOut struct {
	messenger.Outcome
	size int
}

func newGroups(clients func(page string) (Client, bool), c clock.Clock, calls int) *groups {
	return &groups{clients: clients, clock: c, calls: calls, ctx: context.Background(), lines: map[string]*line{}}
}

// send sends a message, with others if that is how it comes. fresh is asked when it leaves. With errStayed
// it did not leave: what it took for granted when it came is to be looked at again.
func (g *groups) send(ctx context.Context, page string, p messenger.Parcel, fresh func() bool) (messenger.Receipt, int, error) {
	r := &rider{ctx: ctx, parcel: p, fresh: fresh, lead: make(chan []*rider, 1), out: make(chan sentOut, 1)}
	l := g.come(page, r)
	out := g.wait(l, r)
	return out.Receipt, out.size, out.Err
}

// come puts a rider in line. If nobody waits and few calls are under way, it is told to make one.
func (g *groups) come(page string, r *rider) *line {
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
func (g *groups) depart(l *line) {
	most := MaxGroup
	if g.clock.Now().Before(l.alone) {
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
func (g *groups) wait(l *line, r *rider) sentOut {
	select {
	case group := <-r.lead: // without the alarm, which most do not need
		return g.carry(l, r, group)
	default:
	}
	late, stop := g.clock.At(g.clock.Now().Add(GroupWait))
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
func (g *groups) hurry(l *line, r *rider) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for slices.Contains(l.waiting, r) {
		g.depart(l)
	}
}

// giveUp ends the wait of a rider whose context has ended. If others count on it, it makes their call.
func (g *groups) giveUp(l *line, r *rider) sentOut {
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

func failed(err error) sentOut { return sentOut{Outcome: messenger.Outcome{Err: err}, size: 1} }

// carry makes the call of a group, lets those who have waited meanwhile make the next, and tells
// everybody of the group what became of them. It returns what became of the first.
func (g *groups) carry(l *line, first *rider, group []*rider) sentOut {
	out := make([]sentOut, len(group))
	var leaving []int // in group
	for i, r := range group {
		switch err := r.ctx.Err(); {
		case err != nil:
			out[i] = failed(&messenger.TransportError{Op: "send", NotSent: true, Err: err})
		case !r.fresh():
			out[i] = failed(errStayed)
		default:
			leaving = append(leaving, i)
		}
	}
	refused := g.call(l.page, group, leaving, out)
	g.mu.Lock()
	if refused {
		l.alone = g.clock.Now().Add(GroupRest)
	}
	l.under--
	for l.under < g.calls && len(l.waiting) > 0 {
		g.depart(l)
	}
	g.mu.Unlock()
	var own sentOut
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
func (g *groups) call(page string, group []*rider, leaving []int, out []sentOut) (refused bool) {
	client, ok := g.clients(page)
	switch {
	case len(leaving) == 0:
	case !ok: // the credentials are gone
		for _, i := range leaving {
			out[i] = failed(errStayed)
		}
	case len(leaving) == 1:
		r := group[leaving[0]]
		receipt, err := client.Send(r.ctx, r.parcel.Person, r.parcel.Message)
		out[leaving[0]] = sentOut{messenger.Outcome{Receipt: receipt, Err: err}, 1}
	default:
		parcels := make([]messenger.Parcel, len(leaving))
		for n, i := range leaving {
			parcels[n] = group[i].parcel
		}
		// Nobody's end is to leave the others in doubt: only that of the host cuts the call off.
		each, err := client.SendAll(g.ctx, parcels)
		if refused = err != nil && !befallsEach(err); refused {
			err = errStayed
		}
		for n, i := range leaving {
			if out[i] = (sentOut{messenger.Outcome{Err: err}, len(leaving)}); err == nil {
				out[i].Outcome = each[n]
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
