package release

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// ledger is the ledger of tea in a store of its own.
func ledger(t testing.TB) (*Ledger, *bolt.Store) {
	t.Helper()
	s, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l, err := OpenLedger(s, "tea")
	if err != nil {
		t.Fatal(err)
	}
	return l, s
}

// put publishes a version without putting it on stage.
func put(t testing.TB, l *Ledger, k Key, hello string) Version {
	t.Helper()
	m, data := pack(t, folder(hello), k)
	v, _, err := l.Put(t.Context(), m, data, k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// play orders a version on stage.
func play(t testing.TB, l *Ledger, k Key, o Order) Order {
	t.Helper()
	out, err := l.Give(t.Context(), k, noon, func(Order) (Order, error) { return o, nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLedger(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	if again := put(t, l, k, "one"); again != one || one.Number != 1 || two.Number != 2 {
		t.Errorf("%+v, %+v, %+v", one, two, again)
	}
	for _, name := range []string{"2", "v2", two.ID[:8], two.ID} {
		if v, err := l.Find(t.Context(), name); err != nil || v != two {
			t.Errorf("find %q: %+v, %v", name, v, err)
		}
	}
	for _, name := range []string{"3", "v", "", two.ID[:3], "zzzzzz"} {
		if _, err := l.Find(t.Context(), name); !errors.Is(err, ErrNoVersion) {
			t.Errorf("find %q: %v", name, err)
		}
	}
	if b, err := l.Bundle(t.Context(), two.ID, Publishers{k.Public()}); err != nil || b.Manifest.Version != two.ID {
		t.Errorf("bundle: %v", err)
	}
	if _, err := l.Bundle(t.Context(), two.ID, Publishers{newKey(t).Public()}); err == nil {
		t.Error("a bundle of somebody else was taken")
	}
	// A bundle in the place of another one is not taken for it.
	p, err := s.Paper(t.Context(), l.paper("bundle/"+one.ID))
	if err != nil {
		t.Fatal(err)
	}
	kept, _ := s.Paper(t.Context(), l.paper("bundle/"+two.ID))
	kept.Body = p.Body
	if _, done, err := s.SetPaper(t.Context(), kept); err != nil || !done {
		t.Fatal(err)
	}
	if _, err := l.Bundle(t.Context(), two.ID, Publishers{k.Public()}); err == nil || !strings.Contains(err.Error(), "in its place") {
		t.Errorf("the wrong bundle: %v", err)
	}
	if bots, err := Bots(t.Context(), s); err != nil || len(bots) != 1 || bots[0] != "tea" {
		t.Errorf("bots %v, %v", bots, err)
	}
	if _, err := OpenLedger(s, "my bot"); err == nil || !strings.Contains(err.Error(), "--bot") {
		t.Errorf("a name that is none: %v", err)
	}
}

// What somebody else, or a broken disk, has put in a bundle's place is mended by publishing again.
func TestPutMends(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	v := put(t, l, newKey(t), "one")
	if _, err := l.Bundle(t.Context(), v.ID, Publishers{k.Public()}); err == nil {
		t.Fatal("a stranger's bundle was taken")
	}
	put(t, l, k, "one")
	if _, err := l.Bundle(t.Context(), v.ID, Publishers{k.Public()}); err != nil {
		t.Error(err)
	}
	_ = s
}

// Old versions make room, never those that are played.
func TestPrune(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	first, second := put(t, l, k, "first"), put(t, l, k, "second")
	play(t, l, k, Order{Stage: first.ID, Why: Published})
	for i := range MaxVersions {
		put(t, l, k, fmt.Sprint(i))
	}
	list, err := l.Versions(t.Context())
	if err != nil || len(list) != MaxVersions || list[0] != first || list[len(list)-1].Number != MaxVersions+2 {
		t.Errorf("%d versions, %v", len(list), err)
	}
	if _, err := l.Bundle(t.Context(), first.ID, Publishers{k.Public()}); err != nil {
		t.Errorf("the one on stage: %v", err)
	}
	if p, err := s.Paper(t.Context(), l.paper("bundle/"+second.ID)); err != nil || p.Revision != 0 {
		t.Errorf("the oldest other is still there: %d, %v", p.Revision, err)
	}
}

// Orders of several who give them at the same time come one after the other.
func TestGiveTogether(t *testing.T) {
	l, _ := ledger(t)
	k := newKey(t)
	v := put(t, l, k, "one")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := l.Give(context.Background(), k, noon, func(Order) (Order, error) { return Order{Stage: v.ID, Why: Published}, nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	orders, err := l.Orders(t.Context())
	if err != nil || len(orders) != 10 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	for i, o := range orders {
		if o.Number != uint64(i+1) || o.Bot != "tea" || !o.At.Equal(noon) {
			t.Errorf("order %d: %+v", i, o)
		}
	}
	refused := errors.New("no")
	if _, err := l.Give(t.Context(), k, noon, func(Order) (Order, error) { return Order{}, refused }); !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
}

// deaf is papers that hear no answer to their first write, and repeat it.
type deaf struct {
	Papers
	heard bool
}

func (d *deaf) SetPaper(ctx context.Context, p store.Paper) (uint64, bool, error) {
	if !d.heard {
		d.heard = true
		if _, _, err := d.Papers.SetPaper(ctx, p); err != nil {
			return 0, false, err
		}
	}
	return d.Papers.SetPaper(ctx, p)
}

// An order is given once, also when the answer of the store is lost: who rolls back once is not to go back twice.
func TestGiveUnheard(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	play(t, l, k, Order{Stage: "one", Why: Published})
	l.papers = &deaf{Papers: s}
	given, err := l.Give(t.Context(), k, noon, func(before Order) (Order, error) {
		return Order{Stage: before.Stage + " and two", Why: Published}, nil
	})
	if err != nil || given.Number != 2 || given.Stage != "one and two" {
		t.Errorf("%+v, %v", given, err)
	}
	if list, err := l.Orders(t.Context()); err != nil || len(list) != 2 || list[1] != given {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestTakes: a canary gets the share of the people that was ordered, the same ones for as long as it grows, and
// others than another canary.
func TestTakes(t *testing.T) {
	const people = 20_000
	count := func(version string, percent float64) (n int) {
		for i := range people {
			if Takes(version, percent, "page", strconv.Itoa(i)) {
				n++
				if !Takes(version, percent*2, "page", strconv.Itoa(i)) {
					t.Fatalf("person %d leaves version %s when its share grows", i, version)
				}
			}
		}
		return n
	}
	for _, percent := range []float64{0.5, 5, 40} {
		if n, want := float64(count("a", percent)), people*percent/100; n < want*0.8 || n > want*1.2 {
			t.Errorf("%g %%: %g of %d people", percent, n, people)
		}
	}
	both := 0
	for i := range people {
		if Takes("a", 10, "page", strconv.Itoa(i)) && Takes("b", 10, "page", strconv.Itoa(i)) {
			both++
		}
	}
	if both > people/50 {
		t.Errorf("%d people are in two shares of 10 %%", both)
	}
}
