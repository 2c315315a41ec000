package delivery

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// sends reads "a.0 5+3 a.1 8" as sends: id, due second, and the pause before it.
func sends(t *testing.T, text string) []store.Send {
	t.Helper()
	var out []store.Send
	fields := strings.Fields(text)
	for i := 0; i+1 < len(fields); i += 2 {
		var due, wait int
		if _, err := fmt.Sscanf(fields[i+1]+"+0", "%d+%d", &due, &wait); err != nil {
			t.Fatal(err)
		}
		out = append(out, store.Send{
			ID: fields[i], Due: noon.Add(time.Duration(due) * time.Second), Wait: time.Duration(wait) * time.Second,
		})
	}
	return out
}

func show(sends []store.Send) string {
	var out []string
	for _, s := range sends {
		out = append(out, fmt.Sprintf("%s %g", s.ID, s.Due.Sub(noon).Seconds()))
	}
	return strings.Join(out, " ")
}

// Which sends count as waiting when the person writes at second 5 (L-DELAY-5).
func TestWaiting(t *testing.T) {
	tests := []struct{ name, sends, want string }{
		{"nothing", "", ""},
		{"on their way", "a.0 0 a.1 0", ""},
		{"on their way, planned late", "a.0 6 a.1 6", ""},
		{"running", "a.1 10+10", "a.1"},
		{"over", "a.1 4+4", ""},
		{"over just now", "a.1 5+5", ""},
		{"behind a running one", "a.1 10+10 a.2 10", "a.1 a.2"},
		{"behind what is stuck", "a.0 0 a.1 3+3 a.2 3", "a.1 a.2"},
		{"of two replies", "a.0 0 b.1 4+4 a.1 9+9 b.2 11+7", "a.1 b.2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := sends(t, tt.sends)
			var got []string
			for i, late := range waiting(list, noon.Add(5*time.Second)) {
				if late {
					got = append(got, list[i].ID)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("waiting %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("tried before", func(t *testing.T) {
		list := sends(t, "a.1 10+10 a.2 10")
		list[0].Tries = 1
		if got := waiting(list, noon); got[0] || got[1] {
			t.Errorf("waiting %v: what was tried has had its delay", got)
		}
	})
}

// What becomes of the due times when the first send went out at second 5.
func TestFollow(t *testing.T) {
	tests := []struct{ name, sends, want string }{
		{"alone", "a.0 0", ""},
		{"in time", "a.0 5 a.1 8+3 a.2 8", ""},
		{"late", "a.0 0 a.1 3+3 a.2 3 a.3 4+1", "a.1 8 a.2 8 a.3 9"},
		{"late, longer pause behind", "a.0 0 a.1 3+3 a.2 103+100", "a.1 8 a.2 108"},
		{"next is on its way", "a.0 0 a.1 0 a.2 3+3", ""},
		{"other replies stay", "a.0 0 b.1 2+2 a.1 3+3", "a.1 8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := sends(t, tt.sends)
			if got := show(follow(list, list[0], noon.Add(5*time.Second))); got != tt.want {
				t.Errorf("moved %q, want %q", got, tt.want)
			}
		})
	}
}

// A message that could be taken for one before it is told which one that was, and keeps its place.
func TestAnchor(t *testing.T) {
	picture := json.RawMessage(`{"type":"image"}`)
	for _, tt := range []struct {
		name, sends string // a.0 goes out; p.N is a picture of its reply; d.N is in doubt
		moved       bool
		last, want  string
	}{
		{"nothing behind it", "a.0 0", false, "m1", ""},
		{"the next of the reply", "a.0 0 a.1 0", false, "m1", ""},
		{"a picture of the reply", "a.0 0 p.1 0", false, "m1", "p.1 0"},
		{"another reply", "a.0 0 b.0 2", false, "m1", "b.0 2"},
		{"another reply, the first of two", "a.0 0 b.0 2 b.1 2", false, "m1", "b.0 1.999"},
		{"a reminder is no message", "a.0 0 reminder:r1 1 b.0 2", false, "m1", "b.0 2"},
		{"moved in any case", "a.0 0 a.1 8 a.2 9", true, "m1", "a.1 8 a.2 9"},
		{"in doubt since before", "a.0 0 d.0 2", false, "m1", ""},
		{"in doubt since before, and moved", "a.0 0 d.1 8", true, "m1", "d.1 8"},
		{"none is known", "a.0 0 b.0 2", false, "", ""},
	} {
		list := sends(t, tt.sends)
		for i := range list {
			c := cargo{Message: &messenger.Outgoing{Text: "hi"}}
			if strings.HasPrefix(list[i].ID, "d") {
				c.Doubt = noon
			}
			if strings.HasPrefix(list[i].ID, "p") {
				list[i].ID, c.Message = "a"+list[i].ID[1:], &messenger.Outgoing{Attachment: picture}
			}
			var err error
			if list[i].Body, err = c.encode(); err != nil {
				t.Fatal(err)
			}
		}
		var moved []store.Send
		if tt.moved {
			moved = slices.Clone(list[1:])
		}
		w := &work{conv: store.Conversation{Sends: list}, last: tt.last}
		got := w.anchor(moved, list[0])
		if shown := show(got); shown != strings.ReplaceAll(tt.want, "p.", "a.") {
			t.Errorf("%s: %q, want %q", tt.name, shown, tt.want)
		}
		for i, s := range got {
			if c, err := unload(s.Body); err != nil || (c.Behind == tt.last) != (i == 0 && c.Doubt.IsZero()) {
				t.Errorf("%s: %s is behind %q (%v)", tt.name, s.ID, c.Behind, err)
			}
		}
	}
}

// What follows a message that was given up is looked for behind what that one stood behind; but not where it would be taken for it.
func TestBridge(t *testing.T) {
	picture := &messenger.Outgoing{Attachment: json.RawMessage(`{"type":"image"}`)}
	hi, ho := &messenger.Outgoing{Text: "hi"}, &messenger.Outgoing{Text: "ho"}
	for _, tt := range []struct {
		name       string
		gone, next cargo
		last, want string
	}{
		{"of the same reply", cargo{Message: hi, Behind: "m0"}, cargo{Message: ho}, "", "m0"},
		{"it knows of a later one", cargo{Message: hi, Behind: "m0"}, cargo{Message: ho}, "m1", "m1"},
		{"none is known", cargo{Message: hi}, cargo{Message: ho}, "", ""},
		{"no message was given up", cargo{Handover: "7"}, cargo{Message: ho}, "m1", "m1"},
		{"surely not there", cargo{Message: picture, Behind: "m0"}, cargo{Message: picture}, "", "m0"},
		{"may be there, looks otherwise", cargo{Message: hi, Behind: "m0", Doubt: noon}, cargo{Message: picture}, "", "m0"},
		{"may be there, looks like it", cargo{Message: picture, Behind: "m0", Doubt: noon}, cargo{Message: picture}, "m1", ""},
		{"the next is in doubt itself", cargo{Message: hi, Behind: "m0"}, cargo{Message: ho, Doubt: noon}, "m1", ""},
		{"the next is no message", cargo{Message: hi, Behind: "m0"}, cargo{Typing: true}, "m1", ""},
	} {
		list := sends(t, "a.0 0 a.1 0")
		for i, c := range []cargo{tt.gone, tt.next} {
			var err error
			if list[i].Body, err = c.encode(); err != nil {
				t.Fatal(err)
			}
		}
		w := &work{conv: store.Conversation{Sends: list}, last: tt.last}
		got := ""
		for _, s := range w.bridge(nil, list[0]) {
			c, err := unload(s.Body)
			if got = c.Behind; err != nil || s.ID != "a.1" {
				t.Errorf("%s: %s (%v)", tt.name, s.ID, err)
			}
		}
		if got != tt.want {
			t.Errorf("%s: behind %q, want %q", tt.name, got, tt.want)
		}
	}
}

// However late a send goes out, those behind it keep their order and their pauses.
func TestFollowLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		due := noon
		var list []store.Send
		for i := range rapid.IntRange(1, 8).Draw(t, "sends") {
			wait := time.Duration(rapid.IntRange(0, 4).Draw(t, "wait")) * time.Second
			due = due.Add(wait)
			list = append(list, store.Send{ID: intent("a", i), Due: due, Wait: wait})
		}
		late := time.Duration(rapid.IntRange(0, 20).Draw(t, "late")) * time.Second
		for len(list) > 0 {
			out := list[0]
			at := out.Due.Add(late)
			moved := follow(list, out, at)
			v := apply(store.Conversation{Sends: list}, store.Change{Settled: []string{out.ID}, Sends: moved})
			list = v.Sends
			if !slices.IsSortedFunc(list, func(a, b store.Send) int { return strings.Compare(a.ID, b.ID) }) {
				t.Fatalf("order is lost: %s", show(list))
			}
			if len(list) > 0 && list[0].Wait > 0 && list[0].Due.Before(at.Add(list[0].Wait)) {
				t.Fatalf("%s goes out before its pause after %s is over", show(list[:1]), at)
			}
			late = 0
		}
	})
}

