package meter

import (
	"errors"
	"fmt"
)

// Instructions that the rewriting writes or looks for.
const (
	opUnreachable = 0x00
	opLoop        = 0x03
	opIf          = 0x04
	opEnd         = 0x0b
	opLocalGet    = 0x20
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opI64Const    = 0x42
	opI64LtS      = 0x53
	opI64Sub      = 0x7d
	opI64ShrU     = 0x88
	opI64Extend   = 0xad // of an unsigned i32
	opPrefix      = 0xfc
	noResult      = 0x40

	memoryInit = 8
	memoryCopy = 10
	memoryFill = 11
	tableInit  = 12
	tableCopy  = 14
	tableFill  = 17
)

// What things cost, in units of fuel.
const (
	bytesPerUnit = 256 // of a function's body: what it costs to enter it, beside one unit
	bulkShift    = 5   // a bulk operation costs a unit for every 32 bytes or entries
)

// code rewrites the bodies of all functions.
func (m *module) code(body []byte) ([]byte, error) {
	r := reader{body}
	n := 0
	out := appendNumber(nil, uint32(len(m.types)))
	err := r.each(func() error {
		if n >= len(m.types) {
			return errors.New("there are more bodies than functions")
		}
		size, err := r.number()
		if err != nil {
			return err
		}
		b, err := r.bytes(size)
		if err != nil {
			return err
		}
		metered, err := m.function(b, m.params[m.types[n]])
		if err != nil {
			return fmt.Errorf("function %d: %w", n, err)
		}
		out = append(appendNumber(out, uint32(len(metered))), metered...)
		n++
		return nil
	})
	if err == nil && n != len(m.types) {
		err = errors.New("there are fewer bodies than functions")
	}
	return out, err
}

// maxLocals is how many local variables a function may have.
const maxLocals = 10_000

// function rewrites one body: two locals more, and the counting.
func (m *module) function(body []byte, params int) ([]byte, error) {
	r := reader{body}
	groups, err := r.number()
	if err != nil {
		return nil, err
	}
	start := r.b
	locals := params
	for range groups {
		n, err := r.number()
		if err != nil {
			return nil, err
		}
		if n > maxLocals || locals+int(n) > maxLocals+params {
			return nil, fmt.Errorf("it has more than %d local variables", maxLocals)
		}
		locals += int(n)
		if _, err := r.byte(); err != nil {
			return nil, err
		}
	}
	out := appendNumber(nil, groups+2)
	out = append(out, start[:len(start)-len(r.b)]...)
	out = append(out, 1, i64, 1, i32)
	w := writer{out: out, fuel: uint32(m.fuel), wide: uint32(locals), narrow: uint32(locals + 1)}
	w.spend(1 + len(body)/bytesPerUnit)
	for len(r.b) > 0 {
		before := r.b
		op, sub, err := r.instruction()
		if err != nil {
			return nil, err
		}
		if op == opPrefix {
			switch sub {
			case memoryInit, memoryCopy, memoryFill, tableInit, tableCopy, tableFill:
				w.spendTop()
			}
		}
		w.out = append(w.out, before[:len(before)-len(r.b)]...)
		if op == opLoop {
			w.spend(1)
		}
	}
	return w.out, nil
}

// writer writes a metered body.
type writer struct {
	out          []byte
	fuel         uint32 // the global
	wide, narrow uint32 // locals of our own, i64 and i32
}

// spend takes fuel, and traps when there is none. It leaves the stack as it was.
func (w *writer) spend(units int) {
	w.index(opGlobalGet, w.fuel)
	w.out = appendSigned(append(w.out, opI64Const), int64(units))
	w.out = append(w.out, opI64Sub)
	w.index(opLocalTee, w.wide)
	w.index(opGlobalSet, w.fuel)
	w.index(opLocalGet, w.wide)
	w.out = append(w.out, opI64Const, 0, opI64LtS, opIf, noResult, opUnreachable, opEnd)
}

// spendTop takes fuel for the length on top of the stack, and leaves it there. What
// is missing then is noticed at the next loop or function.
func (w *writer) spendTop() {
	w.index(opLocalTee, w.narrow)
	w.index(opGlobalGet, w.fuel)
	w.index(opLocalGet, w.narrow)
	w.out = append(w.out, opI64Extend, opI64Const, bulkShift, opI64ShrU, opI64Sub)
	w.index(opGlobalSet, w.fuel)
}

func (w *writer) index(op byte, n uint32) { w.out = appendNumber(append(w.out, op), n) }

// instruction reads one instruction; sub is its number behind opPrefix.
func (r *reader) instruction() (op byte, sub uint32, err error) {
	if op, err = r.byte(); err != nil {
		return 0, 0, err
	}
	numbers := 0
	switch {
	case op <= 0x01, op == 0x05, op == opEnd, op == 0x0f, op == 0x1a, op == 0x1b, op >= 0x45 && op <= 0xc4, op == 0xd1:
	case op >= 0x02 && op <= 0x04, op == 0x0c, op == 0x0d, op == 0x10, op >= 0x20 && op <= 0x26,
		op == 0x3f, op == 0x40, op == 0x41, op == 0x42, op == 0xd0, op == 0xd2:
		numbers = 1
	case op == 0x11, op >= 0x28 && op <= 0x3e:
		numbers = 2
	case op == 0x0e: // br_table
		n, err := r.number()
		if err != nil {
			return 0, 0, err
		}
		numbers = int(n) + 1
	case op == 0x1c: // select with types
		n, err := r.number()
		if err != nil {
			return 0, 0, err
		}
		numbers = int(n)
	case op == 0x43:
		_, err = r.bytes(4)
	case op == 0x44:
		_, err = r.bytes(8)
	case op == opPrefix:
		if sub, err = r.number(); err != nil {
			return 0, 0, err
		}
		if int(sub) >= len(prefixed) {
			return 0, 0, fmt.Errorf("instruction 0xfc %d is not known here", sub)
		}
		numbers = prefixed[sub]
	default:
		return 0, 0, fmt.Errorf("instruction 0x%02x is not known here", op)
	}
	for range numbers {
		if err := r.skip(); err != nil {
			return 0, 0, err
		}
	}
	return op, sub, err
}

// prefixed is how many numbers follow an instruction behind opPrefix.
var prefixed = [...]int{0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1}
