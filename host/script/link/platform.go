package link

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// What Messenger takes, as far as it can be checked in a script. Lengths are in
// UTF-16 units.
const (
	maxText         = 2000 // one message
	maxTemplateText = 640  // the text of a button template
	maxQuickReplies = 13   // on one message
	maxLabel        = 20   // a button or quick reply; longer ones are cut
	maxButtons      = 3    // of one card or button template
	maxCards        = 10   // of one carousel
	maxTitle        = 80   // title and subtitle of a card
)

// deadTemplates are template types Messenger has given up (E030).
var deadTemplates = map[string]bool{"list": true, "open_graph": true, "one_time_notif_req": true}

func dead(kind string) bool { return deadTemplates[kind] || strings.HasPrefix(kind, "airline_") }

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// platform checks what is literal in replies against Messenger's limits.
func (l *linker) platform() {
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			for _, a := range answers(trigger) {
				l.partTexts(a.template)
				l.delays(a.template)
			}
			walkTrigger(trigger, func(n *syntax.Node) {
				if n.Kind == syntax.ShortcodeNode && n.Shortcode.Problem == "" {
					l.shortcode(n)
				}
			})
		}
	}
}

// short tells whether all the text of a template is within the limits, as it is almost
// always: it has no more UTF-16 units than bytes.
func short(t *syntax.Template) bool {
	size := 0
	for i := range t.Nodes {
		size += len(t.Nodes[i].Text)
	}
	return size <= min(maxText, maxTemplateText)
}

// partTexts reports literal text that is longer than a message can be (W110).
func (l *linker) partTexts(t *syntax.Template) {
	if short(t) {
		return
	}
	var text strings.Builder
	limit, links := maxText, false
	var first, last source.Span
	end := func() {
		if links {
			limit = maxTemplateText
		}
		if n := units(squeeze(text.String())); n > limit && !first.IsZero() {
			at := first
			if first.File == last.File {
				at.End = max(first.End, last.End)
			}
			what := "a message"
			if links {
				what = "a text with buttons"
			}
			l.add("W110", at, fmt.Sprintf("this text is %d characters long, %s holds %d", n, what, limit), "it will be sent in pieces",
				"cut it yourself with <send> where it reads best.")
		}
		text.Reset()
		first, last, limit, links = source.Span{}, source.Span{}, maxText, false
	}
	for i := range t.Nodes {
		switch n := &t.Nodes[i]; n.Kind {
		case syntax.SendNode, syntax.DelayNode:
			end()
		case syntax.TextNode, syntax.RawNode:
			text.WriteString(n.Text)
			if first.IsZero() {
				first = n.Span
			}
			last = n.Span
		case syntax.ShortcodeNode:
			links = links || n.Name == "link" && len(n.Shortcode.Args) == 2
		}
	}
	end()
}

// shortcode checks the arguments of one shortcode.
func (l *linker) shortcode(n *syntax.Node) {
	switch n.Name {
	case "buttons":
		l.labels(n)
	case "card":
		l.card(n)
	case "persona":
		l.persona(n)
	case "reminder":
		l.reminder(n)
	case "quickReply", "template", "cards":
		var b strings.Builder
		for _, p := range n.Shortcode.JSON {
			switch {
			case p.Template == nil:
				b.WriteString(p.Text)
			case !p.InString:
				b.WriteString("null")
			}
		}
		var value any
		if json.Unmarshal([]byte(b.String()), &value) == nil {
			l.payload(n, value)
		}
	}
}

// labels checks ^buttons (W111).
func (l *linker) labels(n *syntax.Node) {
	args := n.Shortcode.Args
	if len(args) > maxQuickReplies {
		l.add("W111", n.Span, fmt.Sprintf("Messenger shows %d quick replies, these are %d", maxQuickReplies, len(args)),
			"people get a numbered list instead", "")
	}
	for _, a := range args {
		if text, literal := a.Literal(); literal && units(text) > maxLabel {
			l.add("W111", a.Span, fmt.Sprintf("this label is %d characters long, Messenger shows %d", units(text), maxLabel), "it will be cut",
				"the whole label still counts as what people say.")
		}
	}
}

