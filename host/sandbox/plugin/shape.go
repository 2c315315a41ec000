package plugin

import (
	"encoding/binary"
	"fmt"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// shape is what has to be known of a module to restore it.
type shape struct {
	globals []uint32 // that its code changes
	// forgetful is true when memory and globals are all that a call can change. Of
	// other modules every call gets a new instance.
	forgetful bool
}

// Instructions that change what an image does not hold: tables, and whether a segment
// is still there.
const (
	opTableSet = bytecode.Op(0x26)
	opDataDrop = bytecode.Op(0xfc<<16 | 9)
	opElemDrop = bytecode.Op(0xfc<<16 | 13)
)

// shapeOf reads a module that was admitted.
func shapeOf(m *bytecode.Module) (shape, error) {
	s := shape{forgetful: true}
	written := map[uint32]bool{}
	for _, b := range m.Bodies {
		for c := m.Code(b); !c.Done(); {
			i, err := c.Next()
			if err != nil {
				return s, err
			}
			switch i.Op {
			case bytecode.OpGlobalSet:
				written[i.Index] = true
			case opTableSet, opDataDrop, opElemDrop, bytecode.OpTableInit, bytecode.OpTableCopy, bytecode.OpTableGrow, bytecode.OpTableFill:
				s.forgetful = false
			}
		}
	}
	for _, v := range m.Mutable {
		if !written[v.Index] { // as many that a compiler declares
			continue
		}
		switch v.Type {
		case bytecode.I32, bytecode.I64, bytecode.F32, bytecode.F64:
			s.globals = append(s.globals, v.Index)
		default:
			s.forgetful = false
		}
	}
	return s, nil
}

// globalPrefix begins the names of the exports that the host adds.
const globalPrefix = "__footlight_global_"

// globalName is the name under which the n-th global of a shape is exported.
func globalName(n int) string { return fmt.Sprintf("%s%d", globalPrefix, n) }

// exposed is the module with the globals of its shape exported, so that the host can
// read and restore them.
func exposed(m *bytecode.Module, s shape) []byte {
	out := []byte(bytecode.Magic)
	for _, section := range m.Sections {
		body := section.Body
		switch section.ID {
		case bytecode.SectionCustom:
			body = append(appendText(nil, section.Name), body...)
		case bytecode.SectionExport:
			n, width := binary.Uvarint(body)
			grown := binary.AppendUvarint(nil, n+uint64(len(s.globals)))
			grown = append(grown, body[width:]...)
			for i, global := range s.globals {
				grown = append(appendText(grown, globalName(i)), byte(bytecode.GlobalKind))
				grown = binary.AppendUvarint(grown, uint64(global))
			}
			body = grown
		}
		out = binary.AppendUvarint(append(out, section.ID), uint64(len(body)))
		out = append(out, body...)
	}
	return out
}

func appendText(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}
