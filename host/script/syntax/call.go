package syntax

import (
	"strings"
	"unicode"

	"github.com/footlight-bots/footlight/host/script/source"
)

// call reads <call>name args</call> (L-JS-2): the content is split at white
// space, also at that of escapes; double quotes group and vanish.
func (p *templateParser) call(pos, nameEnd int) parsed {
	const sign = "</call>"
	start := p.closed(pos, nameEnd)
	if start == 0 {
		return parsed{}
	}
	end := p.until(p.builder(), pos, start, sign)
	if end < 0 {
		return parsed{}
	}
	n := Node{Kind: CallNode}
	for at := p.gap(start); at < end; {
		from := at
		b := p.builder()
		for at < end && p.gap(at) == at {
			if p.text[at] == '"' {
				at = p.collect(b, at+1, false, func(i int) bool { return i >= end || p.text[i] == '"' })
				if at < end {
					at++
				}
				continue
			}
			at = p.collect(b, at, false, func(i int) bool { return i >= end || p.text[i] == '"' || p.gap(i) > i })
		}
		n.Args = append(n.Args, b.template(p.passage.Span(from, min(at, end))))
		at = p.gap(at)
	}
	return p.one(n, pos, end+len(sign))
}

// gap is the place behind the white space at pos, written as such or as \n and \s.
func (p *templateParser) gap(pos int) int {
	for {
		next := p.blanks(pos)
		if text, size := escape(p.text[next:]); size > 0 && strings.TrimFunc(text, unicode.IsSpace) == "" {
			next += size
		}
		if next == pos {
			return pos
		}
		pos = next
	}
}

// raw reads <raw>…</raw>: text up to the first end, whatever it holds (L-TAG-5).
func (p *templateParser) raw(pos, nameEnd int) parsed {
	const sign = "</raw>"
	start := p.closed(pos, nameEnd)
	if start == 0 {
		return parsed{}
	}
	length := strings.Index(p.lowered()[start:], sign)
	if length < 0 {
		p.report("E013", p.passage.Span(pos, start), quote(p.text[pos:start])+" has no end", "taken as plain text; it ends with "+sign)
		return parsed{}
	}
	end := start + length
	got := p.one(Node{Kind: RawNode, Text: p.text[start:end]}, pos, end+len(sign))
	if p.raws == nil {
		p.raws = map[source.Span][2]int{}
	}
	p.raws[got.nodes[0].Span] = [2]int{start, end}
	return got
}

// deferred reads what stands in the <raw> of a reminder as the script it will
// be when the reminder fires (L-REM-3).
func (p *templateParser) deferred(content *Template) {
	for i := range content.Nodes {
		n := &content.Nodes[i]
		if at, found := p.raws[n.Span]; found && n.Kind == RawNode {
			n.Blocks = []*Template{p.template(at[0], at[1])}
		}
	}
}
