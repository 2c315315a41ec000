package session

import (
	"encoding/json"
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
	_, err := Decode([]byte(`{"v":2,"topic":"x"}`))
	if err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("got %v", err)
	}
	if _, err := Decode([]byte(`{"v":`)); err == nil {
		t.Error("half a session was read")
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
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			return
		}
		if _, err := Encode(s); err != nil {
			t.Errorf("a session that was read cannot be written: %v", err)
		}
	})
}
