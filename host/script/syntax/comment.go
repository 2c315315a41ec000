package syntax

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
)

// comment takes a line that is nothing but a comment. Three kinds of them speak
// to Footlight: "# punc", "//?" and "// allow".
func (s *scanner) comment(at source.Span) {
	text := at.Text()
	if text[0] == '#' {
		if words := strings.Fields(text[1:]); len(words) == 2 && words[0] == "punc" {
			switch words[1] {
			case "nostrip":
				s.noStrip = true
			case "strip":
				s.noStrip = false
			}
		}
		return
	}
	if strings.HasPrefix(text, "//?") {
		s.sample(at)
		return
	}
	words := strings.FieldsFunc(text[2:], func(r rune) bool { return strings.ContainsRune(" \t,:", r) })
	if len(words) < 2 || words[0] != "allow" {
		return
	}
	var names []string
	for _, w := range words[1:] {
		if !allowName(w) {
			break
		}
		names = append(names, w)
	}
	if names != nil {
		s.pending = append(s.pending, len(s.allows))
		s.allows = append(s.allows, Allow{Names: names, Span: at})
	}
}

// sample keeps the messages of a "//? a | b" line for the next trigger (L-CHAT-3).
func (s *scanner) sample(at source.Span) {
	start := at.Start + len("//?")
	for _, part := range strings.Split(at.Text()[len("//?"):], "|") {
		span := trimmed(s.file.Span(start, start+len(part)))
		if text := span.Text(); text != "" {
			s.samples = append(s.samples, Text{Value: text, Span: span})
		}
		start += len(part) + 1
	}
}

// allowed lets the silencers directly above a line cover it.
func (s *scanner) allowed(at source.Span) {
	for _, i := range s.pending {
		s.allows[i].Covers = at
	}
	s.pending = nil
}

// blockComment skips a /* comment (L-SRC-5).
func (s *scanner) blockComment(n int, at source.Span) int {
	text := at.Text()
	if end := strings.Index(text[2:], "*/"); end >= 0 {
		after := trimmed(s.file.Span(at.Start+2+end+2, at.End))
		if after.End > after.Start {
			s.report("W002", after, "text follows the end of the comment", "skipped with the comment; put it on a line of its own")
		}
		return n + 1
	}
	for n++; n <= s.file.LineCount(); n++ {
		if strings.Contains(s.file.LineSpan(n).Text(), "*/") {
			return n + 1
		}
	}
	s.report("E005", s.file.Span(at.Start, at.Start+2), "this comment has no end", "everything below is taken as comment; end it with */")
	return n
}

// cutComment removes a // comment behind a command (L-SRC-4).
func (s *scanner) cutComment(at source.Span) source.Span {
	text := at.Text()
	for i := 1; i+1 < len(text); i++ {
		if text[i] != '/' || text[i+1] != '/' || text[i-1] != ' ' && text[i-1] != '\t' {
			continue
		}
		if rest := text[i+2:]; rest != "" && strings.TrimSpace(rest[:1]) != "" {
			d := s.report("W003", s.file.Span(at.Start+i, at.End), "text directly behind // is taken as a comment", `write "// " for a comment, "\//" for two slashes`)
			d.Help = "people will not see this text."
		}
		return trimmed(s.file.Span(at.Start, at.Start+i))
	}
	return at
}
