package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// maxChunks is ir.MaxSteps in chunks of fuel: what a turn may use.
const maxChunks = ir.MaxSteps * emit.StepCost / emit.FuelChunk

// call is the state of one turn. Host functions are shared by all instances and
// find it in the context, which it is itself, so that a turn needs no new one.
type call struct {
	context.Context
	module   *Module
	instance *instance
	world    world.World
	held     []string          // texts of the reminder that comes due
	chunks   int               // of fuel, given so far
	arena    uint32            // texts below it never change
	texts    map[uint64]string // those that were read before, by address and length
	owes     bool              // a text was too long for the module's buffer; see once
	owed     string
	owedOK   bool
	failed   error // of a reply that a macro asked for: it ends the turn
}

// callKey finds the call in a context.
type callKey struct{}

// Value implements context.Context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func (c *call) begin(ctx context.Context, w world.World, held []string) {
	c.Context, c.world, c.held, c.chunks = ctx, w, held, 1
	c.owes, c.owed, c.failed = false, "", nil
}

// end forgets the person.
func (c *call) end() { c.Context, c.world, c.held = context.Background(), nil, nil }

// What stops a turn from inside of a host function. It travels as a panic, which
// wazero turns into the error of the call.
var (
	errAddress   = errors.New("an address of the module is not in its memory")
	errRedirects = errors.New("more than 50 redirects")
)

// tick gives new fuel, unless the turn has had its share or is no longer wanted.
func (c *call) tick() uint32 {
	if err := c.Err(); err != nil {
		panic(err)
	}
	c.chunks++
	if c.chunks > maxChunks {
		panic(fmt.Errorf("%d steps of evaluation: %w", ir.MaxSteps, world.ErrLimit))
	}
	return emit.FuelChunk
}

// stop ends a turn that met a limit.
func (c *call) stop(limit uint32) {
	switch limit {
	case emit.LimitRedirects:
		panic(errRedirects)
	case emit.LimitText:
		panic(fmt.Errorf("too much text in a reply: %w", world.ErrLimit))
	default:
		panic(fmt.Errorf("no memory left for the turn: %w", world.ErrLimit))
	}
}

// read returns bytes of the module's memory. They are only valid until the host
// function returns.
func read(m api.Module, address, length uint64) []byte {
	b, ok := m.Memory().Read(uint32(address), uint32(length))
	if !ok {
		panic(errAddress)
	}
	return b
}

// text returns a text of the module's memory. Those of the data are kept, as
// the same names are asked for in every turn.
func (c *call) text(m api.Module, address, length uint64) string {
	if uint32(address) >= c.arena {
		return string(read(m, address, length))
	}
	key := address<<32 | length&0xffffffff
	if s, ok := c.texts[key]; ok {
		return s
	}
	s := string(read(m, address, length))
	c.texts[key] = s
	return s
}

// none is the length of a text that is not there.
const none = uint64(0xffffffff)

// write puts a text into the module's buffer if it fits, and returns its length.
func write(m api.Module, s string, address, room uint64) uint64 {
	if uint64(len(s)) <= room && !m.Memory().WriteString(uint32(address), s) {
		panic(errAddress)
	}
	return uint64(len(s))
}

// writeOr is write, or none if there is no text.
func writeOr(m api.Module, s string, ok bool, address, room uint64) uint64 {
	if !ok {
		return none
	}
	return write(m, s, address, room)
}

// captures reads a table of texts.
func captures(table []byte, m api.Module) []string {
	list := make([]string, len(table)/8)
	for i := range list {
		entry := table[8*i:]
		address, length := binary.LittleEndian.Uint32(entry), binary.LittleEndian.Uint32(entry[4:])
		list[i] = string(read(m, uint64(address), uint64(length)))
	}
	return list
}
