package console

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

func names(t *testing.T, f frame) []string {
	t.Helper()
	var out []string
	for name := range sections(t, f) {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func TestStreamSendsAllThenChanges(t *testing.T) {
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk, Clock: clock.NewVirtual(evening)})
	next, _ := follow(t, base, "")
	first := next()
	want := []string{"bot", "checkup", "generation", "pending", "person", "plugins", "problems", "published", "thread", "topic", "topics", "traces", "typing", "typingAs", "variables", "walk"}
	if got := names(t, first); !slices.Equal(got, want) {
		t.Fatalf("first event has %v", got)
	}
	if got := string(sections(t, first)["bot"]); got != `"quizmaster"` {
		t.Fatalf("bot = %s", got)
	}
	desk.change(func(s *State) { s.Typing = true })
	second := next()
	if got := names(t, second); !slices.Equal(got, []string{"typing"}) {
		t.Fatalf("a change of one section sent %v", got)
	}
	if first.id == second.id || first.event != "state" {
		t.Fatalf("frames: %q %q", first.id, second.id)
	}
}

func TestStreamResumes(t *testing.T) {
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk, Clock: clock.NewVirtual(evening)})
	next, _ := follow(t, base, "")
	start := next().id
	for range 200 { // however long a page was away
		desk.change(func(s *State) { s.Typing = !s.Typing })
	}
	desk.change(func(s *State) { s.Topic = "shop" })
	var last frame
	for seen := ""; !strings.Contains(seen, "shop"); seen = last.data {
		last = next()
	}
	for _, row := range []struct {
		name, id string
		has, not string
	}{
		{"what was missed", start, "topic", "thread"},
		{"an id of an earlier start", "ABCDEFGH-1", "thread", ""},
		{"an id that never was", start + "999", "thread", ""},
		{"nonsense", "…", "thread", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			again, _ := follow(t, base, row.id)
			got := names(t, again())
			if !slices.Contains(got, row.has) || slices.Contains(got, row.not) {
				t.Fatalf("resumed with %v", got)
			}
		})
	}
	t.Run("nothing was missed", func(t *testing.T) {
		again, _ := follow(t, base, last.id)
		desk.change(func(s *State) { s.Person = "Bo" })
		if got := names(t, again()); !slices.Equal(got, []string{"person"}) {
			t.Fatalf("resumed with %v", got)
		}
	})
}

func TestStreamBeats(t *testing.T) {
	virtual := newBellClock()
	_, base := open(t, Config{Desk: newFakeDesk(), Clock: virtual})
	next, _ := follow(t, base, "")
	next()
	for range 3 {
		<-virtual.asked // the stream waits for its next beat
		virtual.Advance(heartbeat)
		if got := next(); got.comment != "still here" {
			t.Fatalf("frame: %+v", got)
		}
	}
}

// The same state told again is no change: nothing goes over the wire.
func TestStreamIsSilentWithoutChange(t *testing.T) {
	desk := newFakeDesk()
	c, base := open(t, Config{Desk: desk, Clock: clock.NewVirtual(evening)})
	next, _ := follow(t, base, "")
	id := next().id
	if err := c.feed.publish(desk.Snapshot()); err != nil {
		t.Fatal(err)
	}
	if data, _, _ := c.feed.since(c.feed.seen(id)); data != nil {
		t.Fatalf("sent %s", data)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	_, base := open(t, Config{Desk: newFakeDesk(), Clock: clock.NewVirtual(evening)})
	for range maxStreams {
		follow(t, base, "")
	}
	res := request(t, "GET", base+"/api/events", "")
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(complaint(t, res), "close one") {
		t.Fatalf("one too many: %s", res.Status)
	}
}

// bellClock is a virtual clock that rings when someone starts to wait.
type bellClock struct {
	*clock.Virtual
	asked chan struct{}
}

func newBellClock() bellClock {
	return bellClock{clock.NewVirtual(evening), make(chan struct{}, 64)}
}

func (b bellClock) At(at time.Time) (<-chan struct{}, func()) {
	reached, stop := b.Virtual.At(at)
	b.asked <- struct{}{}
	return reached, stop
}
