package session

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Encode and Decode are each other's inverse, and equal sessions have equal bytes.
func TestEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		s := State{
			Topic:   text.Draw(t, "topic"),
			Inputs:  rapid.SliceOfN(text, 1, MaxHistory).Draw(t, "inputs"),
			BotVars: rapid.MapOfN(text, text, 1, 5).Draw(t, "bot"),
			Turns:   rapid.Uint64().Draw(t, "turns"),
			Heard:   time.UnixMilli(rapid.Int64Range(0, 1<<41).Draw(t, "heard")).UTC(),
			Vars:    map[string]json.RawMessage{"n": json.RawMessage(`{"a":[1,2]}`)},
		}
		data, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Encode(back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(data), string(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestNobodyYet(t *testing.T) {
	s, err := Decode(nil)
	if err != nil || !cmp.Equal(s, State{}) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestLaterEncodingIsRefused(t *testing.T) {
	for _, data := range []string{`{"v":2,"topic":"x"}`, "\x03\x01\x01x"} {
		if _, err := Decode([]byte(data)); err == nil || !strings.Contains(err.Error(), "newer release") {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// What is broken is refused: every beginning of a session that ends within a field, and what no session has.
func TestBrokenEncodingIsRefused(t *testing.T) {
	data, err := Encode(whole)
	if err != nil {
		t.Fatal(err)
	}
	whole := 0 // beginnings that end between two fields
	for n := 1; n < len(data); n++ {
		if _, err := Decode(data[:n]); err == nil {
			whole++
		}
	}
	if whole != tagRest { // before the first field, and behind each but the last
		t.Errorf("%d beginnings were read", whole)
	}
	for _, broken := range []string{`{"v":`, "\x01", "\x02\x63", "+ hello\n- hi", "\x02\x01\x01a\x01\x01b", "\x02\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "\x02\x02\x01\x01n\x01{"} {
		if s, err := Decode([]byte(broken)); err == nil {
			t.Errorf("%q is read as %+v", broken, s)
		}
	}
	if _, err := Encode(State{Vars: map[string]json.RawMessage{"n": json.RawMessage(`{`)}}); err == nil || !strings.Contains(err.Error(), `"n"`) {
		t.Errorf("a variable that is no JSON: %v", err)
	}
}

// whole is a session that has every field.
var whole = State{
	Topic: "menu", Vars: map[string]json.RawMessage{"n": json.RawMessage(`{"a":[1,2]}`), "name": json.RawMessage(`"Ann"`)},
	BotVars: map[string]string{"mood": "fine"}, EnvVars: map[string]string{"shop": "tea"},
	Inputs: []string{"b", "a"}, Replies: []string{"two", ""}, LastPart: "two", Choices: []string{"tea", "coffee"}, Turns: 300,
	Matched: []string{"b *"}, Since: time.UnixMilli(1).UTC(), Heard: time.Date(2026, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600)), Muted: true,
	Frozen:    &Frozen{Topic: "root", Inputs: []string{"x"}},
	Reminders: map[string]Reminder{"tea": {Due: time.UnixMilli(2).UTC()}},
	Absence:   &Absence{Topic: "a", Since: time.UnixMilli(3).UTC(), Until: time.UnixMilli(4).UTC(), By: "1"}, Held: time.UnixMilli(5).UTC(),
	Trials: map[string]Trial{"m_1": {Tries: 2, Told: true}}, Kept: map[string]map[string]string{"p": {"k": "v"}},
}

// A session has all that it had, and one that a release wrote as JSON is read as it was.
func TestEveryFieldIsKept(t *testing.T) {
	for i, field := range reflect.VisibleFields(reflect.TypeFor[State]()) {
		if reflect.ValueOf(whole).Field(i).IsZero() {
			t.Errorf("the session of this test has no %s", field.Name)
		}
	}
	old, err := json.Marshal(envelope{1, whole})
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{data, old} {
		got, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		clear(data) // nothing of it points there
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("once the data is gone (-want +got):\n%s", diff)
		}
	}
}

func TestTextOf(t *testing.T) { // L-VAR-3
	for raw, want := range map[string]string{
		`"a b"`: "a b", `"\u00e4"`: "ä", `12`: "12", `1.50`: "1.50", `true`: "true", `null`: "null",
		`{"a": [1, 2]}`: `{"a":[1,2]}`, `""`: "",
	} {
		if got := TextOf(json.RawMessage(raw)); got != want {
			t.Errorf("%s reads %q, want %q", raw, got, want)
		}
	}
}

// What package json writes is read as it was, whichever way it takes.
func TestTextOfStrings(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("ab \"\\\n\x7fé\u2028\ufffd"))))
	rapid.Check(t, func(t *rapid.T) {
		want := text.Draw(t, "text")
		raw, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := TextOf(raw); got != want {
			t.Fatalf("%s reads %q, want %q", raw, got, want)
		}
		spaced := append([]byte(" "), raw...)
		if got := TextOf(spaced); got != string(raw) {
			t.Fatalf("%s reads %q, want %q", spaced, got, raw)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"v":1,"topic":"menu","vars":{"a":"b"}}`))
	f.Add([]byte(`null`))
	f.Add([]byte("\x02\x01\x04menu\x02\x01\x01n\x011"))
	if data, err := Encode(whole); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Encode(s)
		if err != nil {
			t.Fatalf("a session that was read cannot be written: %v", err)
		}
		back, err := Decode(again)
		if err != nil {
			t.Fatalf("a session that was written cannot be read: %v", err)
		}
		if more, err := Encode(back); err != nil || string(more) != string(again) {
			t.Errorf("%q is written again as %q, %v", again, more, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	for b.Loop() {
		if _, err := Encode(whole); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	usual := whole
	usual.Frozen, usual.Reminders, usual.Absence, usual.Trials, usual.Kept = nil, nil, nil, nil, nil
	data, err := Encode(usual)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
