// Package server is the door to the outside: it takes Messenger's webhooks and hands
// their events to an Inbox, and answers whoever watches the host over health and
// metrics. It decides nothing about events. What it answers 200 to, the Inbox has
// kept; nothing is parsed before its signature is checked; every answer comes well
// within the platform's five seconds; no text of people and no secret is logged.
// No API of the host is promised.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/time/rate"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

// The bounds of the server. The platform waits 5 s for an answer (messenger.md
// section 2.2); what a slow line and a slow store may take together stays below.
const (
	MaxBody        = 10 << 20                // bytes of a webhook body, as sent and unpacked
	BodySlack      = 1 << 20                 // bytes over MaxBody that are still passed over, to be answered properly
	FreeBody       = 16 << 10                // bytes that any body may have in memory, whatever the others have
	MaxInFlight    = 128 << 20               // bytes of all bodies in memory beyond that; then 503
	MaxForm        = 32 << 10                // bytes of the form of a callback
	MaxHeader      = 16 << 10                // bytes of a request's header
	MaxConnections = 4096                    // at a time; more are closed at once
	ReadTimeout    = 4 * time.Second         // for a whole request to come in
	AcceptTimeout  = 3500 * time.Millisecond // for the Inbox, then 503
	ProbeTimeout   = 2 * time.Second         // for all probes of /readyz together
	WriteTimeout   = 5 * time.Second         // for an answer to go out
	IdleTimeout    = 75 * time.Second        // for a connection without a request
	MaxApps        = 64                      // apps at Meta that one host serves: a webhook is tried with the secret of each
	alarmInterval  = time.Second             // between two log lines about wrong signatures

	strangeInterval = time.Minute // between two log lines about events of Pages that are not served
)

// Inbox keeps what was heard. Accept returns nil only when every event is safe from
// loss (rule 2 of messenger.md section 9); it keeps off repeated events by their ID.
// It must end soon after its context does.
type Inbox interface {
	Accept(ctx context.Context, events []messenger.Event) error
}

// App is an app at Meta, by the secrets it shares with us. Both are required: an
// unset secret must not mean that anybody may speak.
type App struct {
	ID          string // names it to People; empty: the only one
	Secret      string // signs webhooks
	VerifyToken string // asked for when the webhook is set up
	// Serves tells whether a Page is this app's to tell of. Events of other Pages are answered
	// 200 and not kept: who knows the secret of one app must not speak for the Pages of
	// another. nil: every Page.
	Serves func(page string) bool
}

// Check is one thing that the host needs to be of use.
type Check struct {
	Name string
	// Probe tells in a few words how the thing is, or why it is of no use. It must
	// end soon after its context does.
	Probe func(ctx context.Context) (detail string, err error)
}

// Config is what a Server needs.
type Config struct {
	Apps    []App // one at least, MaxApps at most
	Inbox   Inbox
	Clock   clock.Clock
	People  People               // nil: the callbacks about people are not served
	Public  string               // base of our public address, as in https://bot.example; empty: the host that is asked
	Ready   []Check              // of /readyz, in order
	Metrics *prometheus.Registry // shown under /metrics; the server adds its own
	Log     *slog.Logger
}

// Server serves webhook, health and metrics. It is safe for concurrent use.
type Server struct {
	apps     []App
	seals    []*messenger.Verifier // of the apps
	inbox    Inbox
	people   People
	public   string
	clock    clock.Clock
	checks   []Check
	log      *slog.Logger
	meters   *meters
	alarm    *rate.Sometimes
	strange  *rate.Sometimes // of events of Pages that are not served
	web      *fiber.App
	patience time.Duration // AcceptTimeout

	room atomic.Int64 // bytes that bodies may still take, of MaxInFlight
	late atomic.Int64 // requests that have been answered although the Inbox is still at work for them

	mu       sync.Mutex
	listener net.Listener // guarded by mu; of Serve
	down     bool         // guarded by mu; Shutdown was called

	calls    chan call      // to callers that wait for another call
	idle     atomic.Int64   // how many of those there are
	over     chan struct{}  // closed when there will be no more calls
	inflight sync.WaitGroup // callers, with calls that may outlast their requests
}

