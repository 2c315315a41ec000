package sandbox

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// engineModule is a tiny engine: it adds to a number in memory, loops, fills memory,
// and calls its host.
func engineModule(t *testing.T) []byte {
	t.Helper()
	m := wasmbin.Module{Name: "engine"}
	called := m.Import(envModule, "host_call", wasmbin.Signature("iiiii", "i"))
	interrupted := m.Import(envModule, "host_interrupt", wasmbin.Signature("", "i"))
	m.Memory(1, 4)
	m.ExportMemory("memory")
	stack := m.Global("stack", wasmbin.I32, 4096)
	m.ExportGlobal("__stack_pointer", stack)
	export := func(name, params, results string) *wasmbin.Code {
		f, c := m.Func(name, wasmbin.Signature(params, results))
		m.ExportFunc(name, f)
		return c
	}
	c := export("_initialize", "", "")
	c.I32(8)
	c.I32(7)
	c.I32Store(0)
	c = export("add", "i", "i") // memory[8] += n
	c.I32(8)
	c.I32(8)
	c.I32Load(0)
	c.LocalGet(0)
	c.Op(wasmbin.I32Add)
	c.I32Store(0)
	c.I32(8)
	c.I32Load(0)
	c = export("loop", "", "") // until the host interrupts
	c.Loop(func(again wasmbin.Label) {
		c.Call(interrupted)
		c.Op(wasmbin.I32Eqz)
		c.BrIf(again)
	})
	c = export("fill", "", "") // for ever
	c.Loop(func(again wasmbin.Label) {
		c.I32(1024)
		c.I32(1)
		c.I32(60_000)
		c.MemoryFill()
		c.Br(again)
	})
	c = export("ask", "i", "i") // host_call("", 8, 1 handle at 8)
	c.I32(0)
	c.I32(0)
	c.I32(0)
	c.LocalGet(0)
	c.I32(8)
	c.Call(called)
	c = export("grow", "", "i")
	c.I32(1)
	c.MemoryGrow()
	c.Drop()
	c.I32(70_000)
	c.I32(5)
	c.I32Store(0)
	c.I32(0)
	wasm, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

type engineHost struct {
	asked []uint32
	polls int
	err   error
	again func() (uint32, error)
}

func (h *engineHost) Call(_ string, args []uint32) (uint32, error) {
	h.asked = args
	if h.again != nil {
		return h.again()
	}
	return 42, h.err
}
func (h *engineHost) Interrupted() bool { h.polls++; return h.polls >= 3 }
func (h *engineHost) Now() time.Time    { return time.Unix(0, 0) }

func openEngine(t *testing.T) *Engine {
	t.Helper()
	e, err := openEngines(t).compiler.Engine(context.Background(), engineModule(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

func callOf(t *testing.T, m *Machine, name string, params ...uint32) (uint32, error) {
	t.Helper()
	f, err := m.Func(name)
	if err != nil {
		t.Fatal(err)
	}
	return f.Call(params...)
}

func TestEngineImages(t *testing.T) {
	e, host := openEngine(t), &engineHost{}
	m, err := e.Start(context.Background(), host)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := callOf(t, m, "add", 1); got != 8 || err != nil {
		t.Fatalf("%d, %v", got, err)
	}
	image, err := m.Save()
	if err != nil {
		t.Fatal(err)
	}
	other, err := e.Restore(context.Background(), image)
	if err != nil {
		t.Fatal(err)
	}
	other.Serve(context.Background(), host)
	if got, err := callOf(t, other, "add", 10); got != 18 || err != nil {
		t.Errorf("in a machine out of the image: %d, %v", got, err)
	}
	if _, err := callOf(t, other, "grow"); err != nil {
		t.Fatal(err)
	}
	if err := other.Reset(image); err != nil {
		t.Fatal(err)
	}
	if beyond, err := other.Read(70_000, 1); err != nil || beyond[0] != 0 {
		t.Errorf("after a reset memory beyond the image holds %v, %v", beyond, err)
	}
	if got, err := callOf(t, other, "add", 1); got != 9 || err != nil {
		t.Errorf("after a reset: %d, %v", got, err)
	}
	if got, err := callOf(t, m, "add", 0); got != 8 || err == nil && got != 8 {
		t.Errorf("the first machine: %d, %v", got, err)
	}
	if _, err := m.Read(4<<16, 1); !errors.Is(err, errAddress) {
		t.Errorf("reading beyond memory: %v", err)
	}
	if err := errors.Join(m.Close(context.Background()), other.Close(context.Background())); err != nil {
		t.Error(err)
	}
}

func TestEngineStops(t *testing.T) {
	e, host := openEngine(t), &engineHost{}
	start := func() *Machine {
		m, err := e.Start(context.Background(), host)
		if err != nil {
			t.Fatal(err)
		}
		m.Serve(context.Background(), host)
		t.Cleanup(func() { _ = m.Close(context.Background()) })
		return m
	}
	m := start()
	if _, err := callOf(t, m, "loop"); err != nil || host.polls != 3 {
		t.Errorf("interrupted: %v after %d polls", err, host.polls)
	}
	host.polls = -1 << 30
	for _, name := range []string{"loop", "fill"} {
		m = start()
		m.SetFuel(1_000_000)
		if _, err := callOf(t, m, name); err == nil || m.Fuel() >= 0 {
			t.Errorf("%s without fuel: %v, %d left", name, err, m.Fuel())
		}
	}
	m = start()
	if got, err := callOf(t, m, "ask", 1); got != 42 || err != nil || len(host.asked) != 1 || host.asked[0] != 7 {
		t.Errorf("a call of the host: %d, %v, %v", got, err, host.asked)
	}
	if _, err := callOf(t, m, "ask", 1<<30); !errors.Is(err, errAddress) {
		t.Errorf("with arguments beyond memory: %v", err)
	}
	host.err = errors.New("over")
	m = start()
	if _, err := callOf(t, m, "ask", 0); !errors.Is(err, host.err) {
		t.Errorf("after an error of the host: %v", err)
	}
	m = start()
	host.again = func() (uint32, error) { return callOf(t, m, "add", 5) }
	if got, err := callOf(t, m, "ask", 0); got != 12 || err != nil {
		t.Errorf("entered again from inside: %d, %v", got, err)
	}
	m.Leave()
	if _, err := callOf(t, m, "ask", 0); !errors.Is(err, errNoHost) {
		t.Errorf("for nobody: %v", err)
	}
}
