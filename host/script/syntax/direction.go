package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDelay is the longest <delay>, in seconds (L-DELAY-2).
const MaxDelay = 120

// delay reads <delay seconds=N>.
func (p *templateParser) delay(pos, nameEnd int) parsed {
	if nameEnd < len(p.text) && p.text[nameEnd] != '>' && !p.separated(nameEnd) {
		p.closed(pos, nameEnd)
		return parsed{}
	}
	attributes, end := p.attributes(nameEnd)
	if end == 0 {
		p.unclosed(pos, nameEnd, ">")
		return parsed{}
	}
	span := p.passage.Span(pos, end)
	var seconds *Template
	surplus := false
	for i := range attributes {
		a := &attributes[i]
		switch {
		case a.Name == "seconds" && a.Value != nil:
			seconds = a.Value
		case (a.Name == "nocancel" || a.Name == "nodelay") && a.Value == nil:
			a.Name = "nocancel"
		default:
			surplus = true
			d := p.report("E023", a.Span, "<delay> knows no "+quote(a.Name), `ignored; it takes "seconds" and "nocancel"`)
			suggest(d, Text{Value: a.Name, Span: a.Span.File.Span(a.Span.Start, a.Span.Start+len(a.Name))}, "seconds", "nocancel")
		}
	}
	switch {
	case seconds == nil && surplus:
		return parsed{} // what is wrong has been said
	case seconds == nil:
		d := p.report("E023", span, "<delay> needs a number of seconds", "people see it as text; write <delay seconds=2>")
		d.Help = "people see the tag itself."
		return parsed{}
	}
	if text, literal := seconds.Literal(); literal {
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || strings.ContainsAny(text, "xXpP_nN"):
			p.report("E023", seconds.Span, quote(text)+" is no number of seconds", "counts as 0")
		case n < 0 || n > MaxDelay:
			p.report("E023", seconds.Span, "a delay lasts from 0 to 120 seconds", "brought into that range")
		}
	}
	return p.one(Node{Kind: DelayNode, Name: "delay", Attributes: attributes}, pos, end)
}

// attributes reads what follows the name of a direction (L-DIR-2); end is the
// place behind the >, or 0 if there is none.
func (p *templateParser) attributes(pos int) (list []Attribute, end int) {
	for {
		pos = p.blanks(pos)
		if pos >= len(p.text) {
			return nil, 0
		}
		if p.text[pos] == '>' {
			return list, pos + 1
		}
		start := pos
		for pos < len(p.text) && p.text[pos] != '=' && p.text[pos] != '>' && p.blanks(pos) == pos {
			pos = p.skip(pos)
		}
		a := Attribute{Name: lower(p.text[start:min(pos, len(p.text))])}
		if pos < len(p.text) && p.text[pos] == '=' {
			if a.Value, pos = p.value(pos + 1); pos == 0 {
				return nil, 0
			}
		}
		a.Span = p.passage.Span(start, pos)
		list = append(list, a)
	}
}

// value reads the value of an attribute, bare or quoted; end is 0 if the text ends in it.
func (p *templateParser) value(pos int) (*Template, int) {
	b := p.builder()
	if pos < len(p.text) && (p.text[pos] == '"' || p.text[pos] == '\'') {
		end := p.collect(b, pos+1, false, p.at(p.text[pos:pos+1]))
		if end == len(p.text) {
			return nil, 0
		}
		return b.template(p.passage.Span(pos+1, end)), end + 1
	}
	end := p.collect(b, pos, true, func(i int) bool { return p.text[i] == '>' || p.blanks(i) > i })
	if end == len(p.text) {
		return nil, 0
	}
	return b.template(p.passage.Span(pos, end)), end
}

// direction reads any other <name …>, and its block if an end stands further on.
// Whether somebody offers it, and as what, is found out when the bot is linked.
func (p *templateParser) direction(pos, nameEnd int, name string) parsed {
	r, _ := utf8.DecodeRuneInString(p.text[nameEnd:])
	if nameEnd < len(p.text) && r != '>' && p.blanks(nameEnd) == nameEnd {
		return parsed{}
	}
	attributes, end := p.attributes(nameEnd)
	if end == 0 {
		return parsed{}
	}
	n := Node{Kind: DirectionNode, Name: name, Attributes: attributes, Text: p.text[pos:end]}
	n.Plain = p.plain(pos, end)
	sign := "</" + lowerASCII(name) + ">"
	if strings.Contains(p.lowered()[end:], sign) {
		b := p.builder()
		stop := p.collect(b, end, false, func(i int) bool { return strings.HasPrefix(p.lowered()[i:], sign) })
		if stop < len(p.text) {
			n.Blocks = []*Template{b.template(p.passage.Span(end, stop))}
			n.EndText = p.text[stop : stop+len(sign)]
			return p.one(n, pos, stop+len(sign))
		}
	}
	return p.one(n, pos, end)
}

// plain is what a direction reads as when nobody offers it: its text, in which
// the tags still count.
func (p *templateParser) plain(pos, end int) *Template {
	b := p.builder()
	b.write("<", pos, pos+1)
	p.collect(b, pos+1, false, func(i int) bool { return i >= end })
	return b.template(p.passage.Span(pos, end))
}
