package thread

import (
	"encoding/json"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
)

// Bubble is one entry of a thread as the person sees it.
type Bubble struct {
	ID           string           `json:"id"`   // mid
	From         string           `json:"from"` // "person" or "page"
	At           time.Time        `json:"at"`
	Text         string           `json:"text,omitempty"`
	QuickReplies []content.Button `json:"quick_replies,omitempty"` // still shown
	Buttons      []content.Button `json:"buttons,omitempty"`
	Attachment   json.RawMessage  `json:"attachment,omitempty"`
	Metadata     string           `json:"metadata,omitempty"`
	Tapped       bool             `json:"tapped,omitempty"`   // a postback, shown as what the person tapped
	Reaction     string           `json:"reaction,omitempty"` // emoji of the person's reaction
	Edits        int              `json:"edits,omitempty"`
	ReplyTo      string           `json:"reply_to,omitempty"` // mid of the message answered
	Silent       string           `json:"silent,omitempty"`   // notification_type other than REGULAR
	App          string           `json:"app,omitempty"`      // id of the app that sent it
	Persona      *Persona         `json:"persona,omitempty"`  // who speaks instead of the Page
}

// Persona is the name and face under which a message was sent. It outlives the
// persona itself.
type Persona struct {
	Name    string `json:"name"`
	Picture string `json:"picture"`
}
