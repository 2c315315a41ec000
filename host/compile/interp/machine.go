// Package interp runs a program in plain Go. It is the oracle: it scans all
// triggers in their order and evaluates replies step by step, and the compiled
// module must agree with it on reply, state and trace. It is written to be
// plainly right, not fast. It knows the outside only as a world.World.
//
// Trace events are made here and, alike, by the module:
//
//	Matched    Trigger, Captures (nil without any)
//	Unmatched  Text: the normalised text that nothing matched; a Problem follows
//	Condition  Trigger, N, Left, Right, OK: for each condition that was evaluated
//	Reply      Trigger, N, Of: also when there is only one reply
//	Alias      Trigger, Text: the target as evaluated
//	Redirect   Text: the target as evaluated
//	Problem    Text: each error text, where it is made
//
// Text, File and Line of a Matched event and all other kinds are for whoever runs
// the turn. No API of the host is promised.
package interp

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// Machine runs one program. It is safe for concurrent use.
type Machine struct {
	program *ir.Program
	words   *message.Normalizer
	plans   []plan  // one for each pattern
	orders  []order // one for each view
}

// order is what a view tries, in a row. It is made when it is asked for first.
type order struct {
	once          sync.Once
	previous, all []int
}

func (m *Machine) order(view int) *order {
	o := &m.orders[view]
	o.once.Do(func() { o.previous, o.all = m.program.Order(view) })
	return o
}

var _ world.Script = (*Machine)(nil)

// New prepares a program, which must not be changed any more.
func New(p *ir.Program) *Machine {
	m := &Machine{program: p, words: message.New(p.Meta.Message), plans: make([]plan, len(p.Patterns)), orders: make([]order, len(p.Views))}
	for i := range p.Patterns {
		m.plans[i] = newPlan(&p.Patterns[i])
	}
	return m
}

// Program implements world.Script.
func (m *Machine) Program() *ir.Meta { return &m.program.Meta }

// errRecursion ends a turn at its 51st redirect (L-RED-6).
var errRecursion = errors.New("more than 50 redirects")

// Answer implements world.Script.
func (m *Machine) Answer(ctx context.Context, w world.World, heard message.Forms) ([]reply.Token, error) {
	r := m.newRun(ctx, w)
	tokens, err := r.turn(heard)
	return r.finish(tokens, err)
}

// finish makes the reply of a turn that ended with err.
func (r *run) finish(tokens []reply.Token, err error) ([]reply.Token, error) {
	if errors.Is(err, errRecursion) {
		return []reply.Token{r.problem(r.p.Errors.Recursion)}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("interp: %w", err)
	}
	return tokens, nil
}

// Fire implements world.Script.
func (m *Machine) Fire(ctx context.Context, w world.World, n int, held []string) ([]reply.Token, error) {
	r := m.newRun(ctx, w)
	r.held = held
	tokens, err := r.reply(&frame{found: found{trigger: ir.None}}, ir.None, m.program.Deferred[n])
	return r.finish(tokens, err)
}

// Probe implements world.Script.
func (m *Machine) Probe(ctx context.Context, w world.World, heard message.Forms) (int, error) {
	if err := ctx.Err(); err != nil {
		return ir.None, fmt.Errorf("interp: %w", err)
	}
	r := m.newRun(ctx, w)
	return r.find(w.Topic(), heard, true).trigger, nil
}

// run is one turn on a Machine.
type run struct {
	ctx       context.Context
	m         *Machine
	p         *ir.Program
	w         world.World
	redirects int
	text      int // bytes of text in the reply or argument in the making
	steps     int
	choices   []int // of the begin block's reply
	last      *lastReply
	matcher   matcher
	held      []string // texts of a reminder

	heard    message.Forms // the person's message
	answered bool
	answer   []reply.Token // to the person's message, once it was asked for
}

func (m *Machine) newRun(ctx context.Context, w world.World) *run {
	return &run{ctx: ctx, m: m, p: m.program, w: w, choices: make([]int, m.program.Choices)}
}

// beginRequest is the text that the begin block's triggers match (L-BEGIN-1).
const beginRequest = "request"

// turn is steps 3 to 9 of L-TURN-1.
func (r *run) turn(heard message.Forms) ([]reply.Token, error) {
	r.heard = heard
	if r.p.Begin == ir.None {
		return r.respond(r.w.Topic(), heard, true)
	}
	return r.respond(r.p.Begin, r.m.words.InternalForms(beginRequest, r.p.Meta.Kept), false)
}

// ok is the reply to the person's message inside of the begin block's.
func (r *run) ok() ([]reply.Token, error) {
	if !r.answered {
		r.answered = true
		defer r.aside()()
		tokens, err := r.respond(r.w.Topic(), r.heard, true)
		if err != nil {
			return nil, err
		}
		r.answer = tokens
	}
	return r.answer, nil
}

// problem makes an error token and notes it.
func (r *run) problem(text string) reply.Token {
	r.w.Trace(trace.Event{Kind: trace.Problem, Text: text})
	return reply.Token{Kind: reply.Error, Text: text}
}

// ctxInterval is how many steps pass between looks at the context.
const ctxInterval = 1024

// step counts a step of evaluation.
func (r *run) step() error {
	r.steps++
	if r.steps > ir.MaxSteps {
		return fmt.Errorf("%d steps of evaluation: %w", ir.MaxSteps, world.ErrLimit)
	}
	if r.steps%ctxInterval == 0 {
		return r.ctx.Err()
	}
	return nil
}
