package emulator

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a message, in characters or elements (messenger.md §3.2–3.6).
const (
	maxText         = 2000
	maxMetadata     = 999 // "under 1000"
	maxQuickReplies = 13
	maxTitle        = 20 // of a button; a quick reply's title is cut to it
	maxPayload      = 1000
	maxButtons      = 3
	attachmentLife  = 90 * 24 * time.Hour
)

// contentRules are what a message must obey, in the order of refusal (emulator.md §4.3).
// Each row refuses or passes on; its name goes into the call log.
var contentRules = []struct {
	name  string
	check func(*Emulator, *draft) *refusal
}{
	{"not empty", func(_ *Emulator, d *draft) *refusal {
		_, attached := d.message["attachment"]
		if !attached && strings.TrimSpace(text(d.message["text"])) == "" {
			return refuse(100, 2018034, "Invalid parameter: Message cannot be empty, must provide valid attachment or text")
		}
		return nil
	}},
	{"text or attachment", func(_ *Emulator, d *draft) *refusal {
		_, attached := d.message["attachment"]
		if attached && text(d.message["text"]) != "" {
			return refuse(100, 0, "Invalid parameter: message[text] and message[attachment] cannot be sent together")
		}
		return nil
	}},
	{"text length", func(e *Emulator, d *draft) *refusal {
		limit := maxText
		if e.switches.TextBelow {
			limit--
		}
		if e.length(text(d.message["text"])) > limit {
			return lengthRefusal("message[text]", maxText)
		}
		return nil
	}},
	{"metadata length", func(e *Emulator, d *draft) *refusal {
		return e.tooLong("message[metadata]", text(d.message["metadata"]), maxMetadata)
	}},
	{"quick replies", (*Emulator).checkQuickReplies},
	{"attachment", (*Emulator).checkAttachment},
	{"reply target", func(_ *Emulator, d *draft) *refusal {
		mid := text(object(d.call.params["reply_to"])["mid"])
		if mid != "" && d.person.thread.find(mid) == nil {
			return refuse(9000001, 0, "Message was deleted")
		}
		return nil
	}},
	{"persona", func(e *Emulator, d *draft) *refusal {
		if id := d.call.get("persona_id"); id != "" {
			d.call.note = "persona_id is not modelled"
			e.unknownLocked(d.call)
			return refuse(100, 0, "Invalid parameter: persona_id %s is not a persona of this Page", id)
		}
		return nil
	}},
}

func (e *Emulator) checkContent(d *draft) *refusal {
	if d.message == nil {
		return nil
	}
	for _, rule := range contentRules {
		if refused := rule.check(e, d); refused != nil {
			if d.call.note == "" {
				d.call.note = "refused by the rule on: " + rule.name
			}
			return refused
		}
	}
	return nil
}

