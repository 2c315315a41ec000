// Package messenger is the Messenger Platform as Footlight speaks it: webhook
// signatures and events, the Send API client, limits, text splitting, error
// classes. Wire facts live here and nowhere else.
// No API of the host is promised.
package messenger

import (
	"encoding/json"
	"time"
)

// Kind says what an Event is.
type Kind string

// The kinds of events (messenger.md section 2.7). A quick-reply tap is a Message.
const (
	KindMessage       Kind = "message"
	KindEcho          Kind = "echo"
	KindPostback      Kind = "postback"
	KindReferral      Kind = "referral"
	KindOptIn         Kind = "optin"
	KindDelivery      Kind = "delivery"
	KindRead          Kind = "read"
	KindReaction      Kind = "reaction"
	KindEdit          Kind = "message_edit"
	KindLinking       Kind = "account_linking"
	KindPolicy        Kind = "policy_enforcement"
	KindThreadControl Kind = "thread_control" // pass, take, request, app_roles
	KindFeedback      Kind = "feedback"
	KindGamePlay      Kind = "game_play"
	KindOrder         Kind = "order"
	KindUnknown       Kind = "unknown"
)

// Event is one thing that the platform told us.
type Event struct {
	Kind    Kind
	Page    string // the Page's id
	Person  string // page-scoped id; empty where the platform names nobody
	ID      string // deduplication key (messenger.md section 2.5)
	At      time.Time
	Standby bool            // came in standby: another app controls the thread
	Raw     json.RawMessage // the element of messaging[] as it came

	Message  *Message
	Postback *Postback
	Referral *Referral // also lifted out of a message or postback
	OptIn    *OptIn
	Mark     *Mark // delivery and read
	Reaction *Reaction
}

// Message is what a person typed or attached, or the echo of what we sent.
type Message struct {
	ID          string
	Text        string
	QuickReply  string // payload of the tapped quick reply
	Tapped      bool   // a quick reply was tapped
	Attachments []Attachment
	Metadata    string // of an echo
	AppID       string // of an echo
	Deleted     bool
}

// Attachment is one attachment of a message.
type Attachment struct {
	Type      string // image, audio, video, file, sticker, fallback, location, …
	URL       string
	Title     string
	StickerID string
	Lat, Long float64 // of a location
}

// Postback is a tap on a button, a menu item, an ice breaker or Get Started.
type Postback struct{ ID, Title, Payload string }

// Referral is where a person came from, whatever event carried it.
type Referral struct{ Ref, Source, Type, AdID, ProductID, RefererURI string }

// OptIn is an opt-in of a plug-in. UserRef stands in for the person with a checkbox.
type OptIn struct{ Type, Ref, UserRef, Payload, Token string }

// Mark is a delivery or read mark.
type Mark struct {
	Messages  []string
	Watermark time.Time
}

// Reaction is a reaction, or its removal.
type Reaction struct{ MessageID, Action, Name, Emoji string }
