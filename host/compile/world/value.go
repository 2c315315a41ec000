package world

import (
	"math"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Number reads a number of the language (L-COND-5): an optional sign, digits,
// optionally a point and digits; white space around does not matter.
func Number(text string) (value float64, ok bool) { return syntax.Number(text) }

// Nothing tells whether a text stands for no value at all (L-COND-4).
func Nothing(text string) bool { return text == "" || text == "undefined" }

// Compare is the outcome of a condition whose operands have been evaluated and trimmed.
func Compare(op ir.CompareOp, left, right string) bool {
	switch op {
	case ir.Equal, ir.NotEqual:
		same := left == right || Nothing(left) && Nothing(right)
		return same == (op == ir.Equal)
	}
	a, ok := Number(left)
	if !ok {
		return false
	}
	b, ok := Number(right)
	if !ok {
		return false
	}
	switch op {
	case ir.Less:
		return a < b
	case ir.LessEqual:
		return a <= b
	case ir.Greater:
		return a > b
	default:
		return a >= b
	}
}

// Millis reads the seconds of a <delay>, in milliseconds: clamped to 0 up to
// reply.MaxDelayMillis, 0 for what is no number (L-DELAY-2).
func Millis(seconds string) int {
	value, ok := Number(seconds)
	if !ok {
		return 0
	}
	return int(math.Round(min(max(value*1000, 0), reply.MaxDelayMillis)))
}
