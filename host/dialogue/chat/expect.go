package chat

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// silent is a failure when the bot said something that nobody expected.
func (p *performance) silent() *Failure {
	if p.skipping {
		p.skipping, p.bubbles = false, nil
	}
	if len(p.bubbles) == 0 {
		return nil
	}
	if p.stage.Update {
		for _, b := range p.bubbles {
			p.edits.below(p.line, "<"+written(b.text))
		}
		p.bubbles = nil
		return nil
	}
	return &Failure{Want: "silence", Got: p.bubbles[0].String()}
}

// next is the next bubble; time passes for it as far as patience goes.
func (p *performance) next(ctx context.Context) (b bubble, ok bool, fault *Failure) {
	for len(p.bubbles) == 0 {
		wait, waits := p.talk.Next()
		if !waits || wait > p.test.Start.Patience {
			return bubble{}, false, nil
		}
		if fault := p.pass(ctx, wait); fault != nil {
			return bubble{}, false, fault
		}
	}
	return p.bubbles[0], true, nil
}

func (p *performance) take(b bubble, s *Step) {
	p.bubbles = p.bubbles[1:]
	p.last, p.line = &b, s.Line
	p.script = append(p.script, s.written)
}

func (p *performance) expect(ctx context.Context, s *Step) *Failure {
	if s.Want.rest {
		p.script, p.line = append(p.script, s.written), s.Line
		p.skipping = true
		return nil
	}
	b, ok, fault := p.next(ctx)
	for p.skipping && ok && fault == nil {
		if p.fits(ctx, b, s) == nil {
			break
		}
		p.bubbles = p.bubbles[1:]
		b, ok, fault = p.next(ctx)
	}
	p.skipping = false
	switch {
	case fault != nil:
		return fault
	case !ok && p.stage.Update:
		p.edits.remove(s.Line)
		p.line = s.Line
		return nil
	case !ok:
		return &Failure{Want: wanted(s), Got: p.nothing()}
	}
	switch fault = p.fits(ctx, b, s); {
	case fault != nil && p.stage.Update:
		p.edits.replace(s.Line, "<"+written(b.text))
	case fault != nil:
		return fault
	}
	p.take(b, s)
	return nil
}

// nothing says that no bubble is there, and what may be the reason.
func (p *performance) nothing() string {
	if wait, waits := p.talk.Next(); waits {
		return fmt.Sprintf("nothing for now; the next bubble or reminder comes in %s, patience is %s", wait, p.test.Start.Patience)
	}
	return "nothing"
}

// wanted is the line of an expectation without its sign.
func wanted(s *Step) string { return strings.TrimSpace(strings.TrimPrefix(s.written[1:], "=")) }

// fits is the failure of an expectation, or nil when the bubble is as expected.
func (p *performance) fits(ctx context.Context, b bubble, s *Step) *Failure {
	no := &Failure{Want: wanted(s), Got: b.String()}
	switch {
	case s.Want.any:
		return nil
	case s.Want.oneOf:
		return p.oneOf(ctx, b, s.Want.place, no)
	case s.Want.match != nil:
		if s.Want.match.MatchString(b.text) {
			return nil
		}
	case same(s.Want.text, b.text):
		return nil
	}
	return no
}

// same compares texts in NFC, blanks at their ends left out.
func same(a, b string) bool {
	return strings.TrimRight(norm.NFC.String(a), " ") == strings.TrimRight(norm.NFC.String(b), " ")
}

// written is a text as it stands behind the < of its expectation.
func written(text string) string {
	text = escape(text)
	switch {
	case text == "", text == "*", text == "...", text == "one of",
		strings.HasPrefix(text, "one of "), strings.HasPrefix(text, "="), strings.HasPrefix(text, "["), strings.HasPrefix(text, "/"):
		return "= " + text
	}
	return " " + text
}

// mark compares structure: of the bubble expected just before, or of the next one.
func (p *performance) mark(ctx context.Context, s *Step) *Failure {
	if p.last == nil {
		b, ok, fault := p.next(ctx)
		switch {
		case fault != nil:
			return fault
		case !ok && p.stage.Update:
			p.edits.remove(s.Line)
			return nil
		case !ok:
			return &Failure{Want: wanted(s), Got: p.nothing()}
		}
		p.take(b, s)
	} else {
		p.script, p.line = append(p.script, s.written), s.Line
	}
	if p.last.meets(s.Mark) {
		return nil
	}
	got := p.last.structure(s.Mark.kind, s.Mark.items)
	if p.stage.Update && s.Mark.kind != "json" {
		if got == "" {
			p.edits.remove(s.Line)
		} else {
			p.edits.replace(s.Line, "< ["+s.Mark.kind+"] "+got)
		}
		return nil
	}
	if got == "" {
		got = "none"
	}
	return &Failure{Want: wanted(s), Got: got}
}
