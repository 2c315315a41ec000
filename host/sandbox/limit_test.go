package sandbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/lull"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// TestLimits has scripts that would run for ever or fill the memory stop, in the
// module as in the reference.
func TestLimits(t *testing.T) {
	e := openEngines(t)
	for _, tt := range []struct {
		name, bot string
		says      []string
		limit     bool // the last message ends in ErrLimit
	}{
		{"an alias of itself (L-RED-6)", "+ a\n@ a\n", []string{"a"}, false},
		{"an inline redirect to itself", "+ a\n- {@ a}\n", []string{"a"}, false},
		{"two redirects at each turn", "+ a\n- <set n=1>{@ a}{@ a}\n", []string{"a"}, false},
		{"a redirect inside of an argument", "+ a\n- <set x={@ a}>\n", []string{"a"}, false},
		{"fifty redirects are fine", "+ a\n* <get n> >= 50 => there\n- <add n=1>{@ a}\n", []string{"a"}, false},
		{"fifty-one are not", "+ a\n* <get n> >= 51 => there\n- <add n=1>{@ a}\n", []string{"a"}, false},
		{"text doubles", "+ a\n- {@ b}{@ b}\n+ b\n- {@ c}{@ c}\n+ c\n- {@ d}{@ d}\n+ d\n- " + strings.Repeat("long text ", 900) + "\n", []string{"a"}, true},
		{"an argument is too long", "+ a\n- <set v={@ b}{@ b}{@ b}{@ b}{@ b}{@ b}{@ b}{@ b}>\n+ b\n- " + strings.Repeat("long text ", 900) + "\n", []string{"a"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := e.trio(t, front(t, map[string]string{"default.topic": tt.bot}, link.Settings{}))
			for i, text := range tt.says {
				x.say(t, text, uint64(i))
			}
			last := len(tt.says) - 1
			for i, s := range x.scripts {
				x.people[i].turn(uint64(last))
				_, err := s.Answer(context.Background(), x.people[i], x.words.Forms(tt.says[last], false))
				if errors.Is(err, world.ErrLimit) != tt.limit {
					t.Errorf("%s: error %v, want ErrLimit: %v", x.names[i], err, tt.limit)
				}
			}
		})
	}
}

// TestMessageFillsMemory: a message is heard that leaves no byte of the memory of a turn, in both of
// its forms, and one that leaves a few.
func TestMessageFillsMemory(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	text := func(n int) message.Text {
		return message.Text{String: strings.Repeat("a", n), Classes: make([]message.Class, n+1)}
	}
	for left := range 10 {
		in, err := m.instantiate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		room := int(in.memory.Size()-in.arena)/2 - 1 - left // a class for each byte, and one behind each form
		heard := message.Forms{Plain: text(room / 2), Kept: text(room - room/2)}
		if _, err := in.answer(context.Background(), newPerson(m.Program(), 1), heard); err != nil {
			t.Errorf("%d bytes are left: %v", 2*left, err)
		}
		if err := in.close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// busyProgram takes about size³ steps to answer "a", and no memory.
func busyProgram(size int) *ir.Program {
	p := program("busy", [2]string{"", ""})
	level := func(f int) ir.Func {
		fn := ir.Func{Name: "busy", Loc: ir.Loc{Line: 2}}
		for range size {
			fn.Ops = append(fn.Ops, ir.Op{Kind: ir.RandomBlock, F: []int{f}})
		}
		return fn
	}
	inner := ir.Func{Name: "inner", Loc: ir.Loc{Line: 3}}
	for range size {
		inner.Ops = append(inner.Ops, ir.Op{Kind: ir.SetVar, F: []int{0, 0}})
	}
	n := len(p.Funcs)
	p.Funcs = append(p.Funcs, inner, level(n), level(n+1))
	p.Triggers[0].Replies[0].Func = n + 2
	return p
}

// program is a bot with one trigger, "*", and one text as its reply.
func program(name string, texts ...[2]string) *ir.Program {
	p := &ir.Program{
		Meta:     ir.Meta{Dialect: "dexter", Files: []string{name + ".topic"}, Topics: []string{"default"}, Triggers: ir.ListTriggers(ir.TriggerInfo{Text: "*", Class: 8, Loc: ir.Loc{Line: 1}})},
		Groups:   []ir.Group{{Order: []int{0}}},
		Views:    []ir.View{{{Group: 0}}},
		Patterns: []ir.Pattern{{Nodes: []ir.Node{{Op: ir.AnyRun, Next: 1}, {Op: ir.Accept}}, Bare: true}},
		Triggers: []ir.Trigger{{Previous: ir.None, Alias: ir.None, Replies: []ir.Reply{{Weight: 1, Before: ir.None}}}},
		Begin:    ir.None,
		Errors:   ir.ErrorTexts("dexter"),
	}
	p.Meta.Message.Mode = message.Dexter
	for _, text := range texts {
		p.Funcs = append(p.Funcs, ir.Func{Name: text[0], Loc: ir.Loc{Line: 2}, Ops: []ir.Op{{Kind: ir.EmitText, Text: text[1]}}})
	}
	return p
}

func TestStepsRunOut(t *testing.T) {
	x := openEngines(t).trio(t, busyProgram(110))
	for i, s := range x.scripts {
		x.people[i].turn(0)
		_, err := s.Answer(context.Background(), &quiet{*x.people[i]}, x.words.Forms("a", false))
		if !errors.Is(err, world.ErrLimit) {
			t.Errorf("%s: error %v, want ErrLimit", x.names[i], err)
		}
	}
}

// TestCancelled ends a turn whose context ends while it runs.
func TestCancelled(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, busyProgram(99)))
	ctx, cancel := context.WithCancel(context.Background())
	p := &canceller{person: *newPerson(m.Program(), 1), cancel: cancel}
	heard := message.New(m.Program().Message).Forms("a", false)
	if _, err := m.Answer(ctx, p, heard); !errors.Is(err, context.Canceled) {
		t.Errorf("during the turn: error %v, want that of the context", err)
	}
	if _, err := m.Answer(ctx, p, heard); !errors.Is(err, context.Canceled) {
		t.Errorf("before the turn: error %v, want that of the context", err)
	}
}

