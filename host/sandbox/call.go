package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/lull"
	"github.com/footlight-bots/footlight/host/script/message"
)

// maxChunks is ir.MaxSteps in chunks of fuel: what a turn may use.
const maxChunks = ir.MaxSteps * emit.StepCost / emit.FuelChunk

// call is the state of one turn. Host functions are shared by all instances and are
// given it as the context, which it is itself, so that a turn needs no new one.
type call struct {
	context.Context
	module   *Module
	instance *instance
	world    world.World
	held     []string // texts of the reminder that comes due
	chunks   int      // of fuel, given so far
	texts    texts
	owes     bool // a text was too long for the module's buffer; see once
	owed     []byte
	owedOK   bool
	failed   error // of a reply that a macro asked for: it ends the turn

	// Used again and again, so that a turn needs no memory for them.
	scratch    message.Scratch
	tokens     []reply.Token
	captures   []string
	wire       []byte            // what something outside says
	raw        reply.RawCalls    // what the module has built aside
	attributes []world.Attribute // of a direction
}

func (c *call) begin(ctx context.Context, w world.World, held []string) {
	c.Context, c.world, c.held, c.chunks = ctx, w, held, 1
	c.owes, c.owed, c.failed = false, nil, nil
}

// end forgets the person.
func (c *call) end() {
	c.Context, c.world, c.held = context.Background(), nil, nil
	c.texts.forget(0)
	c.raw.Clear()
	clear(c.attributes)
}

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
	lull.Breathe(c.Context)
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
