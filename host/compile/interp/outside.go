package interp

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// ask makes the requests of a trigger that has won (L-HTTP-3). refused tells that
// tokens take the place of its reply (L-HTTP-8).
func (r *run) ask(t *ir.Trigger, f *frame) (tokens []reply.Token, refused bool, err error) {
	for i := 0; i < len(t.Requests); {
		if problem := t.Requests[i].Problem; problem != "" {
			tokens, err := r.refusal(f, problem)
			return tokens, true, err
		}
		var together []world.Request
		for {
			q, err := r.request(&t.Requests[i], f)
			if err != nil {
				return nil, false, err
			}
			together = append(together, q)
			i++
			if i == len(t.Requests) || !t.Requests[i].Joins {
				break
			}
		}
		if problem := r.w.Fetch(together); problem != "" {
			tokens, err := r.refusal(f, problem)
			return tokens, true, err
		}
	}
	return nil, false, nil
}

// refusal is the reply of a trigger whose request was not answered.
func (r *run) refusal(f *frame, problem string) ([]reply.Token, error) {
	r.applyTopics(f)
	return r.lone(problem)
}

// request evaluates a $ line.
func (r *run) request(q *ir.Request, f *frame) (world.Request, error) {
	out := world.Request{Method: q.Method, Name: q.Name}
	var err error
	if out.URL, err = r.argument(f, q.URL); err != nil || q.Options == nil {
		return out, err
	}
	options, err := r.rawArg(q.Options, f)
	out.Options = options.Text()
	return out, err
}

// rawArg evaluates the pieces of an argument.
func (r *run) rawArg(arg *ir.Arg, f *frame) (reply.RawArg, error) {
	var raw reply.RawArg
	switch {
	case arg.JSON:
		raw.Kind = reply.JSONArg
	case arg.Data:
		raw.Kind = reply.DataArg
	}
	for _, p := range arg.Pieces {
		piece := reply.Piece{Text: p.Text}
		if p.Func != ir.None {
			text, err := r.argument(f, p.Func)
			if err != nil {
				return raw, err
			}
			piece.Text, piece.Fill = text, reply.AsValue
			if p.InString {
				piece.Fill = reply.InString
			}
		}
		raw.Pieces = append(raw.Pieces, piece)
	}
	return raw, nil
}

// direct runs a direction of a plug-in (L-EXT-4).
func (o *output) direct(op *ir.Op) error {
	d := world.Direction{Name: op.Text}
	for i, fn := range op.F {
		value, err := o.r.argument(o.f, fn)
		if err != nil {
			return err
		}
		if i < len(op.Names) {
			d.Attributes = append(d.Attributes, world.Attribute{Name: op.Names[i], Value: value})
		} else {
			d.Block = value
		}
	}
	tokens := o.r.w.Direct(d)
	for _, t := range tokens {
		if t.Kind == reply.Error {
			o.r.problem(t.Text)
		}
	}
	return o.add(tokens...)
}
