package reply

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Delivery reads the result of a macro for delivery only (L-JS-7): <send>, <chat>,
// <delay …>, <noreply> and shortcodes count; \<, \^ and \\ stand for the character
// itself; everything else is literal text. It accepts any text. A shortcode that
// cannot work is an Error token (L-SC-5).
func Delivery(result string) []Token {
	d := delivery{rest: result}
	for d.rest != "" {
		next := strings.IndexAny(d.rest, `\<^`)
		if next < 0 {
			next = len(d.rest)
		}
		d.literal(next)
		if d.rest != "" && !d.escape() && !d.tag() && !d.shortcode() {
			d.literal(1)
		}
	}
	d.flush()
	return d.tokens
}

// delivery is one run of Delivery.
type delivery struct {
	rest   string
	last   rune // the character before rest, 0 at the beginning
	text   strings.Builder
	tokens []Token
}

// literal takes n bytes of text as they are.
func (d *delivery) literal(n int) {
	if n == 0 {
		return
	}
	d.text.WriteString(d.rest[:n])
	d.pass(n)
}

// pass goes on behind n bytes.
func (d *delivery) pass(n int) {
	d.last, _ = utf8.DecodeLastRuneInString(d.rest[:n])
	d.rest = d.rest[n:]
}

func (d *delivery) flush() {
	if d.text.Len() > 0 {
		d.tokens = append(d.tokens, Token{Kind: Text, Text: d.text.String()})
		d.text.Reset()
	}
}

func (d *delivery) emit(t Token, size int) {
	d.flush()
	d.tokens = append(d.tokens, t)
	d.pass(size)
}

// escaped is the character behind a backslash that stands for itself.
func escaped(s string) bool {
	return len(s) > 1 && s[0] == '\\' && (s[1] == '\\' || s[1] == '<' || s[1] == '^')
}

func (d *delivery) escape() bool {
	if !escaped(d.rest) {
		return false
	}
	d.text.WriteByte(d.rest[1])
	d.pass(2)
	return true
}

// tag takes a direction of delivery, in any case (section 20.2).
func (d *delivery) tag() bool {
	if d.rest[0] != '<' {
		return false
	}
	end := tagEnd(d.rest)
	if end < 0 {
		return false
	}
	inside := d.rest[1:end]
	name := strings.ToLower(inside)
	if i := strings.IndexFunc(inside, unicode.IsSpace); i >= 0 {
		name = strings.ToLower(inside[:i])
		inside = inside[i:]
	} else {
		inside = ""
	}
	switch bare := strings.TrimSpace(inside) == ""; {
	case bare && (name == "send" || name == "chat"):
		d.emit(Token{Kind: Send}, end+1)
	case bare && name == "noreply":
		d.emit(Token{Kind: NoReply}, end+1)
	case name == "delay":
		t, ok := delayOf(inside)
		if !ok {
			return false
		}
		d.emit(t, end+1)
	default:
		return false
	}
	return true
}

// maxTagBytes is the length of the longest direction of delivery that is looked
// for, in bytes: what is longer is text.
const maxTagBytes = 256

