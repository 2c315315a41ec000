package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
)

// testShelf: values are there until they are taken away, each on its own shelf, and of
// those who change the same one at the same time one comes first.
func testShelf(t *testing.T, o Options) {
	seats := store.Shelf{Page: ann.Page, Plugin: "seats"}
	set := func(t *testing.T, s stage, at store.Shelf, key, value string, old *[]byte) bool {
		t.Helper()
		done, err := s.SetValue(t.Context(), at, key, []byte(value), old)
		s.must(err)
		return done
	}
	get := func(t *testing.T, s stage, at store.Shelf, key string) string {
		t.Helper()
		value, err := s.Value(t.Context(), at, key)
		s.must(err)
		return string(value)
	}
	was := func(value string) *[]byte { b := []byte(value); return &b }

	t.Run("written, replaced, taken away", func(t *testing.T) {
		s := open(t, o)
		for _, value := range []string{"", "1", "\x00\xff", ""} {
			if !set(t, s, seats, "a/b", value, nil) {
				t.Error("it was not done")
			}
			if got := get(t, s, seats, "a/b"); got != value {
				t.Errorf("the value is %q, want %q", got, value)
			}
		}
	})
	t.Run("shelves are apart", func(t *testing.T) {
		s := open(t, o)
		others := []store.Shelf{{Page: carl.Page, Plugin: "seats"}, {Page: ann.Page, Plugin: "seat"}, {Page: ann.Page, Plugin: "seats2"}}
		set(t, s, seats, "a", "1", nil)
		for _, other := range others {
			if got := get(t, s, other, "a"); got != "" {
				t.Errorf("%v holds %q", other, got)
			}
			set(t, s, other, "a", "2", nil)
		}
		if got := get(t, s, seats, "a"); got != "1" {
			t.Errorf("the value is %q", got)
		}
	})
	t.Run("only if it is that still", func(t *testing.T) {
		s := open(t, o)
		for i, step := range []struct {
			old, value string
			done       bool
			then       string
		}{
			{"1", "2", false, ""}, {"", "1", true, "1"}, {"", "2", false, "1"}, {"2", "", false, "1"}, {"1", "2", true, "2"}, {"2", "", true, ""},
		} {
			done := set(t, s, seats, "a", step.value, was(step.old))
			if got := get(t, s, seats, "a"); done != step.done || got != step.then {
				t.Errorf("step %d: %v, %q", i, done, got)
			}
		}
	})
	t.Run("one of many is first", func(t *testing.T) {
		s := open(t, o)
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				done, err := s.SetValue(t.Context(), seats, "a", fmt.Append(nil, i), was(""))
				if err != nil {
					t.Error(err)
				}
				if done {
					won.Add(1)
				}
			})
		}
		if all.Wait(); won.Load() != 1 {
			t.Errorf("%d were first", won.Load())
		}
	})
	t.Run("full", func(t *testing.T) {
		if o.Brief {
			t.Skip("left out for this server: a thousand writes take long here")
		}
		s := open(t, o)
		var all sync.WaitGroup
		for i := range store.MaxValues {
			all.Go(func() {
				if _, err := s.SetValue(t.Context(), seats, fmt.Sprint(i), []byte("x"), nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, err := s.SetValue(t.Context(), seats, "more", []byte("x"), nil); !errors.Is(err, store.ErrFull) {
			t.Errorf("one more: %v", err)
		}
		set(t, s, store.Shelf{Page: ann.Page, Plugin: "other"}, "more", "x", nil)
		set(t, s, seats, "7", "y", nil)
		set(t, s, seats, "7", "", nil)
		set(t, s, seats, "more", "x", nil)
	})
}
