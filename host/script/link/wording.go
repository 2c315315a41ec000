package link

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// wording checks the literal text of all patterns: capitals (W105) and
// characters that no normalised text has (W108).
func (l *linker) wording() {
	o := l.program.MessageOptions()
	o.Subs = nil // they come before characters are deleted
	n := message.New(o)
	heard := &hearing{
		who: "people say", help: `punctuation is removed before matching; "# punc nostrip" above a trigger keeps it.`,
		normalise: func(s string) string { return n.Message(s).String + n.Internal(s).String }, known: map[rune]bool{},
	}
	said := &hearing{
		who: "the bot says", help: "punctuation and some signs are removed from the last reply before it is looked at.",
		normalise: func(s string) string { return n.LastReply(s).String }, known: map[rune]bool{},
	}
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			l.capitals(trigger.Pattern)
			if !trigger.NoStrip {
				l.deadCharacters(trigger.Pattern, heard)
			}
			if trigger.Previous != nil {
				l.capitals(trigger.Previous)
				l.deadCharacters(trigger.Previous, said)
			}
		}
	}
}

// hearing tells which characters survive normalisation.
type hearing struct {
	who, help string
	normalise func(string) string
	known     map[rune]bool
	plain     [utf8.RuneSelf]bool // ASCII that is known to survive: most of what there is
}

func (h *hearing) hears(r rune) bool {
	if r < utf8.RuneSelf && h.plain[r] {
		return true
	}
	survives, known := h.known[r]
	if !known {
		survives = strings.ContainsRune(h.normalise(string(r)), r)
		h.known[r] = survives
		if r < utf8.RuneSelf {
			h.plain[r] = survives
		}
	}
	return survives
}

// literals visits the literal elements of a pattern.
func literals(list []syntax.Element, visit func(*syntax.Element)) {
	for i := range list {
		if list[i].Kind == syntax.Literal {
			visit(&list[i])
		}
		for _, a := range list[i].Alternatives {
			literals(a, visit)
		}
	}
}

func capital(r rune) bool { return unicode.ToLower(r) != r }

// capitals reports upper case in a pattern, once, with the whole of it mended.
func (l *linker) capitals(p *syntax.Pattern) {
	if strings.IndexFunc(p.Text, capital) < 0 {
		return
	}
	var first source.Span
	whole := true // every capital could be mended
	mended := []byte(p.Span.Text())
	literals(p.Elements, func(e *syntax.Element) {
		if strings.IndexFunc(e.Text, capital) < 0 {
			return
		}
		if first.IsZero() {
			first = e.Span
		}
		lower := strings.Map(unicode.ToLower, e.Span.Text())
		start := e.Span.Start - p.Span.Start
		if len(lower) != e.Span.End-e.Span.Start || start+len(lower) > len(mended) {
			whole = false
			return
		}
		copy(mended[start:], lower)
	})
	if first.IsZero() {
		return
	}
	d := draft("W105", p.Span, "this pattern has capitals", "messages are matched in lower case")
	if whole && !strings.Contains(string(mended), "\n") {
		d.Suggestion = suggestion(string(mended), p.Span)
		d.Label = `did you mean "` + string(mended) + `"?`
	}
	l.found.Add(*d)
}

// deadCharacters reports a literal that can never be there, once a pattern.
func (l *linker) deadCharacters(p *syntax.Pattern, h *hearing) {
	found := false
	literals(p.Elements, func(e *syntax.Element) {
		if found {
			return
		}
		for _, r := range message.Fold(e.Text) {
			if h.hears(r) {
				continue
			}
			found = true
			at := e.Span
			if i := strings.IndexRune(message.Fold(at.Text()), r); i >= 0 && i+len(string(r)) <= at.End-at.Start {
				at = at.File.Span(at.Start+i, at.Start+i+len(string(r)))
			}
			l.add("W108", at, `"`+string(r)+`" never occurs in what `+h.who, "this pattern can never match; leave it out", h.help)
			return
		}
	})
}
