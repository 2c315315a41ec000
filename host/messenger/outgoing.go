package messenger

import (
	"encoding/json"

	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// Outgoing is one message for the Send API: a text or an attachment, and what goes
// with it. It is never empty when Render made it.
type Outgoing struct {
	Text         string          `json:"text,omitempty"`
	Attachment   json.RawMessage `json:"attachment,omitempty"` // {"type": …, "payload": …}
	QuickReplies []QuickReply    `json:"quick_replies,omitempty"`
	Metadata     string          `json:"metadata,omitempty"` // comes back in the echo; MaxMetadata
	PersonaID    string          `json:"-"`                  // of who speaks it; empty: the Page
}

// QuickReply is one of the answers offered under a message.
type QuickReply struct {
	ContentType string `json:"content_type"` // text, user_phone_number, user_email
	Title       string `json:"title,omitempty"`
	Payload     string `json:"payload,omitempty"`
	ImageURL    string `json:"image_url,omitempty"`
}

// empty tells whether the platform would refuse m as empty (100/2018034).
func (m Outgoing) empty() bool { return prose.Trim(m.Text) == "" && len(m.Attachment) == 0 }

// Kind is the type of the attachment: image, video, template …; empty for a text.
func (m Outgoing) Kind() string {
	var a struct {
		Type string `json:"type"`
	}
	if len(m.Attachment) == 0 || json.Unmarshal(m.Attachment, &a) != nil {
		return ""
	}
	return a.Type
}

// attach makes an attachment of a payload that can always be written as JSON.
func attach(kind string, payload any) Outgoing {
	raw, err := json.Marshal(struct {
		Type    string `json:"type"`
		Payload any    `json:"payload"`
	}{kind, payload})
	if err != nil {
		panic("unreachable: attachment of texts and valid JSON: " + err.Error())
	}
	return Outgoing{Attachment: raw}
}