// What apply makes of a conversation is what the store makes of it.
func TestApplyAgreesWithTheStore(t *testing.T) {
	onStage(t, func(s *stage) {
		key := store.Key{Page: page, Person: ann}
		ctx := s.t.Context()
		if _, _, err := s.store.Accept(ctx, noon, []store.Event{{ID: "e", Key: key, At: noon}, {ID: "f", Key: key, At: noon}}, 0, 0); err != nil {
			t.Fatal(err)
		}
		claimed, err := s.store.Claim(ctx, noon, time.Hour, 1)
		if err != nil || len(claimed) != 1 {
			t.Fatal(claimed, err)
		}
		lease := claimed[0].Lease
		var mine store.Conversation
		changes := []store.Change{
			{Session: []byte("s"), Consumed: []string{"e"}, Sends: sends(t, "a.0 0 a.1 3+3 a.2 3")},
			{Settled: []string{"a.0"}, Sends: sends(t, "a.1 8+3 a.2 8"), Hold: noon.Add(time.Minute)},
			{Retried: []string{"a.1"}, Sends: sends(t, "b.0 5"), Hold: noon.Add(time.Hour)},
			{Session: []byte("t"), Consumed: []string{"f"}, Settled: []string{"a.2"}},
		}
		for i, c := range changes {
			if i == 0 {
				if mine, err = s.store.Load(ctx, lease); err != nil {
					t.Fatal(err)
				}
			}
			mine = apply(mine, c)
			if err := s.store.Commit(ctx, lease, c, false); err != nil {
				t.Fatal(err)
			}
			theirs, err := s.store.Load(ctx, lease)
			if err != nil {
				t.Fatal(err)
			}
			if string(mine.Session) != string(theirs.Session) || !mine.Hold.Equal(theirs.Hold) || len(mine.Events) != len(theirs.Events) {
				t.Errorf("change %d: %+v, want %+v", i, mine, theirs)
			}
			if show(mine.Sends) != show(theirs.Sends) {
				t.Errorf("change %d: sends %s, want %s", i, show(mine.Sends), show(theirs.Sends))
			}
			for n := range mine.Sends {
				if mine.Sends[n].Tries != theirs.Sends[n].Tries {
					t.Errorf("change %d: %d tries of %s, want %d", i, mine.Sends[n].Tries, mine.Sends[n].ID, theirs.Sends[n].Tries)
				}
			}
		}
	})
}

