package syntax

import (
	"runtime"
	"sync"
)

// leastShare is how many commands a processor is given at least: reading fewer would
// cost less than to hand them over.
const leastShare = 64

// stretch is how many of the commands, from the first on, are triggers of one block with
// what stands below them: those from a + up to the next > or <.
func stretch(commands []*command) int {
	if commands[0].sign != '+' {
		return 0
	}
	for i, c := range commands {
		if c.sign == '>' || c.sign == '<' {
			return i
		}
	}
	return len(commands)
}

// triggers takes a stretch. A trigger does not depend on another, so each processor
// reads some of them; what they find is put in order afterwards.
func (p *parser) triggers(commands []*command) {
	p.endTrigger()
	shares := shared(commands, runtime.GOMAXPROCS(0))
	parts := make([]*parser, len(shares))
	var reading sync.WaitGroup
	for i := range parts {
		parts[i] = p.part()
		reading.Go(func() {
			parts[i].commands(shares[i])
			parts[i].endTrigger()
		})
	}
	reading.Wait()
	for _, part := range parts {
		p.join(part)
	}
}

// shared cuts a stretch in front of triggers into so many pieces at most.
func shared(commands []*command, most int) (shares [][]*command) {
	size := max(leastShare, (len(commands)+most-1)/most)
	for len(commands) > 0 {
		end := min(size, len(commands))
		for end < len(commands) && commands[end].sign != '+' {
			end++
		}
		shares, commands = append(shares, commands[:end]), commands[end:]
	}
	return shares
}

// part is a parser that stands in the same block, and has nothing yet.
func (p *parser) part() *parser {
	part := &parser{doc: &Document{File: p.doc.File}, block: p.block}
	if p.block >= 0 {
		part.doc.Blocks, part.block = []Block{{Begin: p.inBegin()}}, 0
	}
	return part
}

// join adds what a part has read.
func (p *parser) join(part *parser) {
	p.found = append(p.found, part.found...)
	p.doc.Definitions = append(p.doc.Definitions, part.doc.Definitions...)
	p.doc.Broken = append(p.doc.Broken, part.doc.Broken...)
	if p.block >= 0 {
		b := &p.doc.Blocks[p.block]
		b.Triggers = append(b.Triggers, part.doc.Blocks[0].Triggers...)
	}
}
