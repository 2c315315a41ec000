package syntax

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/source"
)

// arity is how many arguments a shortcode takes; most below 0 is without end.
type arity struct {
	least, most int
	elsewhere   string // the error text of a shortcode that cannot be used here
}

// shortcodes is the catalogue of section 21.2.
var shortcodes = map[string]arity{
	"buttons":         {1, -1, ""},
	"quickReply":      {1, 1, ""},
	"link":            {1, 2, ""},
	"image":           {1, 1, ""},
	"audio":           {1, 1, ""},
	"video":           {1, 1, ""},
	"file":            {1, 1, ""},
	"template":        {1, 1, ""},
	"card":            {1, -1, ""},
	"cards":           {1, 1, ""},
	"getRSSFeed":      {1, 3, ""},
	"typing":          {0, 0, ""},
	"metadata":        {1, 1, ""},
	"handover":        {1, 1, ""},
	"persona":         {1, 1, ""},
	"notifyAgent":     {0, 0, ""},
	"reminder":        {3, 3, ""},
	"reminderCancel":  {1, 1, ""},
	"unsubscribe":     {0, 0, ""},
	"alexaEndSession": {0, -1, "[UNHANDLED_PLATFORM: alexaEndSession not valid on facebook]"},
	"reprompt":        {0, -1, "[UNHANDLED_PLATFORM: reprompt not valid on facebook]"},
	"httpGetJSONValue": {
		0, -1,
		"[SHORTCODE_ERROR: httpGetJSONValue was replaced by $ lines]",
	},
	"httpPost": {0, -1, "[SHORTCODE_ERROR: httpPost was replaced by $ lines]"},
}

// ShortcodeNames lists the catalogue, sorted.
func ShortcodeNames() []string {
	names := make([]string, 0, len(shortcodes))
	for name := range shortcodes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// shortcode reads ^name(arguments) (L-SC-1).
func (p *templateParser) shortcode(pos int) parsed {
	nameEnd := pos + 1
	for nameEnd < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[nameEnd:])
		if !unicode.IsLetter(r) && (nameEnd == pos+1 || !isNameRune(r)) {
			break
		}
		nameEnd += size
	}
	if nameEnd == pos+1 || nameEnd == len(p.text) || p.text[nameEnd] != '(' {
		return parsed{}
	}
	n := Node{Kind: ShortcodeNode, Name: p.text[pos+1 : nameEnd], Shortcode: &Shortcode{}}
	p.fault = source.Span{}
	end, reason := p.arguments(n.Shortcode, nameEnd+1)
	got := p.one(n, pos, end)
	p.judge(&got.nodes[0], reason)
	return got
}

// judge finds out whether a shortcode can work; if not, its error text stands in its place (L-SC-5).
func (p *templateParser) judge(n *Node, reason string) {
	name, sc := n.Name, n.Shortcode
	takes, known := shortcodes[name]
	label := "people see an error text"
	args := len(sc.Args)
	if sc.JSON != nil {
		args = anyNumber
	}
	sc.Problem = ShortcodeProblem(name, args, reason)
	switch {
	case !known:
		d := p.report("E016", n.Span, "there is no shortcode "+quote(name), label)
		at := n.Span.File.Span(n.Span.Start+1, n.Span.Start+1+len(name))
		suggest(d, Text{Value: name, Span: at}, ShortcodeNames()...)
	case takes.elsewhere != "":
		p.report("E016", n.Span, "^"+name+" does not work on Messenger", label)
	case reason != "":
		at := n.Span
		if !p.fault.IsZero() {
			at = p.fault
		}
		p.report("E016", at, "^"+name+" cannot be read: "+reason, label)
	case sc.JSON == nil:
		if wrong := takes.wrong(len(sc.Args)); wrong != "" {
			p.report("E016", n.Span, "^"+name+" "+wrong, label)
		}
	}
	if sc.Problem != "" {
		sc.Args, sc.JSON = nil, nil
		n.Text = sc.Problem
	} else if name == "reminder" && len(sc.Args) == 3 {
		p.deferred(sc.Args[1])
	}
}

// anyNumber stands for a number of arguments that is not looked at: the whole list
// is one JSON value.
const anyNumber = -1

