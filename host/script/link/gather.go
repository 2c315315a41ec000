package link

import (
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// gather merges the blocks of all documents into topics (L-BOT-3) and numbers
// the triggers in source order.
func (l *linker) gather() {
	l.topic(l.root, source.Span{})
	order := 0
	for _, doc := range l.docs {
		if isTopic(doc) {
			l.topic(l.topicName(doc.Topic), doc.File.LineSpan(1))
		}
		for i := range doc.Blocks {
			b := &doc.Blocks[i]
			t := l.blockTopic(doc, b)
			if t == nil {
				continue
			}
			for _, r := range b.Includes {
				t.relations = append(t.relations, relation{Text: r})
			}
			for _, r := range b.Inherits {
				t.relations = append(t.relations, relation{Text: r, inherits: true})
			}
			for _, trigger := range b.Triggers {
				t.Triggers = append(t.Triggers, &Trigger{Trigger: trigger, Order: order})
				order++
			}
		}
		for _, trigger := range doc.Broken {
			l.broken = append(l.broken, &Trigger{Trigger: trigger, Order: -1})
		}
	}
	for _, t := range l.order {
		l.relate(t)
		l.duplicates(t)
		l.program.Topics = append(l.program.Topics, t.Topic)
	}
	if l.begin != nil {
		l.duplicates(l.begin)
		l.program.Begin = l.begin.Topic
	}
}

// blockTopic is the topic a block feeds; nil for an empty run of the document's own.
func (l *linker) blockTopic(doc *syntax.Document, b *syntax.Block) *topic {
	switch {
	case b.Begin:
		if l.begin == nil {
			l.begin = &topic{Topic: &Topic{Name: "begin"}, span: b.Span, begin: true}
		}
		return l.begin
	case b.Topic != "":
		return l.topic(l.topicName(b.Topic), b.Span)
	case len(b.Triggers) == 0:
		return nil
	}
	return l.topic(l.topicName(doc.Topic), b.Triggers[0].Span)
}

// topic finds a topic or begins it at a place.
func (l *linker) topic(name string, at source.Span) *topic {
	t := l.topics[name]
	if t == nil {
		t = &topic{Topic: &Topic{Name: name}}
		l.topics[name] = t
		l.order = append(l.order, t)
	}
	if t.span.IsZero() {
		t.span = at
	}
	return t
}

// relate resolves what a topic includes and inherits; topics that do not exist
// are left out (L-TOP-7).
func (l *linker) relate(t *topic) {
	for _, r := range t.relations {
		name := l.topicName(r.Value)
		if l.topics[name] == nil {
			d := draft("W102", r.Span, `topic "`+r.Value+`" does not exist`, "ignored")
			if l.nearest(d, r.Span, r.Value, keys(l.topics), "") {
				l.uses.topics.add(d.Suggestion.Text)
			}
			l.found.Add(*d)
			continue
		}
		l.uses.topics.add(name)
		list := &t.Includes
		if r.inherits {
			list = &t.Inherits
		}
		*list = append(*list, name)
	}
}

// duplicates leaves out triggers that an earlier one of the topic equals (L-SORT-8).
func (l *linker) duplicates(t *topic) {
	type key struct {
		text, previous string
		weight         uint32
	}
	first := make(map[key]*Trigger, len(t.Triggers))
	kept := make([]*Trigger, 0, len(t.Triggers))
	for _, trigger := range t.Triggers {
		k := key{text: folded(trigger.Pattern), weight: trigger.Weight}
		if trigger.Previous != nil {
			k.previous = "%" + folded(trigger.Previous)
		}
		other := first[k]
		if other == nil {
			first[k] = trigger
			kept = append(kept, trigger)
			continue
		}
		d := draft("W109", trigger.Span, "this trigger stands in the topic already", "never used")
		d.AddNote("the first one counts; it stands", other.Span)
		l.found.Add(*d)
		l.broken = append(l.broken, trigger)
	}
	t.Triggers = kept
}

// folded is the text by which patterns are compared.
func folded(p *syntax.Pattern) string {
	return squeeze(message.Fold(p.Text))
}
