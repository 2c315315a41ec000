package macro

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeStage is a Stage that writes down what is done to it.
type fakeStage struct {
	vars    map[string]json.RawMessage
	bot     map[string]string
	matched []string
	http    string
	draws   uint64
	frozen  map[string]json.RawMessage
	trace   []trace.Event
}

var _ Stage = (*fakeStage)(nil)

func newStage() *fakeStage {
	return &fakeStage{vars: map[string]json.RawMessage{"topic": json.RawMessage(`"default"`)}, bot: map[string]string{}, http: "{}"}
}

func (s *fakeStage) ID() string             { return "ann" }
func (s *fakeStage) Now() time.Time         { return time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC) }
func (s *fakeStage) Random(n uint64) uint64 { s.draws++; return n / 4 * (s.draws % 4) }
func (s *fakeStage) Value(name string) (json.RawMessage, bool) {
	v, ok := s.vars[name]
	return v, ok
}
func (s *fakeStage) Values() map[string]json.RawMessage { return s.vars }
func (s *fakeStage) Store(name string, value json.RawMessage) {
	if value == nil || string(value) == "null" {
		delete(s.vars, name)
		return
	}
	s.vars[name] = slices.Clone(value)
}
func (s *fakeStage) Wipe() { clear(s.vars) }
func (s *fakeStage) Get(_ world.Scope, name string) (string, bool) {
	v, ok := s.bot[name]
	return v, ok
}
func (s *fakeStage) Set(_ world.Scope, name, value string) { s.bot[name] = value }
func (s *fakeStage) BotVars() map[string]string            { return s.bot }
func (s *fakeStage) Matched() []string                     { return s.matched }
func (s *fakeStage) Freeze()                               { s.frozen = maps.Clone(s.vars) }
func (s *fakeStage) Thaw(string) error                     { s.vars = s.frozen; return nil }
func (s *fakeStage) HTTPData() json.RawMessage             { return json.RawMessage(s.http) }
func (s *fakeStage) Person(text string) string             { return text }
func (s *fakeStage) Trace(e trace.Event)                   { s.trace = append(s.trace, e) }

