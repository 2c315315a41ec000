package session

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFreeze(t *testing.T) { // L-JS-6
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	begin := State{Topic: "a", Vars: map[string]json.RawMessage{"x": raw("1"), "_p": raw(`"old"`)}, Inputs: []string{"i"}, Replies: []string{"r"}, LastPart: "r"}
	later := func() State {
		s := begin
		s.Freeze()
		s.Topic, s.Inputs, s.Replies, s.LastPart = "b", []string{"j", "i"}, []string{"q", "r"}, "q"
		s.Vars = map[string]json.RawMessage{"x": raw("2"), "y": raw("3"), "_p": raw(`"new"`)}
		return s
	}
	back := begin
	back.Vars = map[string]json.RawMessage{"x": raw("1"), "_p": raw(`"new"`)}

	for _, tt := range []struct {
		action string
		back   bool
		kept   bool
	}{{"thaw", true, false}, {"keep", true, true}, {"discard", false, false}} {
		got := later()
		if err := got.Thaw(tt.action); err != nil {
			t.Fatal(err)
		}
		want := later()
		if tt.back {
			want = back
		}
		want.Frozen = nil
		if (got.Frozen != nil) != tt.kept {
			t.Errorf("%s: the copy is kept: %v", tt.action, got.Frozen != nil)
		}
		got.Frozen = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.action, diff)
		}
	}
	s := begin
	if err := s.Thaw("thaw"); err != nil || s.Topic != "a" {
		t.Errorf("without a copy: %v, %+v", err, s)
	}
	if err := s.Thaw("melt"); err == nil {
		t.Error("an unknown action is no error")
	}
	s = later()
	data, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decode(data); err != nil || cmp.Diff(s, got) != "" {
		t.Errorf("after encoding: %v\n%s", err, cmp.Diff(s, got))
	}
}
