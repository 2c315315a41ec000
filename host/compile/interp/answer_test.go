package interp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/trace"
)

// machine builds a bot of documents; without any other name a text is default.topic.
func machine(documents map[string]string) *Machine {
	contents := map[string][]byte{}
	for name, text := range documents {
		contents[name] = []byte(text)
	}
	p, _ := link.BuildFiles(link.Files(contents), link.Settings{}, nil)
	return New(lower.Program(p))
}

func one(text string) map[string]string { return map[string]string{"default.topic": text} }

// hear answers a message, as the text of its parts with their shortcodes.
func hear(t *testing.T, m *Machine, d *desk, text string) string {
	t.Helper()
	tokens, err := m.Answer(context.Background(), d, m.words.Forms(text, m.program.Meta.Kept))
	if err != nil {
		t.Fatal(err)
	}
	done := reply.Finish(tokens, reply.Options{Person: m.words.Person})
	var parts []string
	for _, p := range done.Parts {
		words := []string{}
		if p.Delay > 0 {
			words = append(words, fmt.Sprintf("(%v)", p.Delay))
		}
		if p.Text != "" {
			words = append(words, p.Text)
		}
		for _, c := range p.Shortcodes {
			var args []string
			for _, a := range c.Args {
				args = append(args, a.Text+a.JSON)
			}
			words = append(words, "^"+c.Name+"("+strings.Join(args, ", ")+")")
		}
		parts = append(parts, strings.Join(words, " "))
	}
	if done.Silent {
		return "(silence)"
	}
	return strings.Join(parts, " | ")
}

