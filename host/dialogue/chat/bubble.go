package chat

import (
	"encoding/json"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
)

// bubble is one message as the script sent it, with what Messenger makes of it.
type bubble struct {
	text     string
	typing   bool
	messages []messenger.Outgoing
	quick    []item // title and payload
	buttons  []button
	cards    []item // title and subtitle
	media    []item // kind and address
	handover string
}

// button is a button of a template.
type button struct {
	title, target string
	opens         bool // an address, and not a postback
}

func newBubble(part reply.Part) bubble {
	r := messenger.Render(part, messenger.RenderOptions{})
	b := bubble{
		text:   strings.TrimSpace(part.Text + " " + strings.Join(r.Problems, " ")),
		typing: r.Typing || part.Delay > 0, messages: r.Messages, handover: r.Handover,
	}
	for _, m := range r.Messages {
		for _, q := range m.QuickReplies {
			title := q.Title
			if title == "" {
				title = q.ContentType
			}
			b.quick = append(b.quick, item{title: title, more: q.Payload})
		}
		b.attach(m.Attachment)
	}
	return b
}

// attachment is as much of an attachment as tests look at.
type attachment struct {
	Type    string `json:"type"`
	Payload struct {
		URL      string         `json:"url"`
		Template string         `json:"template_type"`
		Buttons  []templateItem `json:"buttons"`
		Elements []templateItem `json:"elements"`
	} `json:"payload"`
}

type templateItem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Subtitle string         `json:"subtitle"`
	Payload  string         `json:"payload"`
	URL      string         `json:"url"`
	Buttons  []templateItem `json:"buttons"`
}

func (b *bubble) attach(raw json.RawMessage) {
	var a attachment
	if len(raw) == 0 || json.Unmarshal(raw, &a) != nil {
		return
	}
	if a.Type != "template" {
		b.media = append(b.media, item{title: a.Type, more: a.Payload.URL})
		return
	}
	b.offer(a.Payload.Buttons)
	for _, e := range a.Payload.Elements {
		b.cards = append(b.cards, item{title: e.Title, more: e.Subtitle})
		b.offer(e.Buttons)
	}
}

func (b *bubble) offer(list []templateItem) {
	for _, t := range list {
		out := button{title: t.Title, target: t.Payload}
		if t.URL != "" {
			out.target, out.opens = t.URL, true
		}
		b.buttons = append(b.buttons, out)
	}
}

// String is the bubble as a failure shows it.
func (b bubble) String() string {
	text := escape(b.text)
	for _, kind := range markKinds {
		if kind == "json" || kind == "typing" {
			continue
		}
		if got := b.structure(kind, nil); got != "" && kind != "quick" {
			text += " [" + kind + "] " + got
		}
	}
	return strings.TrimSpace(text)
}

// structure is what the bubble has of a kind, as a test writes it; empty without.
// What belongs to a title is written as far as asked says so for its place.
func (b bubble) structure(kind string, asked []item) string {
	var list []item
	switch kind {
	case "quick":
		list = b.quick
	case "cards":
		list = b.cards
	case "buttons":
		for _, x := range b.buttons {
			list = append(list, item{title: x.title, more: x.target})
		}
	case "typing":
		if b.typing {
			return "shown"
		}
		return ""
	case "json":
		data, err := json.Marshal(b.messages)
		if err != nil || len(b.messages) == 0 {
			return ""
		}
		return string(data)
	default:
		for _, m := range b.media {
			if m.title == kind {
				return m.more
			}
		}
		return ""
	}
	words := make([]string, len(list))
	for i, it := range list {
		words[i] = title(it.title)
		if i < len(asked) && asked[i].asked && it.more != "" {
			words[i] += " " + signs[kind] + " " + title(it.more)
		}
	}
	return strings.Join(words, " | ")
}

// title writes a title, in quotes where it holds a sign of the format.
func title(text string) string {
	if strings.ContainsAny(text, "|=—\"\\\n") || strings.Contains(text, "->") || text == "*" || text != strings.TrimSpace(text) {
		return quote(text)
	}
	return text
}

// meets tells whether the bubble has what a mark asks for.
func (b bubble) meets(m mark) bool {
	switch {
	case m.any, m.kind == "typing":
		return b.structure(m.kind, nil) != ""
	case m.kind == "json":
		for _, message := range b.messages {
			data, err := json.Marshal(message)
			var got any
			if err == nil && json.Unmarshal(data, &got) == nil && within(m.json, got) {
				return true
			}
		}
		return false
	case m.url != "":
		for _, got := range b.media {
			if got.title == m.kind && got.more == m.url {
				return true
			}
		}
		return false
	}
	return b.structure(m.kind, m.items) == m.list()
}

// list is the items of a mark in one writing.
func (m mark) list() string {
	words := make([]string, len(m.items))
	for i, it := range m.items {
		words[i] = title(it.title)
		if it.asked && it.more != "" {
			words[i] += " " + signs[m.kind] + " " + title(it.more)
		}
	}
	return strings.Join(words, " | ")
}

// within tells whether everything in want is in got: objects may have more keys,
// everything else is equal.
func within(want, got any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for key, value := range w {
			if other, there := g[key]; !there || !within(value, other) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !within(w[i], g[i]) {
				return false
			}
		}
		return true
	default:
		return want == got
	}
}