func openRuntime(t testing.TB) *sandbox.Runtime {
	t.Helper()
	r, err := sandbox.New(sandbox.Config{CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// load makes macros: name and code in turn. Each begins in line 10 of "a.topic".
func load(t testing.TB, c clock.Clock, objects ...string) *Set {
	t.Helper()
	meta := &ir.Meta{Dialect: "dexter", Files: []string{"a.topic"}}
	for i := 0; i < len(objects); i += 2 {
		meta.Objects = append(meta.Objects, ir.Object{Name: objects[i], Language: "javascript", Code: objects[i+1], Loc: ir.Loc{Line: 10}})
	}
	s, err := Load(context.Background(), Config{Runtime: openRuntime(t), Clock: c, Program: meta})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run calls one macro in a turn of its own.
func run(t testing.TB, s *Set, stage Stage, name string, args ...string) (result, problem string) {
	t.Helper()
	turn := s.Turn(context.Background(), stage)
	defer func() {
		if err := turn.Close(); err != nil {
			t.Error(err)
		}
	}()
	result, problem, found := turn.Run(world.Macro{Name: name, Args: args, Reply: func(text string) ([]reply.Token, error) {
		return []reply.Token{{Kind: reply.Text, Text: "re: " + text}}, nil
	}})
	if !found {
		t.Fatalf("there is no macro %s: %v", name, s.Problems())
	}
	return result, problem
}

func TestResults(t *testing.T) { // L-JS-1, L-JS-2, L-JS-4
	const me = "const u = rs.currentUser(); "
	tests := []struct{ name, code, result, problem string }{
		{"nothing", "", "", ""},
		{"null", "return null", "", ""},
		{"text", "return 'héllo\\u0000 😀'", "héllo\x00 😀", ""},
		{"number", "return 1/3", "0.3333333333333333", ""},
		{"false", "return false", "false", ""},
		{"object", "return {a: [1, 'x']}", `{"a":[1,"x"]}`, ""},
		{"function", "return () => 1", "", ""},
		{"args", "return JSON.stringify(args)", `["a","","b c"]`, ""},
		{"arguments are an array", "return String(Array.isArray(args))", "true", ""},
		{"exception", "throw new TypeError('no luck')", "", "no luck"},
		{"thrown text", "throw 'just text'", "", "just text"},
		{"thrown object", "throw {code: 7}", "", `{"code":7}`},
		{"circle", "const a = {}; a.a = a; return a", "", "circular reference"},
		{"await", "return await new Promise(r => r(5)) + await 1", "6", ""},
		{"returned promise", "return Promise.resolve('p')", "p", ""},
		{"rejected", "await Promise.reject(new Error('later'))", "", "later"},
		{"never settles", "await new Promise(() => {})", "", "it waits for a promise that nothing will settle"},
		{"no timers, no require, no network", "return [typeof setTimeout, typeof require, typeof fetch, typeof process].join()", "undefined,undefined,undefined,undefined", ""},
		{"no modules", "await import('fs')", "", "could not load module 'fs'"},
		{"clock", "return new Date().toISOString() + Date.now()", "2026-01-01T09:00:00.000Z1767258000000", ""},
		{"time zone", "return new Date().getTimezoneOffset()", "0", ""},
		{"chance", "return [Math.random(), Math.random()].join()", "0.25,0.5", ""},
		{"lodash", "return _.capitalize(_.join(_.chunk([1,2,3], 2), '|'))", "1,2|3", ""},
		{"moment", "return moment().add(1, 'day').format('YYYY-MM-DD')", "2026-01-02", ""},
		{"hidden lodash", "return globalThis[String.fromCharCode(95)].last([1, 2])", "2", ""},
		{"this", "return JSON.stringify(this.httpData) + Object.keys(this)", `{"a":1}httpData`, ""},
		{"get", me + "return [rs.getUservar(u, 'n') + 1, rs.getUservar(u, 'none'), rs.getUservar(u, 'topic')].join()", "6,undefined,default", ""},
		{"set", me + "rs.setUservar(u, 'l', [1]); rs.setUservar(u, '_x', {a: null}); return JSON.stringify(rs.getUservars(u))", `{"_x":{"a":null},"l":[1],"n":5,"topic":"default"}`, ""},
		{"set several", me + "rs.setUservars(u, {a: 1, n: undefined}); return JSON.stringify(rs.getUservars(u))", `{"a":1,"topic":"default"}`, ""},
		{"set a function", me + "rs.setUservar(u, 'f', () => 1)", "", "a function cannot be stored in a variable"},
		{"clear", me + "rs.setUservar(u, 'n', null); return rs.getUservar(u, 'n')", "undefined", ""},
		{"wrong user", "rs.getUservar('bob', 'n')", "", `rs.getUservar: "bob" is not the current user`},
		{"bot", "rs.setVariable('a', 7); return rs.getBotvar('a') + rs.getVariable('b') + JSON.stringify(rs.getBotvars())", `7undefined{"a":"7"}`, ""},
		{"matches", me + "return rs.lastMatch(u) + rs.initialMatch(u) + rs.lastTriggers(u)", "baa,b", ""},
		{"freeze", me + "rs.freezeUservars(u); rs.setUservar(u, 'n', 9); rs.thawUservars(u, 'thaw'); return rs.getUservar(u, 'n')", "5", ""},
		{"reply", me + "return rs.reply(u, 'a < b') + '!'", `re: a \< b!`, ""},
		{"escape", `return rs.escape('<send> ^a \\ "')`, `\<send> \^a \\ "`, ""},
		{"long", "return 'x'.repeat(70000)", "", "its result has more than 65536 bytes"},
		{"long in bytes", "return 'ü'.repeat(40000)", "", "its result has more than 65536 bytes"},
		{"cannot spoil the host", "JSON.parse = JSON.stringify = Promise.prototype.then = null; return rs.currentUser()", "ann", ""},
		{"arguments stay", "return typeof rs.reply + args.length + arguments.length", "function32", ""},
	}
	var objects []string
	for _, tt := range tests {
		objects = append(objects, strings.ReplaceAll(tt.name, " ", "-"), tt.code)
	}
	s := load(t, nil, objects...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stage := newStage()
			stage.vars["n"] = json.RawMessage("5")
			stage.matched = []string{"a", "b"}
			stage.http = `{"a":1}`
			result, problem := run(t, s, stage, strings.ReplaceAll(tt.name, " ", "-"), "a", "", "b c")
			if result != tt.result || problem != tt.problem {
				t.Errorf("%q, %q; want %q, %q", result, problem, tt.result, tt.problem)
			}
		})
	}
}
