package ir

import (
	"errors"
	"strings"
	"testing"
)

func TestPrint(t *testing.T) {
	p := &Program{
		Meta: Meta{
			Dialect: "dexter", Files: []string{"a.topic"}, Topics: []string{"default"},
			Triggers: ListTriggers(TriggerInfo{Text: "hi", Class: 1, Loc: Loc{Line: 2}}, TriggerInfo{Text: "request", Topic: None}),
		},
		Groups: []Group{{Previous: []int{0}}, {Order: []int{1}}},
		Views:  []View{{{Group: 0}}, {{Group: 1}}},
		Begin:  1,
		Triggers: []Trigger{
			{Pattern: 0, Previous: 0, Captures: 1, Kept: true, Alias: 0, Requests: []Request{
				{Method: "GET", Name: "now", Options: &Arg{JSON: true, Pieces: []Piece{{Text: "{}", Func: None}}}},
				{Method: "PUT", Joins: true},
				{Problem: "[E]"},
			}},
			{Previous: None, Alias: None, Conditions: []Condition{{Left: 0, Op: Less, Right: 0, Before: None, Reply: 0}}, Replies: []Reply{{Weight: 2, Before: 0, Func: 0}}},
		},
		Patterns: []Pattern{{Slots: 1, Bare: true, Nodes: []Node{
			{Op: Open, Next: 1},
			{Op: AnyRun, Next: 2},
			{Op: Close, Next: 3},
			{Op: Split, Alts: []int{4, 5}},
			{Op: Dynamic, Name: "x", Next: 6},
			{Op: Empty, Dynamic: InputLine, N: 2, Next: 6},
			{Op: Accept},
		}}},
		Funcs: []Func{{Name: "a.topic:3 reply 1", Ops: []Op{
			{Kind: EmitText, Text: "hi\n"},
			{Kind: SetVar, Scope: 1, F: []int{0, 0}},
			{Kind: FormatBlock, Format: 2, F: []int{0}},
			{Kind: EmitDelay, N: 5, Flag: true},
			{Kind: EmitData, Text: "a.0"},
			{Kind: CallDirection, Text: "weather", Names: []string{"city"}, F: []int{0, 0}},
			{Kind: EmitCall, Text: "x", Args: []Arg{{JSON: true, Pieces: []Piece{{Text: "[", Func: None}, {Func: 0}, {Func: 0, InString: true}}}, {Data: true, Pieces: []Piece{{Func: 0}}}}},
		}}},
	}
	want := `dialect dexter

topic default
  previous 0
  order 

begin
  order 1

trigger 0 a.topic:2 "hi" class 1
  pattern 0, 1 captures
  previous 0, 0 captures
  unstripped
  request GET:now func 0 (json "{}")
  request PUT func 0, joins
  request "[E]"
  alias func 0

trigger 1 nowhere "request" class 0
  pattern 0, 0 captures
  if func 0 < func 0: func 0
  reply weight 2: func 0, then func 0

pattern 0, 1 captures, bare
  0 open 1
  1 any
  2 close 1
  3 split → 4 5
  4 value get x → 6
  5 empty input2
  6 accept

func 0 a.topic:3 reply 1
  text "hi\n"
  set bot func 0 0
  format sentence func 0
  delay 5 nocancel
  data "a.0"
  direct "weather" city func 0 0
  call "x" (json "[" func 0 string func 0) (data func 0)
`
	var b strings.Builder
	if err := Print(&b, p); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got:\n%s", b.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestPrintTellsWhatWentWrong(t *testing.T) {
	if err := Print(fullDisk{}, &Program{}); err == nil {
		t.Error("a failing writer is not noticed")
	}
}

func TestErrorTexts(t *testing.T) { // L-ERR-1
	if a, b := ErrorTexts("dexter").Recursion, ErrorTexts("rivescript").Recursion; a != "[RIVE_ERROR: Deep Recursion]" || b != "ERR: Deep Recursion Detected" {
		t.Errorf("recursion reads %q and %q", a, b)
	}
}
