package link

import (
	"strings"
	"unicode"

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
	heard := newHearing(func(s string) string { return n.Message(s).String + n.Internal(s).String })
	said := newHearing(func(s string) string { return n.LastReply(s).String })
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			l.capitals(trigger.Pattern)
			if !trigger.NoStrip {
				l.deadCharacters(trigger.Pattern, heard, "people say")
			}
			if trigger.Previous != nil {
				l.capitals(trigger.Previous)
				l.deadCharacters(trigger.Previous, said, "the bot says")
			}
		}
	}
}

// hearing tells which characters survive normalisation.
type hearing struct {
	normalise func(string) string
	known     map[rune]bool
}

func newHearing(normalise func(string) string) *hearing {
	return &hearing{normalise, map[rune]bool{}}
}

func (h *hearing) hears(r rune) bool {
	survives, known := h.known[r]
	if !known {
		survives = strings.ContainsRune(h.normalise(string(r)), r)
		h.known[r] = survives
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
	var first source.Span
	mended := []byte(p.Span.Text())
	literals(p.Elements, func(e *syntax.Element) {
		if strings.IndexFunc(e.Text, capital) < 0 {
			return
		}
		if first.IsZero() {
			first = e.Span
		}
		lower := strings.Map(unicode.ToLower, e.Span.Text())
		if start := e.Span.Start - p.Span.Start; len(lower) == e.Span.End-e.Span.Start && start+len(lower) <= len(mended) {
			copy(mended[start:], lower)
		}
	})
	if first.IsZero() {
		return
	}
	d := l.report("W105", p.Span, "this pattern has capitals", "messages are matched in lower case")
	if !strings.Contains(string(mended), "\n") && strings.IndexFunc(string(mended), capital) < 0 {
		d.Suggestion = suggestion(string(mended), p.Span)
		d.Label = `did you mean "` + string(mended) + `"?`
	}
	l.found.Add(*d)
}

// deadCharacters reports a literal that can never be there, once a pattern.
func (l *linker) deadCharacters(p *syntax.Pattern, h *hearing, who string) {
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
			d := l.report("W108", at, `"`+string(r)+`" never occurs in what `+who, "this pattern can never match; leave it out")
			d.Help = "punctuation is removed before matching; \"# punc nostrip\" above a trigger keeps it."
			l.found.Add(*d)
			return
		}
	})
}
