package ir

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// described are triggers of each kind.
var described = []TriggerInfo{
	{Text: "hello", Topic: 1, Class: 1, Loc: Loc{File: 1, Line: 300}},
	{Text: "request", Topic: None, Class: 1, Loc: Loc{Line: 1}, Replies: []int{2, 70_000}},
	{Text: "", Class: 8, Conditions: []ConditionInfo{{Op: "==", Line: 5}, {Op: "<=", Line: 6}}, Replies: []int{7}},
}

func TestTriggersTravel(t *testing.T) {
	list := ListTriggers(described...)
	got, err := DecodeTriggers(list.Encode(), 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got.Len() != len(described) || !got.Equal(list) || !list.Equal(got) {
		t.Errorf("%d triggers, not those that were encoded", got.Len())
	}
	for n, info := range got.All() {
		if d := cmp.Diff(described[n], info); d != "" {
			t.Errorf("trigger %d (-want +got):\n%s", n, d)
		}
	}
	for _, triggers := range []Triggers{list, got} {
		n := 0
		for topic, text := range triggers.Texts() {
			if info := described[n]; topic != info.Topic || string(text) != info.Text {
				t.Errorf("text %d is %q of topic %d, want %q of %d", n, text, topic, info.Text, info.Topic)
			}
			if n++; n == len(described)-1 {
				break
			}
		}
		if n != len(described)-1 {
			t.Errorf("%d texts", n)
		}
	}
	other := ListTriggers(described[0], described[1], described[0])
	if got.Equal(other) {
		t.Error("others are equal to them")
	}
	var none Triggers
	if empty, err := DecodeTriggers(none.Encode(), 0, 0); err != nil || empty.Len() != 0 {
		t.Errorf("no triggers: %d, %v", empty.Len(), err)
	}
}

func TestDecodeTriggersRefuses(t *testing.T) {
	list := ListTriggers(described...)
	sound := list.Encode()
	change := func(do func(b []byte) []byte) []byte { return do(append([]byte(nil), sound...)) }
	for _, tt := range []struct {
		name   string
		packed []byte
		want   string
	}{
		{"nothing", nil, "the table is cut off"},
		{"more rows than there are", change(func(b []byte) []byte { b[3] = 1; return b }), "the table is cut off"},
		{"rows in a circle", change(func(b []byte) []byte { b[8] = 0; return b }), "row 1 does not lie behind the one before it"},
		{"a row beyond the end", change(func(b []byte) []byte { binary.LittleEndian.PutUint32(b[12:], 1000); return b }), "row 2 does not lie"},
		{"a row that is too short", change(func(b []byte) []byte { b[4]--; return b }), "row 0: it is cut off"},
		{"bytes behind the rows", change(func(b []byte) []byte { return append(b, 0) }), "1 bytes behind the last row"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := DecodeTriggers(tt.packed, 2, 2); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := DecodeTriggers(sound, 1, 2); err == nil || !strings.Contains(err.Error(), "row 0: file 1 of 1") {
		t.Errorf("a file too many: %v", err)
	}
	if _, err := DecodeTriggers(sound, 2, 1); err == nil || !strings.Contains(err.Error(), "row 0: topic 1 of 1") {
		t.Errorf("a topic too many: %v", err)
	}
}

func FuzzDecodeTriggers(f *testing.F) {
	list := ListTriggers(described...)
	f.Add(list.Encode())
	f.Fuzz(func(t *testing.T, packed []byte) {
		got, err := DecodeTriggers(packed, 2, 2)
		if err != nil {
			return
		}
		for n, info := range got.All() {
			if info.Topic < None || info.Topic >= 2 {
				t.Errorf("trigger %d is in topic %d", n, info.Topic)
			}
		}
	})
}

func TestPlaces(t *testing.T) {
	var p Places
	p.Add(100, Loc{File: 0, Line: 3})
	p.Add(108, Loc{File: 0, Line: 3}) // the same line goes on
	p.Add(120, Loc{File: 2, Line: 1})
	p.Add(120, Loc{File: 1, Line: 9}) // at the same address: the later counts
	p.Add(200, Loc{})
	for address, want := range map[int]Loc{
		99: {}, 100: {Line: 3}, 119: {Line: 3}, 120: {File: 1, Line: 9}, 199: {File: 1, Line: 9}, 200: {}, 1 << 30: {},
	} {
		if got, err := PlaceOf(p.Encode(), address); err != nil || got != want {
			t.Errorf("address %d is at %+v, %v, want %+v", address, got, err, want)
		}
	}
	if _, err := PlaceOf(p.Encode()[:len(p.Encode())-1], 500); err == nil {
		t.Error("a table that is cut off is read")
	}
}

func FuzzPlaceOf(f *testing.F) {
	f.Add([]byte{100, 0, 6, 20, 4, 3}, 110)
	f.Fuzz(func(_ *testing.T, encoded []byte, address int) { _, _ = PlaceOf(encoded, address) })
}
