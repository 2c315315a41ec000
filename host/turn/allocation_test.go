//go:build !race

package turn

import (
	"encoding/json"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// What a turn makes for itself is what it hands out: the variables, with their new
// values in one piece of memory, message and reply in the history, the triggers that
// matched, the trace, the parts of the reply.
func TestAllocations(t *testing.T) {
	said := []reply.Token{{Kind: reply.Text, Text: "Hello."}}
	captures := []string{"Ann"}
	f := script(t, "default").
		on("hi", 1, func(world.World) []reply.Token { return said }).
		on("i am ann", 1, func(w world.World) []reply.Token {
			w.Trace(trace.Event{Kind: trace.Matched, Captures: captures})
			w.Set(world.User, "age", "43")
			_, _ = w.Get(world.User, "age")
			return said
		})
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	state := session.State{
		Topic: "default", Inputs: []string{"a", "b"}, Replies: []string{"c", "d"}, Since: noon, Heard: noon,
		Vars: map[string]json.RawMessage{
			"_platform": raw(`"test"`), "_platformId": raw(`"7"`), "_pageId": raw(`"9"`), "_firstMsgSent": raw(`"1"`), "age": raw(`"42"`),
		},
	}
	for _, tt := range []struct {
		text string
		want float64
	}{
		{"hi", 9},        // the map takes two
		{"Hi!", 10},      // its normalised text
		{"i am ann", 12}, // captures, and a value that is set and read
	} {
		r := New(f, Settings{})
		in := Input{Event: Event{Kind: Text, Text: tt.text}, Session: state, Person: Person{ID: "7", PageID: "9", Platform: "test"}, Now: noon}
		turn := func() {
			if _, err := r.Run(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		turn()
		if got := testing.AllocsPerRun(200, turn); got > tt.want {
			t.Errorf("%q allocates %v times, want at most %v", tt.text, got, tt.want)
		}
	}
}
