package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/turn"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	page = "100"
	ann  = "2001"
	bea  = "2002"
)

// stage is a store with hosts on it, a bot, and people with phones. It lives in a
// synctest bubble: time stands still while anything can happen, and passes by
// pass. A test that leaves a goroutine behind does not end.
type stage struct {
	t      *testing.T
	start  time.Time
	store  store.Store
	bot    *actor
	phone  *phone
	book   *book
	dead   []func()
	client *messenger.Client // of the emulator, where there is one
	mids   int
}

// onStage runs a test in a bubble of its own.
func onStage(t *testing.T, test func(s *stage)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		kept, err := bolt.Open(bolt.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{
			t: t, start: time.Now(), store: kept, bot: &actor{}, phone: &phone{start: time.Now()}, book: &book{},
		}
		defer func() {
			for _, stop := range s.dead {
				stop()
			}
			if err := kept.Close(); err != nil {
				t.Error(err)
			}
		}()
		test(s)
	})
}

// host is one Delivery at work.
type host struct {
	*Delivery
	stop func() // ends it gracefully and waits for it
}

// host starts a Delivery on the stage; change may alter its Config.
func (s *stage) host(change ...func(*Config)) *host {
	s.t.Helper()
	c := Config{
		Store: s.store, Bots: s.bot, Clients: func(p string) (Client, bool) { return s.phone, p == page },
		Observer: s.book, Logger: slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Workers: 8,
	}
	for _, f := range change {
		f(&c)
	}
	d, err := New(c)
	if err != nil {
		s.t.Fatal(err)
	}
	d.chance = func() float64 { return 1 } // the longest pause of the schedule
	ctx, cancel := context.WithCancel(s.t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		if err := d.Run(ctx); err != nil {
			s.t.Error(err)
		}
	})
	h := &host{d, sync.OnceFunc(func() { cancel(); run.Wait() })}
	s.dead = append(s.dead, h.stop)
	synctest.Wait()
	return h
}

// pass lets time go by until everything that is due in it has happened.
func (s *stage) pass(d time.Duration) {
	time.Sleep(d) // of the bubble's clock
	synctest.Wait()
}

// message is a text that a person has just written.
func (s *stage) message(person, text string) messenger.Event {
	s.mids++
	mid := "m_" + strconv.Itoa(s.mids)
	return messenger.Event{
		Kind: messenger.KindMessage, Page: page, Person: person, ID: "message|" + mid, At: time.Now(),
		Message: &messenger.Message{ID: mid, Text: text},
	}
}

// echo is what comes back of a message that the Page sent.
func (s *stage) echo(m outgoing) messenger.Event {
	return messenger.Event{
		Kind: messenger.KindEcho, Page: page, Person: m.person, ID: "echo|" + m.mid, At: time.Now(),
		Message: &messenger.Message{ID: m.mid, Text: m.text, Metadata: m.intent, AppID: "7"},
	}
}

func (s *stage) say(h *host, person, text string) {
	s.t.Helper()
	s.accept(h, s.message(person, text))
}

func (s *stage) accept(h *host, events ...messenger.Event) {
	s.t.Helper()
	if err := h.Accept(s.t.Context(), events); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
}

// conversation is what the store has of a person.
func (s *stage) conversation(person string) (store.Conversation, session.State) {
	s.t.Helper()
	c, err := s.store.Read(s.t.Context(), store.Key{Page: page, Person: person})
	if err != nil {
		s.t.Fatal(err)
	}
	state, err := session.Decode(c.Session)
	if err != nil {
		s.t.Fatal(err)
	}
	return c, state
}

// saw checks what a person has seen: texts, each with the time since the start in
// seconds where it is not 0.
func (s *stage) saw(person string, want ...string) {
	s.t.Helper()
	if got := s.phone.seen(person); !slices.Equal(got, want) {
		s.t.Errorf("%s saw  %q\nwant %q", person, got, want)
	}
}

// heard checks which messages changed a person's state, oldest first.
func (s *stage) heard(person string, want ...string) {
	s.t.Helper()
	_, state := s.conversation(person)
	got := slices.Clone(state.Inputs)
	slices.Reverse(got)
	if !slices.Equal(got, want) {
		s.t.Errorf("state of %s has %q, want %q", person, got, want)
	}
	if state.Turns != uint64(len(want)) {
		s.t.Errorf("state of %s has %d turns, want %d", person, state.Turns, len(want))
	}
}

