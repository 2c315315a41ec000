// Package emulator is a Graph API that behaves like Meta's, with people who chat:
// it sends signed webhooks, accepts and refuses messages as Meta does, and keeps
// what each person saw. Tests, "footlight dev" and "footlight emulator" use it.
//
// What can be judged from values alone lives in rooms of its own, and so do its calls
// to the outside. Here is what acts: apps, Pages and people, tokens, faults and logs,
// and the lock around them. It shares no code with the host's own Messenger
// package: signing, escaping and validation are written here a second time, so that
// a shared mistake cannot hide. It knows nothing of scripts; package control drives it
// over HTTP.
//
// Invariants: one mutex guards all state; no call to the outside is made while it
// is held; whatever a call does not understand is answered and written to the log
// that Unimplemented reads. No API of the host is promised.
package emulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/callback"
	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/media"
	"github.com/footlight-bots/footlight/host/messenger/emulator/meter"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Emulator is one emulated platform: apps, Pages, people, their threads and the
// webhooks between them. It is safe for concurrent use. Its owner calls Close.
type Emulator struct {
	clock    clock.Clock
	log      *slog.Logger
	client   *http.Client
	caller   callback.Caller
	fetcher  *media.Fetcher // nil: media are not fetched
	switches Switches
	seed     uint64
	accepted func(person string, b Bubble) // nil: nobody is told

	ctx    context.Context // ends with Close; the base of all webhook requests
	cancel context.CancelFunc
	work   sync.WaitGroup // queue workers

	mu      sync.Mutex
	closed  bool
	state   *state.State
	routes  map[shape][]*route // never changes
	queues  []*queue
	lanes   map[lane]*queue
	held    []held    // events that wait for Release
	ownWay  *Delivery // of the events of the action that is under way; nil: the apps' ways
	faults  fault.Set
	ended   map[string]bool // Graph versions that ended before their time
	record  record
	changed chan struct{} // closed at the next change; nil: nobody waits for it
	changes bell.Bell     // rung at every change
	meter   meter.Meter
	date    answer.Date // of answers
}

// New returns an emulator in the state that c describes. What c leaves out is
// filled in: one app, one Page and one person for each Page, with ids and tokens
// drawn from the seed.
func New(c Config) (*Emulator, error) {
	e := &Emulator{
		clock: c.Clock, log: c.Logger, client: c.Client,
		switches: c.Switches.Filled(), seed: c.Seed, accepted: c.Accepted,
		state:  state.New(c.Seed),
		routes: byShape(endpoints()),
		ended:  map[string]bool{},
		lanes:  map[lane]*queue{},
		faults: fault.Set{Seed: c.Seed},
		meter:  meter.Meter{Quotas: c.Quotas.Filled()},
	}
	if e.clock == nil {
		e.clock = clock.Real{}
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.client == nil {
		e.client = defaultClient()
	}
	e.caller = callback.Caller{Client: e.client, Clock: e.clock}
	if c.Media != nil {
		e.fetcher = &media.Fetcher{Client: c.Media, Clock: e.clock}
	}
	if err := errors.Join(e.switches.Check(), e.meter.Quotas.Check()); err != nil {
		return nil, err
	}
	start := state.Start{Apps: c.Apps, Pages: c.Pages, People: c.People, Users: c.Users, Callback: c.Callback, VerifyToken: c.VerifyToken}
	if err := e.state.Populate(start, e.clock.Now()); err != nil {
		return nil, err
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// defaultClient follows no redirect: a redirect is not the 200 that Meta wants.
func defaultClient() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: idleConnections},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// idleConnections is how many connections to one callback are kept open for reuse.
const idleConnections = 4

// Close ends all deliveries and waits for their goroutines. Events that were not
// delivered yet are lost. The server that runs Handler has its own owner and is
// to be stopped first.
func (e *Emulator) Close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.cancel()
	e.work.Wait()
	e.client.CloseIdleConnections()
}

// Now is the present time of the emulated platform.
func (e *Emulator) Now() time.Time { return e.clock.Now() }

// Apps are the apps as they stand, with their generated parts filled in.
func (e *Emulator) Apps() []App {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]App, len(e.state.Apps))
	for i, a := range e.state.Apps {
		out[i] = a.App
		out[i].Fields = append([]string{}, a.Fields...)
	}
	return out
}

// Pages are the Pages as they stand, with their generated parts filled in.
func (e *Emulator) Pages() []Page {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Page, len(e.state.Pages))
	for i, p := range e.state.Pages {
		out[i] = p.Page
		out[i].Fields = append([]string{}, p.Subscribed[p.App]...)
	}
	return out
}

// Users are the users as they stand, with their generated parts filled in.
func (e *Emulator) Users() []User {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]User, len(e.state.Users))
	for i, u := range e.state.Users {
		out[i] = u.User
	}
	return out
}

// People are all people, in the order in which they came.
func (e *Emulator) People() []Person {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Person, len(e.state.People))
	for i, p := range e.state.People {
		out[i] = p.Person
	}
	return out
}

// AddPerson adds a person and returns them with the generated parts filled in.
func (e *Emulator) AddPerson(p Person) (Person, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	added, err := e.state.AddPerson(p)
	if err != nil {
		return Person{}, err
	}
	e.touch()
	return added.Person, nil
}

// SetCallback points an app's webhooks at url, without a handshake. The Graph
// call POST /{app}/subscriptions does the same with one.
func (e *Emulator) SetCallback(appID, url string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.state.App(appID)
	if a == nil {
		return fmt.Errorf("app %q: not known to the emulator", appID)
	}
	if url != "" && !value.URL(url) {
		return fmt.Errorf("callback %q: want an absolute http or https URL", url)
	}
	a.Callback = url
	e.wakeAll()
	return nil
}

// Knows reports whether there is a person of that id.
func (e *Emulator) Knows(person string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Person(person) != nil
}

// Seed is the start value of the random source.
func (e *Emulator) Seed() uint64 { return e.seed }

// Done is closed by Close.
func (e *Emulator) Done() <-chan struct{} { return e.ctx.Done() }

// Watch returns a channel that receives after something changed, coalesced: one
// receipt may stand for many changes. stop must be called; the channel is never closed.
func (e *Emulator) Watch() (changes <-chan struct{}, stop func()) { return e.changes.Watch() }

// change is closed when the state changes next. The mutex is held.
func (e *Emulator) change() <-chan struct{} {
	if e.changed == nil {
		e.changed = make(chan struct{})
	}
	return e.changed
}

// touch tells everyone who waits that the state changed. The mutex is held.
func (e *Emulator) touch() {
	if e.changed != nil {
		close(e.changed)
		e.changed = nil
	}
	e.changes.Ring()
}
