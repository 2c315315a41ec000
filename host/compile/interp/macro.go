package interp

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// macro runs a macro (section 23 of the language).
func (o *output) macro(op *ir.Op) error {
	r := o.r
	texts := make([]string, len(op.F))
	for i, fn := range op.F {
		var err error
		if texts[i], err = r.argument(o.f, fn); err != nil {
			return err
		}
	}
	var failed error // of a reply that the macro asked for: it ends the turn
	result, problem, found := r.w.Macro(world.Macro{Name: texts[0], Args: texts[1:], Reply: func(text string) ([]reply.Token, error) {
		if failed != nil {
			return nil, failed
		}
		defer r.aside()()
		var tokens []reply.Token
		tokens, failed = r.redirect(text)
		return tokens, failed
	}})
	switch {
	case failed != nil:
		return failed
	case !found:
		return o.add(r.problem(r.p.Errors.NoObject))
	case problem != "":
		return o.add(r.problem(problem))
	case o.argument:
		return o.addText(result)
	}
	tokens := reply.Delivery(result)
	for _, t := range tokens {
		if t.Kind == reply.Error {
			r.problem(t.Text)
		}
	}
	return o.add(tokens...)
}
