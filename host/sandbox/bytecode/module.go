// Package bytecode reads WebAssembly modules that others have compiled: all sections
// of version 2.0 of the core, and every instruction of it, each index compared with
// what the module has. What it does not know it refuses, with the name of the proposal
// that an instruction belongs to. It does not check types, which is the job of the
// runtime; it neither changes nor keeps the bytes, which must stay as they are while a
// Module is used. It never panics, and needs memory in proportion to the bytes. No API
// of the host is promised.
package bytecode

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Sections of a module, by their ids.
const (
	SectionCustom    = 0
	SectionType      = 1
	SectionImport    = 2
	SectionFunction  = 3
	SectionTable     = 4
	SectionMemory    = 5
	SectionGlobal    = 6
	SectionExport    = 7
	SectionStart     = 8
	SectionElement   = 9
	SectionCode      = 10
	SectionData      = 11
	SectionDataCount = 12
	sectionTag       = 13
)

// Bounds of the lists of a module: what stands in a few bytes there takes up to a hundred
// in the compiler, and some in every instance.
const (
	MaxTypes    = 10_000  // types of functions
	MaxImports  = 1_000   // things that are imported
	MaxTables   = 16      // tables
	MaxGlobals  = 10_000  // globals of the module's own
	MaxExports  = 10_000  // things that are exported
	MaxSegments = 100_000 // segments of elements, and as many of data, as in browsers
)

// sections are the names of sections, their places (data count comes before code), and
// how many entries they may have; 0: no more than there are bytes.
var sections = [...]struct {
	name  string
	place int
	most  uint32
}{
	SectionCustom:    {"custom", 0, 0},
	SectionType:      {"type", 1, MaxTypes},
	SectionImport:    {"import", 2, MaxImports},
	SectionFunction:  {"function", 3, 0},
	SectionTable:     {"table", 4, MaxTables},
	SectionMemory:    {"memory", 5, 0},
	SectionGlobal:    {"global", 6, MaxGlobals},
	SectionExport:    {"export", 7, MaxExports},
	SectionStart:     {"start", 8, 0},
	SectionElement:   {"element", 9, MaxSegments},
	SectionDataCount: {"data count", 10, 0},
	SectionCode:      {"code", 11, 0},
	SectionData:      {"data", 12, MaxSegments},
}

// Place is where a section stands among the others, from 1.
func Place(id byte) int { return sections[id].place }

// Magic begins every module.
const Magic = "\x00asm\x01\x00\x00\x00"

// Section is one section as it stands in the file.
type Section struct {
	ID   byte
	Name string // of a custom section
	Body []byte // without its length; of a custom section also without its name
	At   int    // offset of Body in the module
}

// Ref is a function index outside of the code: its place in the module, and its value.
type Ref struct {
	At, Len int
	Func    uint32
}

// Module is what a module says of itself.
type Module struct {
	Sections []Section
	Types    []FuncType
	Imports  []Import
	Funcs    []uint32 // types of the module's own functions
	Tables   []Table
	Memories []Limits
	Globals  int // also those that are imported
	Mutable  []Variable
	Exports  []Export
	Start    bool // there is a start function
	Elements int  // segments
	Data     int  // segments
	Bodies   []Body
	Refs     []Ref // in the order of the module

	importedFuncs []uint32 // types
	dataCount     int      // as told before the code; -1 for not at all
	names         map[uint32]string
}

// Error tells what is wrong with a module, where, and how to mend it.
type Error struct {
	Where  string // "function 12 (parse)", "the table section"; empty for the whole module
	Offset int    // in bytes from the begin of the module
	What   string
	Cure   string // what to do, in the imperative; empty when only the compiler knows
}

// Error is one sentence.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Where != "" {
		b.WriteString(e.Where + ": ")
	}
	b.WriteString(e.What)
	if e.Offset > 0 {
		fmt.Fprintf(&b, " (at offset %#x)", e.Offset)
	}
	if e.Cure != "" {
		b.WriteString("; " + e.Cure)
	}
	return b.String()
}

// Parse reads all but the instructions, for which see Module.Code. An error is an *Error.
func Parse(wasm []byte) (*Module, error) {
	if !bytes.HasPrefix(wasm, []byte(Magic)) {
		return nil, &Error{What: "it is no WebAssembly module of version 1", Cure: "build a core module, not a component and not text"}
	}
	m := &Module{dataCount: -1}
	if err := m.split(reader{wasm[len(Magic):], len(Magic)}); err != nil {
		return nil, err
	}
	m.readNames()
	for _, s := range m.Sections {
		if s.ID == SectionCustom {
			continue
		}
		r := reader{s.Body, s.At}
		err := tooMany(s)
		if err == nil {
			err = m.section(s.ID, &r)
		}
		if err == nil && len(r.b) > 0 {
			err = fmt.Errorf("%d bytes too many", len(r.b))
		}
		if err != nil {
			return nil, located(err, "the "+sections[s.ID].name+" section", r.at)
		}
	}
	if len(m.Bodies) != len(m.Funcs) {
		return nil, &Error{Where: "the code section", What: fmt.Sprintf("there are %d bodies for %d functions", len(m.Bodies), len(m.Funcs))}
	}
	if m.dataCount >= 0 && m.dataCount != m.Data {
		return nil, &Error{Where: "the data section", What: fmt.Sprintf("it has %d segments, and the data count section says %d", m.Data, m.dataCount)}
	}
	return m, nil
}

// tooMany looks how many entries a section has, before any is read.
func tooMany(s Section) error {
	r, most := reader{s.Body, s.At}, sections[s.ID].most
	if n, err := r.number(); err == nil && most > 0 && n > most {
		return &Error{Offset: s.At, What: fmt.Sprintf("it has %d entries, more than %d", n, most), Cure: "leave out what is not used"}
	}
	return nil
}

// located makes an Error of an error that does not know its place.
func located(err error, where string, offset int) error {
	var e *Error
	if errors.As(err, &e) {
		if e.Where == "" {
			e.Where = where
		}
		return e
	}
	return &Error{Where: where, Offset: offset, What: err.Error()}
}

// split finds the sections, and checks their order.
func (m *Module) split(r reader) error {
	last := 0
	for len(r.b) > 0 {
		at := r.at
		id, _ := r.byte()
		if int(id) >= len(sections) {
			return unknownSection(id, at)
		}
		where := "the " + sections[id].name + " section"
		size, err := r.number()
		if err != nil {
			return located(err, where, at)
		}
		s := Section{ID: id, At: r.at}
		if s.Body, err = r.bytes(size); err != nil {
			return located(err, where, at)
		}
		if id == SectionCustom {
			inside := reader{s.Body, s.At}
			if s.Name, err = inside.text(); err != nil {
				return located(err, where, at)
			}
			s.Body, s.At = inside.b, inside.at
		} else {
			if sections[id].place <= last {
				return &Error{Where: where, Offset: at, What: "it stands twice or behind one that it has to precede"}
			}
			last = sections[id].place
		}
		m.Sections = append(m.Sections, s)
	}
	return nil
}

func unknownSection(id byte, at int) error {
	if id == sectionTag {
		return &Error{Where: "the tag section", Offset: at, What: "it belongs to " + exceptions.title(), Cure: exceptions.cure}
	}
	return &Error{Where: fmt.Sprintf("section %d", id), Offset: at, What: "no such section is known", Cure: "build for WebAssembly 2.0 or older"}
}
