package draft

import (
	"fmt"
	"maps"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Bubble is what the person sees of the message once it is accepted, without its id, its
// time and who sent it. upload is the medium that came with the call; nil: none did.
// stored is the URL of the medium that is stored under an id; empty: it has none.
func (d Draft) Bubble(upload *request.Upload, stored func(id string) string) thread.Bubble {
	b := thread.Bubble{Text: value.Text(d.Message["text"]), Metadata: value.Text(d.Message["metadata"]), ReplyTo: d.ReplyTo}
	if d.Notification != "REGULAR" {
		b.Silent = d.Notification
	}
	a := d.attachment()
	if a == nil {
		return b
	}
	payload := d.payload()
	b.Attachment = value.Raw(a)
	if url := stored(value.Text(payload["attachment_id"])); url != "" {
		shown := maps.Clone(payload)
		shown["url"] = url // the person sees the medium, not its id
		b.Attachment = value.Raw(map[string]any{"type": a["type"], "payload": shown})
	}
	if value.Text(a["type"]) == "template" {
		b.Text = value.Text(payload["text"])
		b.Buttons = content.Buttons(payload)
	} else if upload != nil {
		b.Text = fmt.Sprintf("[%s, %d bytes]", value.Text(a["type"]), upload.Size)
	}
	return b
}
