package syntax

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// angle reads the tag that begins with the < at pos.
func (p *templateParser) angle(pos int) parsed {
	if strings.HasPrefix(p.text[pos:], "<@>") {
		star := &Template{Nodes: []Node{{Kind: StarNode, N: 1, Span: p.passage.Span(pos, pos+3)}}, Span: p.passage.Span(pos, pos+3)}
		return p.one(Node{Kind: RedirectNode, Args: []*Template{star}}, pos, pos+3)
	}
	end := nameEnd(p.text, pos+1)
	if end == pos+1 {
		return parsed{}
	}
	name := lower(p.text[pos+1 : end])
	base := strings.TrimRight(name, "0123456789")
	switch base {
	case "star", "botstar", "input", "reply":
		return p.numbered(pos, end, base, name[len(base):])
	}
	switch name {
	case "id", "send", "chat", "noreply":
		return p.simple(pos, end, name)
	case "formal", "sentence", "uppercase", "lowercase", "person":
		return p.starFormat(pos, end, name)
	case "get":
		return p.get(pos, end)
	case "set", "bot", "env", "add", "sub", "mult", "div":
		return p.assignment(pos, end, name)
	case "call":
		return p.call(pos, end)
	case "raw":
		return p.raw(pos, end)
	case "delay":
		return p.delay(pos, end)
	}
	if isHTML(name) {
		return parsed{}
	}
	return p.direction(pos, end, name)
}

// nameEnd is the end of the name of a tag: letters, digits, "_" and "-",
// beginning with a letter, with the name of a plug-in and a colon before it (L-DIR-1).
func nameEnd(text string, pos int) int {
	end := wordEnd(text, pos)
	if end > pos && end < len(text) && text[end] == ':' {
		if second := wordEnd(text, end+1); second > end+1 {
			return second
		}
	}
	return end
}

func wordEnd(text string, pos int) int {
	start := pos
	for pos < len(text) {
		r, size := utf8.DecodeRuneInString(text[pos:])
		if !unicode.IsLetter(r) && (pos == start || r != '_' && r != '-' && !unicode.IsDigit(r)) {
			break
		}
		pos += size
	}
	return pos
}

// closed is the place behind the > of a tag that takes no argument. If there
// is an argument, or no >, the reason is reported and end is 0.
func (p *templateParser) closed(pos, nameEnd int) (end int) {
	i := p.blanks(nameEnd)
	if i < len(p.text) && p.text[i] == '>' {
		return i + 1
	}
	close := strings.IndexByte(p.text[nameEnd:], '>')
	switch {
	case close < 0:
		if p.separated(nameEnd) {
			p.unclosed(pos, nameEnd, ">")
		}
	case strings.HasPrefix(p.text[nameEnd:], "/>"):
		name := p.text[pos:nameEnd] + ">"
		d := p.report("E022", p.passage.Span(pos, nameEnd+2), quote(p.text[pos:nameEnd+2])+" is no direction", "people see it as text; write "+name)
		d.Suggestion = suggestion(name, d.Span)
	case i > nameEnd:
		p.report("E023", p.passage.Span(i, nameEnd+close), p.text[pos:nameEnd]+"> takes no arguments", "people see it as text")
	}
	return 0
}

// separated tells whether a name may end at pos: at white space or the end of the text.
func (p *templateParser) separated(pos int) bool {
	return pos == len(p.text) || p.blanks(pos) > pos
}

// blanks is the place behind the white space at pos.
func (p *templateParser) blanks(pos int) int {
	for pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[pos:])
		if !unicode.IsSpace(r) {
			break
		}
		pos += size
	}
	return pos
}

func (p *templateParser) unclosed(pos, end int, sign string) {
	d := p.report("E012", p.passage.Span(pos, end), "this tag has no end", "taken as plain text; it ends with "+sign)
	d.Help = "people see the tag itself."
}

// numbered reads <star>, <botstar>, <input> and <reply>, with or without a number.
func (p *templateParser) numbered(pos, nameEnd int, base, digits string) parsed {
	i := p.blanks(nameEnd)
	if base == "input" && digits == "" && i > nameEnd && i < len(p.text) && p.text[i] != '>' && strings.Contains(p.text[i:], ">") {
		return parsed{} // the input field of HTML
	}
	end := p.closed(pos, nameEnd)
	if end == 0 {
		return parsed{}
	}
	n := 1
	if digits != "" {
		var err error
		if n, err = strconv.Atoi(digits); err != nil {
			n = MaxWeight // no text has so many captures
		}
	}
	kind := map[string]NodeKind{"star": StarNode, "botstar": BotStarNode, "input": InputNode, "reply": ReplyNode}[base]
	switch {
	case kind == InputNode || kind == ReplyNode:
		if n < 1 || n > 10 {
			return parsed{} // L-HIST-1: text
		}
	case n == 0:
		return p.one(Node{Kind: TextNode, Text: "undefined"}, pos, end) // L-CAP-3
	}
	return p.one(Node{Kind: kind, N: n}, pos, end)
}

// simple reads the tags without arguments.
func (p *templateParser) simple(pos, nameEnd int, name string) parsed {
	end := p.closed(pos, nameEnd)
	if end == 0 {
		return parsed{}
	}
	kind := map[string]NodeKind{"id": IDNode, "send": SendNode, "chat": SendNode, "noreply": NoReplyNode}[name]
	return p.one(Node{Kind: kind}, pos, end)
}