// empty checks that nothing of a person waits.
func (s *stage) empty(person string) {
	s.t.Helper()
	if c, _ := s.conversation(person); len(c.Events) > 0 || len(c.Sends) > 0 {
		s.t.Errorf("%s: %d events and %d sends are left", person, len(c.Events), len(c.Sends))
	}
}

// actor is a bot. Its reply is the message itself, read as parts: "a|3:b|!5:c" is a,
// then b after 3 seconds, then c after 5 more, not to be cancelled.
type actor struct {
	ready func() bool                                    // nil: it is
	keep  bool                                           // pending = "keep"
	act   func(context.Context, turn.Input) error        // before the turn is taken
	busy  sync.Map                                       // people in a turn
	clash func(person string)                            // two turns of one person at a time
	parts func(turn.Input) []reply.Part                  // nil: parse
	alter func(in turn.Input, r turn.Result) turn.Result // nil: as it is
}

func (a *actor) Bot(string) (Bot, bool) { return a, a.ready == nil || a.ready() }

// nobody is a Page without personas.
type nobody struct{}

func (nobody) MakePersona(context.Context, messenger.Persona) (string, error) { return "", nil }
func (nobody) Personas(context.Context) (map[string]string, error)            { return nil, nil }
func (nobody) DropPersona(context.Context, string) error                      { return nil }

func (a *actor) StartPayload() string { return "GET_STARTED" }
func (a *actor) Persona(name string) (messenger.Persona, bool) {
	return messenger.Persona{Name: name, Picture: "https://pictures.example/" + name}, name != "nobody"
}
func (a *actor) HideErrors() bool { return false }

func (a *actor) Turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	if _, other := a.busy.LoadOrStore(in.Person.ID, true); other && a.clash != nil {
		a.clash(in.Person.ID)
	}
	defer a.busy.Delete(in.Person.ID)
	if a.act != nil {
		if err := a.act(ctx, in); err != nil {
			return turn.Result{}, err
		}
	}
	next := in.Session
	next.Inputs = append([]string{in.Event.Text}, next.Inputs...)
	next.Turns++
	next.Heard = in.Now
	parts := parse(in.Event.Text)
	if a.parts != nil {
		parts = a.parts(in)
	}
	r := turn.Result{Session: next, Ran: true, Cancel: !a.keep, Reply: reply.Reply{Parts: parts}}
	if a.alter != nil {
		r = a.alter(in, r)
	}
	return r, nil
}

func parse(text string) []reply.Part {
	var parts []reply.Part
	for _, p := range strings.Split(text, "|") {
		var part reply.Part
		p, part.NoCancel = strings.CutPrefix(p, "!")
		if seconds, rest, ok := strings.Cut(p, ":"); ok {
			n, _ := strconv.ParseFloat(seconds, 64)
			part.Delay, p = time.Duration(n*float64(time.Second)), rest
		}
		part.Text = p
		parts = append(parts, part)
	}
	return parts
}

// outgoing is a message as it reached the phone.
type outgoing struct {
	person, text, intent, mid string
	at                        time.Duration
}

// phone is the platform and everybody's phone.
type phone struct {
	nobody

	start time.Time
	took  time.Duration // how long a send takes

	mu      sync.Mutex
	out     []outgoing
	groups  [][]string // who was written to in one call
	marks   []string
	handed  []string
	tries   int
	refuse  func(try int, m outgoing) error        // nil: nothing is refused
	swallow func(try int, m outgoing) (lost error) // delivered, but answered by an error
	blind   bool                                   // conversations cannot be read back
	unread  func() error                           // why not, where it matters; nil: they can
	reads   int
	used    messenger.Usage // as each answer tells
	flying  map[string]bool
	clash   bool // two sends to one person at a time
}

func (p *phone) Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	p.mu.Lock()
	if p.flying == nil {
		p.flying = map[string]bool{}
	}
	p.clash = p.clash || p.flying[psid]
	p.flying[psid] = true
	p.mu.Unlock()
	if p.took > 0 {
		flight := time.NewTimer(p.took) // of the bubble's clock
		defer flight.Stop()
		select {
		case <-flight.C:
		case <-ctx.Done(): // too late to call it back
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying[psid] = false
	p.tries++
	sent := outgoing{psid, m.Text, m.Metadata, "out_" + strconv.Itoa(p.tries), time.Since(p.start)}
	if p.refuse != nil {
		if err := p.refuse(p.tries, sent); err != nil {
			return messenger.Receipt{}, err
		}
	}
	p.out = append(p.out, sent)
	if err := ctx.Err(); err != nil {
		return messenger.Receipt{}, &messenger.TransportError{Op: "send", Err: err}
	}
	if p.swallow != nil {
		if err := p.swallow(p.tries, sent); err != nil {
			return messenger.Receipt{}, err
		}
	}
	return messenger.Receipt{MessageID: sent.mid, Usage: p.used}, nil
}

// SendAll carries each message as if it came alone, all at the same time.
func (p *phone) SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	people := make([]string, len(parcels))
	for i, one := range parcels {
		people[i] = one.Person
	}
	p.mu.Lock()
	p.groups = append(p.groups, people)
	p.mu.Unlock()
	return together(ctx, p, parcels), nil
}

