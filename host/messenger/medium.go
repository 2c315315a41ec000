package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

// MediumLife is how long the platform keeps a medium that was uploaded ahead
// (messenger.md section 3.4).
const MediumLife = 90 * 24 * time.Hour

// Medium is a picture, a sound, a video or a file that a message names by its address.
type Medium struct {
	Kind string // image, audio, video, file
	URL  string
}

// mediaKinds are the types of attachments that can be uploaded.
var mediaKinds = []string{"image", "audio", "video", "file"}

// Medium is what m shows by an address; ok is false for texts, templates, and media that
// are named by an id.
func (m Outgoing) Medium() (medium Medium, ok bool) {
	var a struct {
		Type    string `json:"type"`
		Payload struct {
			URL string `json:"url"`
			ID  string `json:"attachment_id"`
		} `json:"payload"`
	}
	if len(m.Attachment) == 0 || json.Unmarshal(m.Attachment, &a) != nil {
		return Medium{}, false
	}
	ok = slices.Contains(mediaKinds, a.Type) && a.Payload.URL != "" && a.Payload.ID == ""
	return Medium{Kind: a.Type, URL: a.Payload.URL}, ok
}

// Stored is m with its medium named by the id that it was uploaded under.
func (m Outgoing) Stored(id string) Outgoing {
	m.Attachment = attach(m.Kind(), map[string]string{"attachment_id": id}).Attachment
	return m
}

// Upload has the platform fetch a medium ahead, and returns the id under which messages of
// this Page may name it for MediumLife.
func (c *Client) Upload(ctx context.Context, m Medium) (id string, err error) {
	var w struct {
		ID text `json:"attachment_id"`
	}
	_, err = c.call(ctx, request{
		op: "upload", method: http.MethodPost, path: c.page + "/message_attachments", timeout: m.Timeout(),
		body: map[string]any{"message": map[string]any{"attachment": map[string]any{
			"type": m.Kind, "payload": map[string]any{"url": m.URL, "is_reusable": true},
		}}},
	}, &w)
	if err == nil && w.ID == "" {
		err = &TransportError{Op: "upload", Err: errors.New("answer of status 200 without attachment_id")}
	}
	return string(w.ID), err
}

// Timeout is how long a call may take in which the platform fetches m.
func (m Medium) Timeout() time.Duration {
	if m.Kind == "video" {
		return VideoTimeout
	}
	return CallTimeout
}
