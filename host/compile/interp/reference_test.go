package interp

import (
	"strings"
	"unicode"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// reference matches a pattern by the rules of section 8.2, one after the other and
// without any thought of speed: all ways are walked in the order of preference.
func reference(p *syntax.Pattern, arrays map[string]*link.Array, text string) ([]string, bool) {
	w := walker{text: []rune(text), arrays: arrays}
	if len(p.Elements) == 1 && p.Elements[0].Kind == syntax.Star && text == "" {
		return []string{""}, true
	}
	slot := 0
	seq := w.prepare(p.Elements, &slot, true)
	var captures []string
	if slot > 0 {
		captures = make([]string, slot)
	}
	ok := w.seq(seq, 0, captures, func(pos int, found []string) bool {
		if pos != len(w.text) {
			return false
		}
		captures = found
		return true
	})
	return captures, ok
}

type walker struct {
	text   []rune
	arrays map[string]*link.Array
}

// piece is an element with values and arrays put in.
type piece struct {
	kind         syntax.ElementKind
	text         []rune
	slot         int // -1 without
	alternatives [][]piece
}

// prepare puts values in, numbers the captures and drops the blanks that do not count.
func (w *walker) prepare(elements []syntax.Element, slot *int, counts bool) []piece {
	var out []piece
	for i := range elements {
		e := &elements[i]
		p := piece{kind: e.Kind, slot: -1}
		if counts && (e.Kind == syntax.Star || e.Kind == syntax.Hash || e.Kind == syntax.Underscore || e.Kind == syntax.Group) {
			p.slot = *slot
			*slot++
		}
		switch e.Kind {
		case syntax.Literal:
			p.text = []rune(message.Fold(e.Text))
		case syntax.GetRef, syntax.BotRef:
			p.kind, p.text = syntax.Literal, []rune(values[e.Text])
			if len(p.text) == 0 {
				continue
			}
		case syntax.ArrayRef:
			p.kind = syntax.Group
			if a := w.arrays[e.Text]; a != nil {
				for _, entry := range a.Entries {
					p.alternatives = append(p.alternatives, []piece{{kind: syntax.Literal, text: []rune(entry), slot: -1}})
				}
			}
		case syntax.Group, syntax.Optional:
			for _, alternative := range e.Alternatives {
				p.alternatives = append(p.alternatives, w.prepare(alternative, slot, counts && e.Kind == syntax.Group))
			}
		}
		out = append(out, p)
	}
	return squeeze(out)
}

func squeeze(in []piece) (out []piece) {
	for i, p := range in {
		if p.kind == syntax.Space {
			next := i + 1
			if len(out) == 0 || next == len(in) || out[len(out)-1].kind == syntax.Optional || out[len(out)-1].kind == syntax.Space ||
				in[next].kind == syntax.Optional {
				continue
			}
		}
		out = append(out, p)
	}
	if n := len(out); n > 0 && out[n-1].kind == syntax.Space {
		out = out[:n-1]
	}
	return out
}

type then func(pos int, captures []string) bool

// seq walks all ways of a row from pos on; it stops when k says so.
func (w *walker) seq(row []piece, pos int, captures []string, k then) bool {
	if len(row) == 0 {
		return k(pos, captures)
	}
	return w.one(&row[0], pos, captures, func(pos int, captures []string) bool {
		return w.seq(row[1:], pos, captures, k)
	})
}

func (w *walker) one(p *piece, pos int, captures []string, k then) bool {
	capture := func(end int, captures []string) bool {
		if p.slot < 0 {
			return k(end, captures)
		}
		with := append([]string(nil), captures...)
		with[p.slot] = strings.Trim(string(w.text[pos:end]), " ")
		return k(end, with)
	}
	switch p.kind {
	case syntax.Literal:
		return w.has(pos, p.text) && k(pos+len(p.text), captures)
	case syntax.Space:
		return w.has(pos, []rune{' '}) && k(pos+1, captures)
	case syntax.Star, syntax.Hash, syntax.Underscore:
		for end := pos + 1; end <= len(w.text) && fits(p.kind, w.text[end-1]); end++ {
			if capture(end, captures) {
				return true
			}
		}
		return false
	case syntax.Group:
		for _, a := range p.alternatives {
			if w.seq(a, pos, captures, capture) {
				return true
			}
		}
		return false
	}
	for _, a := range p.alternatives {
		found := w.gap(pos, captures, func(pos int, captures []string) bool {
			return w.seq(a, pos, captures, func(pos int, captures []string) bool { return w.gap(pos, captures, k) })
		})
		if found {
			return true
		}
	}
	return w.gap(pos, captures, k)
}

func (w *walker) has(pos int, text []rune) bool {
	return pos+len(text) <= len(w.text) && string(w.text[pos:pos+len(text)]) == string(text)
}

func fits(kind syntax.ElementKind, r rune) bool {
	digit := '0' <= r && r <= '9'
	switch kind {
	case syntax.Hash:
		return digit
	case syntax.Underscore:
		return !digit && r != ' '
	}
	return true
}

func (w *walker) gap(pos int, captures []string, k then) bool {
	if !w.border(pos) {
		return false
	}
	return pos < len(w.text) && w.text[pos] == ' ' && k(pos+1, captures) || k(pos, captures)
}

func (w *walker) border(pos int) bool {
	return pos == 0 || pos == len(w.text) || w.text[pos] == ' ' || w.text[pos-1] == ' ' || w.word(pos) != w.word(pos-1)
}

func (w *walker) word(pos int) bool {
	r := w.text[pos]
	if unicode.IsMark(r) {
		return pos > 0 && w.text[pos-1] != ' ' && w.word(pos-1)
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_'
}
