package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/source"
)

// templateParser reads templates out of one text (section 15). What stands at
// a place of the text does not depend on what stands around it: a tag ends at
// its own end or is no tag. So each place is read once and remembered, and
// reading takes no more than MaxNesting times the length of the text, however
// many tags are left open.
type templateParser struct {
	*reporter
	passage *source.Passage
	text    string
	lower   string      // see lowered
	begin   bool        // the text is a reply of the begin block: {ok} is a tag
	fault   source.Span // where the last broken JSON breaks
	depth   int
	memo    map[int]parsed
	weights []weightTag
	raws    map[source.Span][2]int // where the content of a <raw> stands
}

// parsed is what stands at a place: nodes up to end, or no tag at all.
type parsed struct {
	nodes []Node
	end   int
	ok    bool
}

func newTemplateParser(passage *source.Passage, r *reporter, begin bool) *templateParser {
	text := passage.Text()
	return &templateParser{
		reporter: r, passage: passage, text: text, begin: begin,
	}
}

// lowered is the text with ASCII letters in lower case, to look for ends of blocks.
func (p *templateParser) lowered() string {
	if len(p.lower) != len(p.text) {
		p.lower = lowerASCII(p.text)
	}
	return p.lower
}

// signs are what tags, shortcodes and escapes begin with.
const signs = `<{$(^\\`

// template reads the text from start to end.
func (p *templateParser) template(start, end int) *Template {
	b := p.builder()
	if strings.ContainsAny(p.text[start:], signs) {
		p.collect(b, start, false, func(i int) bool { return i >= end })
	} else if start < end {
		return &Template{Nodes: []Node{{Kind: TextNode, Text: p.text[start:end], Span: p.passage.Span(start, end)}}, Span: p.passage.Span(start, end)}
	}
	return b.template(p.passage.Span(start, end))
}

// builder gathers nodes; neighbouring texts become one.
type builder struct {
	p        *templateParser
	nodes    []Node
	text     strings.Builder // text that is no node yet
	from, to int             // where it was written
}

func (p *templateParser) builder() *builder { return &builder{p: p} }

// write adds text that was written from start to end.
func (b *builder) write(text string, start, end int) {
	if b.text.Len() == 0 {
		b.from = start
	}
	b.text.WriteString(text)
	b.to = end
}

func (b *builder) flush() {
	if b.text.Len() > 0 {
		b.nodes = append(b.nodes, Node{Kind: TextNode, Text: b.text.String(), Span: b.p.passage.Span(b.from, b.to)})
		b.text.Reset()
	}
}

func (b *builder) add(nodes ...Node) {
	b.flush()
	b.nodes = append(b.nodes, nodes...)
}

func (b *builder) empty() bool { return len(b.nodes) == 0 && b.text.Len() == 0 }

func (b *builder) template(span source.Span) *Template {
	b.flush()
	return &Template{Nodes: b.nodes, Span: span}
}

// trimmed is the template without white space at its ends.
func (b *builder) trimmed(span source.Span) *Template {
	b.flush()
	nodes := b.nodes
	for len(nodes) > 0 && nodes[0].Kind == TextNode {
		nodes[0].Text = strings.TrimLeftFunc(nodes[0].Text, unicode.IsSpace)
		if nodes[0].Text != "" {
			break
		}
		nodes = nodes[1:]
	}
	for len(nodes) > 0 && nodes[len(nodes)-1].Kind == TextNode {
		last := &nodes[len(nodes)-1]
		last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace)
		if last.Text != "" {
			break
		}
		nodes = nodes[:len(nodes)-1]
	}
	return &Template{Nodes: nodes, Span: span}
}

