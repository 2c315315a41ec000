package simulator

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/weather"
	"github.com/footlight-bots/footlight/host/store"
)

// press publishes versions while people talk. What it draws it draws by itself, so that runs
// without it are what they were.
type press struct {
	rand *rand.Rand
	gaps []time.Duration // before each order
}

// press of a seed; how much it does is a matter of the weather.
func openPress(seed uint64, w *weather.Weather) press {
	p := press{rand: rand.New(rand.NewPCG(seed, 0x7072657373))}
	if p.rand.IntN(3) == 0 {
		w.Orders = 1 + p.rand.IntN(6)
		if !w.Calm() && p.rand.IntN(3) == 0 {
			w.Stumble = p.rand.Float64() / 2
		}
	}
	return p
}

// maxGap is how long nothing is ordered at most.
const maxGap = 20 * time.Second

// draw draws when something is ordered.
func (p *press) draw(orders int) {
	for range orders {
		p.gaps = append(p.gaps, time.Duration(p.rand.Int64N(int64(maxGap))).Truncate(time.Millisecond))
	}
}

// publishes tells whether hosts play what is published.
func (w *world) publishes() bool { return len(w.press.gaps) > 0 }

// print puts all versions into the store, and the first one on stage.
func (w *world) print() {
	if !w.publishes() {
		return
	}
	w.theatre.outside.do(func(ctx context.Context) {
		l, err := release.OpenLedger(w.store, company.Bot)
		for i := range w.theatre.company.Bundles {
			if b := &w.theatre.company.Bundles[i]; err == nil {
				_, _, err = l.Put(ctx, b.Manifest, b.Data, w.theatre.company.Key.Public())
			}
		}
		if err != nil {
			w.violateAt(w.start, "publish: %v", err)
		}
	})
	w.order()
	w.extras.Go(func() {
		for _, gap := range w.press.gaps {
			if !w.rest(gap) {
				return
			}
			w.act("the press orders", w.order)
		}
	})
}

// order gives an order.
func (w *world) order() {
	now := time.Now()
	var o release.Order
	w.theatre.outside.do(func(ctx context.Context) {
		l, err := release.OpenLedger(w.store, company.Bot)
		if err == nil {
			o, err = l.Give(ctx, w.theatre.company.Key, now, w.alter)
		}
		if err != nil {
			w.violateAt(now, "order: %v", err)
		}
	})
	w.tell(fmt.Sprintf("order %d (%s): stage e%d, canary e%d for %.2f %%", o.Number, o.Why, w.theatre.company.Edition(o.Stage), w.theatre.company.Edition(o.Canary), o.Percent))
	if o.Number <= uint64(len(w.ledger.orders)) {
		w.ordersLost = true
	}
	w.ledger.orders = append(w.ledger.orders, ordered{moment{w.ledger.next(), now}, o})
	w.report.Orders++
}

// alter draws an order of the one before.
func (w *world) alter(before release.Order) (release.Order, error) {
	r, next := w.press.rand, release.Order{Stage: before.Stage, Why: release.Published}
	other := func() string {
		for {
			if v := w.theatre.company.Bundles[r.IntN(company.Editions)].Version; v != before.Stage {
				return v
			}
		}
	}
	switch n := r.IntN(3); {
	case before.Stage == "":
		next.Stage = w.theatre.company.Bundles[0].Version
	case before.Canary != "" && n == 0:
		next.Stage, next.Why = before.Canary, release.Promoted
	case before.Canary != "" && n == 1:
		next.Why = release.Aborted
	case before.Canary == "" && n == 0:
		next.Canary, next.Percent, next.Why = other(), 1+98*r.Float64(), release.Tried
	default:
		next.Stage = other()
	}
	return next, nil
}

// ordered is an order, and when it was given.
type ordered struct {
	moment
	release.Order
}

// claim is what a host has said of itself in the store.
type claim struct {
	seq   int
	order uint64
	fault string
}

// claimed writes down what a host has put into the store of itself.
func (l *ledger) claimed(h *host, p store.Paper) {
	reports, err := release.ReadReports(p)
	if err != nil {
		return // it is another paper
	}
	for _, r := range reports {
		if r.Host == h.name {
			h.claims = append(h.claims, claim{l.next(), r.Order, r.Fault})
		}
	}
}

// reader notes that its host could not read what is published. Like the playbill it is the follower's alone.
type reader struct {
	release.Papers
	host *host
}

// Paper implements release.Papers.
func (r reader) Paper(ctx context.Context, name string) (store.Paper, error) {
	p, err := r.Papers.Paper(ctx, name)
	r.host.unready = r.host.unready || err != nil
	return p, err
}

// follower has a host play what is published.
func (w *world) follower(h *host, papers release.Papers) (*release.Follower, error) {
	log := w.logger(h)
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return release.NewFollower(release.FollowerConfig{
		Papers: reader{papers, h}, Bot: company.Bot, Publishers: release.Publishers{w.theatre.company.Key.Public()},
		Player: h.bill, Clock: h.clock, Log: log, Host: h.name,
	})
}

// astray is a living host that does not play what was ordered last, or has not said so; empty: there is none.
func (w *world) astray() string {
	if !w.publishes() {
		return ""
	}
	for _, h := range w.hosts {
		if !h.alive() || h.quits {
			continue
		}
		if len(h.claims) == 0 {
			return h.name + " has not told what it plays"
		}
		newest := w.ledger.orders[len(w.ledger.orders)-1].Number
		if c := h.claims[len(h.claims)-1]; c.order != newest || c.fault != "" {
			return fmt.Sprintf("%s stands at order %d, not %d: %s", h.name, c.order, newest, c.fault)
		}
	}
	return ""
}

// reorder orders anew when the store has lost orders that hosts have followed already.
func (w *world) reorder() {
	lost := func(h *host) bool {
		return h.alive() && len(h.claims) > 0 && h.claims[len(h.claims)-1].order > w.ledger.orders[len(w.ledger.orders)-1].Number
	}
	if w.publishes() && slices.ContainsFunc(w.hosts, lost) {
		w.order()
	}
}
