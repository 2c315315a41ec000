// Package app puts the rooms of the house together: it builds a host from its
// settings, starts what has to run, and stops it in the right order. It decides
// nothing else. No API of the host is promised.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/chronicle"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/media"
	"github.com/footlight-bots/footlight/host/messenger/profiles"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/repertoire"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/server"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/tally"
)

// DefaultAddr is where webhooks are taken without a setting.
const DefaultAddr = "127.0.0.1:8080"

// shutdownTime is how long a host may take to finish what it has in hand.
const shutdownTime = 10 * time.Second

// Page is a Page's credentials.
type Page struct{ ID, AppID, AppSecret, VerifyToken, PageToken string }

// Config is what a host is made of.
type Config struct {
	Dir            string                           // the bot's folder; empty: what is published in the store
	Bot            string                           // which of the published bots; empty: the only one
	Publishers     string                           // public keys of those whose versions are played
	Release        string                           // of this footlight, for reports
	Addr           string                           // of the webhook server; empty: DefaultAddr
	ConsoleAddr    string                           // of the console; "off": none
	Store          string                           // empty: DefaultStore
	CacheDir       string                           // of compiled modules; empty: none are kept
	GraphURL       string                           // empty: Meta's
	GraphVersion   string                           // empty: the current one
	Page           Page                             // the one that is served; with Bookings: nothing
	Apps           []App                            // that tell of the Pages of Bookings
	Bookings       []Booking                        // several Pages, each with its bot; none: Page, with Dir or Bot
	HTTPPrivate    string                           // "allow": scripts and plug-ins may ask granted hosts inside private networks; empty or "refuse": not
	Secret         func(name string) (string, bool) // of plug-ins, by name; nil: there is none
	Reorder        string                           // how long a message waits for an earlier one, as in 100ms; empty: that
	SendsPerSecond string                           // messages a second that this host sends for the Page; empty: the platform's quota
	MediaFor       string                           // how long an uploaded picture, sound, video or file is used again, as in 24h; empty: that; "off": they go out by their addresses
	HumanFor       string                           // how long the bot is silent after a human's last word, as in 30m; empty: as delivery has it
	HumanWord      string                           // what a human writes to give the bot the word again; empty: there is no such word
	Fallback       string                           // what a person is told who gets no answer in time; empty: an excuse; "off": nothing
	KeepDays       string                           // after how many days without a word people are forgotten; empty: never
	LogTexts       string                           // "yes": ids of people and texts of messages are logged; empty or "no": not
	IdleAfter      string                           // of several bots: how long one stays loaded that nobody talks to, as in 15m; empty: that; "off": for ever
	MaxLoaded      string                           // of several bots: how many idle ones stay loaded; empty: DefaultMaxLoaded
	HealthEvery    string                           // how often the host looks whether Meta lets the bot work, as in 10m; empty: that; "off": never
	Watch          <-chan struct{}                  // closed when the health watch may begin; nil: at once
	PublicURL      string                           // where the world reaches this host, as in https://bot.example; empty: as callbacks address it
	ConsoleToken   string                           // lets others than this machine use the console; empty: loopback only
	Press          string                           // where what is on the desk of a Stage is published; empty: nobody looks there
	PressCommand   string                           // publishes it, in a terminal
	Producer       console.Producer                 // puts the bot of a Stage on its Page; nil: nobody does
	Clock          clock.Clock                      // nil: the machine's
	Log            *slog.Logger

	observer   delivery.Observer
	platform   string // what scripts read as _platform; empty: Messenger
	showErrors bool
}

var _ delivery.Profiles = (*profiles.Cache)(nil)

// Host serves bots on their Pages: webhooks in, turns, messages out.
type Host struct {
	program
	config     Config
	tuning     tuning
	several    bool                   // bookings were made, and not one Page set
	repertoire *repertoire.Repertoire // of several bots; nil: there is one
	booked     []int                  // of each booking: which of the plays
	ruled      []delivery.Rules       // of each booking
	trusted    release.Publishers
	store      store.Store
	name       string // of the store
	runtime    *sandbox.Runtime
	plugins    *bot.Plugins
	profiles   *profiles.Cache
	desk       *person.Desk
	keeper     *person.Keeper
	hatch      net.Listener // nil: a store of many, or none can be had
	metrics    *prometheus.Registry
	delivery   *delivery.Delivery
	server     *server.Server
	listener   net.Listener
}

