// Package world is the border between a running script and everything else.
// A script asks its World for variables, chance and history; whoever runs turns
// implements it over a session. The reference interpreter and the sandboxed
// module are both a Script and speak to the same World, so that they can be
// compared. No API of the host is promised.
package world

import (
	"context"
	"errors"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// Scope says whose variable is meant.
type Scope uint8

// The scopes.
const (
	User Scope = iota // <get x>: session variables, "topic", and the namespace variables with _
	Bot               // <bot x> (L-VAR-7)
	Env               // <env x>
)

// MathOp is an arithmetic tag (L-MATH-1).
type MathOp uint8

// The arithmetic tags.
const (
	Add MathOp = iota
	Sub
	Mult
	Div
)

// World is what a script may ask and do during one turn. It is used by one
// goroutine. No call fails: what scripts do wrong becomes an error text.
type World interface {
	// Get reads a variable; ok is false when it is unset.
	Get(scope Scope, name string) (value string, ok bool)
	// Set stores a variable, Clear removes one. Reserved names are ignored
	// (L-VAR-4); "topic" switches as L-TOP-3 says.
	Set(scope Scope, name, value string)
	Clear(scope Scope, name string)
	// Math computes and stores (L-MATH); problem is the error text, or empty.
	Math(op MathOp, name, operand string) (problem string)
	// Input and Reply read the history, n from 1 to 10 (L-HIST-1).
	Input(n int) (text string, ok bool)
	Reply(n int) (text string, ok bool)
	// LastReply is what % looks at (L-PREV-2): the text of the last part that
	// had text, and the whole last reply; ok is false before the first one.
	LastReply() (part, whole string, ok bool)
	// ID is the person's id on the platform.
	ID() string
	// Topic is the number of the current topic in the program.
	Topic() int
	// SwitchTopic switches to the topic of that name, to the root topic when
	// there is none (L-TOP-4).
	SwitchTopic(name string)
	// Random draws a whole number from 0 to n-1; n is at least 1.
	Random(n uint64) uint64
	// Trace notes a step of the turn. The list of captures is the script's: it is
	// only good until Trace returns.
	Trace(e trace.Event)
	Outside
}

// Script is a program that can answer. A Script is safe for concurrent use by
// several turns.
type Script interface {
	// Program describes the script; it must not be changed.
	Program() *ir.Meta
	// Answer finds the trigger for a message and evaluates its reply: steps 3 to
	// 9 of L-TURN-1. When the error of section 26 replaces the reply it is among
	// the tokens; err is kept for what is not the script's doing (a trap, a
	// cancelled context), and ErrLimit for its limits.
	Answer(ctx context.Context, w World, m message.Forms) ([]reply.Token, error)
	// Fire evaluates the n-th deferred script like a reply, in the current topic of
	// w (L-REM-4). held are the texts that were kept with it. Tokens and errors are
	// those of Answer.
	Fire(ctx context.Context, w World, n int, held []string) ([]reply.Token, error)
	// Probe finds the trigger that would answer (L-EV-4, L-EV-6) in the current
	// topic of w, with previous triggers, and changes nothing: its number, or -1.
	Probe(ctx context.Context, w World, m message.Forms) (int, error)
}

// ErrLimit is wrapped by the error of a turn that ran into a limit of section 28
// of the language; the reply of the turn is then the Deep Recursion error.
var ErrLimit = errors.New("limit of evaluation reached")
