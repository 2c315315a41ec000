package meter

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// Sections of DWARF that a line table needs.
const (
	lineSection = ".debug_line"
	lineText    = ".debug_line_str"
	plainText   = ".debug_str"
)

// Bounds of a line table: what is beyond them is left out. A stranger's debugging
// information is as little to be trusted as his code.
const (
	maxRows  = 500_000 // rows
	maxFiles = 10_000  // files
	maxPath  = 256     // bytes of a path
)

// Numbers of DWARF.
const (
	lnsCopy = iota + 1
	lnsAdvancePC
	lnsAdvanceLine
	lnsSetFile
	lnsConstAddPC     = 8
	lnsFixedAdvancePC = 9

	lneEndSequence = 1
	lneSetAddress  = 2

	contentPath = 1
	contentDir  = 2

	formData2   = 0x05
	formData4   = 0x06
	formData8   = 0x07
	formString  = 0x08
	formBlock   = 0x09
	formData1   = 0x0b
	formStrp    = 0x0e
	formUdata   = 0x0f
	formData16  = 0x1e
	formLineStr = 0x1f
)

// lineTable is what was read of a line section: rows of all units, with files numbered
// over all of them.
type lineTable struct {
	files []string
	rows  []wasmbin.Row

	numbers           map[string]int
	lineText, strings []byte
}

// readLines reads line tables of DWARF 2 to 5, as far as they can be understood: a unit
// that cannot is left out.
func readLines(lines, lineText, text []byte) *lineTable {
	t := &lineTable{numbers: map[string]int{}, lineText: lineText, strings: text}
	for r := (cursor{b: lines}); len(r.b) > 0 && !r.bad; {
		size := r.fixed(4)
		if size >= 0xfffffff0 || size > uint64(len(r.b)) { // 64-bit DWARF, or cut off
			break
		}
		t.unit(&cursor{b: r.take(size)})
	}
	return t
}

// file is the number of a file, or -1 when there are too many, or it has no name.
func (t *lineTable) file(name string) int {
	if name == "" {
		return -1
	}
	if len(name) > maxPath {
		name = name[len(name)-maxPath:]
	}
	name = strings.ToValidUTF8(name, "?")
	n, ok := t.numbers[name]
	if !ok {
		if len(t.files) == maxFiles {
			return -1
		}
		n = len(t.files)
		t.files = append(t.files, name)
		t.numbers[name] = n
	}
	return n
}

// unit is the head of one unit.
type unit struct {
	least     uint64 // bytes of the smallest instruction
	base      int    // of the special opcodes: lines
	span      int    // of lines
	first     byte   // special opcode
	operands  []byte // of the standard opcodes
	files     []int  // by their numbers in the unit
	firstFile int    // 0 or 1
}

func (t *lineTable) unit(r *cursor) {
	version := r.fixed(2)
	if version < 2 || version > 5 {
		return
	}
	if version == 5 {
		r.fixed(2) // sizes of addresses and segments
	}
	head := &cursor{b: r.take(r.fixed(4))}
	u := unit{firstFile: 1, least: head.fixed(1)}
	if version >= 4 {
		head.fixed(1) // operations of an instruction
	}
	head.fixed(1) // whether rows are statements at first
	u.base, u.span, u.first = int(int8(head.fixed(1))), int(head.fixed(1)), byte(head.fixed(1))
	if u.first == 0 || u.span == 0 {
		return
	}
	u.operands = head.take(uint64(u.first) - 1)
	if version == 5 {
		u.firstFile = 0
		dirs := t.entries(head, nil)
		for _, name := range t.entries(head, dirs) {
			u.files = append(u.files, t.file(name))
		}
	} else {
		t.oldFiles(head, &u)
	}
	if !head.bad && !r.bad {
		t.program(r, u)
	}
}

// oldFiles reads directories and files before DWARF 5. The first directory, where the
// compiler ran, is not told here.
func (t *lineTable) oldFiles(r *cursor, u *unit) {
	dirs := []string{""}
	for {
		dir := r.text()
		if dir == "" {
			break
		}
		dirs = append(dirs, dir)
	}
	for len(u.files) < maxFiles {
		name := r.text()
		if name == "" {
			break
		}
		dir := r.number()
		r.number()
		r.number()
		u.files = append(u.files, t.file(joined(dirs, dir, name)))
	}
}

func joined(dirs []string, dir uint64, name string) string {
	if dir >= uint64(len(dirs)) || path.IsAbs(name) {
		return name
	}
	return path.Join(dirs[dir], name)
}

