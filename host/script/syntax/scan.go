package syntax

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// command is a command line with its continuations joined (section 4).
type command struct {
	sign byte        // one of + % - * @ $ ! > <, or 0 for a macro's body
	span source.Span // the first line, trimmed, without its comment
	arg  source.Passage
	// pieces are the argument and each continuation, one by one: arrays read
	// their values from them (L-DEF-5).
	pieces  []source.Span
	first   [1]source.Span // room for it
	noStrip bool           // + under "# punc nostrip" (L-NORM-8)
	samples []Text         // + under "//? …" (L-CHAT-3)
	body    string         // code of a macro
	closed  bool           // the macro has its end
}

// scanner cuts a document into commands. Comments go, continuations are joined.
type scanner struct {
	*reporter
	file     *source.File
	commands []*command
	allows   []Allow
	current  *command // what a ^ line would continue
	joiner   string   // L-SRC-7
	noStrip  bool
	samples  []Text
	pending  []int // allows that still wait for the line they stand above
}

func (s *scanner) scan() []*command {
	for n := 1; n <= s.file.LineCount(); {
		n = s.line(n)
	}
	s.settleConcat()
	return s.commands
}

// line reads line n and returns the number of the line to go on with.
func (s *scanner) line(n int) int {
	at := trimmed(s.file.LineSpan(n))
	text := at.Text()
	switch {
	case text == "":
		s.pending = nil
		return n + 1
	case strings.HasPrefix(text, "//"), text[0] == '#':
		s.comment(at)
		return n + 1
	case strings.HasPrefix(text, "/*"):
		return s.blockComment(n, at)
	}
	at = s.cutComment(at)
	text = at.Text()
	if strings.Contains(text, "*/") {
		end := at.Start + strings.Index(text, "*/")
		s.report("W002", s.file.Span(end, end+2), "this line ends a comment that was never begun", "the whole line is skipped")
		return n + 1
	}
	s.allowed(at)
	if len([]rune(text)) == 1 {
		s.lone(at)
		return n + 1
	}
	return s.command(n, at)
}

func (s *scanner) lone(at source.Span) {
	if at.Text() != "^" {
		s.report("W001", at, "this line holds a single character", "the line is skipped")
	}
}

// command takes a line that is no comment.
func (s *scanner) command(n int, at source.Span) int {
	arg := trimmed(s.file.Span(at.Start+1, at.End))
	switch sign := at.Text()[0]; sign {
	case '^':
		s.continuation(at, arg)
	case '>', '<':
		s.settleConcat()
		s.begin(sign, at, arg)
		s.current = nil
		if fields := strings.Fields(arg.Text()); sign == '>' && len(fields) > 0 && fields[0] == "object" {
			return s.objectBody(n)
		}
	case '+', '%', '-', '*', '@', '$', '!':
		s.settleConcat()
		s.begin(sign, at, arg)
	default:
		s.unknown(at)
	}
	return n + 1
}

func (s *scanner) begin(sign byte, at, arg source.Span) {
	c := &command{sign: sign, span: at, first: [1]source.Span{arg}}
	c.pieces = c.first[:]
	c.arg.Append(arg)
	if sign == '+' {
		c.noStrip, c.samples = s.noStrip, s.samples
		s.noStrip, s.samples = false, nil
	}
	s.commands = append(s.commands, c)
	s.current = c
}

func (s *scanner) continuation(at, arg source.Span) {
	c := s.current
	if c == nil {
		s.report("E003", at, "there is nothing above that this line could continue", "skipped")
		return
	}
	switch {
	case c.sign == '!':
		c.arg.Append(arg)
	case shortcodeLine(at.Text()):
		c.arg.Join(" ", at)
		c.arg.Append(at)
	default:
		c.arg.Join(s.joiner, at)
		c.arg.Append(arg)
	}
	c.pieces = append(c.pieces, arg)
	for i := range s.allows {
		if a := &s.allows[i]; !a.Covers.IsZero() && a.Covers.Start == c.span.Start {
			a.Covers.End = at.End
		}
	}
}

// shortcodeLine tells whether the caret of a ^ line belongs to a shortcode (L-SRC-8).
func shortcodeLine(text string) bool {
	name, _, found := strings.Cut(text[1:], "(")
	_, known := shortcodes[name]
	return found && known
}

// settleConcat looks whether the command that is now complete sets the joiner.
func (s *scanner) settleConcat() {
	if s.current == nil || s.current.sign != '!' {
		return
	}
	left, value, found := strings.Cut(s.current.arg.Text(), "=")
	words := strings.Fields(left)
	if !found || len(words) != 2 || !strings.EqualFold(words[0], "local") || words[1] != "concat" {
		return
	}
	switch strings.TrimSpace(value) {
	case "space":
		s.joiner = " "
	case "newline":
		s.joiner = "\n"
	default:
		s.joiner = ""
	}
}

// objectBody takes the lines of a macro, as they are (L-BLK-4).
func (s *scanner) objectBody(n int) int {
	c := s.commands[len(s.commands)-1]
	start := s.file.LineSpan(n).End + 1
	for n++; n <= s.file.LineCount(); n++ {
		line := s.file.LineSpan(n)
		text := trimmed(line).Text()
		if rest, found := strings.CutPrefix(text, "<"); found && strings.HasPrefix(strings.TrimLeft(rest, " \t"), "object") {
			c.closed = true
			c.body = s.file.Text[start:line.Start]
			return n + 1
		}
	}
	c.body = s.file.Span(start, len(s.file.Text)).Text()
	return n
}

// trimmed drops blanks and tabs at both ends.
func trimmed(at source.Span) source.Span {
	text := at.Text()
	at.Start += len(text) - len(strings.TrimLeft(text, " \t"))
	at.End = at.Start + len(strings.Trim(text, " \t"))
	return at
}

// allowName tells whether a word can stand behind "// allow".
func allowName(word string) bool {
	if len(word) == 4 && (word[0] == 'W' || word[0] == 'E') && strings.Trim(word[1:], "0123456789") == "" {
		return true
	}
	_, known := diag.Lookup(word)
	return known
}
