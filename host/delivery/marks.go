package delivery

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// lastTyping is how shortly before its end a delay's typing indicator is no more
// renewed, so that a late call does not light it again behind the message.
const lastTyping = 2 * time.Second

// marks tells people that they were heard and that an answer is being typed. It
// is a courtesy: what fails or finds no room is left out, and nothing waits for it.
type marks struct {
	clients func(page string) (Client, bool)
	masks   *mask.Wardrobe // nil: Pages type themselves in place of personas
	clock   clock.Clock
	log     *slog.Logger
	queue   chan call
	heard   chan store.Key // who is to be told that they were heard

	mu     sync.Mutex
	ctx    context.Context // of Run; nil while it does not run
	typing map[store.Key]*typist
	hands  sync.WaitGroup
}

type call struct {
	ctx    context.Context    // nil: none; ended: the mark has lost its point
	to     store.Key          // whom to show that somebody is typing, or is no more
	as     *messenger.Persona // who types; nil: the Page
	action messenger.Action
	page   string // whose people are to be told instead that they were heard
	people []string
}

// typist keeps the typing indicator of one person up.
type typist struct{ cancel context.CancelFunc }

func newMarks(clients func(page string) (Client, bool), masks *mask.Wardrobe, c clock.Clock, log *slog.Logger) *marks {
	return &marks{clients: clients, masks: masks, clock: c, log: log, queue: make(chan call, MaxMarks), heard: make(chan store.Key, MaxMarks), typing: map[store.Key]*typist{}}
}

// run sends marks until ctx ends and returns when the last one is done.
func (m *marks) run(ctx context.Context) {
	m.mu.Lock()
	m.ctx = ctx
	m.mu.Unlock()
	var workers sync.WaitGroup
	for range markers {
		workers.Go(func() {
			for {
				select {
				case c := <-m.queue:
					m.call(ctx, c)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	workers.Go(func() { m.gather(ctx) })
	workers.Wait()
	m.mu.Lock()
	m.ctx = nil
	m.mu.Unlock()
	m.hands.Wait()
}

func (m *marks) call(ctx context.Context, c call) {
	if c.ctx != nil && c.ctx.Err() != nil {
		return
	}
	// Marks are a courtesy: their failure never matters.
	if c.page == "" {
		if client, ok := m.clients(c.to.Page); ok && c.action == messenger.TypingOn {
			_ = client.Type(ctx, c.to.Person, m.mask(ctx, client, c.to.Page, c.as, m.log.With("page", c.to.Page)))
		} else if ok {
			_ = client.SenderAction(ctx, c.to.Person, c.action)
		}
	} else if client, ok := m.clients(c.page); ok {
		_ = client.MarkSeen(ctx, c.people)
	}
}

// mask is the id under which a Page has a persona, which is made if need be; empty: the Page speaks, or types, itself.
func (m *marks) mask(ctx context.Context, client Client, page string, p *messenger.Persona, log *slog.Logger) string {
	if m.masks == nil || p == nil {
		return ""
	}
	id, err := m.masks.Find(ctx, page, *p, client)
	if err != nil {
		log.WarnContext(ctx, "persona not made, the Page speaks itself", "persona", p.Name, "error", err)
	}
	return id
}

// gather lets those who are to be told that they were heard wait for each other, so that one call tells many.
func (m *marks) gather(ctx context.Context) {
	for {
		people := map[string][]string{} // by page
		select {
		case k := <-m.heard:
			people[k.Page] = []string{k.Person}
		case <-ctx.Done():
			return
		}
		if clock.Sleep(ctx, m.clock, SeenGap) != nil {
			return
		}
		for range len(m.heard) {
			k := <-m.heard
			people[k.Page] = append(people[k.Page], k.Person)
		}
		for _, page := range slices.Sorted(maps.Keys(people)) {
			for some := range slices.Chunk(people[page], messenger.MaxBatch) {
				m.put(call{page: page, people: some})
			}
		}
	}
}

func (m *marks) put(c call) {
	select {
	case m.queue <- c:
	default:
	}
}

// seen marks as seen what a person wrote.
func (m *marks) seen(to store.Key) {
	select {
	case m.heard <- to:
	default:
	}
}

// show shows that somebody is typing, the Page or a persona, for a while or until stop.
func (m *marks) show(to store.Key, as *messenger.Persona, while time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.typing[to]; old != nil {
		old.cancel()
	}
	if m.ctx == nil || len(m.typing) >= MaxTyping {
		return
	}
	ctx, cancel := context.WithCancel(m.ctx)
	t := &typist{cancel}
	m.typing[to] = t
	until := m.clock.Elapsed() + while
	m.hands.Go(func() {
		defer m.leave(to, t)
		for {
			m.put(call{ctx: ctx, to: to, as: as, action: messenger.TypingOn})
			left := until - m.clock.Elapsed()
			if left <= TypingRenew+lastTyping {
				_ = clock.Sleep(ctx, m.clock, left) // either way it is over
				return
			}
			if clock.Sleep(ctx, m.clock, TypingRenew) != nil {
				return
			}
		}
	})
}

func (m *marks) leave(to store.Key, t *typist) {
	t.cancel()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.typing[to] == t {
		delete(m.typing, to)
	}
}

// off lets the typing indicator go out: no message comes that would end it.
func (m *marks) off(to store.Key) { m.put(call{to: to, action: messenger.TypingOff}) }

// stop ends what show began.
func (m *marks) stop(to store.Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.typing[to]; t != nil {
		t.cancel()
	}
}