// Section 25 of the language: what scripts hear.
func TestTurnEvent(t *testing.T) {
	ref := &turn.Ref{Param: "R", Source: "ADS", Type: "OPEN_THREAD", AdID: "6"}
	referral := &messenger.Referral{Ref: "R", Source: "ADS", Type: "OPEN_THREAD", AdID: "6"}
	pin := messenger.Attachment{Type: "location", Lat: 1.5, Long: -2.25}
	tests := []struct {
		name string
		in   messenger.Event
		want turn.Event
	}{
		{"text", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "a"}}, turn.Event{Kind: turn.Text, Text: "a"}},
		{"tap", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "Red", Tapped: true, QuickReply: "RED"}}, turn.Event{Kind: turn.QuickReply, Text: "RED"}},
		{"tap without payload", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "Red", Tapped: true}}, turn.Event{Kind: turn.QuickReply, Text: "Red"}},
		{
			"text and image",
			messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "a", Attachments: []messenger.Attachment{{Type: "image", URL: "u"}}}},
			turn.Event{Kind: turn.Media, Text: "a", Media: []turn.Attachment{{Type: "image", URL: "u"}}},
		},
		{
			"location",
			messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Attachments: []messenger.Attachment{pin}}},
			turn.Event{Kind: turn.Media, Media: []turn.Attachment{{Type: "location", URL: "https://www.google.com/maps?q=1.5,-2.25", Lat: "1.5", Long: "-2.25"}}},
		},
		{"from an ad", messenger.Event{Kind: messenger.KindMessage, Referral: referral, Message: &messenger.Message{Text: "a"}}, turn.Event{Kind: turn.Text, Text: "a", Referral: ref}},
		{"L-EV-9 postback", messenger.Event{Kind: messenger.KindPostback, Postback: &messenger.Postback{Title: "T", Payload: "p"}}, turn.Event{Kind: turn.Postback, Text: "p"}},
		{"get started", messenger.Event{Kind: messenger.KindPostback, Referral: referral, Postback: &messenger.Postback{Payload: "GO"}}, turn.Event{Kind: turn.GetStarted, Text: "GO", Referral: ref}},
		{"referral", messenger.Event{Kind: messenger.KindReferral, Referral: referral}, turn.Event{Kind: turn.Referral, Referral: ref}},
		{"send to messenger", messenger.Event{Kind: messenger.KindOptIn, OptIn: &messenger.OptIn{Ref: "D"}}, turn.Event{Kind: turn.OptIn, Referral: &turn.Ref{Param: "D", Source: "send_to_messenger"}}},
		{"one-time notification", messenger.Event{Kind: messenger.KindOptIn, OptIn: &messenger.OptIn{Type: "one_time_notif_req", Payload: "P"}}, turn.Event{Kind: turn.OptIn, Referral: &turn.Ref{Param: "P", Source: "one_time_notif_req"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, turnEvent(&tt.in, "GO")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDrawTellsEventsApart(t *testing.T) {
	seen := map[string]string{}
	for _, e := range []store.Event{
		{ID: "1", Key: store.Key{Page: "2", Person: "3"}},
		{ID: "1", Key: store.Key{Page: "2", Person: "4"}},
		{ID: "1", Key: store.Key{Page: "3", Person: "3"}},
		{ID: "2", Key: store.Key{Page: "2", Person: "3"}},
		{ID: "1", Key: store.Key{Page: "23", Person: ""}},
		{ID: "31", Key: store.Key{Page: "2", Person: ""}},
	} {
		id, seed := draw(e)
		name := fmt.Sprintf("%+v", e)
		if other, ok := seen[id]; ok {
			t.Errorf("%s and %s share the id %s", name, other, id)
		}
		seen[id] = name
		if again, same := draw(e); again != id || same != seed {
			t.Errorf("%s is drawn otherwise the second time", name)
		}
	}
}

// Bodies from a store are read without panics, and what is read can be written again.
func FuzzBodies(f *testing.F) {
	f.Add([]byte(`{"echo":"0123456789abcdef01234567.0"}`))
	f.Add([]byte(`{"event":{"Kind":"message","Message":{"Text":"a"}}}`))
	f.Add([]byte(`{"raw":{"sender":{"id":"7"},"timestamp":1782900000123,"message":{"mid":"m","text":"a"}}}`))
	f.Add([]byte(`{"raw":}`))
	f.Add([]byte(`{"heard":"2026-01-01T12:00:00Z","message":{"text":"a"}}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if n, err := readNote(body); err == nil {
			if n.Event != nil && startsTurn(n.Event) {
				turnEvent(n.Event, "GO")
			}
			again, err := n.encode()
			if err != nil {
				t.Fatalf("encode: %v", err)
			}
			if isEcho(again) != (n.Echo != "") {
				t.Errorf("%s: isEcho is %t", again, isEcho(again))
			}
		}
		if c, err := unload(body); err == nil {
			if _, err := c.encode(); err != nil {
				t.Fatalf("encode: %v", err)
			}
		}
	})
}

// A send that is known because it was packed under the lease is what would be read of its body.
func TestPackedIsWhatIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		quoted, _ := json.Marshal(text)
		r := messenger.Rendered{
			Typing: rapid.Bool().Draw(t, "typing"), Handover: rapid.SampledFrom([]string{"", "5"}).Draw(t, "handover"),
			Persona: rapid.SampledFrom([]*messenger.Persona{nil, {Name: "Ann", Picture: "https://a.example/?b&c"}}).Draw(t, "persona"),
			Messages: []messenger.Outgoing{
				{Text: text, QuickReplies: []messenger.QuickReply{{ContentType: "text", Title: text, Payload: "<&>"}}},
				{Attachment: json.RawMessage(`{"type":"template","payload":{"text":` + string(quoted) + `}}`)},
			},
		}
		w := &work{packed: map[string]cargo{}}
		for _, c := range pack(r, time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "heard")).UTC()) {
			c.To, c.After, c.Same = "x", rapid.SampledFrom([]string{"", "y"}).Draw(t, "after"), rapid.IntRange(0, 2).Draw(t, "same")
			body, err := c.encode()
			if err != nil {
				t.Fatal(err)
			}
			w.packed[string(body)] = c
			known, err := w.unload(slices.Clone(body))
			read, failed := unload(body)
			if diff := cmp.Diff(read, known, cmpopts.EquateEmpty()); diff != "" || err != nil || failed != nil {
				t.Fatalf("%s: %v %v\n%s", body, err, failed, diff)
			}
		}
	})
}
