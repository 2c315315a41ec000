package messenger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// A link is a titled ^link.
type link struct{ url, title string }

// takeButtons adds the labels of ^buttons. A list given as one argument counts as
// its items (L-SC-3); empty labels are ignored (L-SC-2).
func (r *renderer) takeButtons(c reply.Call) {
	var labels []string
	for _, a := range c.Args {
		var items list[text]
		if a.JSON == "" {
			labels = append(labels, a.Text)
		} else if strings.HasPrefix(strings.TrimSpace(a.JSON), "[") && json.Unmarshal([]byte(a.JSON), &items) == nil {
			labels = append(labels, texts(items)...)
		} else {
			r.misused("buttons takes texts, or a list of texts")
			return
		}
	}
	for _, l := range labels {
		l = prose.Trim(prose.Clean(l))
		switch {
		case l == "":
		case prose.Units(l) > MaxPayload:
			r.refused(fmt.Sprintf("buttons: a label is longer than %d characters", MaxPayload))
		default:
			r.labels = append(r.labels, l)
		}
	}
}

// takeQuickReply adds quick replies as given.
func (r *renderer) takeQuickReply(c reply.Call) {
	raw, ok := oneJSON(c)
	if !ok {
		r.misused("quickReply takes one JSON object or list")
		return
	}
	replies, err := quickReplies(raw)
	if err != nil {
		r.refused(err.Error())
		return
	}
	r.quick = append(r.quick, replies...)
}

// takeLink adds an address to the end of the text, or a titled link to the template
// (L-SC-8).
func (r *renderer) takeLink(c reply.Call) {
	args := arguments(c)
	if len(args) == 0 || len(args) > 2 || args[0] == "" {
		r.misused("link takes an address and a title")
		return
	}
	if len(args) == 1 || args[1] == "" {
		r.text = prose.Trim(r.text + " " + args[0])
		return
	}
	if !isWeb(args[0]) {
		r.refused("link: " + quoted(args[0]) + " is not a web address")
		return
	}
	r.links = append(r.links, link{args[0], args[1]})
}

// linkTemplates makes button templates of the titled links, three to a template.
// The part's text moves into the first when it is short enough (L-SC-8).
func (r *renderer) linkTemplates() []Outgoing {
	var out []Outgoing
	for links := r.links; len(links) > 0; {
		some := links[:min(len(links), MaxButtons)]
		links = links[len(some):]
		payload := buttonTemplate{Type: "button", Text: prose.Shorten(some[0].title, MaxButtonText)}
		if len(out) == 0 && r.text != "" && prose.Units(r.text) <= MaxButtonText {
			payload.Text, r.text = r.text, ""
		}
		for _, l := range some {
			payload.Buttons = append(payload.Buttons, button{Type: "web_url", Title: prose.Shorten(l.title, MaxTitle), URL: l.url})
		}
		out = append(out, attach("template", payload))
	}
	return out
}

func (r *renderer) takeMedia(c reply.Call) {
	args := arguments(c)
	switch {
	case len(args) != 1 || args[0] == "":
		r.misused(c.Name + " takes one address")
	case !isWeb(args[0]):
		r.refused(c.Name + ": " + quoted(args[0]) + " is not a web address")
	default:
		r.after = append(r.after, attach(c.Name, map[string]string{"url": args[0]}))
	}
}

func (r *renderer) takeTemplate(c reply.Call) {
	raw, ok := oneJSON(c)
	if !ok {
		r.misused("template takes one JSON object")
		return
	}
	if err := CheckTemplate(raw); err != nil {
		r.refused(err.Error())
		return
	}
	r.after = append(r.after, attach("template", raw))
}

// takeFeed shows the entries that the turn has fetched, as cards.
func (r *renderer) takeFeed(c reply.Call) {
	if c.Data == "" {
		r.misused("getRSSFeed: the feed was not fetched")
		return
	}
	raw := json.RawMessage(c.Data)
	if err := checkElements(raw); err != nil {
		r.refused(err.Error())
		return
	}
	r.after = append(r.after, attach("template", genericTemplate{"generic", raw}))
}

func (r *renderer) takeCards(c reply.Call) {
	raw, ok := oneJSON(c)
	if !ok {
		r.misused("cards takes one JSON list")
		return
	}
	if err := checkElements(raw); err != nil {
		r.refused(err.Error())
		return
	}
	r.after = append(r.after, attach("template", genericTemplate{"generic", raw}))
}

// takeCard makes ^card(title, subtitle, image, "label=target", …) a generic template
// of one element.
func (r *renderer) takeCard(c reply.Call) {
	args := arguments(c)
	if len(args) == 0 {
		r.misused("card takes a title, a subtitle, an image and up to three buttons")
		return
	}
	card := element{}
	for i, a := range args {
		switch i {
		case 0:
			card.Title = a
		case 1:
			card.Subtitle = a
		case 2:
			card.Image = a
		default:
			if a != "" {
				card.Buttons = append(card.Buttons, cardButton(a))
			}
		}
	}
	raw, err := json.Marshal([]element{card})
	if err == nil {
		err = checkElements(raw)
	}
	if err != nil {
		r.refused(err.Error())
		return
	}
	r.after = append(r.after, attach("template", genericTemplate{"generic", raw}))
}

// cardButton reads "label=target": an address opens, any other target comes back as
// if typed (L-SC-9). A label alone is its own target.
func cardButton(arg string) button {
	label, target, ok := strings.Cut(arg, "=")
	label, target = prose.Trim(label), prose.Trim(target)
	switch {
	case !ok:
		return button{Type: "postback", Title: label, Payload: label}
	case isWeb(target):
		return button{Type: "web_url", Title: label, URL: target}
	}
	return button{Type: "postback", Title: label, Payload: target}
}

func (r *renderer) takeHandover(c reply.Call) {
	args := arguments(c)
	if len(args) != 1 || args[0] == "" || strings.Trim(args[0], "0123456789") != "" {
		r.misused("handover takes the id of an app, which is a number")
		return
	}
	r.rendered.Handover = args[0]
}

// takePersona lets somebody else speak the part. Of several the last does.
func (r *renderer) takePersona(c reply.Call) {
	args := arguments(c)
	if len(args) != 1 || args[0] == "" {
		r.misused("persona takes one name")
		return
	}
	found, ok := Persona{Name: args[0]}, true
	if r.personas != nil {
		found, ok = r.personas(args[0])
	}
	if !ok {
		r.misused("persona: there is no persona " + quoted(args[0]) + " in bot.toml")
		return
	}
	r.rendered.Persona = &found
}

// arguments are the texts of a call; a JSON argument is its JSON.
func arguments(c reply.Call) []string {
	out := make([]string, 0, len(c.Args))
	for _, a := range c.Args {
		if a.JSON != "" {
			out = append(out, a.JSON)
			continue
		}
		out = append(out, prose.Trim(prose.Clean(a.Text)))
	}
	return out
}

// oneJSON is the argument of a call that has one, in JSON.
func oneJSON(c reply.Call) (json.RawMessage, bool) {
	if len(c.Args) != 1 {
		return nil, false
	}
	raw := c.Args[0].JSON
	if raw == "" {
		raw = c.Args[0].Text
	}
	return bytes.TrimSpace([]byte(raw)), json.Valid([]byte(raw))
}

// quoted shows a value of the author's within an error text.
func quoted(s string) string { return "'" + prose.Shorten(s, maxQuoted) + "'" }

// maxQuoted is how much of a value an error text shows, in UTF-16 units.
const maxQuoted = 80
