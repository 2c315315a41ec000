package wasmbin

// The line table is DWARF 4: one compile unit with one line program over the
// whole code section, whose addresses count from the contents of that section.

// Numbers of the DWARF standard, version 4.
const (
	dwarfVersion = 4

	tagCompileUnit = 0x11
	attrName       = 0x03
	attrStmtList   = 0x10
	attrLowPC      = 0x11
	attrHighPC     = 0x12
	formAddr       = 0x01
	formData4      = 0x06
	formString     = 0x08
	formSecOffset  = 0x17

	lineCopy        = 0x01
	lineAdvancePC   = 0x02
	lineAdvanceLine = 0x03
	lineSetFile     = 0x04
	lineExtended    = 0x00
	lineEndSequence = 0x01
	lineSetAddress  = 0x02
)

// The special opcodes of the line program: a row for small steps is one byte.
const (
	lineBase   = -5
	lineRange  = 14
	opcodeBase = 13
)

// standardLengths are the operand counts of the standard opcodes 1 to 12.
var standardLengths = [opcodeBase - 1]byte{0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}

// Row says that what begins at an address, which counts from the contents of the code
// section, comes from a line of a file; the file is a number of those that LineTable is
// given. Line 0 is no line of any file.
type Row struct{ Address, File, Line int }

// lineTable is what a module was made from.
type lineTable struct {
	name  string
	files []string
}

// LineTable makes the three custom sections that debuggers and wazero look for, for a
// module that was encoded elsewhere. size is that of the code section's contents; rows
// are in the order of their addresses. Without files or rows there is nothing to tell.
func LineTable(name string, files []string, size int, rows []Row) []Section {
	if len(files) == 0 || len(rows) == 0 {
		return nil
	}
	t := lineTable{name, files}
	return []Section{
		{".debug_abbrev", debugAbbrev()},
		{".debug_info", t.debugInfo(size)},
		{".debug_line", t.debugLine(size, rows)},
	}
}

func debugAbbrev() []byte {
	return []byte{
		0x01, tagCompileUnit, 0x00, // abbreviation 1, without children
		attrName, formString,
		attrStmtList, formSecOffset,
		attrLowPC, formAddr,
		attrHighPC, formData4,
		0x00, 0x00, // end of the attributes
		0x00, // end of the abbreviations
	}
}

func (t *lineTable) debugInfo(codeSize int) []byte {
	var w writer
	w.fixed16(dwarfVersion)
	w.fixed32(0) // offset of the abbreviations
	w.byte(4)    // bytes of an address
	w.u32(1)     // abbreviation 1
	w.text(t.name)
	w.fixed32(0) // offset of the line program
	w.fixed32(1) // low_pc; wazero takes 0 for "removed by a linker"
	w.fixed32(uint32(codeSize))
	return sized(w.buf)
}

func (t *lineTable) debugLine(codeSize int, rows []Row) []byte {
	var header writer
	header.bytes([]byte{
		1, // bytes of the smallest instruction
		1, // operations of an instruction
		1, // rows are statements at first
		0x100 + lineBase,
		lineRange,
		opcodeBase,
	})
	header.bytes(standardLengths[:])
	header.byte(0) // no include directories
	for _, f := range append([]string{t.name}, t.files...) {
		header.text(f)
		header.bytes([]byte{0, 0, 0}) // directory, time, length: unknown
	}
	header.byte(0)

	var w writer
	w.fixed16(dwarfVersion)
	w.fixed32(uint32(len(header.buf)))
	w.bytes(header.buf)
	lineProgram(&w, codeSize, rows)
	return sized(w.buf)
}

// lineProgram writes one sequence of rows in the order of addresses. File 1 is
// the module itself, with line 0: there is no script behind it.
func lineProgram(w *writer, codeSize int, rows []Row) {
	w.bytes([]byte{lineExtended, 5, lineSetAddress})
	w.fixed32(0)
	address, file, line := uint32(0), 1, 1
	for _, r := range rows {
		target := 1
		if r.Line > 0 {
			target = r.File + 2
		}
		if target != file {
			file = target
			w.byte(lineSetFile)
			w.count(file)
		}
		step := uint32(r.Address) - address
		if special := r.Line - line - lineBase + lineRange*int(step) + opcodeBase; r.Line-line >= lineBase && r.Line-line < lineBase+lineRange && special <= 255 {
			w.byte(byte(special))
		} else {
			w.byte(lineAdvanceLine)
			w.s32(int32(r.Line - line))
			w.byte(lineAdvancePC)
			w.u32(step)
			w.byte(lineCopy)
		}
		address, line = uint32(r.Address), r.Line
	}
	w.byte(lineAdvancePC)
	w.u32(uint32(codeSize) - address)
	w.bytes([]byte{lineExtended, 1, lineEndSequence})
}

// sized puts the length in front, in four bytes.
func sized(body []byte) []byte {
	var w writer
	w.fixed32(uint32(len(body)))
	w.bytes(body)
	return w.buf
}
