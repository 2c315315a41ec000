package meter

import (
	"encoding/binary"
	"math"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// rewriter is the state of one rewriting.
type rewriter struct {
	module  *bytecode.Module
	options Options
	wasm    []byte

	tick        uint32 // the function; those behind it move up by one
	tickType    uint32
	fuel, depth uint32              // the globals
	known       map[string]uint32   // types, by how they are written
	types       []bytecode.FuncType // that are added
	lined       bool                // there is a line table: moves are noted
	moves       []move
}

// typeOf is the index of a type, which is added if it is not there.
func (w *rewriter) typeOf(t bytecode.FuncType) uint32 {
	if w.known == nil {
		w.known = map[string]uint32{}
		for n, have := range w.module.Types {
			w.known[string(appendType(nil, have))] = uint32(n)
		}
	}
	key := string(appendType(nil, t))
	n, ok := w.known[key]
	if !ok {
		n = uint32(len(w.module.Types) + len(w.types))
		w.known[key] = n
		w.types = append(w.types, t)
	}
	return n
}

// renumber is the new index of a function.
func (w *rewriter) renumber(f uint32) uint32 {
	if f >= w.tick {
		return f + 1
	}
	return f
}

// assemble writes the module around its new code. Sections that get something new are
// made if they are missing.
func (w *rewriter) assemble(code []byte) []byte {
	out := append(make([]byte, 0, len(w.wasm)+len(code)/4), bytecode.Magic...)
	grown := []byte{bytecode.SectionType, bytecode.SectionImport, bytecode.SectionGlobal, bytecode.SectionExport}
	made := 0
	fill := func(place int) {
		for ; made < len(grown) && bytecode.Place(grown[made]) < place; made++ {
			out = appendSection(out, grown[made], w.grown(bytecode.Section{ID: grown[made], Body: []byte{0}}))
		}
	}
	for _, s := range w.module.Sections {
		if s.ID == bytecode.SectionCustom {
			continue
		}
		fill(bytecode.Place(s.ID))
		body := s.Body
		switch s.ID {
		case bytecode.SectionCode:
			body = code
		case bytecode.SectionMemory:
			body = w.memory()
		case bytecode.SectionTable:
			body = w.tables()
		case bytecode.SectionElement:
			body = w.patched(s.Body, s.At)
		}
		if made < len(grown) && s.ID == grown[made] {
			body = w.grown(s)
			made++
		}
		out = appendSection(out, s.ID, body)
	}
	fill(math.MaxInt)
	out = appendCustom(out, "name", w.names())
	for _, s := range w.lines(len(code)) {
		out = appendCustom(out, s.Name, s.Data)
	}
	for _, kept := range []string{"producers", "target_features"} {
		if body := section(w.module, kept); body != nil {
			out = appendCustom(out, kept, body)
		}
	}
	return out
}

// grown adds what is new to a section that is a list.
func (w *rewriter) grown(s bytecode.Section) []byte {
	var added [][]byte
	switch s.ID {
	case bytecode.SectionType:
		for _, t := range w.types {
			added = append(added, appendType(nil, t))
		}
	case bytecode.SectionImport:
		tick := appendText(appendText(nil, TickModule), TickName)
		added = [][]byte{appendNumber(append(tick, byte(bytecode.FuncKind)), w.tickType)}
	case bytecode.SectionGlobal:
		fuel := appendSigned([]byte{byte(bytecode.I64), 1, byte(bytecode.OpI64Const)}, w.options.Fuel)
		depth := []byte{byte(bytecode.I32), 1, byte(bytecode.OpI32Const), 0}
		added = [][]byte{append(fuel, byte(bytecode.OpEnd)), append(depth, byte(bytecode.OpEnd))}
	case bytecode.SectionExport:
		for _, e := range [...]struct {
			name   string
			global uint32
		}{{FuelExport, w.fuel}, {DepthExport, w.depth}} {
			added = append(added, appendNumber(append(appendText(nil, e.name), byte(bytecode.GlobalKind)), e.global))
		}
	}
	count, n := binary.Uvarint(s.Body)
	out := appendNumber(nil, uint32(count)+uint32(len(added)))
	out = append(out, w.patched(s.Body[n:], s.At+n)...)
	for _, a := range added {
		out = append(out, a...)
	}
	return out
}

// patched copies a stretch of the module that begins at an offset, and renumbers the
// functions in it.
func (w *rewriter) patched(body []byte, at int) []byte {
	var out []byte
	from := at
	for _, r := range w.module.Refs {
		if r.At < at || r.At >= at+len(body) {
			continue
		}
		out = append(out, body[from-at:r.At-at]...)
		out = appendNumber(out, w.renumber(r.Func))
		from = r.At + r.Len
	}
	return append(out, body[from-at:]...)
}

// memory writes the memory with the maximum that was granted.
func (w *rewriter) memory() []byte {
	out := appendNumber(nil, uint32(len(w.module.Memories)))
	for _, l := range w.module.Memories {
		out = appendLimits(out, l, w.options.Pages)
	}
	return out
}

func (w *rewriter) tables() []byte {
	out := appendNumber(nil, uint32(len(w.module.Tables)))
	for _, t := range w.module.Tables {
		out = appendLimits(append(out, byte(t.Type)), t.Limits, w.options.Table)
	}
	return out
}

// appendLimits writes a size; granted is 0 for no limit.
func appendLimits(out []byte, l bytecode.Limits, granted uint32) []byte {
	if granted > 0 && (!l.HasMax || l.Max > granted) {
		l.HasMax, l.Max = true, granted
	}
	if !l.HasMax {
		return appendNumber(append(out, 0), l.Min)
	}
	return appendNumber(appendNumber(append(out, 1), l.Min), l.Max)
}

// names are the name of the module and those of the functions. Those of labels and
// local variables are left out.
func (w *rewriter) names() []byte {
	var out []byte
	if name := w.module.Name(); name != "" {
		out = appendSection(out, 0, appendText(nil, name))
	}
	count := uint32(1)
	list := []byte{}
	for f := range uint32(w.module.FuncCount()) + 1 {
		if f == w.tick {
			list = appendText(appendNumber(list, f), TickModule+"."+TickName)
		}
		if name := w.module.FuncName(f); name != "" && int(f) < w.module.FuncCount() {
			list = appendText(appendNumber(list, w.renumber(f)), name)
			count++
		}
	}
	return appendSection(out, 1, append(appendNumber(nil, count), list...))
}

func appendType(out []byte, t bytecode.FuncType) []byte {
	out = append(out, 0x60)
	for _, list := range [...][]bytecode.ValType{t.Params, t.Results} {
		out = appendNumber(out, uint32(len(list)))
		for _, v := range list {
			out = append(out, byte(v))
		}
	}
	return out
}

func appendSection(out []byte, id byte, body []byte) []byte {
	return append(appendNumber(append(out, id), uint32(len(body))), body...)
}

func appendCustom(out []byte, name string, body []byte) []byte {
	return appendSection(out, bytecode.SectionCustom, append(appendText(nil, name), body...))
}

func appendText(out []byte, s string) []byte { return append(appendNumber(out, uint32(len(s))), s...) }

func appendNumber(out []byte, n uint32) []byte { return binary.AppendUvarint(out, uint64(n)) }

func appendSigned(out []byte, n int64) []byte {
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n == 0 && c&0x40 == 0 || n == -1 && c&0x40 != 0 {
			return append(out, c)
		}
		out = append(out, c|0x80)
	}
}
