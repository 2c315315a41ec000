package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/store"
)

const (
	crowd   = 12 // people
	said    = 15 // things each of them says
	workers = 8
)

// handles opens a store and, where it can be shared, a second handle on it.
func handles(t *testing.T, o Options) []store.Store {
	t.Helper()
	s := open(t, o).Store
	if o.Again == nil {
		return []store.Store{s}
	}
	other := o.Again(t, s)
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return []store.Store{s, other}
}

func member(i int) store.Key {
	return store.Key{Page: strconv.Itoa(i % 2), Person: strconv.Itoa(i)}
}

// testWorkers lets a crowd talk while many workers on two hosts listen. Everyone is worked on by one at
// a time, with fences that grow, and everything said is in the session once.
func testWorkers(t *testing.T, o Options) {
	hosts := handles(t, o)
	var speaking sync.WaitGroup
	var posts errgroup.Group
	for _, host := range hosts {
		speaking.Add(1)
		posts.Go(func() error { // both hosts get every webhook, each in its own order
			defer speaking.Done()
			return speak(t, host)
		})
	}
	var quiet atomic.Bool
	posts.Go(func() error {
		speaking.Wait()
		quiet.Store(true)
		return nil
	})
	w := &watch{fence: map[store.Key]uint64{}, busy: map[store.Key]bool{}}
	var group errgroup.Group
	for i := range workers {
		group.Go(func() error { return w.work(t, hosts[i%len(hosts)], &quiet) })
	}
	if err := errors.Join(posts.Wait(), group.Wait()); err != nil {
		t.Fatal(err)
	}
	for i := range crowd {
		c, err := hosts[0].Read(t.Context(), member(i))
		if err != nil {
			t.Fatal(err)
		}
		heard := map[string]int{}
		for _, id := range strings.Fields(string(c.Session)) {
			heard[id]++
		}
		for n := range said {
			if id := fmt.Sprintf("m%d", n); heard[id] != 1 {
				t.Errorf("%v: %s was heard %d times", c.Key, id, heard[id])
			}
		}
	}
}

// speak accepts everything that is said, twice, shuffled, in batches.
func speak(t *testing.T, s store.Store) error {
	var all []store.Event
	for i := range crowd {
		for n := range said {
			e := store.Event{ID: fmt.Sprintf("m%d", n), Key: member(i), At: after(time.Duration(n) * time.Second)}
			all = append(all, e, e)
		}
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for len(all) > 0 {
		n := min(len(all), 1+rand.IntN(8))
		if _, _, err := s.Accept(t.Context(), noon, all[:n], 0, 0); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// watch is what an onlooker of all hosts sees.
type watch struct {
	mu    sync.Mutex
	fence map[store.Key]uint64
	busy  map[store.Key]bool
}

func (w *watch) begin(l store.Lease) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy[l.Key] {
		return fmt.Errorf("%v is leased to two workers at once", l.Key)
	}
	if l.Fence <= w.fence[l.Key] {
		return fmt.Errorf("fence of %v was %d, then %d", l.Key, w.fence[l.Key], l.Fence)
	}
	w.busy[l.Key], w.fence[l.Key] = true, l.Fence
	return nil
}

func (w *watch) end(l store.Lease) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy[l.Key] = false
}

// work claims and hears people until all is quiet and nothing is left.
func (w *watch) work(t *testing.T, s store.Store, quiet *atomic.Bool) error {
	for {
		last := quiet.Load()
		leases, err := s.Claim(t.Context(), noon, time.Hour, 3)
		if err != nil {
			return err
		}
		for _, l := range leases {
			if err := w.begin(l.Lease); err != nil {
				return err
			}
		}
		for _, l := range leases {
			c := *l.Conversation
			w.end(l.Lease) // before the commit lets somebody else in
			err = s.Commit(t.Context(), l.Lease, store.Change{Session: hearAll(c), Consumed: eventIDs(c.Events)}, true)
			if err != nil {
				return err
			}
		}
		if last && len(leases) == 0 {
			return nil
		}
	}
}

// hearAll is the session after everything that waits was heard.
func hearAll(c store.Conversation) []byte {
	return append(c.Session, (" " + strings.Join(eventIDs(c.Events), " "))...)
}

// testTakeover lets time pass while workers dawdle: of all that believe they have the conversation
// only the latest may commit, and the session counts every commit that was granted, and no other.
func testTakeover(t *testing.T, o Options) {
	hosts := handles(t, o)
	if _, _, err := hosts[0].Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann, At: noon}}, 0, 0); err != nil {
		t.Fatal(err)
	}
	var minutes, granted, refused atomic.Int64
	var group errgroup.Group
	for i := range workers {
		group.Go(func() error {
			for range 20 {
				now := after(time.Duration(minutes.Add(1)) * time.Minute)
				count, err := addOne(t, hosts[i%len(hosts)], now)
				if errors.Is(err, store.ErrFenced) {
					refused.Add(1)
				} else if err != nil {
					return err
				}
				granted.Add(int64(count))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	c, err := hosts[0].Read(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	if got := int64(len(c.Session)); got != granted.Load() || got == 0 {
		t.Errorf("session counts %d commits, %d were granted (%d refused)", got, granted.Load(), refused.Load())
	}
}

// addOne claims under a lease of no length to speak of and adds one to the session; count is 1 when it did.
func addOne(t *testing.T, s store.Store, now time.Time) (count int, err error) {
	leases, err := s.Claim(t.Context(), now, time.Millisecond, 1)
	if err != nil || len(leases) == 0 {
		return 0, err
	}
	l := leases[0].Lease
	c, err := s.Load(t.Context(), l)
	if err != nil {
		return 0, err
	}
	if err := s.Commit(t.Context(), l, store.Change{Session: append(c.Session, 'x')}, true); err != nil {
		return 0, err
	}
	return 1, nil
}

// testBatches: operations that travel together do not answer for each other.
func testBatches(t *testing.T, o Options) {
	s := open(t, o)
	s.hear(ann, "a", noon)
	stale := s.claimOne(noon, ann)
	s.must(s.Release(t.Context(), stale))
	var group errgroup.Group
	for i := range 40 {
		group.Go(func() error {
			if i%2 == 0 {
				err := s.Commit(t.Context(), stale, store.Change{Session: []byte("stale")}, false)
				if !errors.Is(err, store.ErrFenced) {
					return fmt.Errorf("stale commit was not fenced: %w", err)
				}
				return nil
			}
			k := store.Key{Page: "7", Person: strconv.Itoa(i)}
			fresh, _, err := s.Accept(t.Context(), noon, []store.Event{{ID: "e", Key: k, At: noon}}, 0, 0)
			if err == nil && len(fresh) != 1 {
				err = fmt.Errorf("fresh of %v are %v", k, fresh)
			}
			return err
		})
	}
	s.must(group.Wait())
	if got := s.read(ann); got.Session != nil {
		t.Errorf("a stale commit left the session %q", got.Session)
	}
	if got := len(s.claim(noon, 100)); got != 21 {
		t.Errorf("%d conversations have work, want 21", got)
	}
}
