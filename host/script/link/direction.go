package link

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Direction is what an installed plug-in declares of one direction (L-EXT-1).
type Direction struct {
	Plugin     string // the plug-in's name: <plugin:name> means this one
	Name       string // lower-cased
	Block      bool
	Parameters []Parameter
	Missing    []Permission // what its plug-in wants and the bot does not grant
}

// Permission is something that a plug-in wants.
type Permission struct {
	What string // "http api.example.org, to ask for the weather"
	Cure string // the line of bot.toml that grants it
}

// Parameter is one attribute of a direction.
type Parameter struct {
	Name     string // lower-cased
	Kind     string // text, number, integer, boolean, choice or url; empty: text
	Required bool
	Min, Max *float64 // numbers and integers; nil: no bound
	Choices  []string
}

// fallback is the attribute every direction of a plug-in takes (L-EXT-6).
const fallback = "fallback"

// offers finds directions by the names they can be called by (L-EXT-2).
func offers(directions []Direction) map[string][]Direction {
	out := map[string][]Direction{}
	for _, d := range directions {
		out[d.Name] = append(out[d.Name], d)
		if d.Plugin != "" {
			name := d.Plugin + ":" + d.Name
			out[name] = append(out[name], d)
		}
	}
	return out
}

// direction decides whether a tag is a direction or text (L-EXT-3).
func (l *linker) direction(n *syntax.Node) []syntax.Node {
	found := l.offers[n.Name]
	switch {
	case len(found) == 0:
		l.unknown(n)
		return l.asText(n)
	case len(found) > 1:
		var plugins []string
		for _, d := range found {
			plugins = append(plugins, "<"+d.Plugin+":"+d.Name+">")
		}
		slices.Sort(plugins)
		l.add("E022", n.Span, "several plug-ins offer <"+n.Name+">", "people see it as text; write "+strings.Join(plugins, " or "), "")
		return l.asText(n)
	case !l.fits(n, &found[0]):
		return l.asText(n)
	}
	l.lacks(n, &found[0])
	c := *n
	var behind []syntax.Node
	if len(n.Blocks) > 0 && !found[0].Block { // the block is just text between two tags
		behind = l.behind(n)
		c.Blocks, c.EndText = nil, ""
	}
	l.children(&c)
	l.uses.plugins = true
	return append([]syntax.Node{c}, behind...)
}

// lacks reports what a direction needs and is not granted (W130), where the bot first
// uses it.
func (l *linker) lacks(n *syntax.Node, d *Direction) {
	for _, p := range d.Missing {
		cause := d.Plugin + ":" + p.What
		if l.lacking[cause] {
			continue
		}
		l.lacking[cause] = true
		l.add("W130", n.Span, "<"+n.Name+"> wants "+p.What+", which is not granted to it", "it fails when it needs that", p.Cure)
	}
}

// unknown reports a tag that nobody offers.
func (l *linker) unknown(n *syntax.Node) {
	at := n.Span.File.Span(n.Span.Start+1, n.Span.Start+1+len(n.Name))
	d := draft("E022", at, "<"+n.Name+"> is no direction", "people see it as text")
	if !l.nearest(d, at, n.Name, append(syntax.TagNames(), keys(l.offers)...), "") && len(l.offers) > 0 {
		d.Help = "installed plug-ins offer: " + strings.Join(keys(l.offers), ", ") + "."
	}
	l.found.Add(*d)
}

// asText is a tag as the text it turned out to be. Tags inside of it count.
func (l *linker) asText(n *syntax.Node) []syntax.Node {
	return append(l.nodes(n.Plain.Nodes), l.behind(n)...)
}

// behind is what follows a tag that was read as the begin of a block and is none.
func (l *linker) behind(n *syntax.Node) []syntax.Node {
	if len(n.Blocks) == 0 {
		return nil
	}
	return append(l.nodes(n.Blocks[0].Nodes), syntax.Node{Kind: syntax.TextNode, Text: n.EndText, Span: n.Span})
}

// fits holds a tag against the manifest (E023).
func (l *linker) fits(n *syntax.Node, d *Direction) bool {
	ok := true
	wrong := func(at *syntax.Attribute, message, help string) {
		span := n.Span
		if at != nil {
			span = at.Span
		}
		l.add("E023", span, message, "the tag stays text", help)
		ok = false
	}
	given := map[string]bool{}
	for i := range n.Attributes {
		a := &n.Attributes[i]
		if given[a.Name] {
			wrong(a, `"`+a.Name+`" is given twice`, "")
			continue
		}
		given[a.Name] = true
		p := d.parameter(a.Name)
		switch {
		case a.Name == fallback:
		case p == nil:
			wrong(a, "<"+n.Name+"> knows no "+`"`+a.Name+`"`, "")
		default:
			if problem := p.problem(a.Value); problem != "" {
				wrong(a, problem, p.bounds())
			}
		}
	}
	for _, p := range d.Parameters {
		if p.Required && !given[p.Name] {
			wrong(nil, "<"+n.Name+`> needs "`+p.Name+`"`, "")
		}
	}
	if d.Block && len(n.Blocks) == 0 {
		wrong(nil, "<"+n.Name+"> needs its end </"+n.Name+">", "")
	}
	return ok
}

func (d *Direction) parameter(name string) *Parameter {
	for i := range d.Parameters {
		if d.Parameters[i].Name == name {
			return &d.Parameters[i]
		}
	}
	return nil
}

// bounds are those of a number, in a sentence; "" if it has none.
func (p *Parameter) bounds() string {
	number := func(n *float64) string { return strconv.FormatFloat(*n, 'f', -1, 64) }
	name := `"` + p.Name + `"`
	switch {
	case p.Min != nil && p.Max != nil:
		return name + " goes from " + number(p.Min) + " to " + number(p.Max) + "."
	case p.Min != nil:
		return name + " is " + number(p.Min) + " or more."
	case p.Max != nil:
		return name + " is " + number(p.Max) + " or less."
	}
	return ""
}

// problem says what is wrong with a literal value; "" if nothing is, or if the
// value is known only when the bot runs. A flag is the value true.
func (p *Parameter) problem(value *syntax.Template) string {
	if value == nil {
		return p.Problem("true")
	}
	text, literal := value.Literal()
	if !literal {
		return ""
	}
	return p.Problem(text)
}

// Problem says what is wrong with a value, evaluated or written; "" if nothing is.
func (p *Parameter) Problem(text string) string {
	switch p.Kind {
	case "number", "integer":
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil, math.IsNaN(n), math.IsInf(n, 0): // which would slip through the bounds
			return p.wrong("must be a number")
		case p.Kind == "integer" && n != float64(int64(n)):
			return p.wrong("must be a whole number")
		case p.Min != nil && n < *p.Min, p.Max != nil && n > *p.Max:
			return p.wrong("is out of range")
		}
	case "boolean":
		if text != "true" && text != "false" {
			return p.wrong(`must be "true" or "false"`)
		}
	case "choice":
		if !slices.Contains(p.Choices, text) {
			return p.wrong("must be one of " + strings.Join(p.Choices, ", "))
		}
	case "url":
		if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
			return p.wrong("must be an address that begins with https:// or http://")
		}
	}
	return ""
}

func (p *Parameter) wrong(what string) string { return `"` + p.Name + `" ` + what }