// length counts characters the way F1 says.
func (e *Emulator) length(s string) int {
	if e.switches.CodePoints {
		return utf8.RuneCountInString(s)
	}
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

func (e *Emulator) tooLong(param, s string, limit int) *refusal {
	if e.length(s) > limit {
		return lengthRefusal(param, limit)
	}
	return nil
}

func lengthRefusal(param string, limit int) *refusal {
	return refuse(100, 0, "Length of param %s must be less than or equal to %d", param, limit)
}

// counted refuses lists with too few or too many elements, by the codes 194 and 105.
func counted(param string, n, least, most int) *refusal {
	switch {
	case n > most:
		return refuse(105, 0, "param %s has too many elements.", param)
	case n < least:
		return refuse(194, 0, "param %s has too few elements.", param)
	}
	return nil
}

func (e *Emulator) checkQuickReplies(d *draft) *refusal {
	v, ok := d.message["quick_replies"]
	if !ok {
		return nil
	}
	replies, ok := list(v)
	if !ok {
		return refuse(100, 0, "param message[quick_replies] must be an array.")
	}
	if r := counted("message[quick_replies]", len(replies), 1, maxQuickReplies); r != nil {
		return r
	}
	for _, v := range replies {
		if r := e.checkQuickReply(object(v)); r != nil {
			return r
		}
	}
	return nil
}

func (e *Emulator) checkQuickReply(q map[string]any) *refusal {
	image := text(q["image_url"])
	switch kind := text(q["content_type"]); kind {
	case "user_phone_number", "user_email":
		return nil
	case "text":
	default:
		return refuse(100, 0, "Invalid parameter: quick reply content_type must be one of {text, user_phone_number, user_email}")
	}
	if text(q["title"]) == "" {
		return refuse(100, 2018098, "Invalid parameter: a text quick reply needs a title")
	}
	if text(q["payload"]) == "" && image == "" {
		return refuse(100, 2018099, "Invalid parameter: a text quick reply needs a payload")
	}
	if image != "" && !validURL(image) {
		return urlRefusal("message[quick_replies][image_url]")
	}
	return e.tooLong("message[quick_replies][payload]", text(q["payload"]), maxPayload)
}

func urlRefusal(param string) *refusal {
	return refuse(100, 0, "%s should represent a valid URL", param)
}

func (e *Emulator) checkAttachment(d *draft) *refusal {
	v, ok := d.message["attachment"]
	if !ok {
		return nil
	}
	a := object(v)
	kind := text(a["type"])
	switch kind {
	case "":
		return refuse(100, 0, "The parameter message[attachment][type] is required")
	case "template":
		return e.checkTemplate(d, object(a["payload"]))
	case "image", "audio", "video", "file":
		return e.checkMedia(d.call, kind, object(a["payload"]))
	}
	return refuse(100, 0, "Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}")
}

// Sizes of media, in bytes.
const maxImage = 8 << 20

// checkMedia checks a medium as far as its shape goes: a URL is not fetched.
func (e *Emulator) checkMedia(c *call, kind string, payload map[string]any) *refusal {
	id, address := text(payload["attachment_id"]), text(payload["url"])
	switch {
	case c.upload != nil:
		return c.upload.check(kind)
	case id != "":
		known := c.page.attachments[id]
		if known == nil || e.clock.Now().Sub(known.made) > attachmentLife {
			return refuse(100, subAttachment, "Invalid parameter: the attachment id is invalid or not owned by this Page")
		}
		if known.kind != kind {
			return refuse(100, 2018047, "Upload attachment failure: the media type does not match")
		}
		return nil
	case !validURL(address):
		return urlRefusal("message[attachment][payload][url]")
	}
	return nil
}

func (u *upload) check(kind string) *refusal {
	limit := int64(maxUpload)
	if kind == "image" {
		limit = maxImage
	}
	if u.size > limit {
		return refuse(100, 2018109, "Attachment size exceeds allowable limit")
	}
	major, _, _ := strings.Cut(u.mime, "/")
	if slices.Contains([]string{"image", "audio", "video"}, kind) && major != kind {
		return refuse(100, 2018047, "Upload attachment failure: the media type does not match")
	}
	return nil
}

// facebookURL reports whether s is a URL on Facebook, as the media template wants.
func facebookURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !validURL(s) {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "facebook.com" || strings.HasSuffix(host, ".facebook.com")
}

// keep stores a reusable medium and returns its id; empty when there is none to keep.
func (e *Emulator) keep(d *draft) string {
	a := object(d.message["attachment"])
	payload := object(a["payload"])
	if kind := text(a["type"]); kind != "template" && truth(payload["is_reusable"]) && text(payload["attachment_id"]) == "" {
		return e.store(d.call.page, kind, text(payload["url"]))
	}
	return ""
}

func (e *Emulator) store(p *page, kind, address string) string {
	id := e.number(attachDigits)
	p.attachments[id] = &attachment{kind: kind, url: address, made: e.clock.Now()}
	return id
}

// messageAttachments is POST /{page}/message_attachments.
func (e *Emulator) messageAttachments(c *call) (any, *refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := object(object(c.params["message"])["attachment"])
	kind := text(a["type"])
	if kind == "" {
		return nil, refuse(100, 0, "The parameter message[attachment][type] is required")
	}
	if !slices.Contains([]string{"image", "audio", "video", "file"}, kind) {
		return nil, refuse(100, 0, "Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, VIDEO}")
	}
	payload := object(a["payload"])
	if r := e.checkMedia(c, kind, payload); r != nil {
		return nil, r
	}
	return map[string]any{"attachment_id": e.store(c.page, kind, text(payload["url"]))}, nil
}

// cut shortens a quick reply's title as the app shows it.
func cut(title string) string {
	if utf8.RuneCountInString(title) <= maxTitle {
		return title
	}
	return string([]rune(title)[:maxTitle-1]) + "…"
}

// quickReplies are the quick replies of a message as the person sees them. Those
// for a phone number or an address show only when the person has one.
func (d *draft) quickReplies() []Button {
	replies, _ := list(d.message["quick_replies"])
	var out []Button
	for _, v := range replies {
		q := object(v)
		b := Button{Type: text(q["content_type"]), Payload: text(q["payload"]), Image: text(q["image_url"])}
		b.full = text(q["title"])
		switch b.Type {
		case "user_phone_number":
			b.full = d.person.Phone
			b.Payload = b.full
		case "user_email":
			b.full = d.person.Email
			b.Payload = b.full
		}
		if b.Title = cut(b.full); b.Title != "" {
			out = append(out, b)
		}
	}
	return out
}

// bubbleOf is what the person sees of an accepted message.
func (e *Emulator) bubbleOf(d *draft, mid string, at time.Time) Bubble {
	b := Bubble{
		ID: mid, From: "page", At: at, Text: text(d.message["text"]), Metadata: text(d.message["metadata"]),
		ReplyTo: text(object(d.call.params["reply_to"])["mid"]), App: d.call.app.ID,
	}
	if n := d.call.get("notification_type"); n != "REGULAR" {
		b.Silent = n
	}
	a := object(d.message["attachment"])
	if a == nil {
		return b
	}
	payload := object(a["payload"])
	b.Attachment = raw(a)
	if known := d.call.page.attachments[text(payload["attachment_id"])]; known != nil && known.url != "" {
		shown := maps.Clone(payload)
		shown["url"] = known.url // the person sees the medium, not its id
		b.Attachment = raw(map[string]any{"type": a["type"], "payload": shown})
	}
	if text(a["type"]) == "template" {
		b.Text = text(payload["text"])
		b.Buttons = buttonsOf(payload)
	} else if d.call.upload != nil {
		b.Text = fmt.Sprintf("[%s, %d bytes]", text(a["type"]), d.call.upload.size)
	}
	return b
}

// buttonsOf collects the buttons of a template in the order in which they show.
func buttonsOf(payload map[string]any) []Button {
	var out []Button
	collect := func(v any) {
		buttons, _ := list(v)
		for _, v := range buttons {
			b := object(v)
			out = append(out, Button{Type: text(b["type"]), Title: text(b["title"]), Payload: text(b["payload"]), URL: text(b["url"])})
		}
	}
	collect(payload["buttons"])
	elements, _ := list(payload["elements"])
	for _, v := range elements {
		collect(object(v)["buttons"])
	}
	return out
}
