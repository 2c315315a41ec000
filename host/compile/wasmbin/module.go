// Package wasmbin writes WebAssembly modules: one file for each section of the
// binary format, an assembler for function bodies that checks its block labels, and
// readable names. It also reads custom sections back. It knows nothing of bots, does not
// validate types, and depends on nothing. The same calls always give the same
// bytes. No API of the host is promised.
package wasmbin

import (
	"errors"
	"fmt"
)

// ValType is the type of a value.
type ValType byte

// The types of values the encoder knows.
const (
	I32 ValType = 0x7f
	I64 ValType = 0x7e
	F64 ValType = 0x7c
)

// Sections of a module, by their ids. A data count section is not needed as
// long as no memory.init is emitted.
const (
	sectionCustom   = 0
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
	sectionCode     = 10
	sectionData     = 11
)

// magic is the preamble of every module: "\0asm" and version 1.
var magic = [8]byte{0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00}

// Module is a module in the making. Imports come first, because their numbers
// come before those of the module's own functions. The zero Module is ready.
type Module struct {
	Name string // in the name section

	types    types
	imports  []imported
	funcs    []function
	memory   *limits
	globals  []global
	exports  []export
	data     []segment
	customs  []Section
	problems []error
}

// Section is a custom section.
type Section struct {
	Name string
	Data []byte
}

// Encode returns the bytes of the module, or everything that was wrong with it.
func (m *Module) Encode() ([]byte, error) {
	m.checkDefined()
	code := m.codeSection()
	if len(m.problems) > 0 {
		return nil, fmt.Errorf("module %s: %w", m.Name, errors.Join(m.problems...))
	}
	sections := []struct {
		id   byte
		body []byte
	}{
		{sectionType, m.types.section()},
		{sectionImport, m.importSection()},
		{sectionFunction, m.functionSection()},
		{sectionMemory, m.memorySection()},
		{sectionGlobal, m.globalSection()},
		{sectionExport, m.exportSection()},
		{sectionCode, code},
		{sectionData, m.dataSection()},
	}
	w := writer{buf: make([]byte, 0, m.capacity())}
	w.bytes(magic[:])
	for _, s := range sections {
		if s.body != nil {
			w.section(s.id, s.body)
		}
	}
	w.custom("name", m.nameSection())
	for _, s := range m.customs {
		w.custom(s.Name, s.Data)
	}
	return w.buf, nil
}

// capacity is about the size of the module, and enough for what is large in it.
func (m *Module) capacity() int {
	size := 64 << 10
	for _, d := range m.data {
		size += len(d.bytes) + 16
	}
	for _, c := range m.customs {
		size += len(c.Data) + len(c.Name) + 16
	}
	return size
}

// Custom adds a custom section at the end of the module.
func (m *Module) Custom(name string, data []byte) {
	m.customs = append(m.customs, Section{name, data})
}

func (m *Module) problem(format string, args ...any) {
	m.problems = append(m.problems, fmt.Errorf(format, args...))
}