// together sends several messages at the same time.
func together(ctx context.Context, c interface {
	Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error)
}, parcels []messenger.Parcel,
) []messenger.Outcome {
	out := make([]messenger.Outcome, len(parcels))
	var flights sync.WaitGroup
	for i, one := range parcels {
		flights.Go(func() { out[i].Receipt, out[i].Err = c.Send(ctx, one.Person, one.Message) })
	}
	flights.Wait()
	return out
}

func (p *phone) SenderAction(_ context.Context, psid string, a messenger.Action) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.marks = append(p.marks, fmt.Sprintf("%s %s%s", psid, a, since(time.Since(p.start))))
	return nil
}

func (p *phone) Type(ctx context.Context, psid, _ string) error {
	return p.SenderAction(ctx, psid, messenger.TypingOn)
}

func (p *phone) MarkSeen(_ context.Context, psids []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, psid := range psids {
		p.marks = append(p.marks, fmt.Sprintf("%s %s%s", psid, messenger.MarkSeen, since(time.Since(p.start))))
	}
	return nil
}

// Said is the conversation as the platform keeps it.
func (p *phone) Said(_ context.Context, psid string) ([]messenger.Said, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads++
	if p.blind {
		return nil, errors.New("read back: not now")
	}
	if p.unread != nil {
		if err := p.unread(); err != nil {
			return nil, err
		}
	}
	var out []messenger.Said
	for _, m := range slices.Backward(p.out) {
		if m.person == psid && len(out) < messenger.MaxSaid {
			out = append(out, messenger.Said{ID: m.mid, Text: m.text, Page: true, At: p.start.Add(m.at).Truncate(time.Second)})
		}
	}
	return out, nil
}

func (p *phone) Upload(context.Context, messenger.Medium) (string, error) {
	return "", errors.New("upload: this phone takes media by address only")
}

func (p *phone) PassThread(_ context.Context, psid, app, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed = append(p.handed, psid+" to "+app)
	return nil
}

func (p *phone) seen(person string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var texts []string
	for _, m := range p.out {
		if m.person == person {
			texts = append(texts, m.text+since(m.at))
		}
	}
	return texts
}

// texts are what a person has seen, whenever it was.
func (p *phone) texts(person string) []string {
	var out []string
	for _, seen := range p.seen(person) {
		text, _, _ := strings.Cut(seen, "@")
		out = append(out, text)
	}
	return out
}

func (p *phone) actions(a messenger.Action) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, m := range p.marks {
		if strings.Contains(m, " "+string(a)) {
			out = append(out, strings.Replace(m, " "+string(a), "", 1))
		}
	}
	return out
}

func since(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return "@" + strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// book writes down what the observer is told.
type book struct {
	mu      sync.Mutex
	fates   []Fate
	taken   []Taken
	sent    []Sent
	pauses  []store.Pause
	letters []store.Letter
	handed  []Handed
}

func (b *book) Aside(_ store.Key, l store.Letter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, l)
}

func (b *book) Handed(h Handed) { b.mu.Lock(); defer b.mu.Unlock(); b.handed = append(b.handed, h) }

func (b *book) Heard(_ messenger.Event, f Fate) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fates = append(b.fates, f)
}
func (b *book) Taken(t Taken) { b.mu.Lock(); defer b.mu.Unlock(); b.taken = append(b.taken, t) }
func (b *book) Sent(s Sent)   { b.mu.Lock(); defer b.mu.Unlock(); b.sent = append(b.sent, s) }
func (b *book) Paused(p store.Pause) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pauses = append(b.pauses, p)
}

func (b *book) outcomes() []Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Outcome
	for _, s := range b.sent {
		out = append(out, s.Outcome)
	}
	return out
}

// textLogger logs all there is.
func textLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// rarely is a host that polls rarely, for tests in which hours pass.
func rarely(c *Config) { c.Poll = 30 * time.Second }