// New builds a host and listens; Run serves. A bot whose scripts have errors is
// no obstacle: its messages wait until they are mended.
func New(ctx context.Context, c Config) (*Host, error) {
	tuned, err := c.tune()
	rules, faults := c.rules(tuned)
	trusted, doubt := c.publishers()
	need := c.missing
	if c.several() {
		need = c.booked
	}
	if err := errors.Join(need(), err, faults, doubt); err != nil {
		return nil, err
	}
	if c.Addr == "" {
		c.Addr = DefaultAddr
	}
	if c.Store == "" {
		c.Store = DefaultStore
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	h := &Host{config: c.engaged(), several: c.several(), ruled: rules, tuning: tuned, trusted: trusted, metrics: prometheus.NewRegistry()}
	if err := h.open(ctx); err != nil {
		return nil, errors.Join(err, h.Close(context.WithoutCancel(ctx)))
	}
	return h, nil
}

// open builds from the ground up: what is built later uses what was built before.
func (h *Host) open(ctx context.Context) (err error) {
	c := h.config
	if err := watchProcess(h.metrics); err != nil {
		return err
	}
	if h.listener, err = net.Listen("tcp", c.Addr); err != nil {
		return fmt.Errorf("webhook server: %w", err)
	}
	if h.store, h.name, err = openStore(ctx, c.Store, c.Log); err != nil {
		return err
	}
	h.openHatch()
	if h.store, err = watchStore(h.metrics, h.store, c.Clock); err != nil {
		return err
	}
	if h.runtime, err = sandbox.New(sandbox.Config{CacheDir: c.CacheDir}); err != nil {
		return err
	}
	if err := h.openPlays(ctx); err != nil {
		return err
	}
	if err := h.openPages(); err != nil {
		return err
	}
	if h.profiles, err = profiles.New(profiles.Config{Clock: c.Clock, Fetch: h.profile, Extras: h.extras, Wanted: h.wanted}); err != nil {
		return err
	}
	if err := h.openPeople(); err != nil {
		return err
	}
	if err := h.openWatches(); err != nil {
		return err
	}
	return h.openDelivery()
}

func (h *Host) openDelivery() (err error) {
	c := h.config
	if err := h.metrics.Register(newPlaybill(&h.program)); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	counting, err := tally.New(h.metrics)
	if err != nil {
		return err
	}
	observers := delivery.All{counting, chronicle.NewWriter(c.Log, h.tuning.logTexts)}
	if c.observer != nil {
		observers = append(observers, c.observer)
	}
	var library *media.Library
	if h.tuning.mediaFor > 0 {
		if library, err = media.New(media.Config{Store: h.store, Clock: c.Clock, Life: h.tuning.mediaFor}); err != nil {
			return err
		}
	}
	h.delivery, err = delivery.New(delivery.Config{
		Store: h.store, Clock: c.Clock, Bots: cast{&h.program, c.showErrors},
		Clients: h.client, RulesOf: h.rules, Siblings: h.siblings,
		Profiles: h.profiles, Media: library, Masks: mask.New(h.store, c.Clock), Observer: observers, Logger: c.Log, Once: c.showErrors, Platform: c.platform,
		Reorder: h.tuning.reorder,
	})
	if err != nil {
		return err
	}
	h.server, err = server.New(server.Config{
		Apps: h.doors(), Inbox: h.delivery, Clock: c.Clock, Metrics: h.metrics, Log: c.Log,
		People: people{h}, Public: c.PublicURL,
		Ready: []server.Check{{Name: "store", Probe: h.storeReady}, {Name: "scripts", Probe: h.scriptsReady}, {Name: "page", Probe: h.pageState}, {Name: "messenger", Probe: h.healthState}},
	})
	return err
}

// doors are the apps whose webhooks are taken.
func (h *Host) doors() []server.App {
	out := make([]server.App, len(h.apps))
	for i, a := range h.apps {
		out[i] = server.App{ID: a.ID, Secret: a.Secret, VerifyToken: a.VerifyToken}
		if h.several {
			out[i].Serves = a.serves(&h.program)
		}
	}
	return out
}

func (h *Host) storeReady(ctx context.Context) (string, error) {
	return h.name, h.store.Check(ctx)
}

// Addr is where webhooks are taken.
func (h *Host) Addr() string { return h.listener.Addr().String() }

// Bot is the bot that is served, of several the first; what a canary shows to some is not it.
func (h *Host) Bot() *bot.Bot { return h.plays[0].troupe.stage }

// StoreName says where state is kept, without secrets.
func (h *Host) StoreName() string { return h.name }

// Run serves until ctx ends, then finishes the turns in hand.
func (h *Host) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.server.Serve(h.listener) })
	group.Go(func() error { return h.delivery.Run(ctx) })
	if h.repertoire != nil {
		group.Go(func() error { return h.repertoire.Run(ctx) })
	} else {
		group.Go(func() error { h.plays[0].Follow(ctx); return nil })
	}
	group.Go(func() error { return h.keeper.Run(ctx) })
	for _, p := range h.pages {
		if p.watch != nil {
			group.Go(func() error { return p.watch.Run(ctx) })
		}
	}
	if h.hatch != nil {
		group.Go(func() error { return hatch.Serve(ctx, h.hatch, h.desks()) })
	}
	group.Go(func() error {
		<-ctx.Done()
		// New webhooks are refused first, so that Meta sends them again to whoever comes after us.
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		return h.server.Shutdown(stop)
	})
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Close gives back what New opened; Run must have ended.
func (h *Host) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownTime)
	defer cancel()
	var errs []error
	if h.listener != nil {
		_ = h.listener.Close() // closed already when it was served
	}
	if h.profiles != nil {
		h.profiles.Close()
	}
	for _, p := range h.pages {
		p.token.forget()
	}
	for _, a := range h.apps {
		if a.registry != nil {
			a.registry.Close()
		}
	}
	if h.hatch != nil {
		_ = h.hatch.Close() // closed already when it was served
	}
	for _, p := range h.plays {
		errs = append(errs, p.troupe.close(ctx))
	}
	if h.plugins != nil {
		errs = append(errs, h.plugins.Close(ctx))
	}
	if h.runtime != nil {
		errs = append(errs, h.runtime.Close(ctx))
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	return errors.Join(errs...)
}
