package link

import (
	"slices"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// undefined is the value that removes a definition (L-DEF-2).
const undefined = "<undef>"

// define puts the definitions of all documents together: later ones replace
// earlier ones of the same name (L-DEF-2).
func (l *linker) define() {
	l.written = map[string]source.Span{}
	p := l.program
	for _, doc := range l.docs {
		for i := range doc.Definitions {
			d := &doc.Definitions[i]
			name := d.Name
			switch d.Type {
			case "global":
				p.Env = replace(p.Env, name, d.Value)
			case "var":
				p.BotVars = replace(p.BotVars, name, d.Value)
			case "sub":
				value := d.Value
				if value != undefined {
					value = message.Fold(value)
				}
				p.Subs = replace(p.Subs, message.Fold(name), value)
			case "person":
				p.Person = replace(p.Person, message.Fold(name), d.Value)
			case "array":
				l.defineArray(d)
			}
			if d.Type == "var" || d.Type == "global" || d.Type == "array" {
				l.note(d)
			}
		}
	}
	l.normal = message.New(l.program.MessageOptions())
}

// replace puts a definition in the place of the last one of its name, or removes it.
func replace(pairs []Pair, name, value string) []Pair {
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool { return p.Name == name })
	if value == undefined {
		return pairs
	}
	return append(pairs, Pair{Name: name, Value: value})
}

// note remembers where the definition that counts stands.
func (l *linker) note(d *syntax.Definition) {
	key := d.Type + " " + d.Name
	if d.Value == undefined || isUndef(d.Lines) {
		delete(l.written, key)
		return
	}
	l.written[key] = d.Span
}

func isUndef(lines []syntax.Text) bool { return len(lines) == 1 && lines[0].Value == undefined }

// MessageOptions are the options with which messages to this bot are normalised.
func (p *Program) MessageOptions() message.Options {
	o := message.Options{Mode: message.Dexter, Punctuation: p.Punctuation}
	switch {
	case p.Dialect == RiveScript && p.UTF8:
		o.Mode = message.UTF8
	case p.Dialect == RiveScript:
		o.Mode = message.ASCII
	}
	for _, s := range p.Subs {
		o.Subs = append(o.Subs, message.Substitution{From: s.Name, To: s.Value})
	}
	for _, s := range p.Person {
		o.Person = append(o.Person, message.Substitution{From: s.Name, To: s.Value})
	}
	return o
}

// objects takes the macros; a later one of the same name replaces the earlier (L-BLK-4).
func (l *linker) objects() {
	p := l.program
	for _, doc := range l.docs {
		for i := range doc.Objects {
			o := &doc.Objects[i]
			p.Objects = slices.DeleteFunc(p.Objects, func(other *syntax.Object) bool { return other.Name == o.Name })
			p.Objects = append(p.Objects, o)
		}
	}
}
