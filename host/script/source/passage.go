package source

import (
	"sort"
	"strings"
)

// Passage is a text put together from stretches of a file, such as a command
// and its continuations. It knows where each of its bytes stands, so that a
// tag found in the whole points at the line that wrote it. The zero Passage is
// empty; a Passage is appended to by one owner and then only read.
type Passage struct {
	single string          // the text while it is one stretch of a file, as most are
	text   strings.Builder // of several
	pieces []piece
	first  [1]piece // room for it
}

// piece says that the text from offset at on was written at source. Text that
// stands nowhere (a joiner) has fixed set: all of it counts as that one place.
type piece struct {
	at, source int
	fixed      bool
	file       *File
}

// NewPassage is the text of one span.
func NewPassage(s Span) *Passage {
	p := &Passage{}
	p.Append(s)
	return p
}

// Append adds what stands in s.
func (p *Passage) Append(s Span) {
	if p.pieces == nil {
		p.first[0] = piece{source: s.Start, file: s.File}
		p.pieces, p.single = p.first[:], s.Text()
		return
	}
	p.pieces = append(p.pieces, piece{at: p.Len(), source: s.Start, file: s.File})
	p.write(s.Text())
}

// Join adds text that is not written in the file, in front of place.
func (p *Passage) Join(text string, place Span) {
	if text == "" {
		return
	}
	p.pieces = append(p.pieces, piece{at: p.Len(), source: place.Start, fixed: true, file: place.File})
	p.write(text)
}

// write adds text behind that of earlier pieces.
func (p *Passage) write(text string) {
	p.text.WriteString(p.single)
	p.single = ""
	p.text.WriteString(text)
}

// Text is the whole text.
func (p *Passage) Text() string {
	if p.text.Len() == 0 {
		return p.single
	}
	return p.text.String()
}

// Len is the length of the text in bytes.
func (p *Passage) Len() int { return len(p.single) + p.text.Len() }

// Span is where the text from start to end was written. When it is spread over
// several lines, the span covers what lies between them as well.
func (p *Passage) Span(start, end int) Span {
	if len(p.pieces) == 0 {
		return Span{}
	}
	first := p.pieceAt(start)
	from := first.place(start)
	if end <= start {
		return Span{File: first.file, Start: from, End: from}
	}
	last := p.pieceAt(end - 1)
	to := last.source
	if !last.fixed {
		to = last.source + end - last.at
	}
	return Span{File: first.file, Start: from, End: max(from, to)}
}

func (p *Passage) pieceAt(offset int) piece {
	if len(p.pieces) == 1 {
		return p.pieces[0]
	}
	i := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].at > offset })
	return p.pieces[max(i-1, 0)]
}

func (q piece) place(offset int) int {
	if q.fixed {
		return q.source
	}
	return q.source + offset - q.at
}

// Without is the passage without some stretches, given by their first two
// numbers in ascending order: start and end in the text.
func (p *Passage) Without(stretches [][]int) *Passage {
	out := &Passage{}
	pos := 0
	keep := func(end int) {
		for pos < end {
			q := p.pieceAt(pos)
			stop := end
			for _, next := range p.pieces {
				if next.at > pos && next.at < stop {
					stop = next.at
				}
			}
			out.pieces = append(out.pieces, piece{at: out.text.Len(), source: q.place(pos), fixed: q.fixed, file: q.file})
			out.text.WriteString(p.Text()[pos:stop])
			pos = stop
		}
	}
	for _, s := range stretches {
		keep(s[0])
		pos = s[1]
	}
	keep(p.Len())
	if len(out.pieces) == 0 && len(p.pieces) > 0 {
		out.pieces = p.pieces[:1]
	}
	return out
}
