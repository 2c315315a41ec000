package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Trap is the error of a turn that ended inside of the module.
type Trap struct {
	Place string // of the script: "order.topic:12"; empty when it was in no line of it
	Cause error  // what happened; world.ErrLimit may be wrapped in it
	Stack string // of the module, innermost function first, for developers
}

// Error says where and what, in one line.
func (t *Trap) Error() string {
	if t.Place == "" {
		return "sandbox: " + t.Cause.Error()
	}
	return "sandbox: " + t.Place + ": " + t.Cause.Error()
}

// Unwrap returns the cause.
func (t *Trap) Unwrap() error { return t.Cause }

// stackTitle stands between wazero's message and its stack trace.
const stackTitle = "wasm stack trace:"

// trapTitle is how wazero's message begins when the module itself trapped.
const trapTitle = "wasm error: "

// explain makes a Trap of the error of a call to a script.
func (in *instance) explain(err error) error {
	err = explain(err)
	var t *Trap
	if errors.As(err, &t) && t.Place == "" {
		t.Place = in.place()
	}
	return err
}

// place is the line of the script that the instance was at.
func (in *instance) place() string {
	step := in.module.ExportedGlobal(emit.ExportStep)
	if step == nil || step.Get() == 0 {
		return ""
	}
	m := in.call.module
	loc, err := ir.PlaceOf(m.places, int(uint32(step.Get())))
	if err != nil || loc.Line <= 0 || loc.File < 0 || loc.File >= len(m.meta.Files) {
		return ""
	}
	return fmt.Sprintf("%s:%d", m.meta.Files[loc.File], loc.Line)
}

// explain makes a Trap of the error of a call.
func explain(err error) error {
	text, stack, _ := strings.Cut(err.Error(), stackTitle)
	t := &Trap{Stack: strings.TrimSpace(stack)}
	// What a host function panicked with is told in its own words.
	cause := errors.Unwrap(err)
	var inner *Trap
	if errors.As(cause, &inner) { // of a call inside of a host function: it says where
		return inner
	}
	switch {
	case cause == nil:
		t.Cause = errors.New(strings.TrimSpace(text))
	case strings.HasPrefix(text, trapTitle):
		t.Cause = fmt.Errorf(trapTitle+"%w", cause)
	default:
		t.Cause = cause
	}
	return t
}
