package emit

import (
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// stepsPerFunction is the number of steps above which a template becomes
// several functions.
const stepsPerFunction = 64

// place returns the function that evaluates a template where it stands. Its
// body is written later, by emitFuncs.
func (e *emitter) place(f int) wasmbin.Func {
	if fn, ok := e.places[f]; ok {
		return fn
	}
	fn := e.m.Declare(e.p.Funcs[f].Name, wasmbin.FuncType{})
	e.places[f] = fn
	e.waiting = append(e.waiting, f)
	return fn
}

// emitFuncs writes the bodies of all templates that were asked for, and of
// those that they ask for.
func (e *emitter) emitFuncs() {
	for len(e.waiting) > 0 {
		f := e.waiting[0]
		e.waiting = e.waiting[1:]
		fn := &e.p.Funcs[f]
		var steps []expr
		for i := range fn.Ops {
			steps = append(steps, e.steps(&fn.Ops[i])...)
		}
		e.write(e.places[f], fn.Name, fn.Loc, steps)
	}
}

// write writes steps into a function, or into several that it calls.
func (e *emitter) write(f wasmbin.Func, name string, loc ir.Loc, steps []expr) {
	b := e.body(f)
	b.at(loc)
	if len(steps) == 0 {
		return
	}
	if len(steps) <= stepsPerFunction {
		b.do(call(e.rt.spend, num(StepCost*len(steps))))
		for _, step := range steps {
			b.do(step)
		}
		return
	}
	size := stepsPerFunction
	for size*stepsPerFunction < len(steps) {
		size *= stepsPerFunction
	}
	for n := 1; len(steps) > 0; n++ {
		part := steps[:min(size, len(steps))]
		steps = steps[len(part):]
		title := fmt.Sprintf("%s, part %d", name, n)
		inner := e.m.Declare(title, wasmbin.FuncType{})
		b.do(call(inner))
		e.write(inner, title, loc, part)
	}
}

// at notes the place of a script for the line table.
func (b body) at(loc ir.Loc) {
	if loc.Line > 0 {
		b.Line(loc.File, loc.Line)
	}
}

// constant is the text of a template that is nothing but text.
func (e *emitter) constant(f int) (string, bool) {
	var s strings.Builder
	for _, op := range e.p.Funcs[f].Ops {
		if op.Kind != ir.EmitText {
			return "", false
		}
		s.WriteString(op.Text)
	}
	return s.String(), s.Len() <= ir.MaxText
}

// inlineSteps is the number of steps, those of arguments counted, up to which a
// template is written where it is used and not as a function.
const inlineSteps = 8

// weight counts the steps of a template with those of its arguments, up to a
// little more than inlineSteps.
func (e *emitter) weight(f int) int {
	ops := e.p.Funcs[f].Ops
	n := len(ops)
	for i := range ops {
		if n > inlineSteps {
			break
		}
		for _, inner := range ops[i].F {
			n += e.weight(inner)
		}
		n += 2 * len(ops[i].Args)
	}
	return n
}

// evaluate evaluates a template where it stands.
func (e *emitter) evaluate(f int) expr {
	if e.weight(f) > inlineSteps {
		return call(e.place(f))
	}
	fn := &e.p.Funcs[f]
	var steps []expr
	for i := range fn.Ops {
		steps = append(steps, e.steps(&fn.Ops[i])...)
	}
	return func(c *wasmbin.Code) {
		if len(steps) == 0 {
			return
		}
		body{c}.at(fn.Loc)
		call(e.rt.spend, num(StepCost*len(steps)))(c)
		for _, step := range steps {
			step(c)
		}
	}
}

// value leaves the text of a template in argument position: address and length.
func (e *emitter) value(f int) expr {
	if s, ok := e.constant(f); ok {
		return e.literal(s)
	}
	inside := e.evaluate(f)
	return func(c *wasmbin.Code) {
		c.Call(e.rt.openArg)
		inside(c)
		c.Call(e.rt.closeArg)
	}
}

// steps are the instructions of one step of a template.
func (e *emitter) steps(op *ir.Op) []expr {
	one := func(x expr) []expr { return []expr{x} }
	switch op.Kind {
	case ir.EmitText:
		return one(call(e.rt.text, e.literal(op.Text)))
	case ir.EmitProblem:
		return one(call(e.rt.problem, e.literal(op.Text)))
	case ir.EmitStar:
		frame := glob(e.g.frame)
		return one(call(e.rt.star, load(frame, frameCaptures), load(frame, frameCount), num(op.N-1)))
	case ir.EmitBotStar:
		frame := glob(e.g.frame)
		return one(call(e.rt.star, load(frame, framePrevCaptures), load(frame, framePrevCount), num(op.N-1)))
	case ir.EmitInput, ir.EmitReply, ir.EmitHeld:
		return one(call(e.rt.history, num(historyKind(op.Kind)), num(op.N)))
	case ir.EmitID:
		return one(call(e.rt.id))
	case ir.EmitVar:
		return one(call(e.rt.variable, num(int(op.Scope)), e.value(op.F[0])))
	case ir.SetVar:
		return one(call(e.in.set, num(int(op.Scope)), e.value(op.F[0]), e.value(op.F[1])))
	case ir.ClearVar:
		return one(call(e.in.clear, num(int(op.Scope)), e.value(op.F[0])))
	case ir.Math:
		return one(call(e.rt.math, num(op.N), e.value(op.F[0]), e.value(op.F[1])))
	case ir.SwitchTopic:
		return one(call(e.rt.pendTopic, e.value(op.F[0])))
	case ir.Redirect:
		return one(call(e.rt.redirect, e.value(op.F[0])))
	case ir.FormatBlock:
		return []expr{
			call(e.rt.mark, num(head(int(reply.Begin), int(op.Format), 0))),
			e.evaluate(op.F[0]),
			call(e.rt.mark, num(head(int(reply.End), 0, 0))),
		}
	case ir.RandomBlock, ir.ChooseBlock, ir.ChosenBlock:
		return one(e.random(op))
	case ir.EmitSend:
		return one(call(e.rt.mark, num(head(int(reply.Send), 0, 0))))
	case ir.EmitDelay:
		return one(e.delay(op))
	case ir.EmitNoReply:
		return one(call(e.rt.mark, num(head(int(reply.NoReply), 0, 0))))
	case ir.EmitCall:
		return e.shortcode(op)
	case ir.EmitData:
		return one(call(e.rt.datum, e.literal(op.Text)))
	case ir.CallMacro:
		return e.macro(op)
	case ir.CallDirection:
		return e.direct(op)
	case ir.EmitOK:
		return one(call(e.rt.ok))
	case ir.NoteOK:
		return one(func(c *wasmbin.Code) { body{c}.setGlobal(e.g.wanted, num(1)) })
	}
	e.problem("a step of unknown kind %d", op.Kind)
	return nil
}

// random evaluates one alternative (L-TAG-6): they lie in a row in the table.
func (e *emitter) random(op *ir.Op) expr {
	alternatives := make([]wasmbin.Func, len(op.F))
	for i, f := range op.F {
		alternatives[i] = e.place(f)
	}
	first := num(int(e.m.Table(alternatives...)))
	remembered := num(e.choices + 4*op.N)
	choice := call(e.rt.choose, num(len(op.F)))
	return func(c *wasmbin.Code) {
		switch op.Kind {
		case ir.ChosenBlock:
			choice = load(remembered, 0)
		case ir.ChooseBlock:
			body{c}.store(remembered, 0, choice)
			choice = load(remembered, 0)
		}
		callTable(add(first, choice), wasmbin.FuncType{})(c)
	}
}

func (e *emitter) delay(op *ir.Op) expr {
	millis := num(op.N)
	if len(op.F) > 0 {
		millis = call(e.in.delay, e.value(op.F[0]))
	}
	flags := 0
	if op.Flag {
		flags = 1
	}
	return e.token(head(int(reply.Delay), 0, flags), millis, num(0), num(0))
}

// shortcode appends a shortcode with the records of its arguments. One that has
// to be valid JSON is built aside and checked (L-SC-5).
func (e *emitter) shortcode(op *ir.Op) []expr {
	steps := []expr{e.token(head(int(reply.Shortcode), 0, 0), num(len(op.Args)), e.literal(op.Text), func(*wasmbin.Code) {})}
	json := false
	for i := range op.Args {
		arg := &op.Args[i]
		kind := reply.TextArg
		switch {
		case arg.JSON:
			kind, json = reply.JSONArg, true
		case arg.Data:
			kind = reply.DataArg
		}
		steps = append(steps, e.token(head(recordArg, int(kind), 0), num(len(arg.Pieces)), num(0), num(0)))
		for _, p := range arg.Pieces {
			steps = append(steps, e.piece(p))
		}
	}
	if json {
		steps = append([]expr{call(e.rt.openArg)}, append(steps, call(e.rt.closeCall))...)
	}
	return steps
}

func (e *emitter) piece(p ir.Piece) expr {
	fill, text := reply.AsIs, e.literal(p.Text)
	if p.Func != ir.None {
		fill, text = reply.AsValue, e.value(p.Func)
		if p.InString {
			fill = reply.InString
		}
	}
	return e.token(head(recordPiece, int(fill), 0), num(0), text, func(*wasmbin.Code) {})
}
