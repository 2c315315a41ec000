package simulator

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/media"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/simulator/watch"
)

// patience is how long a host works on one POST, as the server has it.
const patience = 4 * time.Second

// humanFor is for how long a human has the word, and excuse what people are told whose message is poison.
const (
	humanFor = 25 * time.Second
	excuse   = "sorry"
)

// machine is where a host runs; its clock outlives the host.
type machine struct {
	name  string
	off   atomic.Int64 // of its clock, in ns
	host  *host        // nil: none runs
	lives int
}

// host is one process: a Delivery with its ways to the store and to the platform.
type host struct {
	name     string
	machine  *machine
	clock    *watch.Watch
	delivery *delivery.Delivery
	dead     chan struct{} // closed when it has crashed
	gone     chan struct{} // closed when what is left of it may end
	quits    bool          // it was told to stop
	ended    chan struct{} // closed when Run has returned
	cancel   context.CancelFunc
	work     sync.WaitGroup

	stopped            time.Time      // until then the process is stopped
	storeCut, graphCut time.Time      // until then it cannot be reached from here
	pains              []pain         // what befell it
	looks              map[string]int // when it last read the conversation of a person back
	blind              []int          // when it failed to
	bill               *playbill
	booted             int     // step of the ledger
	claims             []claim // which order it has followed, by its own account
	unready            bool    // it could not read a version, or not load it
}

// What stops a process, for a while or for ever.
const (
	paused  = "pause"
	crashed = "crash"
)

// pain is something that can make a host lose a lease, or leave a send unsettled.
type pain struct {
	name     string
	from, to time.Time
}

func (h *host) alive() bool {
	select {
	case <-h.dead:
		return false
	default:
		return true
	}
}

// asked tells whether a call is of this host.
func (h *host) asked(c *call) bool { return c.host == h }

func (h *host) hurt(name string, d time.Duration) {
	now := time.Now()
	h.pains = append(h.pains, pain{name, now, now.Add(d)})
}

// boot starts a host on a machine.
func (w *world) boot(m *machine) {
	m.lives++
	h := &host{
		name: fmt.Sprintf("%s.%d", m.name, m.lives), machine: m, clock: watch.New(&m.off),
		dead: make(chan struct{}), gone: make(chan struct{}), ended: make(chan struct{}),
		looks: map[string]int{},
	}
	h.booted = w.ledger.next()
	h.bill = &playbill{w: w, host: h}
	parts := Parts{Store: &seat{w: w, host: h}, Clients: w.clients(h), Bots: role{w, h}, Takes: release.Takes}
	if w.broken != nil {
		parts = w.broken(parts)
	}
	h.bill.takes = parts.Takes
	library, err := media.New(media.Config{Store: parts.Store, Clock: h.clock, Life: media.MaxLife})
	if err != nil {
		w.violate("%s has no library: %v", h.name, err)
		return
	}
	d, err := delivery.New(delivery.Config{
		Store: parts.Store, Clock: h.clock, Bots: parts.Bots, Clients: parts.Clients, Workers: w.weather.Workers, Calls: w.weather.Calls, Poll: w.weather.Poll,
		Media: library, Rules: delivery.Rules{App: w.app.ID, HumanFor: humanFor, Fallback: excuse}, Reorder: w.ripen,
		Chance: w.draws(h.name), Logger: w.logger(h),
	})
	if err != nil {
		w.violate("%s does not start: %v", h.name, err)
		return
	}
	h.delivery = d
	var follow func(ctx context.Context) error
	if w.publishes() {
		f, err := w.follower(h, parts.Store)
		if err != nil {
			w.violate("%s does not start: %v", h.name, err)
			return
		}
		follow = f.Run
	} else {
		h.bill.stage = 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	m.host = h
	w.hosts = append(w.hosts, h)
	h.work.Go(func() {
		defer close(h.ended)
		var following sync.WaitGroup
		defer following.Wait()
		if follow != nil {
			following.Go(func() { _ = follow(ctx) }) // it ends with ctx, and without an error
		}
		if err := d.Run(ctx); err != nil {
			w.violate("%s: run: %v", h.name, err)
		}
	})
}

// crash ends a process at once: nothing of it goes on, but what it has asked of others may
// still come to pass.
func (w *world) crash(h *host) {
	close(h.dead)
	h.hurt(crashed, forever)
	h.clock.Stop()
	for _, c := range w.waiting(h.asked) {
		c.orphan = true
	}
	h.machine.host = nil
	w.later(w.between(0, 20*time.Second), "boot "+h.machine.name, func() {
		if h.machine.host == nil {
			w.boot(h.machine)
		}
	})
}

const forever = 1000 * time.Hour

// stop stops a process (SIGSTOP) for a while. What is on its way goes on.
func (w *world) stop(h *host, d time.Duration) {
	h.stopped = time.Now().Add(d)
	h.hurt(paused, d)
	h.clock.Stop()
	for _, c := range w.waiting(h.asked) {
		c.through = !c.answered && w.rand.IntN(2) == 0
	}
}

// wake lets processes go on whose stop is over.
func (w *world) wake() {
	for _, h := range w.hosts {
		if !h.stopped.IsZero() && !time.Now().Before(h.stopped) && h.alive() {
			h.stopped = time.Time{}
			h.clock.Resume()
		}
	}
}

// quit tells a host to stop (SIGTERM); when it has, another one starts in its place.
func (w *world) quit(h *host) {
	h.quits = true
	h.cancel()
	w.extras.Go(func() {
		select {
		case <-h.ended:
		case <-h.dead:
			return
		}
		w.act("boot "+h.machine.name, func() {
			if h.machine.host == h {
				h.machine.host = nil
				w.boot(h.machine)
			}
		})
	})
}

// accept is the host's webhook: signature, decoding, inbox. The events are those that were taken in.
func (h *host) accept(secret string, header http.Header, body []byte) ([]messenger.Event, error) {
	if err := messenger.Verify(secret, header.Get(messenger.HeaderSignature), body); err != nil {
		return nil, err
	}
	envelope, err := messenger.Decode(bytes.Clone(body))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	events := slices.Clone(envelope.Events) // Accept may do with its own what it likes
	return events, h.delivery.Accept(ctx, envelope.Events)
}
