// Package console is the author's desk in the browser: topics and script on the
// left, the phone in the middle, trace and variables on the right; and beside it the
// bot's way to its Page, and what keeps it from answering there. It serves one
// embedded page, sends what the desk holds as server-sent events, and takes what
// the author does as POSTs. It knows neither scripts nor Messenger, but for the words
// that explain their errors: all it shows and does goes through the Desk and the
// Producer it is given.
//
// Invariants: without a token it is reachable from this machine only; no request
// acts without the forgery token of this start; the page loads nothing from
// anywhere else; every stream ends before the server shuts down.
// No API of the host is promised.
package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/clock"
)

// minToken is the least length of an access token in bytes. Guesses are not
// slowed down, so a token has to be long.
const minToken = 16

// Config is what a Console needs.
type Config struct {
	Desk     Desk         // what is shown and acted upon; required
	Producer Producer     // puts the bot on its Page; nil: nobody does
	Clock    clock.Clock  // times the heartbeat; nil: the machine's
	Logger   *slog.Logger // nil: nothing is logged
	Token    string       // access token, at least 16 bytes; empty: loopback only
}

// Console is the server of the author's desk. It is made by New, serves one
// listener, and cannot be started again after Shutdown.
type Console struct {
	desk     Desk
	producer Producer // nil: there is none
	clock    clock.Clock
	log      *slog.Logger
	gate     gate
	page     *page
	feed     *feed
	app      *fiber.App
	slots    chan struct{} // one element for each open stream

	ctx    context.Context // ends at Shutdown; streams and acts end with it
	cancel context.CancelFunc

	mu     sync.Mutex
	ln     net.Listener // being served
	closed bool
	tasks  sync.WaitGroup // the watcher; added to under mu while not closed
}

// New returns a Console that does not listen yet.
func New(cfg Config) (*Console, error) {
	if cfg.Desk == nil {
		return nil, errors.New("console: a desk is required")
	}
	if cfg.Token != "" && len(cfg.Token) < minToken {
		return nil, fmt.Errorf("console: the token is too short: %d bytes, at least %d are needed", len(cfg.Token), minToken)
	}
	c := &Console{
		desk:     cfg.Desk,
		producer: cfg.Producer,
		clock:    cfg.Clock,
		log:      cfg.Logger,
		gate:     gate{token: cfg.Token, forgery: rand.Text()},
		slots:    make(chan struct{}, maxStreams),
	}
	if c.clock == nil {
		c.clock = clock.Real{}
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	start := rand.Text()[:8]
	c.feed = newFeed(start)
	var err error
	if c.page, err = newPage(start, c.gate.forgery); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.app = c.routes()
	return c, nil
}

// Listen opens addr ("host:port", port 0 for any free one) for Serve. Without a
// token it refuses every address that other machines could reach.
func (c *Console) Listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("console: listen on %s: %w", addr, err)
	}
	if err := c.gate.admitListener(ln.Addr()); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// Serve serves ln until Shutdown, then returns nil. It owns ln from the call on.
func (c *Console) Serve(ln net.Listener) error {
	if err := c.gate.admitListener(ln.Addr()); err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := c.begin(ln); err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := c.app.Listener(ln); err != nil && c.ctx.Err() == nil {
		return fmt.Errorf("console: serve: %w", err)
	}
	return nil
}

// begin shows the desk as it is now and starts to watch it.
func (c *Console) begin(ln net.Listener) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return errors.New("console: already shut down")
	case c.ln != nil:
		return errors.New("console: already serving")
	}
	c.ln = ln
	desk, leave := c.desk.Watch()
	var office <-chan struct{}
	stop := func() {}
	if c.producer != nil {
		office, stop = c.producer.Watch()
	}
	c.refresh()
	c.tasks.Go(func() {
		defer leave()
		defer stop()
		c.watch(desk, office)
	})
	return nil
}

// watch sends on every change of desk and office until the console ends, or both do.
func (c *Console) watch(desk, office <-chan struct{}) {
	for desk != nil || office != nil {
		open := true
		select {
		case <-c.ctx.Done():
			return
		case _, open = <-desk:
			if !open {
				desk = nil
			}
		case _, open = <-office:
			if !open {
				office = nil
			}
		}
		if open {
			c.refresh()
		}
	}
}

// view is all that the page shows.
type view struct {
	State
	Walk    *Walk    `json:"walk"`    // nil: nobody puts the bot on a Page
	Checkup *Checkup `json:"checkup"` // nil: likewise
}

func (c *Console) view() view {
	p := view{State: c.desk.Snapshot()}
	p.Traces = atDesk(p.Traces)
	if c.producer != nil {
		walk, checkup := c.producer.Walk().atDesk(), c.producer.Checkup().atDesk()
		p.Walk, p.Checkup = &walk, &checkup
	}
	return p
}

func (c *Console) refresh() {
	if err := c.feed.publish(c.view()); err != nil {
		c.log.Error("console: the desk cannot be shown", "error", err)
	}
}

// Shutdown ends the streams, then the server, and waits for both until ctx ends.
// Calling it again is fine.
func (c *Console) Shutdown(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	ln := c.ln
	c.mu.Unlock()

	// Streams first: the server waits for open requests, and they never end by themselves.
	c.cancel()
	err := c.app.ShutdownWithContext(ctx)
	if ln != nil {
		_ = ln.Close() // in case Serve had not come to serve it; else closed already
	}
	taken := 0
	defer func() {
		for range taken {
			<-c.slots
		}
	}()
	for taken < maxStreams {
		select {
		case c.slots <- struct{}{}:
			taken++
		case <-ctx.Done():
			return errors.Join(err, fmt.Errorf("console: streams still open: %w", ctx.Err()))
		}
	}
	c.tasks.Wait()
	if err != nil {
		return fmt.Errorf("console: shut down: %w", err)
	}
	return nil
}
