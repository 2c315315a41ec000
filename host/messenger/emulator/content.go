package emulator

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// attachmentLife is how long a stored medium can be sent by its id.
const attachmentLife = 90 * 24 * time.Hour

// rules are what a Page's messages must obey. The mutex is held while they are used.
func (e *Emulator) rules(p *page) content.Rules {
	return content.Rules{
		CodePoints: e.switches.CodePoints, TextBelow: e.switches.TextBelow,
		Stored: func(id string) (string, bool) {
			known := p.attachments[id]
			if known == nil || e.clock.Now().Sub(known.made) > attachmentLife {
				return "", false
			}
			return known.kind, true
		},
		Ordered: func(number string) bool { return p.orders[number] },
	}
}

// checkContent holds a message to the rules, and to what its thread has: the message
// it answers.
func (e *Emulator) checkContent(d *draft) *refusal.Refusal {
	if d.message == nil {
		return nil
	}
	rule, refused := e.rules(d.call.page).Message(d.message, d.call.Upload)
	mid := value.Text(value.Object(d.call.Params["reply_to"])["mid"])
	if refused == nil && mid != "" && d.person.thread.Find(mid) == nil {
		rule, refused = "reply target", refusal.New(9000001, 0, "Message was deleted")
	}
	if refused != nil {
		if d.call.note == "" {
			d.call.note = "refused by the rule on: " + rule
		}
		return refused
	}
	return nil
}

// keep stores a reusable medium and returns its id; empty when there is none to keep.
func (e *Emulator) keep(d *draft) string {
	a := value.Object(d.message["attachment"])
	payload := value.Object(a["payload"])
	if kind := value.Text(a["type"]); kind != "template" && value.Truth(payload["is_reusable"]) && value.Text(payload["attachment_id"]) == "" {
		return e.store(d.call.page, kind, value.Text(payload["url"]))
	}
	return ""
}

func (e *Emulator) store(p *page, kind, address string) string {
	id := e.number(attachDigits)
	p.attachments[id] = &attachment{kind: kind, url: address, made: e.clock.Now()}
	return id
}

// messageAttachments is POST /{page}/message_attachments.
func (e *Emulator) messageAttachments(c *call) (any, *refusal.Refusal) {
	a := value.Object(value.Object(c.Params["message"])["attachment"])
	kind := value.Text(a["type"])
	if kind == "" {
		return nil, refusal.New(100, 0, "The parameter message[attachment][type] is required")
	}
	if !slices.Contains([]string{"image", "audio", "video", "file"}, kind) {
		return nil, refusal.New(100, 0, "Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, VIDEO}")
	}
	payload := value.Object(a["payload"])
	e.mu.Lock()
	defer e.mu.Unlock()
	refused := e.rules(c.page).Medium(kind, payload, c.Upload)
	if refused == nil && e.fetcher != nil && c.Upload == nil && value.Text(payload["attachment_id"]) == "" {
		e.mu.Unlock()
		refused = e.fetcher.Check(c.ctx, kind, value.Text(payload["url"]))
		e.mu.Lock()
	}
	if refused != nil {
		return nil, refused
	}
	return map[string]any{"attachment_id": e.store(c.page, kind, value.Text(payload["url"]))}, nil
}

// fetchMedia fetches what a message names by URL. The mutex is not held.
func (e *Emulator) fetchMedia(d *draft) *refusal.Refusal {
	a := value.Object(d.message["attachment"])
	kind, address := value.Text(a["type"]), value.Text(value.Object(a["payload"])["url"])
	if kind != "template" && address != "" {
		return e.fetcher.Check(d.call.ctx, kind, address)
	}
	replies, _ := value.List(d.message["quick_replies"])
	for _, v := range replies {
		if address := value.Text(value.Object(v)["image_url"]); address != "" {
			if refused := e.fetcher.Picture(d.call.ctx, address); refused != nil {
				return refused
			}
		}
	}
	return nil
}

// bubbleOf is what the person sees of an accepted message.
func (e *Emulator) bubbleOf(d *draft, mid string, at time.Time) Bubble {
	b := Bubble{
		ID: mid, From: "page", At: at, Text: value.Text(d.message["text"]), Metadata: value.Text(d.message["metadata"]),
		ReplyTo: value.Text(value.Object(d.call.Params["reply_to"])["mid"]), App: d.call.app.ID,
	}
	if n := d.call.Get("notification_type"); n != "REGULAR" {
		b.Silent = n
	}
	a := value.Object(d.message["attachment"])
	if a == nil {
		return b
	}
	payload := value.Object(a["payload"])
	b.Attachment = value.Raw(a)
	if known := d.call.page.attachments[value.Text(payload["attachment_id"])]; known != nil && known.url != "" {
		shown := maps.Clone(payload)
		shown["url"] = known.url // the person sees the medium, not its id
		b.Attachment = value.Raw(map[string]any{"type": a["type"], "payload": shown})
	}
	if value.Text(a["type"]) == "template" {
		b.Text = value.Text(payload["text"])
		b.Buttons = content.Buttons(payload)
	} else if d.call.Upload != nil {
		b.Text = fmt.Sprintf("[%s, %d bytes]", value.Text(a["type"]), d.call.Upload.Size)
	}
	return b
}
