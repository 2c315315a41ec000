package storetest

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

const (
	benchSession = 1024 // bytes of a session, as in the baseline of webassembly.md §11
	benchBody    = 430  // bytes of an event
	benchPeople  = 10_000
	benchCallers = 64 // at the same time, in the parallel benchmarks
)

// Bench measures accepting an event, and its whole way: accept, claim, load, commit; by one
// caller and by 64 at the same time. open returns a new store, which Bench closes.
func Bench(b *testing.B, open func(b *testing.B) store.Store) {
	b.Run("accept/1", func(b *testing.B) { bench(b, open, 1, accept) })
	b.Run("accept/64", func(b *testing.B) { bench(b, open, benchCallers, accept) })
	b.Run("cycle/1", func(b *testing.B) { bench(b, open, 1, cycle) })
	b.Run("cycle/64", func(b *testing.B) { bench(b, open, benchCallers, cycle) })
	b.Run("idle claim", func(b *testing.B) {
		bench(b, open, 1, func(b *testing.B, s store.Store, _ int64) error {
			_, err := s.Claim(b.Context(), noon, time.Minute, 16)
			return err
		})
	})
}

func bench(b *testing.B, open func(b *testing.B) store.Store, callers int, do func(*testing.B, store.Store, int64) error) {
	s := open(b)
	defer func() { _ = s.Close() }()
	b.ReportAllocs()
	var n atomic.Int64
	if callers == 1 {
		for b.Loop() {
			if err := do(b, s, n.Add(1)); err != nil {
				b.Fatal(err)
			}
		}
		return
	}
	b.SetParallelism(callers / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(b, s, n.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// accept accepts the nth event.
func accept(b *testing.B, s store.Store, n int64) error {
	e := store.Event{ID: fmt.Sprint("m", n), Key: store.Key{Page: "1", Person: fmt.Sprint(n * 7919 % benchPeople)}, At: noon, Body: make([]byte, benchBody)}
	_, err := s.Accept(b.Context(), noon, []store.Event{e})
	return err
}

// cycle accepts the nth event, and takes one, perhaps another's, all the way.
func cycle(b *testing.B, s store.Store, n int64) error {
	if err := accept(b, s, n); err != nil {
		return err
	}
	leases, err := s.Claim(b.Context(), noon, time.Hour, 1)
	if err != nil || len(leases) == 0 {
		return err
	}
	c, err := s.Load(b.Context(), leases[0])
	if err != nil {
		return err
	}
	return s.Commit(b.Context(), leases[0], store.Change{Session: make([]byte, benchSession), Consumed: eventIDs(c.Events)}, true)
}