func TestAnswer(t *testing.T) {
	tests := []struct {
		name   string
		script string
		vars   map[string]string // user variables
		say    string
		want   string
		log    string // what was done to the world, in order
	}{
		{name: "L-EVAL-1 left to right", script: "+ a\n- <get x><set x=1><get x><set x=2><get x>", say: "a", want: "undefined12", log: "set x=1, set x=2"},
		{name: "L-EVAL-1 inner first", script: "+ a\n- <set y=<set x=5><get x>><get y>", say: "a", want: "5", log: "set x=5, set y=5"},
		{name: "L-EVAL-3 topics, then redirects", script: "+ a\n- {@ b}{topic=t}<set x=1>{topic=u}\n+ b\n- <get x> <get topic>\n> topic t\n> topic u", say: "a", want: "1 u", log: "set x=1, topic t, topic u"},
		{name: "L-EVAL-3 redirects from left to right", script: "+ a\n- 1{@ b}2{@ c}\n+ b\n- <set x=1>B\n+ c\n- C<get x>", say: "a", want: "1B2C1", log: "set x=1"},
		{name: "L-EVAL-1 targets are arguments of the first pass", script: "+ a\n- <set x=b>{@ <get x>}<set x=c>\n+ b\n- B<get x>\n+ c\n- C", say: "a", want: "Bc", log: "set x=b, set x=c"},
		{name: "L-EVAL-4 operands up to the first true one", script: "+ a\n* <set p=1>1 == 2 => x\n* <set q=1>1 == 1 => y\n* <set r=1>1 == 1 => z", say: "a", want: "y", log: "set p=1, set q=1"},
		{name: "L-EVAL-6 a redirect in an argument runs at once", script: "+ a\n- <set x={@ b}>[<get x>]\n+ b\n- one <send> {topic=t}two ^buttons(A)\n> topic t", say: "a", want: "[one two]", log: "topic t, set x=one two"},
		{name: "L-EVAL-6 a topic in an argument waits with the others", script: "+ a\n- <set x={topic=t}1>[<get topic>]\n> topic t", say: "a", want: "[default]", log: "set x=1, topic t"},
		{name: "L-EVAL-6 a topic in an operand waits too", script: "+ a\n* {topic=t}1 == 1 => [<get topic>]\n> topic t", say: "a", want: "[default]", log: "topic t"},
		{name: "L-EVAL-6 noreply in an argument", script: "+ a\n- x<set x={@ b}>\n+ b\n- <noreply>B", say: "a", want: "x", log: "set x=B"},
		{name: "L-RED-1 alias, topics first", script: "+ a\n@ b{topic=t}\n+ b\n- root\n> topic t\n+ b\n- T", say: "a", want: "T", log: "topic t"},
		{name: "L-RED-4 captures are the target's own", script: "+ a *\n- <star>{@ b z}<star>\n+ b *\n- [<star>]", say: "a x", want: "x[z]x"},
		{name: "L-RED-5 nothing matches", script: "+ a\n- x {@ nope} y", say: "a", want: "x [RIVE_ERROR: Reply Not Matched] y"},
		{name: "L-PICK-2 no reply still switches", script: "+ a\n* {topic=t}1 == 2 => x\n> topic t", say: "a", want: "[RIVE_ERROR: Reply Not Found]", log: "topic t"},
		{name: "L-COND-3 operands are trimmed", script: "+ a\n* <get x>  == \"b c\" => yes\n- no", vars: map[string]string{"x": " b c "}, say: "a", want: "yes"},
		{name: "L-COND-7 sets are not seen by the condition", script: "+ a\n* <get x> == undefined => <set x=1><get x>", say: "a", want: "1", log: "set x=1"},
		{name: "L-CAP-3 beyond the last", script: "+ a *\n- <star2>", say: "a b", want: "undefined"},
		{name: "L-VAR-2 clear and trim", script: "+ a\n- <set x>< get y><set  z =  a b >", say: "a", want: "< get y>", log: "clear x, set z=a b"},
		{name: "L-VAR-7 bot and env", script: "+ a\n- <bot x=1><env x=2><get x><bot x><env x>", say: "a", want: "undefined12", log: "set x=1, set x=2"},
		{name: "L-MATH-3 errors stand inline", script: "+ a\n- x<add n=y>z", say: "a", want: "x[ERR: no number]z", log: "math n y"},
		{name: "L-TAG-8 after redirects", script: "+ a\n- {uppercase}a {@ b}{/uppercase}\n+ b\n- b", say: "a", want: "A B"},
		{name: "L-TAG-9 person", script: "! person my = your\n+ a *\n- <person>", say: "a my tea", want: "your tea"},
		{name: "L-TAG-7 arrays", script: "! array c = <uppercase>|x\n+ a *\n- (@c)(@d)", say: "a b", want: "B(@d)"},
		{name: "L-DELAY-2 evaluated seconds", script: "+ a\n- <delay seconds=<get s>>x", vars: map[string]string{"s": "500"}, say: "a", want: "(2m0s) x"},
		{name: "L-NOREPLY-1 in a redirect", script: "+ a\n- x{@ b}\n+ b\n- <noreply>", say: "a", want: "(silence)"},
		{name: "L-SC-3 arguments", script: "+ a\n- x ^buttons(<get l>, \"<get l>\", {formal}ann bo{/formal})", vars: map[string]string{"l": `["A"]`}, say: "a", want: `x ^buttons(["A"], ["A"], Ann Bo)`},
		{name: "L-SC-3 JSON", script: `+ a` + "\n" + `- ^template({"t":"<get q>","v":<get q>})`, vars: map[string]string{"q": `"`}, say: "a", want: `^template({"t":"\"","v":"\""})`},
		{name: "L-HTTP-8 a request without grant", script: "+ a\n$ GET https://x.example\n* 1 == 1 => y\n- x", say: "a", want: "[REQ_RESPONSE_ERROR: no host is granted to this bot]"},
		{name: "L-HTTP-5 data of no request", script: "+ a\n- [${{a.b}}]", say: "a", want: "[]"},
		{name: "L-JS-4 an unknown macro", script: "+ a\n- <call>nope</call>", say: "a", want: "[RIVE_ERROR: Object Not Found]"},
		{name: "L-EXT-3 an unknown direction", script: "+ a\n- <nope x=<get y>>in</nope>", vars: map[string]string{"y": "Y"}, say: "a", want: "<nope x=Y>in</nope>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := machine(one(tt.script))
			d := newDesk(m.Program())
			for k, v := range tt.vars {
				d.vars[world.User][k] = v
			}
			if got := hear(t, m, d, tt.say); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := strings.Join(d.log, ", "); got != tt.log {
				t.Errorf("log is  %s\nit should be %s", got, tt.log)
			}
		})
	}
}

