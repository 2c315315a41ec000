package syntax

import (
	"strconv"
	"strings"
)

// definitionTypes are the types of ! lines (L-DEF-1).
var definitionTypes = [...]string{"version", "local", "global", "var", "array", "sub", "person"}

// definition takes a ! line (section 5).
func (p *parser) definition(c *command) {
	left, value, found := strings.Cut(c.arg.Text(), "=")
	words := strings.Fields(left)
	bad := func(message string) {
		d := p.report("E009", c.span, message, "skipped")
		d.Help = "definitions have the form ! type name = value."
	}
	switch {
	case len(words) == 0:
		bad("this definition has no type")
		return
	case !known(strings.ToLower(words[0])):
		d := p.report("E009", c.span, quote(words[0])+" is no type of definition", "skipped")
		if first := fields(c.pieces[0]); len(first) > 0 && first[0].Value == words[0] {
			d.Span = first[0].Span
			suggest(d, first[0], definitionTypes[:]...)
			if words[0] == "topic" || words[0] == "begin" || words[0] == "object" {
				d.Label = "skipped; blocks begin with >: > " + words[0]
			}
		}
		return
	case !found:
		bad(`this definition has no "="`)
		return
	}
	def := Definition{Type: strings.ToLower(words[0]), Name: strings.Join(words[1:], " "), Value: strings.TrimSpace(value), Span: c.span}
	switch {
	case def.Type == "version" && def.Name != "":
		bad(`a version has no name: write "! version = 2.0"`)
		return
	case def.Type != "version" && def.Name == "":
		bad("this definition gives no name")
		return
	case def.Value == "":
		bad("this definition has no value")
		return
	}
	switch def.Type {
	case "version":
		p.version(c, def)
	case "local":
		if def.Name != "concat" {
			p.report("W005", c.span, "there is no option "+quote(def.Name), `skipped; the only one is "concat"`)
			return
		}
	case "array":
		if !ValidArray(def.Name) {
			bad(quote(def.Name) + " is no array name: letters, digits and _ only")
			return
		}
		def.Name = lower(def.Name)
		def.Lines = arrayLines(c)
		def.Value = ""
	}
	p.doc.Definitions = append(p.doc.Definitions, def)
}

func known(kind string) bool {
	for _, t := range definitionTypes {
		if t == kind {
			return true
		}
	}
	return false
}

// version holds the document against the version of the language we read (E019).
func (p *parser) version(c *command, def Definition) {
	v, err := strconv.ParseFloat(def.Value, 64)
	if err != nil {
		p.report("E009", c.span, quote(def.Value)+" is no version", "skipped")
		return
	}
	if v > 2.0 {
		p.report("E019", c.span, "this document asks for version "+def.Value+" of the language", "read as version 2.0, the newest there is")
	}
}

// arrayLines are the value of an array and its continuations, one by one (L-DEF-5).
func arrayLines(c *command) []Text {
	var out []Text
	equals := false
	for _, at := range c.pieces {
		if !equals {
			i := strings.IndexByte(at.Text(), '=')
			if i < 0 {
				continue
			}
			equals = true
			at.Start += i + 1
		}
		if at = trimmed(at); at.End > at.Start {
			out = append(out, Text{Value: at.Text(), Span: at})
		}
	}
	return out
}
