package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

var errBroken = errors.New("the world is broken")

// broken is a World that panics where a script asks for a variable.
type broken struct{ person }

func (b *broken) Get(world.Scope, string) (string, bool) { panic(errBroken) }

// TestTrapNamesTheLine has a turn end inside of a host function and expects the
// line of the script in the error, in both engines and from the disk cache.
func TestTrapNamesTheLine(t *testing.T) {
	wasm := emitted(t, front(t, map[string]string{
		"default.topic": "+ hello\n- Hi.\n",
		"order.topic":   "+ order *\n* <star> == tea => One tea.\n- You get\n^ a {random}<get drink>|<get drink>{/random}.\n",
	}, link.Settings{}))
	dir := t.TempDir()
	for _, tt := range []struct {
		name   string
		config Config
	}{
		{"compiler", Config{CacheDir: dir}},
		{"compiler, from the cache", Config{CacheDir: dir}},
		{"interpreter", Config{Interpreter: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := loadedAlone(t, tt.config, wasm)
			p := &broken{*newPerson(m.Program(), 1)}
			p.topic = topicNumber(t, m, "order")
			_, err := m.Answer(context.Background(), p, forms(m, "order coffee"))
			var trap *Trap
			if !errors.As(err, &trap) || !errors.Is(err, errBroken) {
				t.Fatalf("error %v, want a Trap around that of the world", err)
			}
			if want := "sandbox: order.topic:3: the world is broken"; err.Error() != want {
				t.Errorf("error %q, want %q", err, want)
			}
			if !strings.Contains(trap.Stack, "footlight.variable(") {
				t.Errorf("the stack does not name the routine:\n%s", trap.Stack)
			}
			p2 := newPerson(m.Program(), 1)
			p2.topic = p.topic
			tokens, err := m.Answer(context.Background(), p2, forms(m, "order tea"))
			if err != nil || len(tokens) != 1 || tokens[0].Text != "One tea." {
				t.Errorf("after the trap: %v, %v, want One tea.", tokens, err)
			}
		})
	}
}

func topicNumber(t *testing.T, m *Module, name string) int {
	t.Helper()
	for i, topic := range m.Program().Topics {
		if topic == name {
			return i
		}
	}
	t.Fatalf("no topic %s", name)
	return 0
}

func forms(m *Module, text string) message.Forms {
	return message.New(m.Program().Message).Forms(text, m.Program().Kept)
}

// loadedAlone loads a module into a Runtime of its own.
func loadedAlone(t *testing.T, c Config, wasm []byte) *Module {
	t.Helper()
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return loaded(t, r, wasm)
}

// foreign builds a module with the exports of a script, whose answer is written
// by the test; it is given an import of a text function and that of a limit.
func foreign(t *testing.T, answer func(c *wasmbin.Code, id wasmbin.Func)) []byte {
	t.Helper()
	m := wasmbin.Module{Name: "foreign"}
	id := m.Import(emit.HostModule, emit.ImportID, wasmbin.Signature("ii", "i"))
	f, c := m.Func("answer", wasmbin.Signature("ii", "ii"))
	answer(c, id)
	g, c := m.Func("probe", wasmbin.Signature("ii", "i"))
	c.I32(-1)
	h, c := m.Func("fire", wasmbin.Signature("i", "ii"))
	c.I32(0)
	c.I32(0)
	m.Memory(1, 2)
	m.ExportMemory(emit.ExportMemory)
	m.ExportGlobal(emit.ExportArena, m.Global("arena", wasmbin.I32, 1024))
	m.ExportFunc(emit.ExportAnswer, f)
	m.ExportFunc(emit.ExportProbe, g)
	m.ExportFunc(emit.ExportFire, h)
	meta, err := json.Marshal(ir.Meta{Dialect: "dexter", Topics: []string{"default"}})
	if err != nil {
		t.Fatal(err)
	}
	m.Custom(emit.SectionMeta, meta)
	wasm, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// TestBadModules has modules do what no emitted one does.
func TestBadModules(t *testing.T) {
	e := openEngines(t)
	for _, tt := range []struct {
		name   string
		answer func(c *wasmbin.Code, id wasmbin.Func)
		want   string
	}{
		{"a trap", func(c *wasmbin.Code, _ wasmbin.Func) { c.Unreachable() }, "sandbox: wasm error: unreachable"},
		{"a buffer outside of the memory", func(c *wasmbin.Code, id wasmbin.Func) {
			c.I32(-16)
			c.I32(100)
			c.Call(id)
			c.Unreachable()
		}, "sandbox: an address of the module is not in its memory"},
		{"a reply outside of the memory", func(c *wasmbin.Code, _ wasmbin.Func) { c.I32(1024); c.I32(1 << 20) }, "the reply: an address"},
		{"a reply that is none", func(c *wasmbin.Code, _ wasmbin.Func) { c.I32(1024); c.I32(7) }, "the reply: reply: wire form ends"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []*Runtime{e.compiler, e.interpreter} {
				m := loaded(t, r, foreign(t, tt.answer))
				_, err := m.Answer(context.Background(), newPerson(m.Program(), 1), forms(m, "hello"))
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	r := openEngines(t).compiler
	encode := func(build func(m *wasmbin.Module)) []byte {
		var m wasmbin.Module
		build(&m)
		wasm, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return wasm
	}
	for _, tt := range []struct {
		name string
		wasm []byte
		want error
		text string
	}{
		{"no module", []byte("hello"), wasmbin.ErrNotModule, ""},
		{"no script", encode(func(*wasmbin.Module) {}), ErrNotScript, ""},
		{"no exports", encode(func(m *wasmbin.Module) { m.Custom(emit.SectionMeta, []byte("{}")) }), ErrNotScript, "exports are missing"},
		{"no description", encode(func(m *wasmbin.Module) { m.Custom(emit.SectionMeta, []byte("{")) }), nil, "description of the script"},
		{"a foreign import", encode(func(m *wasmbin.Module) {
			m.Import("elsewhere", "f", wasmbin.Signature("", ""))
			m.Custom(emit.SectionMeta, []byte("{}"))
		}), nil, "elsewhere"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := r.Load(context.Background(), tt.wasm)
			if err == nil {
				t.Fatal("it was loaded")
			}
			if m != nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("module %v, error %v, want %v %s", m, err, tt.want, tt.text)
			}
		})
	}
}

// clumsy is a World that panics with something that is no error.
type clumsy struct{ person }

func (c *clumsy) Topic() int { panic("oops") }

// careless is a World with a bug.
type careless struct{ person }

func (c *careless) Topic() int { return c.topic + len(c.inputs[7]) }

// TestPanicsStayInside: what a World panics with becomes an error in one line.
func TestPanicsStayInside(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	for _, tt := range []struct {
		w    world.World
		want string
	}{
		{&clumsy{*newPerson(m.Program(), 1)}, "sandbox: oops"},
		{&careless{*newPerson(m.Program(), 1)}, "sandbox: runtime error: index out of range"},
	} {
		_, err := m.Answer(context.Background(), tt.w, forms(m, "hello"))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want a line that begins with %q", err, tt.want)
		}
	}
}

// lost is a World that is in a topic the script does not have.
type lost struct{ person }

func (l *lost) Topic() int { return 1 << 20 }

func TestTopicOutOfRange(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	_, err := m.Answer(context.Background(), &lost{*newPerson(m.Program(), 1)}, forms(m, "hello"))
	if err == nil || !strings.Contains(err.Error(), "topic 1048576 of 2") {
		t.Errorf("error %v, want one about the topic", err)
	}
}
