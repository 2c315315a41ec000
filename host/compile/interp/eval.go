package interp

import (
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// output collects the tokens of a template.
type output struct {
	r        *run
	f        *frame
	argument bool // argument position: redirects run at once (L-EVAL-6)
	tokens   []reply.Token
	ok       bool // a NoteOK was met
}

// add appends tokens, up to ir.MaxText bytes of text.
func (o *output) add(tokens ...reply.Token) error {
	if err := o.r.measure(tokens...); err != nil {
		return err
	}
	o.tokens = append(o.tokens, tokens...)
	return nil
}

// measure counts the text of tokens that come to the reply or argument in the making.
// What redirects say counts there as well, when it is said.
func (r *run) measure(tokens ...reply.Token) error {
	for i := range tokens {
		if tokens[i].Kind != reply.Shortcode {
			r.text += len(tokens[i].Text)
		}
	}
	if r.text > ir.MaxText {
		return fmt.Errorf("%d bytes of text in a reply: %w", ir.MaxText, world.ErrLimit)
	}
	return nil
}

// aside begins a text of its own; the function it returns goes back to the one in the
// making.
func (r *run) aside() (back func()) {
	before := r.text
	r.text = 0
	return func() { r.text = before }
}

func (o *output) addText(text string) error {
	if text == "" {
		return nil
	}
	return o.add(reply.Token{Kind: reply.Text, Text: text})
}

// argument evaluates a template in argument position (L-EVAL-6).
func (r *run) argument(f *frame, fn int) (string, error) {
	if ops := r.p.Funcs[fn].Ops; len(ops) == 1 && ops[0].Kind == ir.EmitText {
		return ops[0].Text, r.step()
	}
	defer r.aside()()
	out := output{r: r, f: f, argument: true}
	if err := out.run(fn); err != nil {
		return "", err
	}
	return reply.Flatten(out.tokens, r.m.words.Person), nil
}

// name evaluates an argument that is trimmed: names and values of variables.
func (r *run) name(f *frame, fn int) (string, error) {
	text, err := r.argument(f, fn)
	return strings.TrimSpace(text), err
}

// run evaluates a template from left to right.
func (o *output) run(fn int) error {
	ops := o.r.p.Funcs[fn].Ops
	for i := range ops {
		if err := o.r.step(); err != nil {
			return err
		}
		if err := o.op(&ops[i]); err != nil {
			return err
		}
	}
	return nil
}

// op evaluates one step.
func (o *output) op(op *ir.Op) error {
	r := o.r
	switch op.Kind {
	case ir.EmitText:
		return o.addText(op.Text)
	case ir.EmitProblem:
		return o.add(r.problem(op.Text))
	case ir.EmitStar:
		return o.addText(nth(o.f.captures, op.N))
	case ir.EmitBotStar:
		return o.addText(nth(o.f.previous, op.N))
	case ir.EmitInput:
		return o.addText(orUndefined(r.w.Input(op.N)))
	case ir.EmitReply:
		return o.addText(orUndefined(r.w.Reply(op.N)))
	case ir.EmitID:
		return o.addText(r.w.ID())
	case ir.EmitVar, ir.SetVar, ir.ClearVar, ir.Math:
		return o.variable(op)
	case ir.SwitchTopic:
		topic, err := r.name(o.f, op.F[0])
		o.f.topics = append(o.f.topics, topic)
		return err
	case ir.Redirect:
		return o.redirect(op)
	case ir.FormatBlock:
		return o.format(op)
	case ir.RandomBlock, ir.ChooseBlock, ir.ChosenBlock:
		return o.random(op)
	case ir.EmitSend:
		return o.add(reply.Token{Kind: reply.Send})
	case ir.EmitDelay:
		return o.delay(op)
	case ir.EmitNoReply:
		return o.add(reply.Token{Kind: reply.NoReply})
	case ir.EmitCall:
		return o.shortcode(op)
	case ir.EmitData:
		return o.addText(r.w.Data(op.Text))
	case ir.CallMacro:
		return o.macro(op)
	case ir.CallDirection:
		return o.direct(op)
	case ir.EmitOK:
		tokens, err := r.ok()
		if err != nil {
			return err
		}
		return o.add(tokens...)
	case ir.NoteOK:
		o.ok = true
		return nil
	case ir.EmitHeld:
		if op.N > len(r.held) {
			return nil
		}
		return o.addText(r.held[op.N-1])
	}
	return fmt.Errorf("step of unknown kind %d", op.Kind)
}

// nth is capture n, counted from 1; "undefined" beyond the last (L-CAP-3).
func nth(captures []string, n int) string {
	if n < 1 || n > len(captures) {
		return undefined
	}
	return captures[n-1]
}

// variable evaluates the steps that touch variables.
func (o *output) variable(op *ir.Op) error {
	name, err := o.r.name(o.f, op.F[0])
	if err != nil {
		return err
	}
	var value string
	if op.Kind == ir.SetVar || op.Kind == ir.Math {
		if value, err = o.r.name(o.f, op.F[1]); err != nil {
			return err
		}
	}
	w, scope := o.r.w, world.Scope(op.Scope)
	switch op.Kind {
	case ir.EmitVar:
		return o.addText(orUndefined(w.Get(scope, name)))
	case ir.SetVar:
		w.Set(scope, name, value)
	case ir.ClearVar:
		w.Clear(scope, name)
	case ir.Math:
		if problem := w.Math(world.MathOp(op.N), name, value); problem != "" {
			return o.add(o.r.problem(problem))
		}
	}
	return nil
}

// redirect runs an inline redirect at once in an argument; elsewhere it waits (L-EVAL-3).
func (o *output) redirect(op *ir.Op) error {
	target, err := o.r.argument(o.f, op.F[0])
	if err != nil {
		return err
	}
	if !o.argument {
		o.f.calls = append(o.f.calls, target)
		return o.add(reply.Token{Kind: note, Millis: len(o.f.calls) - 1})
	}
	tokens, err := o.r.redirect(target)
	o.tokens = append(o.tokens, tokens...) // they were measured as they came
	return err
}

func (o *output) format(op *ir.Op) error {
	if err := o.add(reply.Token{Kind: reply.Begin, Format: op.Format}); err != nil {
		return err
	}
	if err := o.run(op.F[0]); err != nil {
		return err
	}
	return o.add(reply.Token{Kind: reply.End})
}

// random evaluates one alternative (L-TAG-6).
func (o *output) random(op *ir.Op) error {
	choice := 0
	switch {
	case op.Kind == ir.ChosenBlock:
		choice = o.r.choices[op.N]
	case len(op.F) > 1:
		choice = int(o.r.w.Random(uint64(len(op.F))))
	}
	if op.Kind == ir.ChooseBlock {
		o.r.choices[op.N] = choice
	}
	return o.run(op.F[choice])
}

func (o *output) delay(op *ir.Op) error {
	millis := op.N
	if len(op.F) > 0 {
		seconds, err := o.r.argument(o.f, op.F[0])
		if err != nil {
			return err
		}
		millis = world.Millis(seconds)
	}
	return o.add(reply.Token{Kind: reply.Delay, Millis: millis, NoCancel: op.Flag})
}

// shortcode evaluates the arguments of a shortcode (L-SC-3).
func (o *output) shortcode(op *ir.Op) error {
	raw := make([]reply.RawArg, len(op.Args))
	for i := range op.Args {
		var err error
		if raw[i], err = o.r.rawArg(&op.Args[i], o.f); err != nil {
			return err
		}
	}
	t := reply.NewShortcode(op.Text, raw)
	if t.Kind == reply.Error {
		t = o.r.problem(t.Text)
	}
	return o.add(t)
}
