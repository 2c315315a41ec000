package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
)

// template returns the address of a template; each is written once.
func (e *emitter) template(f int) uint32 {
	if e.templates[f] == 0 {
		r := e.newRow()
		r.template(f)
		e.templates[f] = uint32(r.end())
	}
	return e.templates[f]
}

// list is the addresses of several.
func (e *emitter) list(funcs []int) []uint32 {
	list := make([]uint32, len(funcs))
	for i, f := range funcs {
		list[i] = e.template(f)
	}
	return list
}

// constant is the value of a text.
func (e *emitter) constant(text string) uint32 {
	at, known := e.constants[text]
	if !known {
		r := e.newRow()
		if text != "" {
			r.text(stepText, text)
		}
		at = uint32(r.end())
		e.constants[text] = at
	}
	return at
}

// template appends the steps of one.
func (r *row) template(f int) {
	fn := &r.e.p.Funcs[f]
	r.at(fn.Loc)
	for i := range fn.Ops {
		r.op(&fn.Ops[i])
	}
}

// op appends the steps of one step of ir.
func (r *row) op(op *ir.Op) {
	e := r.e
	switch op.Kind {
	case ir.EmitText:
		r.text(stepText, op.Text)
	case ir.EmitProblem:
		r.text(stepProblem, op.Text)
	case ir.EmitStar:
		r.step(stepStar, captureNumber(op.N))
	case ir.EmitBotStar:
		r.step(stepBotStar, captureNumber(op.N))
	case ir.EmitInput, ir.EmitReply, ir.EmitHeld:
		r.step(stepHistory, histories[op.Kind]|op.N<<8)
	case ir.EmitID:
		r.step(stepID, 0)
	case ir.EmitVar:
		r.step(stepVariable, int(op.Scope), e.template(op.F[0]))
	case ir.SetVar:
		r.step(stepSet, int(op.Scope), e.template(op.F[0]), e.template(op.F[1]))
	case ir.ClearVar:
		r.step(stepClear, int(op.Scope), e.template(op.F[0]))
	case ir.Math:
		r.step(stepMath, op.N, e.template(op.F[0]), e.template(op.F[1]))
	case ir.SwitchTopic:
		r.step(stepTopic, 0, e.template(op.F[0]))
	case ir.Redirect:
		r.step(stepRedirect, 0, e.template(op.F[0]))
	case ir.FormatBlock:
		r.step(stepMark, head(int(reply.Begin), int(op.Format), 0))
		r.step(stepInner, 0, e.template(op.F[0]))
		r.step(stepMark, head(int(reply.End), 0, 0))
	case ir.RandomBlock:
		r.step(stepRandom, len(op.F), e.list(op.F)...)
	case ir.ChooseBlock:
		r.step(stepChoose, len(op.F), append([]uint32{uint32(e.choices + 4*op.N)}, e.list(op.F)...)...)
	case ir.ChosenBlock:
		r.step(stepChosen, len(op.F), append([]uint32{uint32(e.choices + 4*op.N)}, e.list(op.F)...)...)
	case ir.EmitSend:
		r.step(stepMark, head(int(reply.Send), 0, 0))
	case ir.EmitNoReply:
		r.step(stepMark, head(int(reply.NoReply), 0, 0))
	case ir.EmitDelay:
		r.delay(op)
	case ir.EmitCall:
		r.shortcode(op)
	case ir.EmitData:
		r.text(stepData, op.Text)
	case ir.CallMacro:
		r.macro(op)
	case ir.CallDirection:
		r.direction(op)
	case ir.EmitOK:
		r.step(stepOK, 0)
	case ir.NoteOK:
		r.step(stepNoteOK, 0)
	default:
		e.problem("a step of unknown kind %d", op.Kind)
	}
}

// captureNumber is the number of capture n, which counts from 1, or one that no
// pattern has.
func captureNumber(n int) int {
	if n < 1 {
		return maxStepNumber
	}
	return n - 1
}

// histories are the kinds of lines for ImportHistory.
var histories = map[ir.OpKind]int{ir.EmitInput: HistoryInput, ir.EmitReply: HistoryReply, ir.EmitHeld: HistoryHeld}

func (r *row) delay(op *ir.Op) {
	flags := 0
	if op.Flag {
		flags = 1
	}
	if kind := head(int(reply.Delay), 0, flags); len(op.F) > 0 {
		r.step(stepDelay, kind, r.e.template(op.F[0]))
	} else {
		r.step(stepToken, kind, uint32(op.N), 0)
	}
}

// shortcode appends a shortcode with the records of its arguments. One that has
// to be valid JSON is built aside and checked (L-SC-5).
func (r *row) shortcode(op *ir.Op) {
	json := false
	for i := range op.Args {
		json = json || op.Args[i].JSON
	}
	if json {
		r.step(stepOpen, 0)
	}
	r.name(op.Text, len(op.Args))
	for i := range op.Args {
		arg := &op.Args[i]
		kind := reply.TextArg
		switch {
		case arg.JSON:
			kind = reply.JSONArg
		case arg.Data:
			kind = reply.DataArg
		}
		r.arg(kind, len(arg.Pieces))
		for _, p := range arg.Pieces {
			r.filled(p)
		}
	}
	if json {
		r.step(stepShortcode, 0)
	}
}

// filled appends a piece of an argument as the reply of a script has it.
func (r *row) filled(p ir.Piece) {
	switch {
	case p.Func == ir.None:
		r.piece(reply.AsIs, r.e.constant(p.Text))
	case p.InString:
		r.piece(reply.InString, r.e.template(p.Func))
	default:
		r.piece(reply.AsValue, r.e.template(p.Func))
	}
}

// What lies beyond the session is handed to the host like a shortcode: a name and
// arguments in wire form, built aside as an argument is.

// name begins such a record; so many arguments follow.
func (r *row) name(text string, args int) {
	r.step(stepToken, head(int(reply.Shortcode), 0, 0), uint32(args), r.e.constant(text))
}

// arg begins an argument; so many pieces follow.
func (r *row) arg(kind reply.ArgKind, pieces int) {
	r.step(stepToken, head(recordArg, int(kind), 0), uint32(pieces), 0)
}

// piece appends a piece of an argument.
func (r *row) piece(fill reply.Fill, text uint32) {
	r.step(stepToken, head(recordPiece, int(fill), 0), 0, text)
}

// textArg appends an argument that is one text.
func (r *row) textArg(text uint32) {
	r.arg(reply.TextArg, 1)
	r.piece(reply.AsIs, text)
}

// macro appends what comes of a macro.
func (r *row) macro(op *ir.Op) {
	r.step(stepOpen, 0)
	r.name("", len(op.F))
	for _, f := range op.F {
		r.textArg(r.e.template(f))
	}
	r.step(stepMacro, 0)
}

// direction appends what a direction of a plug-in says (L-EXT-4): its attributes are
// arguments of two texts, name and value, and its block is an argument of one.
func (r *row) direction(op *ir.Op) {
	r.step(stepOpen, 0)
	r.name(op.Text, len(op.F))
	for i, f := range op.F {
		if i < len(op.Names) {
			r.arg(reply.TextArg, 2)
			r.piece(reply.AsIs, r.e.constant(op.Names[i]))
			r.piece(reply.AsIs, r.e.template(f))
			continue
		}
		r.textArg(r.e.template(f))
	}
	r.step(stepDirection, 0)
}
