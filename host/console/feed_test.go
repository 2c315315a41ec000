package console

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Law: whatever changes a page saw and whichever it missed, after catching up it
// holds the same state as a page that has just been opened.
func TestCatchingUpIsOpeningAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFeed("S")
		var s State
		page := map[string]json.RawMessage{}
		var seen uint64
		catchUp := func() {
			data, now, _ := f.since(f.seen(f.id(seen)))
			if data == nil {
				return
			}
			if err := json.Unmarshal(data, &page); err != nil {
				t.Fatal(err)
			}
			seen = now
		}
		t.Repeat(map[string]func(*rapid.T){
			"typing":   func(t *rapid.T) { s.Typing = rapid.Bool().Draw(t, "typing") },
			"topic":    func(t *rapid.T) { s.Topic = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "topic") },
			"variable": func(t *rapid.T) { s.Variables = append(s.Variables, Variable{Name: "n", Value: "v"}) },
			"publish": func(t *rapid.T) {
				if err := f.publish(s); err != nil {
					t.Fatal(err)
				}
			},
			"look": func(*rapid.T) { catchUp() },
		})
		catchUp()
		fresh := map[string]json.RawMessage{}
		if data, _, _ := f.since(0); data != nil {
			if err := json.Unmarshal(data, &fresh); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(fresh, page); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzSeen(f *testing.F) {
	for _, id := range []string{"", "S-0", "S-1", "S-2", "S--1", "T-1", "S-18446744073709551616", "S-01"} {
		f.Add(id)
	}
	feed := newFeed("S")
	if err := feed.publish(State{}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if n := feed.seen(id); n > 1 {
			t.Fatalf("%q is the future: %d", id, n)
		}
	})
}
