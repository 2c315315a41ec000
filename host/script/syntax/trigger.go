package syntax

import (
	"github.com/footlight-bots/footlight/host/script/source"
)

// beginTrigger takes a + line.
func (p *parser) beginTrigger(c *command) {
	t := &Trigger{Text: c.arg.Text(), Span: c.arg.Span(0, c.arg.Len()), NoStrip: c.noStrip, Samples: c.samples}
	pattern, weight, ok := p.pattern(&c.arg)
	t.Pattern, t.Weight = pattern, weight
	p.trigger, p.dropped, p.direct, p.tried = t, !ok, true, false
	p.aliases, p.answers = nil, nil
}

// line takes a line that belongs to a trigger (L-SRC-10).
func (p *parser) line(c *command) {
	if p.trigger == nil {
		if p.block >= 0 {
			p.orphan(c)
		}
		return
	}
	if c.sign != '%' {
		p.direct = false
	}
	t := p.trigger
	switch c.sign {
	case '%':
		p.previous(c)
	case '@':
		t.Alias = p.templates(c, false)
		p.aliases = append(p.aliases, c.span)
	case '*':
		p.tried = true
		if cond, ok := p.condition(c); ok {
			t.Conditions = append(t.Conditions, cond)
			p.answers = append(p.answers, c.span)
		}
	case '-':
		t.Replies = append(t.Replies, p.reply(c))
		p.answers = append(p.answers, c.span)
	case '$':
		t.Requests = append(t.Requests, p.request(c))
	}
}

func (p *parser) orphan(c *command) {
	what := map[byte]string{'-': "reply", '*': "condition", '%': "previous line", '@': "alias", '$': "request"}[c.sign]
	d := p.report("E002", c.span, "this "+what+" has no trigger above it", "skipped")
	d.Help = "it belongs below a line that begins with +, in the same block."
}

// previous takes a % line (section 12).
func (p *parser) previous(c *command) {
	if !p.direct {
		d := p.report("E004", c.span, "% must stand directly below its +", "ignored")
		d.Help = "the trigger now matches whatever the bot said before."
		return
	}
	pattern, _, ok := p.pattern(&c.arg)
	if !ok {
		p.dropped = true // without its previous line it would match far too much
		return
	}
	p.trigger.Previous = pattern
	p.trigger.PrevText = c.arg.Text()
	p.trigger.PrevSpan = c.arg.Span(0, c.arg.Len())
}

// reply takes a - line.
func (p *parser) reply(c *command) Reply {
	t := newTemplateParser(&c.arg, &p.reporter, p.inBegin())
	r := Reply{Weight: 1, Span: c.arg.Span(0, c.arg.Len())}
	r.Template = t.template(0, c.arg.Len())
	if w, found := t.firstWeight(); found {
		r.Weight = max(w.value, 1)
		if w.value == 0 && !w.bad {
			p.report("W006", w.span, "a reply cannot have weight 0", "taken as 1; leave the line out to be rid of it")
		}
	}
	return r
}

// templates reads the whole argument of a command as one template.
func (p *parser) templates(c *command, begin bool) *Template {
	return newTemplateParser(&c.arg, &p.reporter, begin).template(0, c.arg.Len())
}

func (p *parser) inBegin() bool { return p.block >= 0 && p.doc.Blocks[p.block].Begin }

// endTrigger puts the trigger that is now complete in its place.
func (p *parser) endTrigger() {
	t := p.trigger
	if t == nil {
		return
	}
	p.trigger = nil
	p.besideAlias(t)
	if p.block < 0 {
		return
	}
	if p.dropped {
		p.doc.Broken = append(p.doc.Broken, t)
		return
	}
	if t.Alias == nil && len(t.Conditions) == 0 && len(t.Replies) == 0 && !p.tried {
		d := p.report("W115", t.Span, "this trigger has no reply", "")
		d.Help = "people who say this see an error text, or nothing at all."
	}
	b := &p.doc.Blocks[p.block]
	b.Triggers = append(b.Triggers, t)
}

// besideAlias reports what an alias makes useless, and removes it (L-RED-1).
func (p *parser) besideAlias(t *Trigger) {
	if t.Alias == nil {
		return
	}
	last := p.aliases[len(p.aliases)-1]
	ignored := func(at source.Span, message string) {
		d := p.report("W117", at, message, "ignored")
		d.AddNote("the alias that counts stands", last)
	}
	for _, at := range p.aliases[:len(p.aliases)-1] {
		ignored(at, "only the last alias of a trigger counts")
	}
	for _, at := range p.answers {
		ignored(at, "this line is not used, because the trigger has an alias")
	}
	t.Conditions, t.Replies = nil, nil
}