// canceller ends the context at the first change.
type canceller struct {
	person
	cancel context.CancelFunc
}

func (c *canceller) Set(world.Scope, string, string) { c.cancel() }

// hardBot has the triggers of matching that break other interpreters, and
// hardWords what their messages repeat, so that the last part always fails.
const hardBot = `
+ [*] what [*] flow [*] getting [*] reviewed [*] form is answer type [*]
- A
+ [*] (i|we) [*] (want|need) [*] (buy|get|order) [*] (car|bike) [*]
- B
+ * a * a * a * a * a * b
- C
+ hi [a] [a] [a] [a] [a] [a] [a] [a] bye
- D
+ * * * * * * * * * * * * * * * * end
- E
+ [*] a [*] a [*] a [*] a [*] a [*] a [*] a [*] b*c
- F
`

var hardWords = []struct{ name, words string }{
	{"A", "what flow getting reviewed form is answer"},
	{"B", "i want we need buy get order"},
	{"C", "x a"},
	{"D", "hi a"},
	{"E", "one two"},
	{"F", "a"},
	{"all", "type car b bye end"},
}

// hardMessage is as long as a message can be.
func hardMessage(words *message.Normalizer, repeated string) message.Forms {
	return words.Forms(strings.Repeat(repeated+" ", message.MaxRunes/len(repeated)), false)
}

// TestHardPatterns has hard messages end quickly (L-TRIG-13).
func TestHardPatterns(t *testing.T) {
	p := front(t, map[string]string{"default.topic": hardBot}, link.Settings{})
	m := loaded(t, openEngines(t).compiler, emitted(t, p))
	for _, tt := range hardWords {
		t.Run(tt.name, func(t *testing.T) {
			heard := hardMessage(message.New(p.Meta.Message), tt.words)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it takes milliseconds; an exponential search takes years
			defer cancel()
			tokens, err := m.Answer(ctx, newPerson(m.Program(), 1), heard)
			if err != nil {
				t.Fatal(err)
			}
			if len(tokens) != 1 {
				t.Errorf("tokens %v, want one error", tokens)
			}
		})
	}
}

// TestLongMessages are answered although they do not fit into the first memory
// of an instance.
func TestLongMessages(t *testing.T) {
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": "+ [*] (a|b) [*] c\n- c\n+ *\n- <star> <star>\n"}, link.Settings{}))
	x.say(t, strings.Repeat("🍵a ", 1000), 1)
	long := strings.Repeat("a ", 70_000)
	forms := message.Forms{Plain: x.words.LastReply(long)} // not cut to MaxRunes
	for i, s := range x.scripts[1:] {
		_, err := s.Answer(context.Background(), x.people[i+1], forms)
		if !errors.Is(err, world.ErrLimit) { // its text is too long for a reply
			t.Errorf("%s: error %v, want ErrLimit", x.names[i+1], err)
		}
	}
	forms.Plain = x.words.LastReply(strings.Repeat("a ", 3_000_000))
	if _, err := x.scripts[1].Answer(context.Background(), x.people[1], forms); !errors.Is(err, world.ErrLimit) {
		t.Errorf("a message beyond the memory: error %v, want ErrLimit", err)
	}
}

// breaths counts how often work lets others go first.
type breaths struct{ count int }

func (*breaths) Lull() (end func())       { return func() {} }
func (b *breaths) Breathe() time.Duration { b.count++; return 0 }

// TestBreathes: a turn that computes lets others go first again and again, at least once for so many steps.
func TestBreathes(t *testing.T) {
	const often = 5_000
	m := loaded(t, openEngines(t).compiler, emitted(t, busyProgram(110)))
	heard, all := message.New(m.Program().Message).Forms("a", false), &breaths{}
	if _, err := m.Answer(lull.With(t.Context(), all), &quiet{*newPerson(m.Program(), 1)}, heard); !errors.Is(err, world.ErrLimit) {
		t.Fatalf("error %v, want ErrLimit", err)
	}
	if all.count < ir.MaxSteps/often {
		t.Errorf("it has let others go first %d times in %d steps", all.count, ir.MaxSteps)
	}
}

func TestFuelIsInSteps(t *testing.T) {
	if maxChunks*emit.FuelChunk < ir.MaxSteps*emit.StepCost-emit.FuelChunk {
		t.Errorf("%d chunks are less than %d steps", maxChunks, ir.MaxSteps)
	}
}