// ShortcodeProblem is the error text that stands in the place of a shortcode that
// cannot work (L-SC-5), or empty. args counts its arguments, or is negative when the
// whole list is one JSON value; reason says why the list cannot be read, if so.
func ShortcodeProblem(name string, args int, reason string) string {
	takes, known := shortcodes[name]
	switch {
	case !known:
		return "[SHORTCODE_ERROR: Unrecognized feature: " + name + "]"
	case takes.elsewhere != "":
		return takes.elsewhere
	case reason != "":
		return "[JSEXTRACTOR_ERROR: " + reason + "]"
	case args < 0:
		return ""
	}
	if wrong := takes.wrong(args); wrong != "" {
		return "[SHORTCODE_ERROR: " + name + " " + wrong + "]"
	}
	return ""
}

// wrong says what is wrong with a number of arguments; "" if nothing is.
func (a arity) wrong(n int) string {
	switch {
	case n < a.least && a.least == a.most:
		return fmt.Sprintf("needs %s, not %d", plural(a.least, "argument"), n)
	case n < a.least:
		return fmt.Sprintf("needs at least %s", plural(a.least, "argument"))
	case a.most >= 0 && n > a.most:
		return fmt.Sprintf("takes at most %s, not %d", plural(a.most, "argument"), n)
	}
	return ""
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// arguments reads up to the closing parenthesis (L-SC-2). A reason is given if
// the list is broken; one without end takes the rest of the text with it.
func (p *templateParser) arguments(sc *Shortcode, pos int) (end int, reason string) {
	first := p.blanks(pos)
	if first < len(p.text) && (p.text[first] == '[' || p.text[first] == '{' && p.skip(first) == first+1) {
		sc.JSON, end, reason = p.json(first, ')')
		return end, reason
	}
	if first < len(p.text) && p.text[first] == ')' {
		return first + 1, ""
	}
	for pos < len(p.text) {
		arg, end, reason := p.argumentAt(p.blanks(pos))
		if reason != "" {
			return len(p.text), reason
		}
		sc.Args = append(sc.Args, arg)
		if p.text[end] == ')' {
			return end + 1, ""
		}
		pos = end + 1
	}
	return len(p.text), "the closing parenthesis is missing"
}

// argumentAt reads one argument; end is the place of the , or ) behind it.
func (p *templateParser) argumentAt(pos int) (arg *Template, end int, reason string) {
	for _, q := range [...]struct{ open, close string }{{`"`, `"`}, {"'", "'"}, {"“", "”"}} {
		if !strings.HasPrefix(p.text[pos:], q.open) {
			continue
		}
		b, after := p.quoted(pos+len(q.open), q.close)
		if after == 0 {
			return nil, 0, "the closing " + q.close + " is missing"
		}
		end = p.blanks(after)
		if end < len(p.text) && (p.text[end] == ',' || p.text[end] == ')') {
			return b.template(p.passage.Span(pos, after)), end, ""
		}
	}
	b := p.builder()
	var open []byte
	end = p.collect(b, pos, false, func(i int) bool {
		if _, after := p.unit(i, false); after > i {
			return false
		}
		switch c := p.text[i]; c {
		case '(', '[', '{':
			open = append(open, c)
		case ')', ']', '}':
			if len(open) == 0 {
				return c == ')'
			}
			if pairs(open[len(open)-1], c) {
				open = open[:len(open)-1]
			}
		case ',':
			return len(open) == 0
		}
		return false
	})
	if end == len(p.text) {
		return nil, 0, "the closing parenthesis is missing"
	}
	return b.trimmed(p.passage.Span(pos, end)), end, ""
}

func pairs(open, close byte) bool {
	return open == '(' && close == ')' || open == '[' && close == ']' || open == '{' && close == '}'
}

// quoted reads up to a closing quote; \" and \ before that quote are the quote itself.
func (p *templateParser) quoted(pos int, sign string) (b *builder, after int) {
	b = p.builder()
	for {
		escaped := 0
		pos = p.collect(b, pos, false, func(i int) bool {
			escaped = 0
			if p.text[i] == '\\' {
				switch rest := p.text[i+1:]; {
				case strings.HasPrefix(rest, `"`):
					escaped = 1
				case strings.HasPrefix(rest, sign):
					escaped = len(sign)
				}
			}
			return escaped > 0 || strings.HasPrefix(p.text[i:], sign)
		})
		switch {
		case pos == len(p.text):
			return nil, 0
		case escaped == 0:
			return b, pos + len(sign)
		}
		b.write(p.text[pos+1:pos+1+escaped], pos, pos+1+escaped)
		pos += 1 + escaped
	}
}
