package turn

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/world"
)

// Bounds of arithmetic (L-MATH-2).
const (
	significantDigits = 15
	mathLimit         = 1e15 // results of this size and above are errors
)

var mathNames = [...]string{world.Add: "add", world.Sub: "sub", world.Mult: "mult", world.Div: "div"}

// Math implements world.World (L-MATH-1 to L-MATH-3).
func (s *stage) Math(op world.MathOp, name, operand string) (problem string) {
	by, ok := world.Number(operand)
	if !ok {
		return fmt.Sprintf("[ERR: Math can't '%s' non-numeric value '%s']", mathNames[op], operand)
	}
	if name == "topic" || strings.HasPrefix(name, "_") { // L-VAR-4, L-VAR-5
		return ""
	}
	value := 0.0
	if text, set := s.Get(world.User, name); set && !world.Nothing(text) {
		if value, ok = world.Number(text); !ok {
			return fmt.Sprintf("[ERR: Math can't '%s' non-numeric user variable '%s']", mathNames[op], name)
		}
	}
	switch op {
	case world.Add:
		value += by
	case world.Sub:
		value -= by
	case world.Mult:
		value *= by
	case world.Div:
		if by == 0 {
			return "[ERR: Can't Divide By Zero]"
		}
		value /= by
	}
	if math.Abs(value) >= mathLimit {
		return "[ERR: Math result out of range]"
	}
	s.Set(world.User, name, formatNumber(value))
	return ""
}

// formatNumber writes a number as L-MATH-2 wants it: at most 15 significant
// digits, no exponent, no trailing zeros, no minus in front of zero.
func formatNumber(f float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', significantDigits, 64), 64)
	if err != nil || rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
