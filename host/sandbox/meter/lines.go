package meter

import (
	"sort"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// move says where an instruction went: both offsets count from the contents of the code
// section, as they do in a line table.
type move struct{ from, to int }

// shift notes the moves of a body. It stood in the module from begin, where its length
// is, and its contents now begin at start; head is what was put before its instructions.
func (w *rewriter) shift(moves []move, begin, start, head int) {
	if !w.lined {
		return
	}
	w.moves = append(w.moves, move{begin, start})
	for _, m := range moves {
		w.moves = append(w.moves, move{m.from, start + head + m.to})
	}
}

// moved is where an address of the original went; ok is false if no instruction was there.
func (w *rewriter) moved(address int) (to int, ok bool) {
	n := sort.Search(len(w.moves), func(n int) bool { return w.moves[n].from > address })
	if n == 0 {
		return 0, false
	}
	return w.moves[n-1].to, true
}

// lines writes the line table for the new code. All else that the original knew of its
// source is left out: types, variables, which functions were put into which.
func (w *rewriter) lines(size int) []wasmbin.Section {
	if !w.lined {
		return nil
	}
	t := readLines(section(w.module, lineSection), section(w.module, lineText), section(w.module, plainText))
	base := 0
	for _, s := range w.module.Sections {
		if s.ID == bytecode.SectionCode {
			base = s.At
		}
	}
	rows := make([]wasmbin.Row, 0, len(t.rows))
	for _, r := range t.rows {
		if to, ok := w.moved(base + r.Address); ok {
			r.Address = to
			rows = append(rows, r)
		}
	}
	// Of several rows for one place the last one counts, as long as it is a line.
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Address < rows[j].Address })
	kept := rows[:0]
	for _, r := range rows {
		if n := len(kept); n > 0 && kept[n-1].Address == r.Address {
			if r.Line > 0 {
				kept[n-1] = r
			}
			continue
		}
		kept = append(kept, r)
	}
	if len(kept) == 0 {
		return nil
	}
	name, _, _ := strings.Cut(w.module.Name(), "\x00") // where a text ends in a line table
	if name == "" {
		name = "module"
	}
	return wasmbin.LineTable(name, t.files, size, kept)
}
