package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// engines are the two of wazero; a module must do the same in both.
type engines struct{ compiler, interpreter *Runtime }

// open makes both engines, with one cache for all tests of a run.
func openEngines(t testing.TB) engines {
	t.Helper()
	var e engines
	for _, r := range []struct {
		at     **Runtime
		config Config
	}{{&e.compiler, Config{}}, {&e.interpreter, Config{Interpreter: true}}} {
		rt, err := New(r.config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := rt.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		*r.at = rt
	}
	return e
}

// trio is one script run three ways, each with a person of its own.
type trio struct {
	program *ir.Program
	words   *message.Normalizer
	names   []string
	scripts []world.Script
	people  []*person
	last    []reply.Token // of the latest answer
}

// trio compiles a program and loads it into both engines.
func (e engines) trio(t testing.TB, p *ir.Program) *trio {
	t.Helper()
	wasm := emitted(t, p)
	x := &trio{program: p, words: message.New(p.Meta.Message)}
	x.add("interp", interp.New(p))
	for name, r := range map[string]*Runtime{"compiler": e.compiler, "interpreter": e.interpreter} {
		if r != nil {
			x.add(name, loaded(t, r, wasm))
		}
	}
	return x
}

func (x *trio) add(name string, s world.Script) {
	x.names = append(x.names, name)
	x.scripts = append(x.scripts, s)
	x.people = append(x.people, newPerson(s.Program(), 0))
}

// quickTrio is trio for the compiler alone, to be closed by the caller.
func (e engines) quickTrio(t fatal, p *ir.Program) *trio {
	t.Helper()
	wasm, err := emit.Module(p)
	if err != nil {
		t.Fatalf("%v", err)
	}
	m, err := e.compiler.Load(context.Background(), wasm)
	if err != nil {
		t.Fatalf("%v", err)
	}
	x := &trio{program: p, words: message.New(p.Meta.Message)}
	x.add("interp", interp.New(p))
	x.add("compiler", m)
	return x
}

func (x *trio) close(t fatal) {
	t.Helper()
	for _, s := range x.scripts {
		if m, ok := s.(*Module); ok {
			if err := m.Close(context.Background()); err != nil {
				t.Fatalf("%v", err)
			}
		}
	}
}

func loaded(t testing.TB, r *Runtime, wasm []byte) *Module {
	t.Helper()
	m, err := r.Load(context.Background(), wasm)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

// fatal is what can report a difference: a test or a rapid check.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// say has all three hear a message, and compares everything.
func (x *trio) say(t fatal, text string, seed uint64) {
	t.Helper()
	forms := x.words.Forms(text, x.program.Meta.Kept)
	var wantTokens, wantState any
	var wantErr error
	wantProbe := 0
	for i, s := range x.scripts {
		p := x.people[i]
		p.turn(seed)
		probe, err := s.Probe(context.Background(), p, forms)
		if err != nil {
			t.Fatalf("%s: probe %q: %v", x.names[i], text, err)
		}
		tokens, err := s.Answer(context.Background(), p, forms)
		state := p.state()
		p.heard(forms.Plain.String, tokens)
		if i == 0 {
			wantTokens, wantState, wantErr, wantProbe = tokens, state, err, probe
			x.last = tokens
			continue
		}
		if probe != wantProbe {
			t.Fatalf("%s: probe %q: trigger %d, want %d", x.names[i], text, probe, wantProbe)
		}
		if (err == nil) != (wantErr == nil) || errors.Is(err, world.ErrLimit) != errors.Is(wantErr, world.ErrLimit) {
			t.Fatalf("%s: %q: error %v, want %v", x.names[i], text, err, wantErr)
		}
		if d := differ(wantTokens, any(tokens)); d != "" {
			t.Fatalf("%s: %q: tokens (-interp +%s):\n%s", x.names[i], text, x.names[i], d)
		}
		if wantErr == nil {
			if d := differ(wantState, any(state)); d != "" {
				t.Fatalf("%s: %q: deeds (-interp +%s):\n%s", x.names[i], text, x.names[i], d)
			}
		}
	}
}

// differ shows how two values differ; it is quick when they do not.
func differ(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got, cmpopts.EquateEmpty())
}

// conformance is a case of the conformance data, as far as it is needed here.
type conformance struct {
	Name, Dialect string
	UTF8          bool
	Files         map[string]string
	Settings      map[string]any
	Steps         []struct {
		Say   *string
		Set   map[string]any
		Times int
	}
}

// TestConformanceBots runs the bots and messages of the conformance cases.
func TestConformanceBots(t *testing.T) {
	e := openEngines(t)
	for _, name := range []string{"footlight-core.jsonl", "third-party-open.jsonl"} {
		path := filepath.Join("..", "..", "..", "shared", "conformance", name)
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("the conformance data is not here: %s", path)
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var c conformance
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			t.Run(c.Name, func(t *testing.T) { c.run(t, e) })
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *conformance) run(t *testing.T, e engines) {
	x := e.trio(t, front(t, c.Files, link.Settings{Dialect: link.Dialect(c.Dialect), UTF8: c.UTF8}))
	for i, step := range c.Steps {
		for name, value := range step.Set {
			for _, p := range x.people {
				if name == "topic" {
					p.SwitchTopic(fmt.Sprint(value))
				} else {
					p.vars[world.User][name] = fmt.Sprint(value)
				}
			}
		}
		if step.Say != nil {
			for n := range max(1, min(step.Times, 20)) {
				x.say(t, *step.Say, uint64(100*i+n))
			}
		}
	}
}

// front lowers a bot of documents.
func front(t testing.TB, files map[string]string, s link.Settings, directions ...link.Direction) *ir.Program {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, err := compile.Front(dir, s, directions...)
	if err != nil {
		t.Fatal(err)
	}
	return r.Program
}