// card checks ^card: a title, a subtitle, an image and up to three buttons.
func (l *linker) card(n *syntax.Node) {
	if count := len(n.Shortcode.Args) - 3; count > maxButtons {
		l.tooManyButtons(n, count)
	}
	for i, a := range n.Shortcode.Args {
		text, literal := a.Literal()
		switch {
		case !literal:
		case i < 2:
			l.field(a.Span, text, [...]string{"title", "subtitle"}[i], maxTitle)
		case i > 2:
			label, _, _ := strings.Cut(text, "=")
			l.field(a.Span, strings.TrimSpace(label), "button", maxLabel)
		}
	}
}

// field reports a text that is too long for its place in a template (W112).
func (l *linker) field(at source.Span, text, name string, limit int) {
	if n := units(text); n > limit {
		l.add("W112", at, fmt.Sprintf("this %s is %d characters long, Messenger takes %d", name, n, limit), "Messenger will refuse it", "")
	}
}

// payload checks the JSON of a template, of cards or of quick replies.
func (l *linker) payload(n *syntax.Node, value any) {
	if n.Name == "quickReply" {
		list, many := value.([]any)
		if !many {
			list = []any{value}
		}
		l.quickReplies(n, list)
		return
	}
	object, _ := value.(map[string]any)
	elements, _ := value.([]any)
	if object != nil {
		elements, _ = object["elements"].([]any)
		if kind, _ := object["template_type"].(string); dead(kind) {
			l.add("E030", n.Span, `Messenger no longer has templates of type "`+kind+`"`, "people see an error text", "")
			return
		}
		l.text(n, object, "text", maxTemplateText)
		l.buttons(n, object)
	}
	if len(elements) > maxCards {
		l.add("W112", n.Span, fmt.Sprintf("a carousel holds %d cards, these are %d", maxCards, len(elements)), "Messenger will refuse it", "")
	}
	for _, e := range elements {
		if card, _ := e.(map[string]any); card != nil {
			l.text(n, card, "title", maxTitle)
			l.text(n, card, "subtitle", maxTitle)
			l.buttons(n, card)
		}
	}
}

func (l *linker) text(n *syntax.Node, object map[string]any, name string, limit int) {
	text, _ := object[name].(string)
	l.field(n.Span, text, name, limit)
}

// buttons checks the buttons of a card or button template; a fourth one is an
// error, because it must never be cut silently (E029).
func (l *linker) buttons(n *syntax.Node, object map[string]any) {
	list, _ := object["buttons"].([]any)
	if len(list) > maxButtons {
		l.tooManyButtons(n, len(list))
	}
	for _, b := range list {
		if button, _ := b.(map[string]any); button != nil {
			l.text(n, button, "title", maxLabel)
		}
	}
}

func (l *linker) tooManyButtons(n *syntax.Node, count int) {
	l.add("E029", n.Span, fmt.Sprintf("a card holds %d buttons, these are %d", maxButtons, count), "people see an error text",
		"use quick replies (^buttons), or several cards.")
}

func (l *linker) quickReplies(n *syntax.Node, list []any) {
	if len(list) > maxQuickReplies {
		l.add("W111", n.Span, fmt.Sprintf("Messenger shows %d quick replies, these are %d", maxQuickReplies, len(list)), "Messenger will refuse them", "")
	}
	for _, r := range list {
		reply, _ := r.(map[string]any)
		title, _ := reply["title"].(string)
		if payload, given := reply["payload"].(string); given && payload == "" {
			l.add("W111", n.Span, "the payload of a quick reply is empty", "Messenger will refuse it", "")
		}
		if units(title) > maxLabel {
			l.add("W111", n.Span, fmt.Sprintf("the label %q is %d characters long, Messenger shows %d", title, units(title), maxLabel), "it will be cut", "")
		}
	}
}

// persona checks the name of whom a part is spoken by.
func (l *linker) persona(n *syntax.Node) {
	if len(n.Shortcode.Args) != 1 {
		return
	}
	name, literal := n.Shortcode.Args[0].Literal()
	if name = strings.TrimSpace(name); !literal || slices.Contains(l.personas, name) {
		return
	}
	d := draft("E016", n.Span, `there is no persona "`+name+`" in bot.toml`, "people see an error text")
	d.Help = "name those who speak in place of the Page in bot.toml: [personas." + name + `] with picture = "https://…", and name = "…" for how people see it.`
	l.nearest(d, n.Span, name, l.personas, "")
	l.found.Add(*d)
}
