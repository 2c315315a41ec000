package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/source"
)

// operators are the operators of conditions, with the ones they are short for.
var operators = map[string]string{
	"==": "==", "eq": "==", "!=": "!=", "ne": "!=", "<>": "!=",
	"<": "<", "<=": "<=", ">": ">", ">=": ">=",
}

// condition takes a * line (L-COND-2).
func (p *parser) condition(c *command) (Condition, bool) {
	t := newTemplateParser(&c.arg, &p.reporter, false)
	bad := func(at source.Span, message, label string) (Condition, bool) {
		d := p.report("E014", at, message, "skipped; "+label)
		d.Help = "without this line the next condition or reply is taken."
		return Condition{}, false
	}
	arrow := t.find(0, len(t.text), func(i int) bool { return strings.HasPrefix(t.text[i:], "=>") })
	if arrow < 0 {
		return bad(c.span, `this condition has no "=>"`, "behind => stands what the bot says")
	}
	at, op := t.operator(arrow)
	if op == "" {
		return bad(t.comparison(c, arrow))
	}
	cond := Condition{Op: operators[op], Span: c.arg.Span(0, c.arg.Len())}
	reply := t.blanks(arrow + 2)
	left, right := t.bounds(0, at), t.bounds(at+len(op), arrow)
	switch {
	case left[0] >= left[1] || right[0] >= right[1]:
		return bad(t.passage.Span(at, at+len(op)), "one side of "+quote(op)+" is empty", `write "" for what is not set`)
	case reply == len(t.text):
		return bad(c.span, "this condition has no reply", "behind => stands what the bot says")
	}
	cond.Left, cond.Right = t.operand(left), t.operand(right)
	if p.inBegin() { // {ok} is a tag in the reply only
		t = newTemplateParser(&c.arg, &p.reporter, true)
	}
	cond.Reply = t.template(reply, len(t.text))
	return cond, true
}

// mistaken are what people write where an operator should be, longer ones first,
// with the operators they mean.
var mistaken = [...][2]string{
	{"===", "=="},
	{"!==", "!="},
	{"=<", "<="},
	{"==", "=="},
	{"!=", "!="},
	{"<>", "!="},
	{"<=", "<="},
	{">=", ">="},
	{"=", "=="},
	{"<", "<"},
	{">", ">"},
	{" is not ", "!="},
	{" is ", "=="},
	{" equals ", "=="},
	{" contains ", ""},
}

// comparison says what is wrong with a condition without an operator, where, and
// how to write it.
func (p *templateParser) comparison(c *command, arrow int) (at source.Span, message, label string) {
	const form = "write * <get name> == Ann => reply"
	for _, m := range mistaken {
		i := p.find(0, arrow, func(i int) bool { return strings.HasPrefix(p.text[i:arrow], m[0]) && p.skip(i) == i+1 })
		if i < 0 {
			continue
		}
		sign, end := strings.TrimSpace(m[0]), i+len(m[0])
		at = p.passage.Span(i+strings.Index(m[0], sign), end-len(m[0])+strings.Index(m[0], sign)+len(sign))
		left, right := strings.TrimSpace(p.text[:i]), strings.TrimSpace(p.text[end:arrow])
		switch {
		case left == "" || right == "":
			return at, "one side of " + quote(sign) + " is empty", form
		case m[1] == "":
			return at, "conditions compare, they do not search", form
		case m[1] == sign:
			message = quote(sign) + " needs a blank on both sides"
		default:
			message = quote(sign) + " does not compare; " + quote(m[1]) + " does"
		}
		return at, message, "write * " + left + " " + m[1] + " " + right + " => reply"
	}
	return c.span, "nothing is compared here", form
}

// find is the first place from start to end, outside tags and blocks, at which
// is holds; -1 if there is none.
func (p *templateParser) find(start, end int, is func(int) bool) int {
	for i := start; i < end; i = p.skip(i) {
		if is(i) {
			return i
		}
	}
	return -1
}

// operator is the first operator before end with white space on both sides.
func (p *templateParser) operator(end int) (at int, op string) {
	blank := false
	at = p.find(0, end, func(i int) bool {
		before := blank
		blank = p.blanks(i) > i
		if !before || blank {
			return false
		}
		word := i
		for word < end && p.blanks(word) == word {
			_, size := utf8.DecodeRuneInString(p.text[word:])
			word += size
		}
		op = p.text[i:word]
		// At the end of the front part the white space may be missing: then the right side is.
		return operators[op] != ""
	})
	if at < 0 {
		return 0, ""
	}
	return at, op
}

// bounds is a stretch without the white space at its ends.
func (p *templateParser) bounds(start, end int) [2]int {
	start = min(p.blanks(start), end)
	return [2]int{start, start + len(strings.TrimRightFunc(p.text[start:end], unicode.IsSpace))}
}

// operand reads one side; in one pair of double quotes it stands for the text between them (L-COND-3).
func (p *templateParser) operand(at [2]int) *Template {
	start, end := at[0], at[1]
	isQuote := func(i int) bool { return p.text[i] == '"' }
	if end-start >= 2 && isQuote(start) && p.find(start+1, end, isQuote) == end-1 {
		return p.template(start+1, end-1)
	}
	return p.template(start, end)
}
