package messenger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// Rendered is what a part of a reply becomes on Messenger.
type Rendered struct {
	Typing   bool       // show the typing indicator before it (^typing)
	Messages []Outgoing // in order, none of them empty; may be none
	Choices  []string   // labels of the numbered list that a number may stand for (L-SC-7)
	Persona  *Persona   // who speaks in place of the Page (^persona)
	Handover string     // app that the thread is passed to after the messages (^handover)
	Problems []string   // the error texts that are among the messages, or were left out
}

// RenderOptions are settings of the bot that rendering depends on.
type RenderOptions struct {
	HideErrors bool // leave the texts of Problems out (L-ERR-2)
	// Persona finds the persona that a script calls by a name; nil: every name is one.
	Persona func(name string) (Persona, bool)
}

// Render makes the messages of a part: its text, split where it is too long, then
// its visible shortcodes as written, quick replies on the last of them (L-SC-6). A
// text that went into the template of a titled ^link stands first, as text does.
// What the platform would refuse becomes [PLATFORM_ERROR: reason] in the place of
// its message (L-SC-10).
func Render(part reply.Part, o RenderOptions) Rendered {
	r := renderer{text: prose.Trim(prose.Clean(part.Text)), hide: o.HideErrors, personas: o.Persona}
	for _, call := range part.Shortcodes {
		r.take(call)
	}
	return r.finish()
}

// renderer gathers the messages of one part.
type renderer struct {
	text     string // as far as it is a message of its own
	after    []Outgoing
	links    []link
	labels   []string     // of ^buttons
	quick    []QuickReply // of ^quickReply
	hide     bool
	personas func(name string) (Persona, bool)
	rendered Rendered
}

// take adds one shortcode (the catalogue of section 21.2 of the language).
func (r *renderer) take(c reply.Call) {
	switch c.Name {
	case "buttons":
		r.takeButtons(c)
	case "quickReply":
		r.takeQuickReply(c)
	case "link":
		r.takeLink(c)
	case "image", "audio", "video", "file":
		r.takeMedia(c)
	case "template":
		r.takeTemplate(c)
	case "card":
		r.takeCard(c)
	case "cards":
		r.takeCards(c)
	case "typing":
		r.rendered.Typing = true
	case "handover":
		r.takeHandover(c)
	case "persona":
		r.takePersona(c)
	case "metadata": // speaks to web pages that host a bot; here it is nothing
	case "getRSSFeed":
		r.takeFeed(c)
	default:
		r.misused("Unrecognized feature: " + c.Name)
	}
}

// problem puts an error text in the place of a message.
func (r *renderer) problem(text string) {
	r.rendered.Problems = append(r.rendered.Problems, text)
	if r.hide {
		return
	}
	for _, piece := range prose.Split(text, SafeText) {
		r.after = append(r.after, Outgoing{Text: piece})
	}
}

// refused is a problem with what the platform allows.
func (r *renderer) refused(reason string) { r.problem("[PLATFORM_ERROR: " + reason + "]") }

// misused is a problem with the arguments of a shortcode.
func (r *renderer) misused(reason string) { r.problem("[SHORTCODE_ERROR: " + reason + "]") }

func (r *renderer) finish() Rendered {
	replies := r.chooseReplies()
	templates := r.linkTemplates()
	if len(replies) > 0 && r.text == "" && len(templates)+len(r.after) == 0 {
		r.misused("buttons need a text")
	}
	var messages []Outgoing
	for _, piece := range prose.Split(r.text, SafeText) {
		messages = append(messages, Outgoing{Text: piece})
	}
	messages = append(append(messages, templates...), r.after...)
	if len(messages) > 0 {
		messages[len(messages)-1].QuickReplies = replies
	}
	r.rendered.Messages = messages
	return r.rendered
}

// chooseReplies decides between quick replies and a numbered list (L-SC-7). The
// replies given with ^quickReply cannot be written as a list.
func (r *renderer) chooseReplies() []QuickReply {
	replies := r.quick
	if len(replies) > MaxQuickReplies {
		r.refused(fmt.Sprintf("%d quick replies, at most %d allowed", len(replies), MaxQuickReplies))
		replies = nil
	}
	if len(r.labels)+len(replies) > MaxQuickReplies {
		r.rendered.Choices = r.labels
		r.text = prose.Trim(r.text + "\n" + numbered(r.labels))
		return replies
	}
	var all []QuickReply
	for _, l := range r.labels {
		all = append(all, QuickReply{ContentType: "text", Title: prose.Shorten(l, MaxTitle), Payload: l})
	}
	return append(all, replies...)
}

// numbered writes labels one per line.
func numbered(labels []string) string {
	var b strings.Builder
	for i, l := range labels {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("[" + strconv.Itoa(i+1) + "] " + l)
	}
	return b.String()
}
