// Package emulator is a Graph API that behaves like Meta's, with people who chat:
// it sends signed webhooks, accepts and refuses messages as Meta does, and keeps
// what each person saw. Tests, "footlight dev" and "footlight emulator" use it.
// No API of the host is promised.
package emulator

import (
	"encoding/json"
	"time"
)

// Action is something a person does (or has done to them).
type Action struct {
	Page, Person string
	// Kind: say, tap (Text is the title of a quick reply or button that is shown), postback, get_started,
	// referral, optin, attachment, read, reaction, raw.
	Kind    string
	Text    string
	Payload string
	Type    string // of an attachment
	URL     string
	Ref     string
	Raw     json.RawMessage // of a raw webhook event: an element of messaging[]
}

// Bubble is one entry of a thread as the person sees it.
type Bubble struct {
	ID           string          `json:"id"`   // mid
	From         string          `json:"from"` // "person" or "page"
	At           time.Time       `json:"at"`
	Text         string          `json:"text,omitempty"`
	QuickReplies []Button        `json:"quick_replies,omitempty"` // still shown
	Buttons      []Button        `json:"buttons,omitempty"`
	Attachment   json.RawMessage `json:"attachment,omitempty"`
	Metadata     string          `json:"metadata,omitempty"`
}

// Button is a quick reply or a button of a template.
type Button struct {
	Type    string `json:"type"` // text, user_phone_number, user_email; web_url, postback, phone_number
	Title   string `json:"title"`
	Payload string `json:"payload,omitempty"`
	URL     string `json:"url,omitempty"`
}

// Thread is one conversation as the person sees it.
type Thread struct {
	Page, Person string
	Bubbles      []Bubble
	Typing       bool
	Seen         time.Time // watermark of mark_seen
	WindowEnds   time.Time
}