// starFormat reads <formal> and its kin, which stand for {formal}<star>{/formal}.
func (p *templateParser) starFormat(pos, nameEnd int, name string) parsed {
	end := p.closed(pos, nameEnd)
	if end == 0 {
		return parsed{}
	}
	span := p.passage.Span(pos, end)
	star := &Template{Nodes: []Node{{Kind: StarNode, N: 1, Span: span}}, Span: span}
	return p.one(Node{Kind: FormatNode, Name: name, Blocks: []*Template{star}}, pos, end)
}

// get reads <get x>: all of the argument is the name.
func (p *templateParser) get(pos, nameEnd int) parsed {
	name, end := p.argument(pos, nameEnd, false)
	if end == 0 {
		return parsed{}
	}
	if len(name.Nodes) == 0 {
		return p.nameless(pos, end)
	}
	return p.one(Node{Kind: GetNode, Name: "get", Args: []*Template{name}}, pos, end)
}

// assignment reads the tags whose argument is a name, or a name, = and a value (L-TAG-11).
func (p *templateParser) assignment(pos, nameEnd int, name string) parsed {
	html := name == "sub" || name == "div"
	if html && !p.hasValue(nameEnd) {
		return parsed{}
	}
	left, end := p.argument(pos, nameEnd, true)
	if end == 0 {
		return parsed{}
	}
	if len(left.Nodes) == 0 {
		return p.nameless(pos, end)
	}
	n := Node{Name: name, Args: []*Template{left}}
	if p.text[end-1] == '=' {
		b := p.builder()
		start := end
		stop := p.collect(b, end, true, p.at(">"))
		if stop == len(p.text) {
			p.unclosed(pos, nameEnd, ">")
			return parsed{}
		}
		end = stop + 1
		n.Args = append(n.Args, b.trimmed(p.passage.Span(start, stop)))
	}
	return p.assign(n, pos, end)
}

// assign decides what an assignment is by its tag and whether it has a value.
func (p *templateParser) assign(n Node, pos, end int) parsed {
	math := n.Name != "set" && n.Name != "bot" && n.Name != "env"
	if !p.allowed(n, pos, end, math) {
		return p.nothing(end)
	}
	variable, literal := n.Args[0].Literal()
	switch {
	case len(n.Args) == 2 && math:
		n.Kind = MathNode
	case len(n.Args) == 2 && n.Name == "set" && literal && variable == "topic":
		return p.one(Node{Kind: TopicNode, Args: n.Args[1:]}, pos, end) // L-TOP-3
	case len(n.Args) == 2:
		n.Kind = SetNode
	case math:
		p.report("E023", p.passage.Span(pos, end), "<"+n.Name+"> needs a value", "people see it as text; write <"+n.Name+" name=number>")
		return parsed{}
	case n.Name == "set" && literal && variable == "topic":
		return p.nothing(end)
	case n.Name == "set":
		n.Kind, n.Name = ClearNode, ""
	default:
		n.Kind = GetNode
	}
	return p.one(n, pos, end)
}

// allowed reports a change of a reserved variable (L-VAR-4, L-VAR-5).
func (p *templateParser) allowed(n Node, pos, end int, math bool) bool {
	name, literal := n.Args[0].Literal()
	if !literal || n.Name == "bot" || n.Name == "env" {
		return true
	}
	switch {
	case strings.HasPrefix(name, "_"):
		d := p.report("E026", p.passage.Span(pos, end), "scripts cannot change "+quote(name), "does nothing")
		d.Help = `names that begin with "_" belong to the host and to macros.`
	case math && name == "topic":
		p.report("E026", p.passage.Span(pos, end), "the topic is no number", "does nothing")
	default:
		return true
	}
	return false
}

// argument reads the name behind the name of a tag, up to > or, if value is
// set, to =; end is the place behind that sign, 0 if this is no tag.
func (p *templateParser) argument(pos, nameEnd int, value bool) (*Template, int) {
	if nameEnd < len(p.text) && p.text[nameEnd] != '>' && !p.separated(nameEnd) {
		return nil, 0
	}
	signs := ">"
	if value {
		signs = "=>"
	}
	b := p.builder()
	stop := p.collect(b, nameEnd, true, p.at(signs))
	if stop == len(p.text) {
		p.unclosed(pos, nameEnd, ">")
		return nil, 0
	}
	return b.trimmed(p.passage.Span(nameEnd, stop)), stop + 1
}

// hasValue tells <div x=2> from the <div> of HTML.
func (p *templateParser) hasValue(pos int) bool {
	if p.blanks(pos) == pos {
		return false
	}
	for pos < len(p.text) && p.text[pos] != '>' {
		if p.text[pos] == '=' {
			return true
		}
		pos = p.skip(pos)
	}
	return false
}

func (p *templateParser) nameless(pos, end int) parsed {
	p.report("E023", p.passage.Span(pos, end), "this tag names no variable", "people see it as text")
	return parsed{}
}

// at makes the condition that one of some characters stands at a place.
func (p *templateParser) at(signs string) func(int) bool {
	return func(i int) bool { return strings.IndexByte(signs, p.text[i]) >= 0 }
}
