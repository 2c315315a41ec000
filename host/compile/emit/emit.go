package emit

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
	"github.com/footlight-bots/footlight/host/compile/emit/graph"
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// Limits of a module.
const (
	// maxArenaPages is how far the memory of a turn may grow, in pages of 64 KiB: 16 MiB,
	// enough for fifty redirects that each go to the longest result of a macro.
	maxArenaPages = 256
	// firstArenaPages is the memory of a turn at first, in pages of 64 KiB.
	firstArenaPages = 1
)

// Fuel is counted in units: a turn of a loop costs one, a step of a template as
// many as a few of those. See ImportTick.
const (
	matchCost = 1
	StepCost  = 64
	// FuelChunk is the fuel of a turn before it asks for more: about a millisecond's, so that long turns can let others go first.
	FuelChunk = 1 << 17
)

// emitter is the state of one compilation.
type emitter struct {
	p    *ir.Program
	m    *wasmbin.Module
	data data.Segment
	in   imports
	rt   routines
	g    globals

	templates []uint32          // addresses, 0 where there is none yet
	constants map[string]uint32 // addresses of templates that are one text, in argument position
	rows      []*row            // that can be used again
	lines     ir.Places         // of the steps
	patterns  []uint32          // addresses
	triggers  int               // address of the first; they lie in a row
	tables    tables            // of the index
	choices   int               // address of the choices of the begin block
	deferred  int               // address of the table of deferred scripts
	err       error
}

// globals are the variables of a module.
type globals struct {
	arena      wasmbin.Global // where the memory of a turn begins
	top        wasmbin.Global // where its free part begins
	fuel       wasmbin.Global
	heard      wasmbin.Global // the person's message
	frame      wasmbin.Global // of the reply in the making
	step       wasmbin.Global // of a template that runs; 0 when none does
	tail       wasmbin.Global // the last token of the list in the making
	arg        wasmbin.Global // the argument in the making, or 0
	bytes      wasmbin.Global // of text in that list so far
	hops       wasmbin.Global // redirects that are left
	search     wasmbin.Global // number of the search for a trigger
	best       wasmbin.Global // the best trigger that it has found, or 0
	bestReach  wasmbin.Global // how the view reaches it
	bound      wasmbin.Global // rank in the set that is searched: only better ones are wanted
	asked      wasmbin.Global // the pattern of the best trigger was asked
	sought     wasmbin.Global // the heard text
	units      wasmbin.Global // of the text that is searched
	order      wasmbin.Global // addresses of the triggers of the set
	stamp      wasmbin.Global // number of the walk
	collecting wasmbin.Global // previous patterns are searched, all of them
	found      wasmbin.Global // the last of those
	captures   wasmbin.Global // what the last match captured
	count      wasmbin.Global
	before     wasmbin.Global // what the previous pattern of the trigger found captured
	befores    wasmbin.Global
	wanted     wasmbin.Global // the begin block wants the message answered
	answered   wasmbin.Global // it was
	reply      wasmbin.Global // first token of the reply to it
}

// Memory keeps what the modules of the versions of one bot have in common: what the
// index holds of patterns. It is of use if the programs have their patterns from the same
// lower.Memory. The zero Memory is empty. It must not be used by two calls at once.
type Memory struct {
	index       index.Memory
	size, texts int // of the data of the last one
}

// Module compiles a program. Equal programs give equal bytes.
func Module(p *ir.Program) ([]byte, error) { return new(Memory).Module(p) }

// Module is Module of the package, with the same result.
func (m *Memory) Module(p *ir.Program) ([]byte, error) {
	e, err := m.compiled(p)
	if err != nil {
		return nil, fmt.Errorf("emit: %w", err)
	}
	wasm, err := e.m.Encode()
	if err != nil {
		return nil, fmt.Errorf("emit: %w", err)
	}
	return wasm, nil
}