// entries reads a list of directories or, with dirs, of files, as DWARF 5 writes them.
func (t *lineTable) entries(r *cursor, dirs []string) []string {
	type field struct{ content, form uint64 }
	var format []field
	for range r.fixed(1) {
		format = append(format, field{r.number(), r.number()})
	}
	count := r.number()
	var names []string
	for n := uint64(0); n < min(count, maxFiles) && !r.bad && len(format) > 0; n++ {
		var name string
		var dir uint64
		for _, f := range format {
			text, number := t.value(r, f.form)
			switch f.content {
			case contentPath:
				name = text
			case contentDir:
				dir = number
			}
		}
		names = append(names, joined(dirs, dir, name))
	}
	if count > maxFiles {
		r.bad = true
	}
	return names
}

// value reads a value of one of the forms that stand in lists of files.
func (t *lineTable) value(r *cursor, form uint64) (text string, number uint64) {
	switch form {
	case formString:
		return r.text(), 0
	case formLineStr:
		return textAt(t.lineText, r.fixed(4)), 0
	case formStrp:
		return textAt(t.strings, r.fixed(4)), 0
	case formUdata:
		return "", r.number()
	case formData1:
		return "", r.fixed(1)
	case formData2:
		return "", r.fixed(2)
	case formData4:
		return "", r.fixed(4)
	case formData8:
		return "", r.fixed(8)
	case formData16:
		r.take(16)
	case formBlock:
		r.take(r.number())
	default:
		r.bad = true
	}
	return "", 0
}

func textAt(b []byte, at uint64) string {
	if at >= uint64(len(b)) {
		return ""
	}
	b = b[at:]
	b = b[:min(len(b), maxPath)]
	if n := bytes.IndexByte(b, 0); n >= 0 {
		b = b[:n]
	}
	return string(b)
}

// state is that of a line program.
type state struct {
	address uint64
	file    uint64
	line    int
}

func (t *lineTable) program(r *cursor, u unit) {
	s := state{file: 1, line: 1}
	constant := (255 - uint64(u.first)) / uint64(u.span) * u.least
	for len(r.b) > 0 && !r.bad && len(t.rows) < maxRows {
		op := byte(r.fixed(1))
		if op >= u.first {
			n := int(op - u.first)
			s.address += uint64(n/u.span) * u.least
			s.line += u.base + n%u.span
			t.row(s, u)
			continue
		}
		switch op {
		case 0:
			t.extended(&cursor{b: r.take(r.number())}, &s, u)
		case lnsCopy:
			t.row(s, u)
		case lnsAdvancePC:
			s.address += r.number() * u.least
		case lnsAdvanceLine:
			s.line += int(r.signed())
		case lnsSetFile:
			s.file = r.number()
		case lnsConstAddPC:
			s.address += constant
		case lnsFixedAdvancePC:
			s.address += r.fixed(2)
		default: // of columns, statements and blocks, or unknown
			for range u.operands[op-1] {
				r.number()
			}
		}
	}
}

func (t *lineTable) extended(r *cursor, s *state, u unit) {
	switch r.fixed(1) {
	case lneEndSequence: // nothing is known of what follows
		t.rows = append(t.rows, wasmbin.Row{Address: address(s.address)})
		*s = state{file: 1, line: 1}
	case lneSetAddress:
		s.address = r.fixed(len(r.b))
	}
}

// row notes a row. One of an unknown file is a row of none.
func (t *lineTable) row(s state, u unit) {
	row := wasmbin.Row{Address: address(s.address)}
	if n := s.file - uint64(u.firstFile); n < uint64(len(u.files)) && u.files[n] >= 0 && s.line > 0 && s.line < 1<<31 {
		row.File, row.Line = u.files[n], s.line
	}
	t.rows = append(t.rows, row)
}

// address makes what is no address of a module into one of nothing.
func address(a uint64) int { return int(min(a, 1<<32-1)) }

// cursor reads numbers; what it cannot read is 0, and makes it bad.
type cursor struct {
	b   []byte
	bad bool
}

func (r *cursor) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// fixed reads a number of so many bytes, eight at most.
func (r *cursor) fixed(size int) uint64 {
	var b [8]byte
	copy(b[:], r.take(uint64(size)))
	return binary.LittleEndian.Uint64(b[:])
}

func (r *cursor) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *cursor) signed() int64 {
	var v int64
	for i, c := range r.b {
		if i == 10 {
			break
		}
		v |= int64(c&0x7f) << (7 * i)
		if c < 0x80 {
			if shift := 7 * (i + 1); shift < 64 && c&0x40 != 0 {
				v |= -1 << shift
			}
			r.b = r.b[i+1:]
			return v
		}
	}
	r.b, r.bad = nil, true
	return 0
}

func (r *cursor) text() string {
	n := bytes.IndexByte(r.b, 0)
	if n < 0 {
		r.b, r.bad = nil, true
		return ""
	}
	s := string(r.b[max(0, n-maxPath):n])
	r.b = r.b[n+1:]
	return s
}
