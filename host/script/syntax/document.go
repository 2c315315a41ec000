package syntax

import (
	"path"
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
)

// parser turns the commands of one document into its tree.
type parser struct {
	reporter
	doc     *Document
	block   int      // the block that lines belong to; -1 while a broken block is skipped
	trigger *Trigger // the trigger that lines belong to
	// dropped says that trigger is broken: it is read, for its faults, and left out.
	dropped bool
	// direct says that nothing but % may have come since the + line (L-PREV-1).
	direct bool
	// tried says that the trigger has a line that was meant to be an answer.
	tried   bool
	aliases []source.Span
	answers []source.Span // the - and * lines of the trigger
	rows    []Element     // room for those of a pattern
}

// topicOf is the topic a document belongs to by its name (L-BOT-4).
func topicOf(file string) string {
	name, found := strings.CutSuffix(path.Base(file), ".topic")
	if !found {
		return ""
	}
	return lower(name)
}

func (p *parser) document(commands []*command) {
	p.ownBlock()
	for len(commands) > 0 {
		n := stretch(commands)
		if n > leastShare {
			p.triggers(commands[:n])
		} else {
			n = max(n, 1)
			p.commands(commands[:n])
		}
		commands = commands[n:]
	}
	p.endTrigger()
}

// commands takes one command after the other.
func (p *parser) commands(list []*command) {
	for _, c := range list {
		p.command(c)
	}
}

func (p *parser) command(c *command) {
	switch c.sign {
	case '!':
		p.definition(c)
		p.direct = false
	case '>':
		p.open(c)
	case '<':
		p.close(c)
	case '+':
		p.endTrigger()
		p.beginTrigger(c)
	default:
		p.line(c)
	}
}

// ownBlock goes on in the document's own topic.
func (p *parser) ownBlock() {
	p.doc.Blocks = append(p.doc.Blocks, Block{})
	p.block = len(p.doc.Blocks) - 1
}

// open takes a > line (section 6).
func (p *parser) open(c *command) {
	p.endTrigger()
	words := fields(c.pieces[0])
	if len(words) == 0 {
		p.ownBlock()
		return
	}
	switch words[0].Value {
	case "begin":
		p.doc.Blocks = append(p.doc.Blocks, Block{Begin: true, Span: c.span})
		p.block = len(p.doc.Blocks) - 1
		p.surplus(words[1:])
	case "topic":
		p.openTopic(c, words[1:])
	case "object":
		p.object(c, words[1:])
		p.ownBlock()
	default:
		d := p.report("E007", words[0].Span, quote(words[0].Value)+" is no block", "the line is skipped")
		suggest(d, words[0], "begin", "topic", "object")
		p.ownBlock()
	}
}

func (p *parser) openTopic(c *command, words []Text) {
	if len(words) == 0 || !ValidTopic(lower(words[0].Value)) {
		at := c.span
		message := "this topic has no name"
		if len(words) > 0 {
			at = words[0].Span
			message = quote(words[0].Value) + " is no topic name"
		}
		d := p.report("E027", at, message, "the block is left out")
		d.Help = topicNameHelp
		p.block = -1
		return
	}
	b := Block{Topic: lower(words[0].Value), Span: c.span}
	var list *[]Text
	lost := false
	for _, w := range words[1:] {
		switch strings.ToLower(w.Value) {
		case "includes":
			list, lost = &b.Includes, false
		case "inherits":
			list, lost = &b.Inherits, false
		default:
			if list != nil {
				*list = append(*list, Text{Value: lower(w.Value), Span: w.Span})
			} else if !lost {
				lost = true
				d := p.report("E007", w.Span, quote(w.Value)+` stands where "includes" or "inherits" should`, "ignored")
				suggest(d, w, "includes", "inherits")
			}
		}
	}
	p.doc.Blocks = append(p.doc.Blocks, b)
	p.block = len(p.doc.Blocks) - 1
}

// close takes a < line.
func (p *parser) close(c *command) {
	p.endTrigger()
	words := fields(c.pieces[0])
	if len(words) == 0 {
		return
	}
	word := words[0]
	if word.Value != "topic" && word.Value != "begin" {
		d := p.report("E007", word.Span, quote(word.Value)+" is no block that could end here", "the line is skipped")
		suggest(d, word, "topic", "begin")
		return
	}
	if p.block >= 0 {
		open := p.doc.Blocks[p.block]
		if open.Begin && word.Value == "topic" || open.Topic != "" && word.Value == "begin" {
			d := p.report("E007", word.Span, quote("< "+word.Value)+" does not end the block that is open", "that one ends here")
			d.AddNote("it begins", open.Span)
		}
	}
	p.ownBlock()
}

// object takes a macro. A macro in another language is kept, so that calling it
// is the error of L-JS-4 and not a call of something unknown.
func (p *parser) object(c *command, words []Text) {
	if !c.closed {
		d := p.report("E006", c.span, "this object has no end", "the macro and everything below it is left out")
		d.Help = `a macro ends with a line "< object".`
		return
	}
	if len(words) == 0 {
		p.report("E008", c.span, "this object has no name", "nothing can call it")
		return
	}
	o := Object{Name: words[0].Value, Language: "javascript", Code: c.body, Span: c.span}
	if len(words) > 1 {
		o.Language = strings.ToLower(words[1].Value)
		p.surplus(words[2:])
	}
	if o.Language == "js" {
		o.Language = "javascript"
	}
	if o.Language != "javascript" {
		d := p.report("E008", words[1].Span, "macros are written in JavaScript, not in "+words[1].Value, "this one cannot be called")
		d.Help = "people who reach a line that calls it see an error text."
	}
	p.doc.Objects = append(p.doc.Objects, o)
}

// surplus reports words behind a complete label.
func (p *parser) surplus(words []Text) {
	if len(words) > 0 {
		p.report("E007", words[0].Span, quote(words[0].Value)+" has no meaning here", "ignored")
	}
}
