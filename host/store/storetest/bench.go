package storetest

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/store"
)

// benchNow is later than any event of a benchmark.
var benchNow = after(1000 * time.Hour)

const (
	benchSession = 1024 // bytes of a session, as in the baseline of webassembly.md §11
	benchBody    = 430  // bytes of an event
	benchPeople  = 10_000
	benchCallers = 64 // at the same time, in the parallel benchmarks
)

// Bench measures accepting an event, its whole way (accept, claim, commit, settle), and a claim that finds
// nothing; alone, and with 64 callers at the same time. open returns a new store, which Bench closes.
func Bench(b *testing.B, open func(b *testing.B) store.Store) {
	b.Run("accept/1", func(b *testing.B) { loop(b, open(b), accept) })
	b.Run("accept/64", func(b *testing.B) { crowdAccepts(b, open(b)) })
	b.Run("cycle/1", func(b *testing.B) { loop(b, open(b), cycle) })
	b.Run("cycle/64", func(b *testing.B) { crowdCycles(b, open(b)) })
	b.Run("claim of nothing", func(b *testing.B) {
		loop(b, open(b), func(b *testing.B, s store.Store, _ int64) error {
			_, err := s.Claim(b.Context(), noon, time.Minute, 16)
			return err
		})
	})
}

// loop measures one caller.
func loop(b *testing.B, s store.Store, do func(*testing.B, store.Store, int64) error) {
	defer func() { _ = s.Close() }()
	b.ReportAllocs()
	n := int64(0)
	for b.Loop() {
		if err := do(b, s, n); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

func crowdAccepts(b *testing.B, s store.Store) {
	defer func() { _ = s.Close() }()
	b.ReportAllocs()
	b.SetParallelism(benchCallers / runtime.GOMAXPROCS(0))
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := accept(b, s, n.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// crowdCycles has half of the callers accept while the other half works, fed by one that claims, as delivery does.
func crowdCycles(b *testing.B, s store.Store) {
	defer func() { _ = s.Close() }()
	b.ReportAllocs()
	total := int64(b.N)
	var said, heard atomic.Int64
	var group errgroup.Group
	leases := make(chan store.Claimed, benchCallers/2)
	group.Go(func() error {
		defer close(leases)
		for heard.Load() < total {
			got, err := s.Claim(b.Context(), benchNow, time.Hour, benchCallers/2)
			if err != nil {
				return err
			}
			for _, c := range got {
				leases <- c
			}
		}
		return nil
	})
	for range benchCallers / 2 {
		group.Go(func() error {
			for n := said.Add(1); n <= total; n = said.Add(1) {
				if err := accept(b, s, n); err != nil {
					return err
				}
			}
			return nil
		})
		group.Go(func() error {
			for c := range leases {
				n, err := work(b, s, c)
				if err != nil {
					return err
				}
				heard.Add(n)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// accept accepts the nth event.
func accept(b *testing.B, s store.Store, n int64) error {
	now := after(time.Duration(n) * 200 * time.Microsecond) // time goes on, or the indexes of times would be of names
	e := store.Event{ID: fmt.Sprint("m", n), Key: store.Key{Page: "1", Person: fmt.Sprint(n * 7919 % benchPeople)}, At: now, Body: make([]byte, benchBody)}
	_, _, err := s.Accept(b.Context(), now, []store.Event{e}, 0, 0)
	return err
}

// cycle takes the nth event all the way.
func cycle(b *testing.B, s store.Store, n int64) error {
	if err := accept(b, s, n); err != nil {
		return err
	}
	leases, err := s.Claim(b.Context(), benchNow, time.Hour, 1)
	if err != nil || len(leases) != 1 {
		return fmt.Errorf("claimed %v: %w", leases, err)
	}
	_, err = work(b, s, leases[0])
	return err
}

// work does what delivery does under a lease: the turn, then the settling of what it said. It returns how many
// events it consumed.
func work(b *testing.B, s store.Store, c store.Claimed) (int64, error) {
	events := c.Conversation.Events
	sent := store.Send{ID: "s" + events[0].ID, Due: events[0].At, Body: make([]byte, benchBody)}
	turn := store.Change{Session: make([]byte, benchSession), Consumed: eventIDs(events), Sends: []store.Send{sent}}
	if err := s.Commit(b.Context(), c.Lease, turn, false); err != nil {
		return 0, err
	}
	return int64(len(events)), s.Commit(b.Context(), c.Lease, store.Change{Settled: []string{sent.ID}}, true)
}