// tagEnd is the place of the > that ends a tag, outside of quotes, or -1.
func tagEnd(s string) int {
	quote := byte(0)
	for i := 1; i < min(len(s), maxTagBytes); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && s[i-1] == '=':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// delayOf reads the attributes of a <delay> (L-DIR-2, L-DELAY-2); ok is false
// without seconds.
func delayOf(attributes string) (t Token, ok bool) {
	t.Kind = Delay
	for attributes = strings.TrimSpace(attributes); attributes != ""; attributes = strings.TrimSpace(attributes) {
		name, value, rest := attribute(attributes)
		attributes = rest
		switch strings.ToLower(name) {
		case "seconds":
			t.Millis, ok = millis(value), true
		case "nocancel", "nodelay":
			t.NoCancel = true
		}
	}
	return t, ok
}

// attribute takes the first attribute of a list.
func attribute(s string) (name, value, rest string) {
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	name, value, valued := strings.Cut(s[:end], "=")
	if !valued || value == "" || value[0] != '"' && value[0] != '\'' {
		return name, value, s[end:]
	}
	quoted := s[len(name)+2:]
	if i := strings.IndexByte(quoted, value[0]); i >= 0 {
		return name, quoted[:i], quoted[i+1:]
	}
	return name, value, s[end:]
}

// millis reads seconds: clamped, 0 for what is no number (L-DELAY-2).
func millis(seconds string) int {
	value, _ := syntax.Number(seconds)
	return int(math.Round(min(max(value*1000, 0), MaxDelayMillis)))
}

// shortcode takes ^name(arguments) (L-SC-1).
func (d *delivery) shortcode() bool {
	if d.rest[0] != '^' || isWord(d.last) {
		return false
	}
	name := d.rest[1:]
	if i := strings.IndexFunc(name, func(r rune) bool { return !isWord(r) }); i >= 0 {
		name = name[:i]
	}
	first, _ := utf8.DecodeRuneInString(name)
	open := 1 + len(name)
	if !unicode.IsLetter(first) || open >= len(d.rest) || d.rest[open] != '(' {
		return false
	}
	a := arguments{rest: d.rest[open+1:]}
	reason := a.read()
	count := len(a.args)
	if a.whole {
		count = -1
	}
	t := Token{Kind: Shortcode, Text: name, Args: a.args}
	if problem := syntax.ShortcodeProblem(name, count, reason); problem != "" {
		t = Token{Kind: Error, Text: problem}
	}
	d.emit(t, len(d.rest)-len(a.rest))
	return true
}

// isWord tells the characters of names.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// arguments is the list of a shortcode while it is read (L-SC-2).
type arguments struct {
	rest  string
	args  []Arg
	whole bool           // the list is one JSON value
	vain  map[string]int // what is left, in bytes, where a quote was closed that quotes no argument; by its sign
}

const noParenthesis = "the closing parenthesis is missing"

// read reads up to the closing parenthesis. A list without end takes all the rest
// with it.
func (a *arguments) read() (reason string) {
	a.blanks()
	if strings.HasPrefix(a.rest, ")") {
		a.rest = a.rest[1:]
		return ""
	}
	if value, rest, ok := leadingJSON(a.rest); ok && strings.HasPrefix(rest, ")") {
		a.args, a.rest, a.whole = []Arg{{JSON: value}}, rest[1:], true
		return ""
	}
	for a.rest != "" {
		arg, ok := a.one()
		if !ok {
			break
		}
		a.args = append(a.args, arg)
		sign := a.rest[0]
		a.rest = a.rest[1:]
		if sign == ')' {
			return ""
		}
		a.blanks()
	}
	a.rest = ""
	return noParenthesis
}

func (a *arguments) blanks() { a.rest = strings.TrimLeftFunc(a.rest, unicode.IsSpace) }

// one takes one argument up to the , or ) behind it; ok is false when there is none.
func (a *arguments) one() (arg Arg, ok bool) {
	if arg, ok := a.quoted(); ok {
		return arg, true
	}
	if value, rest, ok := leadingJSON(a.rest); ok && rest != "" && (rest[0] == ',' || rest[0] == ')') {
		a.rest = rest
		return Arg{JSON: value}, true
	}
	text, rest, ok := bareText(a.rest)
	a.rest = rest
	return Arg{Text: text}, ok
}

// quoted takes an argument in quotes. Quotes in front of a sign that closes one of them in
// vain are all closed by it, so that each sign is looked for once.
func (a *arguments) quoted() (arg Arg, ok bool) {
	sign, inside := quoteOf(a.rest)
	if left, vain := a.vain[sign]; sign == "" || vain && left < len(a.rest) {
		return arg, false
	}
	text, end := quotedText(inside, sign)
	rest := strings.TrimLeftFunc(strings.TrimPrefix(end, sign), unicode.IsSpace)
	if rest != "" && (rest[0] == ',' || rest[0] == ')') {
		a.rest = rest
		return Arg{Text: text}, true
	}
	if a.vain == nil {
		a.vain = map[string]int{}
	}
	a.vain[sign] = len(end)
	return arg, false
}

// leadingJSON takes a list or object from the beginning of a text, with the blanks
// behind it.
func leadingJSON(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '[' && s[0] != '{' {
		return "", s, false
	}
	decoder := json.NewDecoder(strings.NewReader(s))
	var raw json.RawMessage
	if decoder.Decode(&raw) != nil {
		return "", s, false
	}
	rest = strings.TrimLeftFunc(s[decoder.InputOffset():], unicode.IsSpace)
	return string(bytes.TrimSpace(raw)), rest, true
}

// quoteOf is the sign that closes the quote at the beginning of a text, or empty.
func quoteOf(s string) (sign, inside string) {
	for _, q := range [...][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}} {
		if inside, ok := strings.CutPrefix(s, q[0]); ok {
			return q[1], inside
		}
	}
	return "", s
}

// quotedText takes the inside of quotes up to the sign that closes them; nothing is left
// if none does. \" and \ before the closing quote are the quote itself, and the escapes
// of L-JS-7 hold.
func quotedText(s, sign string) (text, end string) {
	var b strings.Builder
	for s != "" {
		switch {
		case escaped(s) || strings.HasPrefix(s, `\"`):
			b.WriteByte(s[1])
			s = s[2:]
		case s[0] == '\\' && strings.HasPrefix(s[1:], sign):
			b.WriteString(sign)
			s = s[1+len(sign):]
		case strings.HasPrefix(s, sign):
			return b.String(), s
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return "", ""
}

// bareText takes an argument up to the next , or ) outside of nested brackets.
func bareText(s string) (text, rest string, ok bool) {
	var b strings.Builder
	var open []byte
	for s != "" {
		if escaped(s) {
			b.WriteByte(s[1])
			s = s[2:]
			continue
		}
		switch c := s[0]; c {
		case '(', '[', '{':
			open = append(open, c)
		case ')', ']', '}':
			if len(open) == 0 && c == ')' {
				return strings.TrimSpace(b.String()), s, true
			}
			if n := len(open); n > 0 && closes(open[n-1], c) {
				open = open[:n-1]
			}
		case ',':
			if len(open) == 0 {
				return strings.TrimSpace(b.String()), s, true
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return "", "", false
}

func closes(open, sign byte) bool {
	return open == '(' && sign == ')' || open == '[' && sign == ']' || open == '{' && sign == '}'
}