func TestBegin(t *testing.T) {
	const body = "\n< begin\n+ a\n- <set x=5>A <get topic>\n+ b\n- B\n> topic t\n+ a\n- T <get b>\n+ b\n- TB\n"
	tests := []struct{ name, begin, want, log string }{
		{"L-BEGIN-1 ok", "+ request\n- [{ok}]", "[A default]", "set x=5"},
		{"L-BEGIN-2 no ok", "+ request\n- closed", "closed", ""},
		{"L-BEGIN-2 no trigger", "+ other\n- {ok}", "[RIVE_ERROR: Reply Not Matched]", ""},
		{"L-BEGIN-3 topics and sets first, in order", "+ request\n- <set b=1>{topic=t}<set c=<get topic>>{ok}", "T 1", "set b=1, set topic=t, topic t, set c=t"},
		{"L-BEGIN-3 the other tags afterwards", "+ request\n- <get x> {ok}", "5 A default", "set x=5"},
		{"L-BEGIN-3 formatted ones count", "+ request\n- {formal}<set b=1>{topic=t}{ok}{/formal}", "T 1", "set b=1, set topic=t, topic t"},
		{"L-BEGIN-3 answered once", "+ request\n- {ok}-{ok}", "A default-A default", "set x=5"},
		{"L-BEGIN-3 choices are kept", "+ request\n- {random}<set b=1>x|<set b=2>y{ok}|z{/random}", "yA default", "set b=2, set x=5"},
		{"L-BEGIN-3 what is not chosen does not count", "+ request\n- {random}a|b|{ok}{/random}", "b", ""},
		{"L-BEGIN-3 ok inside a set", "+ request\n- <set r={ok}>[<get r>]", "[A default]", "set x=5, set r=A default"},
		{"L-BEGIN-4 an alias stays inside", "+ request\n@ other\n+ other\n- O {ok}", "O A default", "set x=5"},
		{"L-BEGIN-4 a redirect goes outside", "+ request\n- {@ b}{topic=t} {ok}", "TB T undefined", "set topic=t, topic t"},
		{"L-PREV-3 no previous", "+ request\n% hello\n- no\n+ request\n- yes", "yes", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := machine(one("> begin\n" + tt.begin + body))
			d := newDesk(m.Program())
			d.rolls, d.spoke, d.last, d.whole = []uint64{1}, true, "hello", "hello"
			if got := hear(t, m, d, "a"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := strings.Join(d.log, ", "); got != tt.log {
				t.Errorf("log is  %s\nit should be %s", got, tt.log)
			}
		})
	}
}

