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
	KindComment       Kind = "comment" // written in public, on a post of the Page or as a post
	KindUnknown       Kind = "unknown"
)

// Event is one thing that the platform told us.
type Event struct {
	Kind    Kind
	Page    string // the Page's id
	Person  string // page-scoped id, or what stands in for it (see Checkbox); empty where the platform names nobody
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
	Edit     *Edit
	Linking  *Linking
	Policy   *Policy
	Control  *ThreadControl
	Feedback *Feedback
	Game     *GamePlay
	Order    *Order
	Comment  *Comment
	Prior    string // user_ref of the checkbox that this person had ticked before
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
	ReplyTo     string   // id of the message it answers
	Commands    []string // names of the slash commands in the text
	Locale      string   // most likely locale, where the Page's language detection is on
}

// Attachment is one attachment of a message.
type Attachment struct {
	Type      string // image, audio, video, file, sticker, fallback, location, …
	URL       string
	Title     string
	StickerID string
	Lat, Long float64         // of a location
	Payload   json.RawMessage // as it came, for what has no field here
}

// Postback is a tap on a button, a menu item, an ice breaker or Get Started.
type Postback struct{ ID, Title, Payload string }

// Referral is where a person came from, whatever event carried it.
// Guest is set for somebody who was not signed in.
type Referral struct {
	Ref, Source, Type, AdID, ProductID, RefererURI string

	Guest bool
	Ad    json.RawMessage // ads_context_data, as it came
	Lead  json.RawMessage // the answers of a lead form, as they came
}

// OptIn is an opt-in of a plug-in. UserRef stands in for the person with a checkbox.
// Stopped is set when the person took back an opt-in for notifications.
type OptIn struct {
	Type, Ref, UserRef, Payload, Token, Title, Frequency string

	Stopped bool
}

// Comment is what a person wrote in public: on the post of that id, or as a post of that id.
type Comment struct {
	Post, Text string

	Own bool // it is a post of its own
}

// Mark is a delivery or read mark.
type Mark struct {
	Messages  []string
	Watermark time.Time
}

// Reaction is a reaction, or its removal.
type Reaction struct{ MessageID, Action, Name, Emoji string }

// Edit is a message whose text the person changed; Count says for the how manieth time.
type Edit struct {
	MessageID, Text string
	Count           int
}

// Linking is an account that was linked or unlinked. Code is the one that our own
// login page gave; it is a secret.
type Linking struct{ Status, Code string }

// Policy is a warning, block or unblock of the Page.
type Policy struct{ Action, Reason string }

// ThreadControl is a thread that changes hands, or the roles of apps on a Page.
// An empty app id stands for nobody.
type ThreadControl struct {
	Action    string // pass, take, request, roles
	Previous  string // app id
	New       string // app id
	Requested string // app id
	Metadata  string
	Roles     map[string][]string // app id to its roles
}

// Feedback is an answer to a survey (Screens, as they came) or to a message.
type Feedback struct {
	MessageID, Text string
	Screens         json.RawMessage
}

// GamePlay is a finished round of an instant game.
type GamePlay struct {
	GameID, PlayerID, Locale, ContextType, ContextID, Payload string

	Score float64
}

// Order is a cart that the person sent. Products are as they came.
type Order struct {
	Note     string
	Products json.RawMessage
}
