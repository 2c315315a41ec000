package media

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const page = "100"

var cat = messenger.Medium{Kind: "image", URL: "https://cats.example/cat.png?for=24680"}

// graph takes uploads; the n-th gets the id "n".
type graph struct {
	mu    sync.Mutex
	count int
	err   error
	hook  func() // during an upload
}

func (g *graph) Upload(context.Context, messenger.Medium) (string, error) {
	g.mu.Lock()
	g.count++
	id, err, hook := fmt.Sprint(g.count), g.err, g.hook
	g.mu.Unlock()
	if hook != nil {
		hook()
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

// stage is a store with hosts on it.
type stage struct {
	t     *testing.T
	store store.Store
	clock *clock.Virtual
	graph *graph
}

func newStage(t *testing.T) *stage {
	t.Helper()
	kept, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	return &stage{t, kept, clock.NewVirtual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)), &graph{}}
}

func (s *stage) host() *Library {
	s.t.Helper()
	l, err := New(Config{Store: s.store, Clock: s.clock, Life: 24 * time.Hour})
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// find checks which id a host finds, and how many uploads there were by then.
func (s *stage) find(l *Library, m messenger.Medium, want string, uploads int) {
	s.t.Helper()
	id, busy, err := l.Find(s.t.Context(), page, m, s.graph)
	if id != want || busy || s.graph.count != uploads {
		s.t.Errorf("id %q, busy %v, after %d uploads (%v); want %q after %d", id, busy, s.graph.count, err, want, uploads)
	}
}

func TestNewRefusesWhatCannotBe(t *testing.T) {
	s := newStage(t)
	for name, c := range map[string]Config{
		"no store":              {Clock: s.clock, Life: time.Hour},
		"no clock":              {Store: s.store, Life: time.Hour},
		"no life":               {Store: s.store, Clock: s.clock},
		"beyond the platform's": {Store: s.store, Clock: s.clock, Life: MaxLife + 1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

// A medium is uploaded once, whoever asks and on whatever host, and again when its time is over (messenger.md
// section 3.4). Kind, address and Page tell media apart.
func TestUploadedOnce(t *testing.T) {
	s := newStage(t)
	first, second := s.host(), s.host()
	s.find(first, cat, "1", 1)
	s.find(first, cat, "1", 1)
	s.find(second, cat, "1", 1)
	s.find(s.host(), messenger.Medium{Kind: "file", URL: cat.URL}, "2", 2)
	if id, _, err := first.Find(t.Context(), "101", cat, s.graph); id != "3" || err != nil {
		t.Errorf("another Page: %q, %v", id, err)
	}
	s.clock.Advance(24*time.Hour - time.Millisecond)
	s.find(second, cat, "1", 3)
	s.clock.Advance(time.Millisecond)
	s.find(second, cat, "4", 4)
	s.find(first, cat, "4", 4)
}

// While a medium is being uploaded others of the host are told to wait, and other hosts to do without.
func TestUploadedOnceAtATime(t *testing.T) {
	s := newStage(t)
	first, second := s.host(), s.host()
	s.graph.hook = func() {
		s.graph.hook = nil
		if id, busy, err := first.Find(t.Context(), page, cat, s.graph); id != "" || !busy || err != nil {
			t.Errorf("the same host: %q, %v, %v", id, busy, err)
		}
		s.find(second, cat, "", 1)
	}
	s.find(first, cat, "1", 1)
	s.find(second, cat, "1", 1)
}

func TestManyAtOnce(t *testing.T) {
	s := newStage(t)
	hosts := []*Library{s.host(), s.host(), s.host()}
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			if _, _, err := hosts[i%len(hosts)].Find(t.Context(), page, cat, s.graph); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.find(s.host(), cat, "1", 1)
}

// What the platform does not take goes out by its address for a while; a passing failure is
// forgotten at once.
func TestUploadFails(t *testing.T) {
	s := newStage(t)
	l := s.host()
	s.graph.err = &messenger.TransportError{Op: "upload", Err: errors.New("reset")}
	s.find(l, cat, "", 1)
	s.find(l, cat, "", 2)
	s.graph.err = &messenger.APIError{Op: "upload", Status: 400, Code: 100, Subcode: 2018008}
	s.find(l, cat, "", 3)
	s.graph.err = nil
	s.find(l, cat, "", 3)
	s.clock.Advance(RetryAfter)
	s.find(l, cat, "4", 4)
}

// An upload whose host died is begun again by another one, when its time is over.
func TestHostDiesUploading(t *testing.T) {
	s := newStage(t)
	cut := &cuttable{Store: s.store}
	dying, err := New(Config{Store: cut, Clock: s.clock, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	s.graph.hook = func() { cut.cut = true }
	if _, _, err := dying.Find(t.Context(), page, cat, s.graph); err == nil {
		t.Error("nothing is told of a store that is away")
	}
	next := s.host()
	s.find(next, cat, "", 1)
	s.clock.Advance(cat.Timeout())
	s.find(next, cat, "2", 2)
}

type cuttable struct {
	store.Store
	cut bool
}

func (c *cuttable) Value(ctx context.Context, at store.Shelf, key string) ([]byte, error) {
	if c.cut {
		return nil, errors.New("store is away")
	}
	return c.Store.Value(ctx, at, key)
}

// An id that the platform does not know is dropped, but not the one that somebody has got meanwhile.
func TestForget(t *testing.T) {
	s := newStage(t)
	first, second := s.host(), s.host()
	s.find(first, cat, "1", 1)
	s.find(second, cat, "1", 1)
	forget := func(l *Library) {
		t.Helper()
		if err := l.Forget(t.Context(), page, cat, "1"); err != nil {
			t.Fatal(err)
		}
	}
	forget(first)
	s.find(first, cat, "2", 2)
	forget(first)  // told late
	forget(second) // who has not heard of it
	s.find(first, cat, "2", 2)
	s.find(second, cat, "2", 2)
}

// Room is bounded: what expires first makes room. A value that cannot be read begins anew.
func TestRoom(t *testing.T) {
	s := newStage(t)
	var crowd []messenger.Medium // all in one bin
	for i := 0; len(crowd) < MaxBin+2; i++ {
		m := messenger.Medium{Kind: "image", URL: fmt.Sprint("https://a.example/", i)}
		if keyOf(page, m).bin() == keyOf(page, cat).bin() {
			crowd = append(crowd, m)
		}
	}
	for i, m := range crowd {
		s.clock.Advance(time.Second)
		s.find(s.host(), m, fmt.Sprint(i+1), i+1)
	}
	n := len(crowd)
	s.find(s.host(), crowd[2], "3", n) // the oldest that is left
	s.find(s.host(), crowd[n-1], fmt.Sprint(n), n)
	s.find(s.host(), crowd[0], fmt.Sprint(n+1), n+1)

	at := store.Shelf{Page: page, Plugin: shelfName}
	value, err := s.store.Value(t.Context(), at, keyOf(page, cat).bin())
	if err != nil || len(value) > store.MaxValue/2 {
		t.Errorf("a value of %d bytes, %v", len(value), err)
	}
	if strings.Contains(string(value), "example") {
		t.Error("the store holds addresses")
	}
	if _, err := s.store.SetValue(t.Context(), at, keyOf(page, cat).bin(), []byte("{"), nil); err != nil {
		t.Fatal(err)
	}
	s.find(s.host(), cat, fmt.Sprint(n+2), n+2)
	s.find(s.host(), cat, fmt.Sprint(n+2), n+2)
}
