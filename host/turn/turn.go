// Package turn takes one message through a script: session and event in, new
// session, parts, actions and trace out (section 27 of the language). It has no
// I/O of its own; clock and chance are given, so that any turn can be replayed
// bit for bit. No API of the host is promised.
package turn

import (
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// Kind is what reached the script (section 25 of the language).
type Kind string

// The kinds of events that can start a turn.
const (
	Text       Kind = "text"
	QuickReply Kind = "quick_reply"
	Postback   Kind = "postback"
	GetStarted Kind = "get_started"
	Media      Kind = "media"
	Referral   Kind = "referral"
	OptIn      Kind = "optin"
)

// Event is one thing a person did.
type Event struct {
	Kind     Kind
	Text     string // of a text or media message, the payload of a quick reply or postback
	Media    []Attachment
	Referral *Ref // also beside a message or a postback
}

// Attachment is one attachment of a message.
type Attachment struct {
	Type      string // image, audio, video, file, location, sticker
	URL       string
	Lat, Long string // of a location
}

// Ref is where a person came from.
type Ref struct{ Param, Source, Type, AdID string }

// Person is who talks, as the platform tells it.
type Person struct {
	ID, PageID, Platform string
	Profile              map[string]string // _userFirstName … as far as known
}

// Settings are the settings of the bot that turns depend on.
type Settings struct {
	GetStarted  string // page.get_started; empty: "get started"
	HideErrors  bool   // leave error texts out (L-ERR-2)
	KeepPending bool   // pending = "keep" (L-DELAY-5)
}

// Input is everything a turn depends on, beside the script.
type Input struct {
	Event    Event
	Session  session.State
	Person   Person
	Settings Settings
	Now      time.Time
	Seed     uint64
}

// Result is what came of a turn.
type Result struct {
	Session session.State
	Ran     bool // false: the event started no turn (L-EV-6); the session may still have changed
	Cancel  bool // parts still waiting are cancelled, but for those marked to stay (L-DELAY-5)
	Reply   reply.Reply
	Trace   []trace.Event
}
