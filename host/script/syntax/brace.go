package syntax

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// weightTag is one {weight=N}.
type weightTag struct {
	value uint32
	bad   bool
	at    int
	span  source.Span
}

// brace reads the tag that begins with the { at pos.
func (p *templateParser) brace(pos int) parsed {
	rest := p.lowered()[pos+1:]
	switch {
	case strings.HasPrefix(rest, "@"):
		return p.braced(pos, pos+2, RedirectNode)
	case strings.HasPrefix(rest, "topic="):
		return p.braced(pos, pos+1+len("topic="), TopicNode)
	case strings.HasPrefix(rest, "weight="):
		return p.weight(pos)
	case strings.HasPrefix(rest, "ok}") && p.begin:
		return p.one(Node{Kind: OKNode}, pos, pos+len("{ok}"))
	case strings.HasPrefix(rest, "random}"):
		return p.random(pos, pos+len("{random}"))
	}
	for _, name := range [...]string{"formal", "sentence", "uppercase", "lowercase", "person"} {
		if strings.HasPrefix(rest, name+"}") {
			return p.format(pos, name)
		}
	}
	return parsed{}
}

// braced reads {@ …} and {topic=…}: an argument up to }.
func (p *templateParser) braced(pos, start int, kind NodeKind) parsed {
	b := p.builder()
	stop := p.collect(b, start, true, p.at("}"))
	if stop == len(p.text) {
		p.unclosed(pos, start, "}")
		return parsed{}
	}
	arg := b.trimmed(p.passage.Span(start, stop))
	return p.one(Node{Kind: kind, Args: []*Template{arg}}, pos, stop+1)
}

// weight reads {weight=N}, which prints nothing; replies ask for it (firstWeight).
func (p *templateParser) weight(pos int) parsed {
	end := strings.IndexByte(p.text[pos:], '}')
	if end < 0 {
		p.unclosed(pos, pos+len("{weight="), "}")
		return parsed{}
	}
	end += pos + 1
	w := weightTag{at: pos, span: p.passage.Span(pos, end)}
	w.value, w.bad = p.weightValue(p.text[pos+len("{weight="):end-1], w.span)
	p.weights = append(p.weights, w)
	return p.nothing(end)
}

// firstWeight is the weight that counts for a reply (L-PICK-1).
func (p *templateParser) firstWeight() (weightTag, bool) {
	if len(p.weights) == 0 {
		return weightTag{}, false
	}
	sort.Slice(p.weights, func(i, j int) bool { return p.weights[i].at < p.weights[j].at })
	return p.weights[0], true
}

// weightValue reads the number of a {weight=N} (E011).
func (r *reporter) weightValue(digits string, at source.Span) (value uint32, bad bool) {
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n > MaxWeight {
		d := r.report("E011", at, quote(digits)+" is no weight", "the tag is removed")
		d.Help = "a weight is a whole number from 0 to 2147483647."
		return 0, true
	}
	return uint32(n), false
}

// until collects the content of a block up to its end sign; end is the place of
// the sign, or -1 if it is missing (E013).
func (p *templateParser) until(b *builder, pos, start int, sign string) (end int) {
	end = p.collect(b, start, false, func(i int) bool { return strings.HasPrefix(p.lowered()[i:], sign) })
	if end == len(p.text) {
		p.report("E013", p.passage.Span(pos, start), quote(p.text[pos:start])+" has no end", "taken as plain text; it ends with "+sign)
		return -1
	}
	return end
}

// format reads {formal} and its kin.
func (p *templateParser) format(pos int, name string) parsed {
	start, sign := pos+len(name)+2, "{/"+name+"}"
	b := p.builder()
	end := p.until(b, pos, start, sign)
	if end < 0 {
		return parsed{}
	}
	content := b.template(p.passage.Span(start, end))
	return p.one(Node{Kind: FormatNode, Name: name, Blocks: []*Template{content}}, pos, end+len(sign))
}

// random reads {random}: alternatives parted by |, or else by white space (L-TAG-6).
func (p *templateParser) random(pos, start int) parsed {
	const sign = "{/random}"
	end := p.until(p.builder(), pos, start, sign)
	if end < 0 {
		return parsed{}
	}
	from, to := p.unwrapped(start, end)
	pipes := false
	for i := from; i < to; i = p.skip(i) {
		pipes = pipes || p.text[i] == '|'
	}
	n := Node{Kind: RandomNode}
	for at := from; at <= to; {
		b := p.builder()
		stop := p.collect(b, at, false, func(i int) bool {
			return i >= to || pipes && p.text[i] == '|' || !pipes && p.blanks(i) > i
		})
		stop = min(stop, to)
		if pipes || !b.empty() {
			n.Blocks = append(n.Blocks, b.template(p.passage.Span(at, stop)))
		}
		_, size := utf8.DecodeRuneInString(p.text[stop:])
		at = stop + size
	}
	if len(n.Blocks) == 0 {
		n.Blocks = []*Template{{Span: p.passage.Span(from, to)}}
	}
	return p.one(n, pos, end+len(sign))
}

// unwrapped drops one pair of parentheses around the whole content.
func (p *templateParser) unwrapped(start, end int) (int, int) {
	from := p.blanks(start)
	to := start + len(strings.TrimRightFunc(p.text[start:end], unicode.IsSpace))
	if from >= to || p.text[from] != '(' || p.skip(from) > from+1 {
		return start, end
	}
	depth := 0
	for i := from; i < to; i = p.skip(i) {
		switch p.text[i] {
		case '(':
			if p.skip(i) == i+1 {
				depth++
			}
		case ')':
			if depth--; depth == 0 {
				if i == to-1 {
					return from + 1, i
				}
				return start, end
			}
		}
	}
	return start, end
}

// mustachePath is the path of ${{…}}: keys parted by dots (L-HTTP-5).
var mustachePath = regexp.MustCompile(`^[^\s.{}\[\]<>]+(\.[^\s.{}\[\]<>]+)*$`)

// data reads ${{path}}.
func (p *templateParser) data(pos int) parsed {
	if !strings.HasPrefix(p.text[pos:], "${{") {
		return parsed{}
	}
	start := pos + len("${{")
	length := strings.Index(p.text[start:], "}}")
	if length < 0 {
		p.unclosed(pos, start, "}}")
		return parsed{}
	}
	path := strings.TrimSpace(p.text[start : start+length])
	if !mustachePath.MatchString(path) {
		return parsed{}
	}
	return p.one(Node{Kind: DataNode, Text: path}, pos, start+length+2)
}

// array reads (@name).
func (p *templateParser) array(pos int) parsed {
	if !strings.HasPrefix(p.text[pos:], "(@") {
		return parsed{}
	}
	name := arrayName(p.text[pos+2:])
	end := pos + 2 + len(name)
	if name == "" || end == len(p.text) || p.text[end] != ')' {
		return parsed{}
	}
	return p.one(Node{Kind: ArrayNode, Text: lower(name)}, pos, end+1)
}

func suggestion(text string, at source.Span) *diag.Suggestion {
	return &diag.Suggestion{Text: text, Span: at}
}