func TestPrevious(t *testing.T) {
	m := machine(one("+ *\n% do you like *\n- P <botstar>\n+ *\n% * you like (tea)\n- Q <botstar2>\n+ yes\n- no <botstar>\n+ r\n@ yes\n+ s\n- {@ yes}"))
	tests := []struct {
		name, last, whole string
		spoke             bool
		say, want         string
	}{
		{"L-PREV-6 before the first reply", "", "", false, "yes", "no undefined"},
		{"L-PREV-2 the last part", "Do you like tea?", "Hello. Do you like tea?", true, "yes", "P tea"},
		{"L-PREV-2 the whole", "tea?", "Do you like tea?", true, "yes", "P tea"},
		{"L-PREV-2 captures of what matched", "so do you like tea", "x", true, "yes", "Q tea"},
		{"L-PREV-3 not in a redirect", "x", "x", true, "s", "no undefined"},
		{"L-PREV-3 not behind an alias", "x", "x", true, "r", "no undefined"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(m.Program())
			d.last, d.whole, d.spoke = tt.last, tt.whole, tt.spoke
			if got := hear(t, m, d, tt.say); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestKeptForm(t *testing.T) { // L-NORM-8
	m := machine(one("# punc nostrip\n+ mail *\n- <star>\n+ site *\n- <star>\n+ r\n- {@ mail A@b.c}"))
	for say, want := range map[string]string{"Mail A@b.c!": "a@b.c!", "site a.b": "ab", "r": "a@b.c"} {
		if got := hear(t, m, newDesk(m.Program()), say); got != want {
			t.Errorf("%s: got %s, want %s", say, got, want)
		}
	}
}

func TestDraws(t *testing.T) { // L-PICK-1, L-TAG-6
	m := machine(one("+ a\n- one\n- {weight=3}three\n- two\n+ b\n- {random}x{/random}{random}p|q{/random}\n+ c\n- only"))
	tests := []struct {
		say   string
		rolls []uint64
		want  string
		drawn []uint64
	}{
		{"a", []uint64{0}, "one", []uint64{5}},
		{"a", []uint64{1}, "three", []uint64{5}},
		{"a", []uint64{3}, "three", []uint64{5}},
		{"a", []uint64{4}, "two", []uint64{5}},
		{"b", []uint64{1}, "xq", []uint64{2}},
		{"c", nil, "only", nil},
	}
	for _, tt := range tests {
		d := newDesk(m.Program())
		d.rolls = tt.rolls
		if got := hear(t, m, d, tt.say); got != tt.want {
			t.Errorf("%s %v: got %s, want %s", tt.say, tt.rolls, got, tt.want)
		}
		if diff := cmp.Diff(tt.drawn, d.drawn); diff != "" {
			t.Errorf("%s: draws %s", tt.say, diff)
		}
	}
}

func TestRedirectLimit(t *testing.T) { // L-RED-6, L-LIM-1
	m := machine(one("+ fifty\n- " + strings.Repeat("{@ x}", ir.MaxRedirects) + "\n+ more\n- <set s=1>" + strings.Repeat("{@ x}", ir.MaxRedirects+1) +
		"\n+ x\n- x\n+ loop\n@ loop"))
	d := newDesk(m.Program())
	if got := hear(t, m, d, "fifty"); got != strings.Repeat("x", ir.MaxRedirects) {
		t.Errorf("fifty redirects give %s", got)
	}
	const deep = "[RIVE_ERROR: Deep Recursion]"
	if got := hear(t, m, d, "more"); got != deep {
		t.Errorf("one more gives %s", got)
	}
	if d.vars[world.User]["s"] != "1" {
		t.Error("what was set does not stay set")
	}
	if got := hear(t, m, d, "loop"); got != deep {
		t.Errorf("a loop gives %s", got)
	}
}

func TestOtherLimits(t *testing.T) { // L-LIM-1
	big := strings.Repeat("x", ir.MaxText)
	m := machine(one("+ big\n- <get x>\n+ bigger\n- <get x>.\n+ argument\n- <set y=<get x>.>\n+ steps\n- " + strings.Repeat("{@ t}", ir.MaxRedirects) +
		"\n+ t\n- " + strings.Repeat("<set z={lowercase}"+strings.Repeat("<get a><get b>", 100)+"{/lowercase}>", 120)))
	tests := []struct {
		say   string
		limit bool
	}{{"big", false}, {"bigger", true}, {"argument", true}, {"steps", true}}
	for _, tt := range tests {
		d := newDesk(m.Program())
		d.vars[world.User]["x"] = big
		_, err := m.Answer(context.Background(), d, m.words.Forms(tt.say, false))
		if errors.Is(err, world.ErrLimit) != tt.limit {
			t.Errorf("%s: error is %v", tt.say, err)
		}
	}
}

func TestCancelledTurn(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := machine(one("+ a\n- " + strings.Repeat("<get x>", 3*ctxInterval)))
	_, err := m.Answer(ctx, newDesk(m.Program()), m.words.Forms("a", false))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := m.Probe(ctx, newDesk(m.Program()), m.words.Forms("a", false)); !errors.Is(err, context.Canceled) {
		t.Errorf("error of Probe is %v", err)
	}
}

func TestProbe(t *testing.T) { // L-EV-4
	m := machine(one("+ a\n- A\n+ b\n% who\n- B"))
	d := newDesk(m.Program())
	d.last, d.whole, d.spoke = "who", "who", true
	for say, want := range map[string]int{"a": 0, "b": 1, "zz": ir.None} {
		got, err := m.Probe(context.Background(), d, m.words.Forms(say, false))
		if got != want || err != nil {
			t.Errorf("Probe(%s) = %d, %v, want %d", say, got, err, want)
		}
	}
	if len(d.events) > 0 || len(d.log) > 0 {
		t.Error("Probe leaves traces")
	}
}

func TestTrace(t *testing.T) {
	m := machine(one("+ hi *\n@ greet <star>\n+ greet (*)\n* <get x> == 1 => no\n- bye\n- {@ nope} <add n=y>"))
	d := newDesk(m.Program())
	d.rolls = []uint64{1}
	hear(t, m, d, "hi ann")
	want := []trace.Event{
		{Kind: trace.Matched, Trigger: 0, Captures: []string{"ann"}},
		{Kind: trace.Alias, Trigger: 0, Text: "greet ann"},
		{Kind: trace.Matched, Trigger: 1, Captures: []string{"ann", "ann"}},
		{Kind: trace.Condition, Trigger: 1, Left: "undefined", Right: "1"},
		{Kind: trace.Reply, Trigger: 1, N: 1, Of: 2},
		{Kind: trace.Problem, Text: "[ERR: no number]"},
		{Kind: trace.Redirect, Text: "nope"},
		{Kind: trace.Unmatched, Text: "nope"},
		{Kind: trace.Problem, Text: "[RIVE_ERROR: Reply Not Matched]"},
	}
	if diff := cmp.Diff(want, d.events); diff != "" {
		t.Error(diff)
	}
}

func TestMachineIsSafeForConcurrentUse(t *testing.T) {
	m := machine(one("+ a *\n- <star> {@ b <star>}\n+ b *\n- {formal}<star>{/formal}"))
	done := make(chan string)
	for i := range 8 {
		go func() {
			name := fmt.Sprintf("ann%d", i)
			tokens, err := m.Answer(context.Background(), newDesk(m.Program()), m.words.Forms("a "+name, false))
			if err != nil {
				done <- err.Error()
				return
			}
			want := name + " Ann" + name[3:]
			if got := reply.Finish(tokens, reply.Options{}).Text; got != want {
				done <- fmt.Sprintf("got %s, want %s", got, want)
				return
			}
			done <- ""
		}()
	}
	for range 8 {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
}
