// Package meter rewrites modules that were not emitted from a script so that they
// count what they do: at every function entry and every loop head, and for every
// stretch of memory that is copied or filled. A module whose fuel is used up traps,
// wherever it is; nothing else can stop one without slowing it down many times over.
// It reads the core of WebAssembly 2.0 without vectors, and refuses what it does not
// know. No API of the host is promised.
package meter

import (
	"errors"
	"fmt"
)

// FuelExport is the name of the global, a mutable i64, that holds the fuel. The host
// sets it before a call; below zero the module has trapped.
const FuelExport = "__fuel"

// Sections of a module, by their ids.
const (
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionGlobal   = 6
	sectionExport   = 7
	sectionStart    = 8
	sectionCode     = 10
)

// Types of values.
const (
	i32 = 0x7f
	i64 = 0x7e
)

// order is where sections stand in a module: data count comes before code.
var order = [...]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 12: 10, 10: 11, 11: 12}

var magic = []byte("\x00asm\x01\x00\x00\x00")

// section is one section, without its length.
type section struct {
	id   byte
	body []byte
}

// module is what has to be known of one.
type module struct {
	sections []section
	params   []int // of each type
	types    []int // of each function with a body
	fuel     int   // index of the new global
}

// Fuel returns a module that does what the given one does, and counts. first is the
// fuel of a new instance.
func Fuel(wasm []byte, first int64) ([]byte, error) {
	m, err := read(wasm)
	if err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	out := append([]byte(nil), magic...)
	for _, s := range m.sections {
		body := s.body
		switch s.id {
		case sectionGlobal:
			body, err = appended(body, append(appendSigned([]byte{i64, 1, opI64Const}, first), opEnd))
		case sectionExport:
			entry := append(appendNumber(nil, uint32(len(FuelExport))), FuelExport...)
			body, err = appended(body, appendNumber(append(entry, 3), uint32(m.fuel)))
		case sectionCode:
			body, err = m.code(body)
		}
		if err != nil {
			return nil, fmt.Errorf("meter: section %d: %w", s.id, err)
		}
		out = append(out, s.id)
		out = append(appendNumber(out, uint32(len(body))), body...)
	}
	return out, nil
}

// appended adds an element to a list that is a section's body.
func appended(body, element []byte) ([]byte, error) {
	r := reader{body}
	n, err := r.number()
	if err != nil {
		return nil, err
	}
	return append(append(appendNumber(nil, n+1), r.b...), element...), nil
}

// read takes a module apart. Sections that get something new are added if missing.
func read(wasm []byte) (*module, error) {
	if len(wasm) < len(magic) || string(wasm[:len(magic)]) != string(magic) {
		return nil, errors.New("no WebAssembly module of version 1")
	}
	m := &module{}
	r := reader{wasm[len(magic):]}
	last := 0
	for len(r.b) > 0 {
		id, err := r.byte()
		if err != nil {
			return nil, err
		}
		size, err := r.number()
		if err != nil {
			return nil, err
		}
		body, err := r.bytes(size)
		if err != nil {
			return nil, err
		}
		if id != 0 {
			if int(id) >= len(order) || order[id] <= last {
				return nil, fmt.Errorf("section %d is unknown, or not in its place", id)
			}
			for _, needed := range [...]byte{sectionGlobal, sectionExport} {
				if last < order[needed] && order[id] > order[needed] {
					m.sections = append(m.sections, section{needed, []byte{0}})
				}
			}
			last = order[id]
		}
		if id == sectionStart {
			return nil, errors.New("a start function would run before there is fuel")
		}
		m.sections = append(m.sections, section{id, body})
	}
	return m, m.look()
}

// look reads what the rewriting needs to know.
func (m *module) look() error {
	for _, s := range m.sections {
		r := reader{s.body}
		var err error
		switch s.id {
		case sectionType:
			err = m.readTypes(&r)
		case sectionImport:
			err = m.readImports(&r)
		case sectionFunction:
			err = r.each(func() error {
				n, err := r.number()
				if err == nil && int(n) >= len(m.params) {
					err = fmt.Errorf("there is no type %d", n)
				}
				m.types = append(m.types, int(n))
				return err
			})
		case sectionGlobal:
			var n uint32
			n, err = r.number()
			m.fuel += int(n)
		}
		if err != nil {
			return fmt.Errorf("section %d: %w", s.id, err)
		}
	}
	return nil
}

func (m *module) readTypes(r *reader) error {
	return r.each(func() error {
		if form, err := r.byte(); err != nil || form != 0x60 {
			return errors.Join(errors.New("a type is no function type"), err)
		}
		params, err := r.number()
		if err != nil {
			return err
		}
		m.params = append(m.params, int(params))
		if _, err := r.bytes(params); err != nil {
			return err
		}
		results, err := r.number()
		if err != nil {
			return err
		}
		_, err = r.bytes(results)
		return err
	})
}

// readImports counts the globals among the imports; only functions and globals can
// be imported.
func (m *module) readImports(r *reader) error {
	return r.each(func() error {
		for range 2 {
			size, err := r.number()
			if err != nil {
				return err
			}
			if _, err := r.bytes(size); err != nil {
				return err
			}
		}
		kind, err := r.byte()
		if err != nil {
			return err
		}
		switch kind {
		case 0:
			_, err = r.number()
		case 3:
			m.fuel++
			_, err = r.bytes(2)
		default:
			err = errors.New("an import is neither function nor global")
		}
		return err
	})
}
