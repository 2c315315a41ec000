package delivery

import (
	"context"
	"encoding/json"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// ready gives a send the form in which it goes out: a medium that the Page has uploaded is named by its id,
// and one that is new is uploaded first. The send keeps the address, and goes out by it when anything
// goes wrong. wait tells that the conversation is held until an upload of this host is over.
func (w *work) ready(ctx context.Context, client Client, c cargo) (out cargo, wait bool, err error) {
	if w.media == nil || c.Message == nil {
		return c, false, nil
	}
	medium, ok := c.Message.Medium()
	if !ok {
		return c, false, nil
	}
	if open, err := w.open(c); err != nil || !open {
		return c, false, nil //nolint:nilerr // try finds the same, and tells
	}
	id, busy, err := w.media.Find(ctx, w.key.Page, medium, client)
	switch {
	case ctx.Err() != nil:
		return c, false, context.Cause(ctx)
	case busy:
		return c, true, w.commit(ctx, store.Change{Hold: w.now().Add(UploadPoll)}, false)
	case err != nil:
		w.log().WarnContext(ctx, "medium not uploaded, it goes out by its address", "kind", medium.Kind, "error", err)
	}
	if id != "" {
		stored := c.Message.Stored(id)
		c.Message = &stored
	}
	return c, false, nil
}

// renew forgets an uploaded medium that the platform does not know any more.
func (w *work) renew(ctx context.Context, kept, sent cargo) {
	medium, ok := kept.Message.Medium()
	id := attachmentID(sent.Message)
	if !ok || id == "" || w.media == nil {
		return
	}
	if err := w.media.Forget(ctx, w.key.Page, medium, id); err != nil {
		w.log().WarnContext(ctx, "medium not forgotten", "kind", medium.Kind, "error", err)
	}
}

// attachmentID is the id by which a message names its medium.
func attachmentID(m *messenger.Outgoing) string {
	var a struct {
		Payload struct {
			ID string `json:"attachment_id"`
		} `json:"payload"`
	}
	if json.Unmarshal(m.Attachment, &a) != nil {
		return ""
	}
	return a.Payload.ID
}
