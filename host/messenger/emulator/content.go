package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/media"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// rules are what a Page's messages must obey. The mutex is held while they are used.
func (e *Emulator) rules(p *state.Page) content.Rules {
	return content.Rules{
		CodePoints: e.switches.CodePoints, TextBelow: e.switches.TextBelow,
		Stored:  func(id string) (string, bool) { return p.Stored(id, e.clock.Now()) },
		Expired: func(address string) bool { return state.Expired(address, e.clock.Now()) },
		Ordered: func(number string) bool { return p.Orders[number] },
	}
}

// checkContent holds a message to the rules, and to what its thread has: the message
// it answers.
func (e *Emulator) checkContent(d *sending) *refusal.Refusal {
	if d.Message == nil {
		return nil
	}
	rule, refused := e.rules(d.call.page).Message(d.Message, d.call.Upload)
	mid := d.ReplyTo
	if refused == nil && mid != "" && d.person.Thread.Find(mid) == nil {
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
func (e *Emulator) keep(d *sending) string {
	a := value.Object(d.Message["attachment"])
	payload := value.Object(a["payload"])
	if kind := value.Text(a["type"]); kind != "template" && value.Truth(payload["is_reusable"]) && value.Text(payload["attachment_id"]) == "" {
		return e.store(d.call.page, kind, value.Text(payload["url"]))
	}
	return ""
}

func (e *Emulator) store(p *state.Page, kind, address string) string {
	id := e.state.ThingID()
	p.Attachments[id] = &state.Attachment{Kind: kind, URL: address, Made: e.clock.Now()}
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
		refused = e.fetch(c, media.Medium{Kind: kind, URL: value.Text(payload["url"])})
		e.mu.Lock()
	}
	if refused != nil {
		return nil, refused
	}
	return map[string]any{"attachment_id": e.store(c.page, kind, value.Text(payload["url"]))}, nil
}

// mediaOf are what a message names by URL: its attachment, or else the pictures of its quick replies.
func mediaOf(message map[string]any) []media.Medium {
	a := value.Object(message["attachment"])
	kind, address := value.Text(a["type"]), value.Text(value.Object(a["payload"])["url"])
	if kind != "template" && address != "" {
		return []media.Medium{{Kind: kind, URL: address}}
	}
	var out []media.Medium
	replies, _ := value.List(message["quick_replies"])
	for _, v := range replies {
		if address := value.Text(value.Object(v)["image_url"]); address != "" {
			out = append(out, media.Medium{URL: address})
		}
	}
	return out
}

// fetchMedia fetches what a message names by URL. The mutex is not held.
func (e *Emulator) fetchMedia(d *sending) *refusal.Refusal {
	for _, m := range mediaOf(d.Message) {
		if refused := e.fetch(d.call, m); refused != nil {
			return refused
		}
	}
	return nil
}

// fetch fetches a medium for a call, unless that is under way already. The mutex is not held.
func (e *Emulator) fetch(c *call, m media.Medium) *refusal.Refusal {
	if begun := c.ahead[m]; begun != nil {
		<-begun.known // it is, at the latest when the batch has nobody to answer any more
		return begun.refused
	}
	return e.fetcher.Fetch(c.ctx, m)
}

// bubbleOf is what the person sees of an accepted message, with the medium in place of
// its id.
func bubbleOf(d *sending) Bubble {
	return d.Bubble(d.call.Upload, d.call.page.Address)
}
