package sandbox

import (
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// ranMacro runs a macro (section 23 of the language).
func ranMacro(c *call, m api.Module, s []uint64) {
	s[0] = c.once(m, s[3], s[4], func() ([]byte, bool) {
		var texts []string
		for _, q := range c.handed(m, s) {
			for n := range q.Args {
				texts = append(texts, argument(q, n))
			}
		}
		if len(texts) == 0 {
			panic(errors.New("a macro is called without a name"))
		}
		result, problem, found := c.world.Macro(world.Macro{Name: texts[0], Args: texts[1:], Reply: c.instance.follow})
		if c.failed != nil { // in the middle of the macro the turn came to its end
			panic(c.failed)
		}
		c.wire = c.wire[:0]
		c.says(c.spoken(result, problem, found, s[2] != 0))
		return c.wire, true
	})
}

// spoken is what a macro adds to a reply (L-JS-4, L-JS-7).
func (c *call) spoken(result, problem string, found, argument bool) []reply.Token {
	switch {
	case !found:
		return []reply.Token{{Kind: reply.Error, Text: ir.ErrorTexts(c.module.meta.Dialect).NoObject}}
	case problem != "":
		return []reply.Token{{Kind: reply.Error, Text: problem}}
	case !argument:
		return reply.Delivery(result)
	case result == "":
		return nil
	}
	return []reply.Token{{Kind: reply.Text, Text: result}}
}

// follow runs a text as a redirect while the module waits for a macro. Every macro
// inside of another one enters by a function of its own: one that runs cannot be
// called again.
func (in *instance) follow(text string) ([]reply.Token, error) {
	if in.call.failed != nil {
		return nil, in.call.failed
	}
	tokens, err := in.followAside(text)
	in.call.failed = err
	return tokens, err
}

func (in *instance) followAside(text string) ([]reply.Token, error) {
	// The result of the macro is written over what the redirect took of the arena.
	defer in.call.texts.forget(in.call.texts.count)
	if in.allocFunc == nil {
		in.allocFunc = in.module.ExportedFunction(emit.ExportAlloc)
	}
	if in.depth == len(in.follows) {
		in.follows = append(in.follows, in.module.ExportedFunction(emit.ExportFollow))
	}
	f := in.follows[in.depth]
	if in.allocFunc == nil || f == nil {
		return nil, fmt.Errorf("sandbox: exports are missing: %w", ErrNotScript)
	}
	stack := [2]uint64{uint64(len(text))}
	if err := in.allocFunc.CallWithStack(&in.call, stack[:]); err != nil {
		return nil, in.explain(err)
	}
	address := uint32(stack[0])
	if !in.memory.WriteString(address, text) {
		return nil, fmt.Errorf("sandbox: a redirect: %w", errAddress)
	}
	in.call.texts.wrote(stack[0], text)
	in.depth++
	stack = [2]uint64{uint64(address), uint64(len(text))}
	err := f.CallWithStack(&in.call, stack[:])
	in.depth--
	if err != nil {
		return nil, in.explain(err)
	}
	return in.decode(stack)
}