// compiled makes everything but the bytes.
func (m *Memory) compiled(p *ir.Program) (*emitter, error) {
	e := &emitter{p: p, m: &wasmbin.Module{Name: HostModule}, templates: make([]uint32, len(p.Funcs)), constants: map[string]uint32{}}
	e.data.Grow(m.size, m.texts)
	e.in = declareImports(e.m)
	e.declareGlobals()
	e.declareRoutines()
	e.choices = e.data.Reserve(4 * p.Choices)
	var x *index.Index
	var building sync.WaitGroup
	building.Go(func() { x = m.index.Build(p) })
	e.layTexts()
	e.layPatterns()
	e.layTriggers()
	building.Wait()
	e.layIndex(x)
	e.layDeferred()
	e.defineRoutines()
	m.size, m.texts = e.data.Counts()
	return e, e.finish()
}

// layTexts writes most of the texts before the rows that point at them. Rows are
// aligned, so that a text between two of them would cost padding.
func (e *emitter) layTexts() {
	for i := range e.p.Patterns {
		if text, ok := graph.WholeText(&e.p.Patterns[i]); ok {
			e.data.Text(text)
		}
	}
	for i := range e.p.Funcs {
		for _, op := range e.p.Funcs[i].Ops {
			if op.Kind == ir.EmitText {
				e.data.Text(op.Text)
			}
		}
	}
}

// layPatterns writes the graphs of all patterns.
func (e *emitter) layPatterns() {
	w := graph.NewWriter(&e.data)
	e.patterns = make([]uint32, len(e.p.Patterns))
	for i := range e.p.Patterns {
		e.patterns[i] = w.Write(&e.p.Patterns[i])
	}
	e.err = errors.Join(e.err, w.Err())
}

func (e *emitter) declareGlobals() {
	g := func(name string) wasmbin.Global { return e.m.Global(name, wasmbin.I32, 0) }
	e.g = globals{
		arena: g("arena"), top: g("top"), fuel: g("fuel"), heard: g("heard"), frame: g("frame"), step: g("step"),
		tail: g("tail"), arg: g("arg"), hops: g("hops"), search: g("search"),
		bytes: g("bytes"), captures: g("captures"), count: g("count"), before: g("before"), befores: g("befores"),
		best: g("best"), bestReach: g("best_reach"), bound: g("bound"), asked: g("asked"), sought: g("sought"),
		units: g("units"), order: g("order"), stamp: g("stamp"), collecting: g("collecting"), found: g("found"),
		wanted: g("wanted"), answered: g("answered"), reply: g("reply"),
	}
}

// finish sizes the memory and adds what is known last.
func (e *emitter) finish() error {
	if e.err != nil {
		return e.err
	}
	if err := e.data.Check(); err != nil {
		return err
	}
	e.data.Align(8)
	arena := e.data.End()
	first := uint32((arena + wasmbin.PageSize - 1) / wasmbin.PageSize)
	e.m.Memory(first+firstArenaPages, first+maxArenaPages)
	e.m.SetInit(e.g.arena, int64(arena))
	e.m.Data(data.Base, e.data.Bytes())
	e.m.ExportMemory(ExportMemory)
	e.m.ExportGlobal(ExportArena, e.g.arena)
	e.m.ExportGlobal(ExportStep, e.g.step)
	e.m.ExportFunc(ExportAnswer, e.rt.answer)
	e.m.ExportFunc(ExportProbe, e.rt.probe)
	e.m.ExportFunc(ExportFire, e.rt.fire)
	e.m.ExportFunc(ExportAlloc, e.rt.alloc)
	e.m.ExportFunc(ExportFollow, e.rt.followAside)
	meta, err := json.Marshal(&e.p.Meta)
	if err != nil {
		return err
	}
	e.m.Custom(SectionMeta, meta)
	e.m.Custom(SectionTriggers, e.p.Meta.Triggers.Encode())
	if places := e.lines.Encode(); len(places) > 0 {
		e.m.Custom(SectionPlaces, places)
	}
	return nil
}

// problem notes what makes the program impossible to compile.
func (e *emitter) problem(format string, args ...any) {
	e.err = errors.Join(e.err, fmt.Errorf(format, args...))
}

func (e *emitter) body(f wasmbin.Func) body { return body{e.m.Body(f)} }

// i32 adds a local variable.
func (b body) i32() wasmbin.Local { return b.Local(wasmbin.I32) }