// collect reads from pos up to the first place, outside tags, at which stop
// holds, and returns that place; or the length of the text. In an argument
// between < and > (angled), a < that begins no tag takes its > with it (L-TAG-1).
func (p *templateParser) collect(b *builder, pos int, angled bool, stop func(int) bool) int {
	open := 0
	word := false // the character before belongs to a word (L-SC-1)
	for pos < len(p.text) {
		if open == 0 && stop(pos) {
			return pos
		}
		if nodes, end := p.unit(pos, word); end > pos {
			b.add(nodes...)
			pos, word = end, false
			continue
		}
		if text, size := escape(p.text[pos:]); size > 0 {
			b.write(text, pos, pos+size)
			pos, word = pos+size, false
			continue
		}
		r, size := utf8.DecodeRuneInString(p.text[pos:])
		switch {
		case angled && r == '<' && opensAngle(p.text[pos:]):
			open++
		case angled && r == '>' && open > 0:
			open--
		}
		b.write(p.text[pos:pos+size], pos, pos+size)
		word = wordAfter(r, word)
		pos += size
	}
	return len(p.text)
}

// unit is the tag or shortcode at pos; end is pos if there is none.
func (p *templateParser) unit(pos int, word bool) (nodes []Node, end int) {
	var read func(int) parsed
	switch p.text[pos] {
	case '<':
		read = p.angle
	case '{':
		read = p.brace
	case '$':
		read = p.data
	case '(':
		read = p.array
	case '^':
		if word {
			return nil, pos
		}
		read = p.shortcode
	default:
		return nil, pos
	}
	got, known := p.memo[pos]
	if !known {
		got = p.read(pos, read)
		if p.memo == nil {
			p.memo = map[int]parsed{}
		}
		p.memo[pos] = got
	}
	if !got.ok {
		return nil, pos
	}
	return got.nodes, got.end
}

// read holds the nesting to its limit (section 28).
func (p *templateParser) read(pos int, read func(int) parsed) parsed {
	if p.depth == MaxNesting {
		if p.text[pos] != '(' && p.text[pos] != '^' {
			p.report("E012", p.passage.Span(pos, pos+1), "tags stand in each other more than 100 deep", "literal text from here on")
		}
		return parsed{}
	}
	p.depth++
	got := read(pos)
	p.depth--
	return got
}

// skip is the place behind what stands at pos: a tag, an escape or a character.
func (p *templateParser) skip(pos int) int {
	if _, end := p.unit(pos, false); end > pos {
		return end
	}
	if _, size := escape(p.text[pos:]); size > 0 {
		return pos + size
	}
	_, size := utf8.DecodeRuneInString(p.text[pos:])
	return pos + size
}

// one is a tag that was understood.
func (p *templateParser) one(n Node, pos, end int) parsed {
	n.Span = p.passage.Span(pos, end)
	return parsed{nodes: []Node{n}, end: end, ok: true}
}

// nothing is a tag that prints and does nothing.
func (p *templateParser) nothing(end int) parsed { return parsed{end: end, ok: true} }

// escape is the escape s begins with (L-TAG-4); size is 0 if there is none.
func escape(s string) (text string, size int) {
	if len(s) < 2 || s[0] != '\\' {
		return "", 0
	}
	switch s[1] {
	case 'n':
		return "\n", 2
	case 's':
		return " ", 2
	case '#', '/', '\\', '<', '{', '^', '$':
		return s[1:2], 2
	}
	return "", 0
}

// opensAngle tells whether s begins with < and a letter, or </ and a letter.
func opensAngle(s string) bool {
	s = strings.TrimPrefix(s[1:], "/")
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// wordAfter tells whether a word character ends with r (L-TRIG-8): marks and
// joiners belong to what stands before them.
func wordAfter(r rune, before bool) bool {
	if unicode.IsMark(r) || r == '\u200c' || r == '\u200d' {
		return before
	}
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// lowerASCII leaves all offsets as they are.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// Literal is the text of a template without tags; ok is false if it has any.
func (t *Template) Literal() (text string, ok bool) {
	var b strings.Builder
	for _, n := range t.Nodes {
		if n.Kind != TextNode {
			return "", false
		}
		b.WriteString(n.Text)
	}
	return b.String(), true
}