// New checks c and builds a Server. It does not listen yet.
func New(c Config) (*Server, error) {
	switch {
	case len(c.Apps) == 0, slices.ContainsFunc(c.Apps, func(a App) bool { return a.Secret == "" }):
		return nil, errors.New("webhook server: app secret is not set; without it anybody could speak for Messenger")
	case slices.ContainsFunc(c.Apps, func(a App) bool { return a.VerifyToken == "" }):
		return nil, errors.New("webhook server: verify token is not set; without it anybody could claim the webhook")
	case len(c.Apps) > MaxApps:
		return nil, fmt.Errorf("webhook server: %d apps, and one host serves %d at most", len(c.Apps), MaxApps)
	case c.Inbox == nil, c.Clock == nil, c.Metrics == nil, c.Log == nil:
		return nil, errors.New("webhook server: inbox, clock, metrics and log are needed")
	}
	meters, err := newMeters(c.Metrics)
	if err != nil {
		return nil, fmt.Errorf("webhook server: metrics: %w", err)
	}
	s := &Server{
		apps: c.Apps, inbox: c.Inbox, people: c.People, public: strings.TrimRight(c.Public, "/"), clock: c.Clock, checks: c.Ready, log: c.Log,
		patience: AcceptTimeout, meters: meters, alarm: &rate.Sometimes{First: 1, Interval: alarmInterval}, strange: &rate.Sometimes{First: 1, Interval: strangeInterval},
		calls: make(chan call), over: make(chan struct{}),
	}
	for _, a := range c.Apps {
		s.seals = append(s.seals, messenger.NewVerifier(a.Secret))
	}
	s.room.Store(MaxInFlight)
	s.web = fiber.New(fiber.Config{
		DisableStartupMessage: true,
		BodyLimit:             math.MaxInt, // handlers bound what they read; see read
		ReadBufferSize:        MaxHeader,
		Concurrency:           MaxConnections,
		StreamRequestBody:     true, // a body is read as far as there is room for it
		ReadTimeout:           ReadTimeout,
		WriteTimeout:          WriteTimeout,
		IdleTimeout:           IdleTimeout,
		ErrorHandler:          s.fail,
	})
	s.web.Server().DisablePreParseMultipartForm = true // it would read forms that nobody has asked for
	s.web.Use(s.leave)
	s.web.Get(webhookPath, s.verify)
	s.web.Post(webhookPath, s.receive)
	if s.people != nil {
		s.web.Post(deletionPath, s.deletion)
		s.web.Get(deletionPath, s.deletionStatus)
		s.web.Post(deauthorisePath, s.deauthorise)
	}
	s.web.Get("/healthz", s.healthz)
	s.web.Get("/readyz", s.readyz)
	s.web.Get("/metrics", adaptor.HTTPHandler(promhttp.HandlerFor(c.Metrics, promhttp.HandlerOpts{})))
	return s, nil
}

// Serve answers what comes in over l until Shutdown, then returns nil. It closes l.
// It is called once.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	down := s.down
	s.listener = l
	s.mu.Unlock()
	if down {
		return l.Close()
	}
	if err := s.web.Listener(l); err != nil {
		return fmt.Errorf("webhook server: %w", err)
	}
	return nil
}

// Shutdown takes no more requests and waits for those under way, and for the Inbox,
// until ctx ends. A Serve that has yet to begin ends at once.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.web.ShutdownWithContext(ctx)
	s.mu.Lock()
	if !s.down {
		close(s.over) // a request that is still under way finds callers of its own
	}
	s.down = true
	if s.listener != nil {
		_ = s.listener.Close() // closed already, unless Fiber had not begun with it
	}
	s.mu.Unlock()
	switch {
	case err != nil && s.late.Load() > 0:
		return fmt.Errorf("webhook server: shutdown: inbox is still busy: %w", err)
	case err != nil:
		return fmt.Errorf("webhook server: shutdown: %w", err)
	}
	idle := make(chan struct{})
	go func() { // ends with the last call, each of which ends with its own context
		s.inflight.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("webhook server: shutdown: inbox is still busy: %w", ctx.Err())
	}
}

// fail answers what no handler answered: a path that does not exist, a body that
// Fiber itself refused.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	status, text := fiber.StatusInternalServerError, "internal error"
	var refused *fiber.Error
	if errors.As(err, &refused) {
		status, text = refused.Code, refused.Message
	}
	switch {
	case status == fiber.StatusRequestEntityTooLarge:
		return s.answer(c, tooLarge)
	case status >= fiber.StatusInternalServerError:
		s.log.Error("request failed", "path", c.Path(), "error", err)
	}
	return c.Status(status).SendString(text + "\n")
}
