package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
)

// testPaper: a paper is replaced only by who has read it as it is, and everybody reads it whole.
func testPaper(t *testing.T, o Options) {
	set := func(t *testing.T, s stage, name, body string, revision uint64) (uint64, bool) {
		t.Helper()
		now, done, err := s.SetPaper(t.Context(), store.Paper{Name: name, Body: []byte(body), Revision: revision})
		s.must(err)
		return now, done
	}
	get := func(t *testing.T, s stage, name string) store.Paper {
		t.Helper()
		p, err := s.Paper(t.Context(), name)
		s.must(err)
		return p
	}

	t.Run("written, replaced, taken away", func(t *testing.T) {
		s := open(t, o)
		const name = "release/tea/order"
		for i, step := range []struct {
			revision uint64
			body     string
			done     bool
			now      uint64
			then     string
		}{
			{1, "x", false, 0, ""},
			{0, "a\x00\xff", true, 1, "a\x00\xff"},
			{0, "b", false, 1, "a\x00\xff"},
			{1, "b", true, 2, "b"},
			{1, "", false, 2, "b"},
			{2, "", true, 0, ""},
			{0, "c", true, 1, "c"},
		} {
			now, done := set(t, s, name, step.body, step.revision)
			p := get(t, s, name)
			if done != step.done || now != step.now || p.Revision != step.now || string(p.Body) != step.then || p.Name != name {
				t.Errorf("step %d: %d, %v, %+v", i, now, done, p)
			}
		}
		if p := get(t, s, "release/tea"); p.Revision != 0 || len(p.Body) != 0 {
			t.Errorf("another paper: %+v", p)
		}
	})
	t.Run("large", func(t *testing.T) {
		s := open(t, o)
		body := bytes.Repeat([]byte{0, 'x', 255, '\n'}, 1<<20)
		set(t, s, "large", string(body), 0)
		if p := get(t, s, "large"); !bytes.Equal(p.Body, body) {
			t.Errorf("%d bytes came back of %d", len(p.Body), len(body))
		}
	})
	t.Run("one of many is first", func(t *testing.T) {
		s := open(t, o)
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				_, done, err := s.SetPaper(t.Context(), store.Paper{Name: "a", Body: fmt.Append(nil, i)})
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
	t.Run("bounds", func(t *testing.T) {
		s := open(t, o)
		for name, want := range map[string]string{
			"": "empty", "a//b": "empty", "a/": "empty", "a b": "byte ' '", strings.Repeat("a/", 100) + "a": "at most 200",
		} {
			if _, err := s.Paper(t.Context(), name); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("read %q: %v, want %q", name, err, want)
			}
			if _, _, err := s.SetPaper(t.Context(), store.Paper{Name: name, Body: []byte("x")}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("write %q: %v, want %q", name, err, want)
			}
		}
		if _, _, err := s.SetPaper(t.Context(), store.Paper{Name: "a", Body: make([]byte, store.MaxPaper+1)}); err == nil || !strings.Contains(err.Error(), "at most") {
			t.Errorf("too large: %v", err)
		}
	})
}
