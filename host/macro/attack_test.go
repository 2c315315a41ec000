package macro

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// ticking is a clock on which a second passes while it is looked at some times.
type ticking struct {
	clock.Clock
	passed time.Duration
}

func (c *ticking) Now() time.Time {
	c.passed += MaxTime / 20
	return time.Unix(0, 0).Add(c.passed)
}

// TestAttacks has macros try to take what they are not given: time, memory, stack.
// Each ends in an exception text, and the next turn goes on as if nothing had been.
func TestAttacks(t *testing.T) {
	const slow = "it ran longer than 1s"
	tests := []struct{ name, code, problem string }{
		{"endless loop", "for (;;) {}", slow},
		{"endless loop that catches", "for (;;) { try { for (;;) {} } catch {} }", slow},
		{"endless promises", "for (;;) await null", slow},
		{"endless chain", "const f = () => Promise.resolve().then(f); await f()", slow},
		{"endless getter of the result", "return { toJSON() { for (;;) {} } }", slow},
		{"endless exception", "throw { toString() { for (;;) {} }, toJSON() { for (;;) {} } }", slow},
		{"regular expression", "return /^(a+)+$/.test('a'.repeat(40) + 'b')", slow},
		{"search", "return 'a'.repeat(1e6).indexOf('a'.repeat(5e5) + 'b')", slow},
		{"big numbers", "let n = 3n; for (;;) n = n * n % (2n ** 200000n)", slow},
		{"repeat", "return 'x'.repeat(4e8).length", "out of memory"},
		{"big array", "return new Array(1e8).fill(7).length", "out of memory"},
		{"bytes", "const all = []; for (let i = 0; i < 150; i++) all.push(new Uint8Array(1 << 20)); return all.length", "out of memory"},
		{"growing text", "let s = 'x'; for (;;) s += s", "string too long"},
		{"recursion", "const f = () => f() + 1; return f()", "Maximum call stack size exceeded"},
		{"nested brackets", "return eval('['.repeat(20000) + ']'.repeat(20000)).length", "Maximum call stack size exceeded"},
		{"nested lists", "let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a", ""},
		{"sort", "return Array.from({length: 1e6}, (_, i) => -i).sort().length", slow},
	}
	var objects []string
	for _, tt := range tests {
		objects = append(objects, strings.ReplaceAll(tt.name, " ", "-"), tt.code)
	}
	objects = append(objects, "fine", "return 'fine' + typeof globalThis.spoiled", "spoil", "globalThis.spoiled = 1; Object.prototype.evil = 1; return 'x'")
	s := load(t, &ticking{Clock: clock.Real{}}, objects...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			_, problem := run(t, s, newStage(), strings.ReplaceAll(tt.name, " ", "-"))
			if took := time.Since(began); took > 60*MaxTime { // what is not stopped takes hours
				t.Errorf("it took %v", took)
			}
			if problem == "" || tt.problem != "" && problem != tt.problem {
				t.Errorf("the problem is %q, want %q", problem, tt.problem)
			}
			if result, problem := run(t, s, newStage(), "fine"); result != "fineundefined" {
				t.Errorf("the turn after it: %q, %q", result, problem)
			}
		})
	}
	run(t, s, newStage(), "spoil")
	if result, _ := run(t, s, newStage(), "fine"); result != "fineundefined" {
		t.Errorf("after a macro that spoils its world: %q", result)
	}
}

// TestStepsWithoutClock: where time stands still, steps end a macro.
func TestStepsWithoutClock(t *testing.T) {
	s := load(t, nil, "loop", "for (;;) {}")
	if _, problem := run(t, s, newStage(), "loop"); problem != "it ran longer than 1s" {
		t.Errorf("the problem is %q", problem)
	}
}

// TestBuildIsBounded: a body that closes its function and loops cannot stop the build.
func TestBuildIsBounded(t *testing.T) {
	s := load(t, nil, "escape", "}); for (;;) {} (async function () {", "fine", "return 1")
	if problems := s.Problems(); len(problems) != 1 || problems[0].Macro != "escape" {
		t.Errorf("the problems are %v", problems)
	}
	if result, _ := run(t, s, newStage(), "fine"); result != "1" {
		t.Errorf("the macro after it: %q", result)
	}
}

func TestMacrosInMacros(t *testing.T) { // L-JS-6: rs.reply
	s := load(t, &ticking{Clock: clock.Real{}},
		"outer", "const u = rs.currentUser(); let a = await rs.reply(u, 'inner'); return a + '/' + rs.reply(u, 'loop') + '/' + rs.reply(u, 'deep ' + args[0])",
		"inner", "await null; return 'in'",
		"loop", "for (;;) {}")
	stage := newStage()
	turn := s.Turn(context.Background(), stage)
	var answer func(text string) ([]reply.Token, error)
	depth := 0
	answer = func(text string) ([]reply.Token, error) {
		name, arg, _ := strings.Cut(text, " ")
		if name == "deep" {
			if depth++; depth > 5 {
				return []reply.Token{{Kind: reply.Text, Text: "bottom " + arg}}, nil
			}
			name = "outer"
		}
		result, problem, _ := turn.Run(world.Macro{Name: name, Args: []string{arg + "+"}, Reply: answer})
		return []reply.Token{{Kind: reply.Text, Text: result + problem}}, nil
	}
	result, problem, found := turn.Run(world.Macro{Name: "outer", Args: []string{"x"}, Reply: answer})
	level := "in/it ran longer than 1s/"
	if want := strings.Repeat(level, 6) + "bottom x+++++"; result != want || problem != "" || !found {
		t.Errorf("%q, %q\nwant %q", result, problem, want)
	}
	if err := turn.Close(); err != nil {
		t.Error(err)
	}

	over := errors.New("the turn is over")
	turn = s.Turn(context.Background(), stage)
	calls := 0
	_, problem, _ = turn.Run(world.Macro{Name: "outer", Reply: func(string) ([]reply.Token, error) {
		calls++
		return nil, over
	}})
	if calls != 1 || problem == "" {
		t.Errorf("after the end of the turn the macro went on: %d calls, %q", calls, problem)
	}
	if err := turn.Close(); err != nil {
		t.Error(err)
	}
}

// TestTrace: the log, results and failures stand in the trace, failures with their line.
func TestTrace(t *testing.T) {
	s := load(t, nil, "log", "console.log('a', 1, {b: [2]}, null, new Error('e'));\nfor (let i = 0; i < 200; i++) console.warn(i);", "fail", "\n\nfunction f() {\n  throw new Error('here')\n}\nf()", "bad", "return 'x")
	stage := newStage()
	if _, problem := run(t, s, stage, "log"); problem != "" {
		t.Fatal(problem)
	}
	if got := stage.trace[0]; got.Kind != trace.Log || got.Text != `a 1 {"b":[2]} null Error: e` || len(stage.trace) != maxLogLines+1 {
		t.Errorf("%d events, the first %+v", len(stage.trace), got)
	}
	stage.trace = nil
	run(t, s, stage, "fail")
	if got := stage.trace[0]; got.Kind != trace.Macro || got.OK || got.Text != "here" || got.File != "a.topic" || got.Line != 14 {
		t.Errorf("the failure is traced as %+v", got)
	}
	stage.trace = nil
	if _, _, found := s.Turn(context.Background(), stage).Run(world.Macro{Name: "bad"}); found {
		t.Error("what does not compile can be called")
	}
	if got := stage.trace[0]; got.OK || !strings.Contains(got.Text, "SyntaxError") || got.File != "a.topic" || got.Line != 11 {
		t.Errorf("the call of what does not compile is traced as %+v", got)
	}
}
