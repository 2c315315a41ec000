package sandbox

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
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

// sourceLine finds a line of the script in wazero's stack trace, where it stands
// behind the address of the instruction.
var sourceLine = regexp.MustCompile(`(?m)^\s*0x[0-9a-f]+: (.+:\d+)$`)

// stackTitle stands between wazero's message and its stack trace.
const stackTitle = "wasm stack trace:"

// trapTitle is how wazero's message begins when the module itself trapped.
const trapTitle = "wasm error: "

// explain makes a Trap of the error of a call.
func explain(err error) error {
	text, stack, _ := strings.Cut(err.Error(), stackTitle)
	t := &Trap{Stack: strings.TrimSpace(stack)}
	if found := sourceLine.FindStringSubmatch(stack); found != nil {
		t.Place = found[1]
	}
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
