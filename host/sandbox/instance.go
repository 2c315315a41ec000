package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
)

// maxKeptGrowth is how far the memory of an instance may have grown for it to be
// used again, in bytes; a turn that needed more was rare.
const maxKeptGrowth = 512 << 10

// maxTurns is how many turns an instance runs. Its search tells what it has seen in
// this walk from what it saw earlier by a number of 32 bits, and a turn takes no more
// than a few thousand of them: none comes twice.
const maxTurns = 1 << 20

// instance is one running copy of a module. It serves one turn at a time.
type instance struct {
	module     api.Module
	memory     api.Memory
	answerFunc api.Function
	probeFunc  api.Function
	fireFunc   api.Function
	allocFunc  api.Function   // nil until a macro asks for a reply
	follows    []api.Function // one for each macro inside of a macro
	depth      int            // of macros that wait for a reply
	arena      uint32         // where the memory of a turn begins
	size       uint32         // of the memory at first, in bytes
	turns      int            // that it has run
	stack      [2]uint64
	call       call
}

func (m *Module) instantiate(ctx context.Context) (*instance, error) {
	// Anonymous, because names must be unique in a runtime; nothing to start.
	module, err := m.runtime.InstantiateModule(ctx, m.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	in := &instance{
		module:     module,
		memory:     module.ExportedMemory(emit.ExportMemory),
		answerFunc: module.ExportedFunction(emit.ExportAnswer),
		probeFunc:  module.ExportedFunction(emit.ExportProbe),
		fireFunc:   module.ExportedFunction(emit.ExportFire),
	}
	arena := module.ExportedGlobal(emit.ExportArena)
	if in.memory == nil || in.answerFunc == nil || in.probeFunc == nil || in.fireFunc == nil || arena == nil {
		return nil, errors.Join(fmt.Errorf("exports are missing: %w", ErrNotScript), module.Close(ctx))
	}
	in.arena = uint32(arena.Get())
	in.size = in.memory.Size()
	in.call = call{module: m, instance: in, texts: texts{arena: in.arena, data: map[uint64]string{}}}
	return in, nil
}

func (in *instance) close(ctx context.Context) error { return in.module.Close(ctx) }

// worn tells whether the instance is not to be used again.
func (in *instance) worn() bool {
	return in.memory.Size()-in.size > maxKeptGrowth || in.turns >= maxTurns
}

// answer runs a turn.
func (in *instance) answer(ctx context.Context, w world.World, heard message.Forms) ([]reply.Token, error) {
	if err := in.run(ctx, in.answerFunc, w, heard); err != nil {
		return nil, err
	}
	return in.decode(in.stack)
}

// fire runs the n-th deferred script.
func (in *instance) fire(ctx context.Context, w world.World, n int, held []string) ([]reply.Token, error) {
	in.stack = [2]uint64{uint64(n)}
	if err := in.enter(ctx, in.fireFunc, w, held); err != nil {
		return nil, err
	}
	return in.decode(in.stack)
}

// decode reads the reply that a function of the module has left: address and length.
func (in *instance) decode(results [2]uint64) ([]reply.Token, error) {
	wire, ok := in.memory.Read(uint32(results[0]), uint32(results[1]))
	if !ok {
		return nil, fmt.Errorf("sandbox: the reply: %w", errAddress)
	}
	tokens, err := reply.Decode(wire)
	if err != nil {
		return nil, fmt.Errorf("sandbox: the reply: %w", err)
	}
	return tokens, nil
}

// probe finds the trigger that would answer.
func (in *instance) probe(ctx context.Context, w world.World, heard message.Forms) (int, error) {
	if err := in.run(ctx, in.probeFunc, w, heard); err != nil {
		return ir.None, err
	}
	return int(int32(in.stack[0])), nil
}

// run calls one of the two functions; the results are on the stack.
func (in *instance) run(ctx context.Context, f api.Function, w world.World, heard message.Forms) error {
	kept, err := in.hear(heard)
	if err != nil {
		return err
	}
	in.stack = [2]uint64{uint64(len(heard.Plain.String)), api.EncodeI32(kept)}
	return in.enter(ctx, f, w, nil)
}

// enter calls a function whose parameters are on the stack.
func (in *instance) enter(ctx context.Context, f api.Function, w world.World, held []string) error {
	in.depth = 0
	in.turns++
	in.call.begin(ctx, w, held)
	err := f.CallWithStack(&in.call, in.stack[:])
	in.call.end()
	if err != nil {
		return in.explain(err)
	}
	return nil
}

// hear writes the message where the module expects it, and returns the length
// of its kept form, or -1.
func (in *instance) hear(heard message.Forms) (kept int32, err error) {
	kept = -1
	size := formSize(heard.Plain)
	if heard.Kept.Classes != nil {
		kept = int32(len(heard.Kept.String))
		size += formSize(heard.Kept)
	}
	// The module takes a byte more than there may be (see emit.formsSize), and goes on behind it.
	if missing := int64(in.arena) + int64(size) + 1 - int64(in.memory.Size()); missing > 0 {
		if _, ok := in.memory.Grow(uint32((missing + pageSize - 1) / pageSize)); !ok {
			return 0, fmt.Errorf("sandbox: a message of %d bytes does not fit into the memory of the script: %w", size, world.ErrLimit)
		}
	}
	buf, ok := in.memory.Read(in.arena, uint32(size))
	if !ok {
		return 0, fmt.Errorf("sandbox: the message: %w", errAddress)
	}
	in.call.putForms(buf, uint64(in.arena), heard)
	return kept, nil
}

// pageSize is the unit in which memory grows, in bytes.
const pageSize = 64 << 10

// formSize is what a form takes in memory, in bytes.
func formSize(t message.Text) int { return len(t.String) + len(t.Classes) }

// putForms writes a message or redirect target to the begin of buf, which lies at an
// address of the module: each form and its classes, in a row.
func (c *call) putForms(buf []byte, address uint64, f message.Forms) {
	c.texts.wrote(address, f.Plain.String)
	rest := putForm(buf, f.Plain)
	if f.Kept.Classes != nil {
		c.texts.wrote(address+uint64(len(buf)-len(rest)), f.Kept.String)
		putForm(rest, f.Kept)
	}
}

// putForm writes a text and its classes to the begin of buf, and returns the rest.
func putForm(buf []byte, t message.Text) []byte {
	buf = buf[copy(buf, t.String):]
	classes := buf[:len(t.Classes)]
	for i, c := range t.Classes {
		classes[i] = byte(c)
	}
	return buf[len(t.Classes):]
}
