package plugin

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Trap is the error of a call that ended inside of the module: it has gone wrong in a
// way that it did not see itself.
type Trap struct {
	Cause string // in a few words: "unreachable", "out of bounds memory access"
	Place string // file and line of the module's source, where it was compiled with them
	Stack string // of the module, innermost function first, for its author

	memory, granted int // bytes that it had, of those that it may have
}

// Error says what happened and where. A module that finds no more memory says nothing but "unreachable" in most languages, so
// it is told when most was in use.
func (t *Trap) Error() string {
	text := "it crashed"
	if t.Place != "" {
		text += " at " + t.Place
	}
	text += ": " + t.Cause
	if t.granted > 0 && t.memory > t.granted-t.granted/4 {
		text += fmt.Sprintf(", with %s of %s bytes of memory in use; memory in bot.toml sets that limit", count(t.memory), count(t.granted))
	}
	return text
}

// Limit is the error of a call that used up what it was given.
type Limit struct {
	Max   string // "1,200,000 steps", "2s"
	Grant string // setting of [plugins.NAME] that would raise it; empty: nothing does
}

// Error names the limit and what would raise it.
func (l *Limit) Error() string {
	text := "it used more than " + l.Max
	if l.Grant != "" {
		text += fmt.Sprintf("; %s in bot.toml sets that limit", l.Grant)
	}
	return text
}

// Denied is the error of a call that did what was not granted.
type Denied struct {
	Capability string
	What       string // one host, secret or variable, where they are granted one by one
}

// Error names what was not granted.
func (d *Denied) Error() string {
	if d.What != "" {
		return fmt.Sprintf("%s %s is not granted", d.Capability, d.What)
	}
	return d.Capability + " is not granted"
}

// ErrClosed is returned for a call on a pool that has been closed.
var ErrClosed = errors.New("the plug-in is closed")

// exited is how a module ends itself.
type exited struct{ code uint32 }

func (e exited) Error() string { return fmt.Sprintf("it ended itself with code %d", e.code) }

// errPointer is what a call with an address outside of the module's memory ends with.
var errPointer = errors.New("an address that it gave the host is not in its memory")

// What stands in the errors of wazero.
const (
	stackTitle = "wasm stack trace:"
	trapTitle  = "wasm error: "
)

// sourceLine finds a line of the source in wazero's stack trace, where it stands behind
// the address of the instruction.
var sourceLine = regexp.MustCompile(`(?m)^\s*0x[0-9a-f]+: (.+:\d+)(?::\d+)?$`)

// explain tells the kinds of failure apart in the error of a call.
func explain(err error) error {
	var limit *Limit
	var denied *Denied
	var given *givenUp
	switch {
	case errors.As(err, &limit):
		return limit
	case errors.As(err, &denied):
		return denied
	case errors.As(err, &given):
		return given.cause
	}
	text, stack, _ := strings.Cut(err.Error(), stackTitle)
	t := &Trap{Cause: strings.TrimPrefix(strings.TrimSpace(text), trapTitle), Stack: strings.TrimSpace(stack)}
	if found := sourceLine.FindStringSubmatch(stack); found != nil {
		t.Place = found[1]
	}
	var exit exited
	switch {
	case errors.Is(err, errPointer):
		t.Cause = errPointer.Error()
	case errors.As(err, &exit):
		t.Cause = exit.Error()
	case strings.HasPrefix(t.Cause, "stack overflow"):
		return tooDeep
	}
	return t
}

// tooDeep is the error of a call that calls itself for ever.
var tooDeep = &Limit{Max: count(maxDepth) + " calls inside of calls"}

// givenUp ends a call for a reason that is not the module's: the turn was cancelled, or
// the stage has failed.
type givenUp struct{ cause error }

func (g *givenUp) Error() string { return g.cause.Error() }
