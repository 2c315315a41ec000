package syntax

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// patternParser reads the pattern of a trigger or of a % line (section 8.1).
type patternParser struct {
	*reporter
	passage *source.Passage
	text    string
	pos     int
	depth   int
	broken  bool
	rows    []Element // of the sequences that are being read, one behind the other
}

// weightInPattern finds {weight=…} with the blanks beside it.
var weightInPattern = regexp.MustCompile(`(?i)[ \t]*\{weight=([^}]*)\}[ \t]*`)

// specials are the characters a backslash makes literal in a pattern.
const specials = `*#_()[]|@<>{}\`

// pattern reads the argument of a + or % line; ok is false if it cannot be used (E010).
func (p *parser) pattern(arg *source.Passage) (*Pattern, uint32, bool) {
	passage, weight := p.withoutWeight(arg)
	q := &patternParser{reporter: &p.reporter, passage: passage, text: passage.Text(), rows: p.rows[:0]}
	defer func() { p.rows = q.rows }()
	out := &Pattern{Text: strings.TrimSpace(q.text), Span: arg.Span(0, arg.Len())}
	if n := utf8.RuneCountInString(arg.Text()); n > MaxPattern {
		q.bad(arg.Span(0, arg.Len()), "this pattern is "+strconv.Itoa(n)+" characters long, the longest is 1000", helpLong)
		return out, weight, false
	}
	out.Elements = q.sequence()
	for q.pos < len(q.text) {
		sign := q.text[q.pos : q.pos+1]
		if sign == "|" {
			q.loose(out)
		} else {
			q.bad(q.span(q.pos, q.pos+1), quote(sign)+" closes nothing", helpEscape)
		}
		q.pos++
		q.sequence()
	}
	if len(out.Elements) == 0 && !q.broken {
		q.bad(out.Span, "this pattern is empty", helpEmpty)
	}
	return out, weight, !q.broken
}

// withoutWeight removes every {weight=N}; the first one counts (L-SORT-2).
func (p *parser) withoutWeight(arg *source.Passage) (*source.Passage, uint32) {
	text := arg.Text()
	if strings.IndexByte(text, '{') < 0 {
		return arg, 0
	}
	found := weightInPattern.FindAllStringSubmatchIndex(text, -1)
	if found == nil {
		if i := strings.Index(lowerASCII(text), "{weight="); i >= 0 {
			p.report("E012", arg.Span(i, i+len("{weight=")), "this tag has no end", "taken as plain text; it ends with }")
		}
		return arg, 0
	}
	var weight uint32
	rest := arg.Without(found)
	for i, at := range found {
		value, _ := p.weightValue(text[at[2]:at[3]], arg.Span(at[2], max(at[3], at[2]+1)))
		if i == 0 {
			weight = value
		}
	}
	return rest, weight
}

func (q *patternParser) span(start, end int) source.Span { return q.passage.Span(start, end) }

// What helps against faults of patterns.
const (
	helpEscape = "write \\ before a sign that should stand for itself."
	helpEmpty  = "write what people may say; * stands for anything."
	helpLong   = "several triggers can share a reply: give them an alias, @."
)

// bad reports the first fault of a pattern; the others follow from it.
func (q *patternParser) bad(at source.Span, message, help string) {
	if q.broken {
		return
	}
	q.broken = true
	d := q.report("E010", at, message, "the trigger is left out, with its replies")
	d.Help = help
}

// loose reports a | outside of brackets, and offers the brackets.
func (q *patternParser) loose(p *Pattern) {
	told := q.broken
	q.bad(q.span(q.pos, q.pos+1), `"|" parts alternatives and must stand inside ( ) or [ ]`, helpEscape)
	if told || strings.ContainsAny(p.Text, "()[]\n") || p.Span.Text() != p.Text {
		return
	}
	d := &q.found[len(q.found)-1]
	mended := "(" + p.Text + ")"
	d.Suggestion, d.Label = suggestion(mended, p.Span), diag.DidYouMean(mended)
}

// sequence reads elements up to |, a closing sign or the end, blanks at its ends removed.
func (q *patternParser) sequence() []Element {
	start := len(q.rows)
	for q.pos < len(q.text) && strings.IndexByte("|)]", q.text[q.pos]) < 0 {
		q.add(q.element(), start)
	}
	row := q.rows[start:]
	q.rows = q.rows[:start]
	if n := len(row); n > 0 && row[n-1].Kind == Space {
		row = row[:n-1]
	}
	if len(row) == 0 {
		return nil
	}
	return slices.Clone(row)
}

// add puts an element behind those of the row that begins at start.
func (q *patternParser) add(e Element, start int) {
	n := len(q.rows)
	if n > start && e.Kind == q.rows[n-1].Kind {
		switch last := &q.rows[n-1]; e.Kind {
		case Space:
			return
		case Literal:
			last.Text += e.Text
			last.Span.End = max(last.Span.End, e.Span.End)
			return
		}
	}
	if e.Kind != Space || n > start {
		q.rows = append(q.rows, e)
	}
}

// element reads what stands at the current place, which is no sign that ends a sequence.
func (q *patternParser) element() Element {
	start := q.pos
	r, size := utf8.DecodeRuneInString(q.text[start:])
	q.pos += size
	if plainInPattern(q.text[start]) {
		for q.pos < len(q.text) && plainInPattern(q.text[q.pos]) {
			q.pos++
		}
	}
	e := Element{Kind: Literal, Text: q.text[start:q.pos]}
	switch {
	case unicode.IsSpace(r):
		e = Element{Kind: Space}
	case r == '*':
		e = Element{Kind: Star}
	case r == '#':
		e = Element{Kind: Hash}
	case r == '_':
		e = Element{Kind: Underscore}
	case r == '(':
		e = q.group(Group, start, ')')
	case r == '[':
		e = q.group(Optional, start, ']')
	case r == '@':
		if name := arrayName(q.text[q.pos:]); name != "" {
			q.pos += len(name)
			e = Element{Kind: ArrayRef, Text: lower(name)}
		}
	case r == '<':
		if tag, end := q.tag(start); end > 0 {
			q.pos = end
			e = tag
		}
	case r == '\\' && q.pos < len(q.text):
		switch next := q.text[q.pos]; {
		case next == 's':
			q.pos++
			e = Element{Kind: Space}
		case strings.IndexByte(specials, next) >= 0:
			q.pos++
			e = Element{Kind: Literal, Text: string(next)}
		}
	}
	e.Span = q.span(start, q.pos)
	return e
}

// plainInPattern tells whether a byte stands for itself, wherever it stands: letters
// and digits, which most patterns are made of, and some signs.
func plainInPattern(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '\'' || b == '-' || b == '.' || b == ','
}

// group reads alternatives up to the closing sign.
func (q *patternParser) group(kind ElementKind, start int, sign byte) Element {
	e := Element{Kind: kind}
	if q.depth == MaxNesting {
		q.bad(q.span(start, start+1), "groups stand in each other more than 100 deep", helpLong)
		q.pos = len(q.text)
		return e
	}
	q.depth++
	defer func() { q.depth-- }()
	empty := 0
	for {
		if alternative := q.sequence(); len(alternative) > 0 {
			e.Alternatives = append(e.Alternatives, alternative)
		} else {
			empty++
		}
		if q.pos == len(q.text) {
			q.bad(q.span(start, start+1), quote(q.text[start:start+1])+" is never closed", helpEscape)
			return e
		}
		at := q.pos
		q.pos++
		switch {
		case q.text[at] == sign:
			q.empties(e, empty, start)
			return e
		case q.text[at] != '|':
			q.bad(q.span(at, at+1), quote(q.text[at:at+1])+" cannot close "+quote(q.text[start:start+1]), helpEscape)
			return e
		}
	}
}

// empties reports empty alternatives, and a group that has no other.
func (q *patternParser) empties(e Element, empty, start int) {
	at := q.span(start, q.pos)
	switch {
	case len(e.Alternatives) == 0:
		q.bad(at, "there is nothing in these brackets", helpEmpty)
	case empty > 0:
		d := q.report("W004", at, "an alternative of this group is empty", "dropped")
		if e.Kind == Group {
			d.Help = "write [ ] for something that may be missing."
		}
	}
}

// tagInPattern is a tag of the table in section 8.1.
var tagInPattern = regexp.MustCompile(`(?i)^<(?:(bot|get)\s+([^<>=]*[^<>=\s])\s*|(input|reply)(\d*)\s*)>`)

// openInPattern is the beginning of such a tag.
var openInPattern = regexp.MustCompile(`(?i)^<(?:bot|get|input|reply)(?:\s[^<>]*)?$`)

// tag reads the tag at start; end is 0 if there is none, and the < is literal.
func (q *patternParser) tag(start int) (e Element, end int) {
	m := tagInPattern.FindStringSubmatch(q.text[start:])
	if m == nil {
		if openInPattern.MatchString(q.text[start:]) {
			q.report("E012", q.span(start, len(q.text)), "this tag has no end", "taken as plain text; it ends with >")
		}
		return e, 0
	}
	end = start + len(m[0])
	switch strings.ToLower(m[1] + m[3]) {
	case "bot":
		return Element{Kind: BotRef, Text: m[2]}, end
	case "get":
		return Element{Kind: GetRef, Text: m[2]}, end
	case "input":
		e.Kind = InputRef
	case "reply":
		e.Kind = ReplyRef
	}
	e.N = 1
	if m[4] != "" {
		n, err := strconv.Atoi(m[4])
		if err != nil || n < 1 || n > 10 {
			return e, 0
		}
		e.N = n
	}
	return e, end
}
