package turn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// company runs a bot with macros twice: on the reference interpreter, and compiled.
type company struct {
	names   []string
	runners []*Runner
	states  []session.State
	turns   uint64
}

func newCompany(t testing.TB, settings Settings, text string) *company {
	t.Helper()
	built, err := compile.Build(fstest.MapFS{"default.topic": &fstest.MapFile{Data: []byte(text)}}, link.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	runtime, err := sandbox.New(sandbox.Config{CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	module, err := runtime.Load(t.Context(), built.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	settings.Macros, err = macro.Load(t.Context(), macro.Config{Runtime: runtime, Program: module.Program()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, end := range []func(context.Context) error{module.Close, settings.Macros.Close, runtime.Close} {
			if err := end(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	c := &company{}
	for name, script := range map[string]world.Script{"interpreter": interp.New(built.Program), "module": module} {
		c.names, c.runners, c.states = append(c.names, name), append(c.runners, New(script, settings)), append(c.states, session.State{})
	}
	return c
}

// say has both hear a message; reply, session and trace must be the same.
func (c *company) say(t testing.TB, text string) Result {
	t.Helper()
	c.turns++
	var first Result
	for i, r := range c.runners {
		result, err := r.Run(t.Context(), Input{
			Event: Event{Kind: Text, Text: text}, Session: c.states[i], Person: Person{ID: "ann", Platform: "test"},
			Now: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC), Seed: c.turns,
		})
		if err != nil {
			t.Fatalf("%s: %q: %v", c.names[i], text, err)
		}
		c.states[i] = result.Session
		if i == 0 {
			first = result
		} else if diff := cmp.Diff(first, result); diff != "" {
			t.Errorf("%q (-%s +%s):\n%s", text, c.names[0], c.names[i], diff)
		}
	}
	return first
}

func textOf(r Result) string {
	var texts []string
	for _, p := range r.Reply.Parts {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, " | ")
}

const api = `! var shop = Tiny
> begin
+ request
- {ok}
< begin
> object set
  rs.setUservar(rs.currentUser(), args[0], JSON.parse(args[1])); return rs.getUservar(rs.currentUser(), args[0]) + '';
< object
> object all
  return rs.getUservars(rs.currentUser());
< object
> object run
  const u = rs.currentUser(); return eval(args[0]);
< object
> object deep
  return 'x' + rs.reply(rs.currentUser(), 'deep');
< object
> object date
  return Date.now() + ' ' + moment().format() + ' ' + (Math.random() === Math.random()) + _.random(1, 6);
< object
> object fail
  const a = 1;
  throw new Error('no ' + args[0]);
< object
+ set * to *
- <call>set <star> "<star2>"</call>
+ all
- <call>all</call>
+ run [*]
- <call>run "<get code>"</call>
+ other
- other {topic=random} <call>run "rs.lastTriggers(u).join()"</call>
+ deep
- a<call>deep</call>
+ date
- <call>date</call>
+ fail
- well <call>fail luck</call>
+ get *
- <get <star>>
+ [*] way
@ other
`

func TestMacroAPI(t *testing.T) { // L-JS-6
	c := newCompany(t, Settings{}, api)
	code := func(js string) string {
		for i := range c.states {
			raw, _ := json.Marshal(js)
			if c.states[i].Vars == nil {
				c.states[i].Vars = map[string]json.RawMessage{}
			}
			c.states[i].Vars["code"] = raw
		}
		return textOf(c.say(t, "run"))
	}
	for _, step := range []struct{ js, want string }{
		{"rs.setUservar(u, 'n', {a: [1, 2.5]}); rs.getUservar(u, 'n').a[1]", "2.5"},
		{"rs.setUservar(u, '_mine', true); rs.getUservar(u, '_mine')", "true"},
		{"rs.clearUservars(u); rs.getUservar(u, '_mine') + rs.getUservar(u, 'n')", "trueundefined"},
		{"rs.getBotvar('shop') + rs.getBotvar('none'); ", "Tinyundefined"},
		{"rs.setBotvar('shop', 'Big'); rs.getBotvars()", `{"shop":"Big"}`},
		{"rs.initialMatch(u) + rs.lastMatch(u)", "run [*]run [*]"},
		{"rs.reply(u, 'any way') + rs.lastTriggers(u)", "other run [*],[*] way,otherrun [*],[*] way,other"},
		{"rs.setUservar(u, 'topic', 'nowhere'); rs.getUservar(u, 'topic')", "default"},
		{"rs.setUservar(u, 'x', 1); rs.freezeUservars(u); rs.setUservars(u, {x: 2, y: 3}); rs.thawUservars(u, 'keep'); rs.getUservar(u, 'x') + rs.getUservar(u, 'y')", "1undefined"},
		{"rs.setUservar(u, 'x', 5); rs.thawUservars(u, 'thaw'); rs.thawUservars(u, 'thaw'); rs.getUservar(u, 'x')", "1"},
		{"rs.thawUservars(u, 'melt')", `[ERR: Error when executing JavaScript object: thaw "melt": the actions are thaw, discard and keep]`},
		{"rs.getUservars('bob')", `[ERR: Error when executing JavaScript object: rs.getUservars: "bob" is not the current user]`},
	} {
		if got := code(step.js); got != step.want {
			t.Errorf("%s gives %q, want %q", step.js, got, step.want)
		}
	}
	if got := textOf(c.say(t, "set n to 5")); got != "5" {
		t.Errorf("set: %q", got)
	}
	if got := textOf(c.say(t, "get n")); got != "5" {
		t.Errorf("get: %q", got)
	}
}

// TestMacrosAreReplayed: clock and chance are those of the turn.
func TestMacrosAreReplayed(t *testing.T) {
	c := newCompany(t, Settings{}, api)
	first := textOf(c.say(t, "date"))
	if !strings.HasPrefix(first, "1767258000000 2026-01-01T09:00:00+00:00 false") {
		t.Errorf("the date is %q", first)
	}
	c.turns = 0
	if again := textOf(c.say(t, "date")); again != first {
		t.Errorf("the same turn gives %q, then %q", first, again)
	}
}

func TestMacroErrors(t *testing.T) { // L-ERR-1, L-RED-6
	c := newCompany(t, Settings{}, api)
	if got := textOf(c.say(t, "deep")); got != "[RIVE_ERROR: Deep Recursion]" {
		t.Errorf("a macro in a circle: %q", got)
	}
	r := c.say(t, "fail")
	if got := textOf(r); got != "well [ERR: Error when executing JavaScript object: no luck]" {
		t.Errorf("a macro that throws: %q", got)
	}
	for _, e := range r.Trace {
		if e.Kind == trace.Macro && (e.File != "default.topic" || e.Line != 23 || e.Text != "no luck") {
			t.Errorf("the failure is traced as %+v", e)
		}
	}
}

// TestMacroLimits: what macros store is bounded like what scripts store (section 28).
func TestMacroLimits(t *testing.T) {
	c := newCompany(t, Settings{}, `> object much
  const u = rs.currentUser();
  for (let i = 0; i < 600; i++) { rs.setUservar(u, 'v' + i, i); rs.setUservar(u, '_v' + i, i); rs.setBotvar('b' + i, i); }
  rs.setUservar(u, 'v1', 'x'.repeat(5000));
  rs.setUservar(u, 'v2', 'x'.repeat(4096));
  rs.setUservar(u, 'n'.repeat(5000), 1);
< object
+ much
- <call>much</call>done
`)
	if got := textOf(c.say(t, "much")); got != "done" {
		t.Fatal(got)
	}
	s := c.states[0]
	own, hosts := 0, 0
	for name := range s.Vars {
		if strings.HasPrefix(name, "_") {
			hosts++
		} else {
			own++
		}
	}
	if own != session.MaxVariables || hosts > session.MaxVariables+5 || len(s.BotVars) != session.MaxVariables {
		t.Errorf("%d variables, %d of the host, %d of the bot", own, hosts, len(s.BotVars))
	}
	if v1, v2 := string(s.Vars["v1"]), session.TextOf(s.Vars["v2"]); v1 != "1" || len(v2) != session.MaxValueBytes {
		t.Errorf("v1 is %.20s, v2 has %d bytes", v1, len(v2))
	}
}

// answers is a Fetcher.
type answers map[string]string

func (a answers) Fetch(_ context.Context, q Request) (Answer, error) {
	body, known := a[q.URL]
	if !known {
		return Answer{}, fmt.Errorf("no %s", q.URL)
	}
	return Answer{Status: 200, Body: body}, nil
}

func TestHTTPData(t *testing.T) { // L-JS-5
	c := newCompany(t, Settings{Fetcher: answers{"http://a/1": ` {"items": [1, 2], "b": 0} `, "http://a/2": `{"n":3}`, "http://a/3": "plain", "http://a/4": "[7]"}}, `> object data
  return JSON.stringify(this.httpData) + (this.httpData === this.httpData);
< object
+ none
- <call>data</call>
+ one
$ GET http://a/1
- <call>data</call>
+ two
$ GET http://a/1
$ GET:b http://a/2
$ GET:c http://a/3
$ GET:d http://a/4
- <call>data</call>
+ list
$ GET http://a/4
- <call>data</call>
`)
	for message, want := range map[string]string{
		"none": "{}true",
		"one":  `{"items":[1,2],"b":0}true`,
		"two":  `{"items":[1,2],"b":{"n":3},"c":{"__status":200,"__text":"plain"},"d":[7]}true`,
		"list": "{}true",
	} {
		if got := textOf(c.say(t, message)); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

// TestCancelledMacro: what a macro could not finish does not become a reply.
func TestCancelledMacro(t *testing.T) {
	c := newCompany(t, Settings{}, "> object loop\n  try { for (;;) {} } finally { rs.setUservar(rs.currentUser(), 'x', 1); }\n< object\n+ go\n- <call>loop</call>\n")
	for i, r := range c.runners {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := r.Run(ctx, Input{Event: Event{Kind: Text, Text: "go"}, Person: Person{ID: "ann"}})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, want the error of the context", c.names[i], err)
		}
	}
}
