package emulator

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

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
	Tapped       bool            `json:"tapped,omitempty"`   // a postback, shown as what the person tapped
	Reaction     string          `json:"reaction,omitempty"` // emoji of the person's reaction
	Edits        int             `json:"edits,omitempty"`
	ReplyTo      string          `json:"reply_to,omitempty"` // mid of the message answered
	Silent       string          `json:"silent,omitempty"`   // notification_type other than REGULAR
	App          string          `json:"app,omitempty"`      // id of the app that sent it
}

// Button is a quick reply or a button of a template.
type Button = content.Button

// Thread is one conversation as the person sees it.
type Thread struct {
	Page        string    `json:"page"`
	Person      string    `json:"person"`
	Bubbles     []Bubble  `json:"bubbles"`
	Typing      bool      `json:"typing"`
	TypingUntil time.Time `json:"typing_until"` // when the bubble ends by itself
	Seen        time.Time `json:"seen"`         // watermark of mark_seen
	Read        time.Time `json:"read"`         // watermark of what the person read
	WindowEnds  time.Time `json:"window_ends"`
	Owner       string    `json:"owner,omitempty"` // app in control; empty: the Page's own app
	GetStarted  bool      `json:"get_started"`     // the Get Started button is on offer
	Greeting    string    `json:"greeting,omitempty"`
	Starters    []Button  `json:"starters,omitempty"` // ice breakers on offer
	Menu        []Button  `json:"menu,omitempty"`
	Dropped     int       `json:"dropped,omitempty"` // oldest bubbles no longer kept
}

// maxBubbles is how many bubbles of a thread are kept at least, the newest, and half
// of how many at most; Thread.Dropped counts the others.
const maxBubbles = 5000

// thread is the state behind a Thread.
type thread struct {
	bubbles     []Bubble
	dropped     int
	typingUntil time.Time
	seen, read  time.Time
	windowEnds  time.Time
	lastAction  time.Time // the person's last action that opens a window
	lastStamp   time.Time // timestamp of the newest event
	owner       string    // app id; empty: idle, the default app answers
	fresh       bool      // nothing happened yet, or the person deleted the thread
	wrote       bool      // the person has written: their profile may be read
	referral    map[string]any
	userRef     string // of a checkbox, until the person's first message
}

// stamp gives the next event of the thread its time: now, yet later than all before,
// so that two events are never confused even when the clock stands still.
func (t *thread) stamp(now time.Time) time.Time {
	if now.Sub(t.lastStamp) > standardWindow {
		t.owner = "" // control lapsed before this event, which must not revive it
	}
	now = now.Truncate(time.Millisecond)
	if !now.After(t.lastStamp) {
		now = t.lastStamp.Add(time.Millisecond)
	}
	t.lastStamp = now
	return now
}

// add appends a bubble. Quick replies vanish when any message arrives.
func (t *thread) add(b Bubble) {
	if n := len(t.bubbles); n > 0 {
		t.bubbles[n-1].QuickReplies = nil // no earlier bubble can still have some
	}
	t.bubbles = append(t.bubbles, b)
	if len(t.bubbles) > 2*maxBubbles { // cut seldom, so that adding stays cheap
		over := len(t.bubbles) - maxBubbles
		t.dropped += over
		t.bubbles = append([]Bubble(nil), t.bubbles[over:]...)
	}
	t.fresh = false
}

func (t *thread) find(mid string) *Bubble {
	for i := len(t.bubbles) - 1; i >= 0; i-- {
		if t.bubbles[i].ID == mid {
			return &t.bubbles[i]
		}
	}
	return nil
}

// Thread is the conversation of a person with a Page; an empty one when they have
// not met. The error says which of the two is unknown.
func (e *Emulator) Thread(pageID, personID string) (Thread, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, who, err := e.pair(pageID, personID)
	if err != nil {
		return Thread{}, err
	}
	return e.view(p, who), nil
}

// Threads are the conversations of all people, in the order in which the people came.
func (e *Emulator) Threads() []Thread {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Thread, 0, len(e.people))
	for _, who := range e.people {
		out = append(out, e.view(e.page(who.Page), who))
	}
	return out
}

func (e *Emulator) view(p *page, who *person) Thread {
	t, now := who.thread, e.clock.Now()
	v := Thread{
		Page: p.ID, Person: who.ID, Bubbles: make([]Bubble, len(t.bubbles)), Dropped: t.dropped,
		Typing: now.Before(t.typingUntil), TypingUntil: t.typingUntil,
		Seen: t.seen, Read: t.read, WindowEnds: t.windowEnds, Owner: e.owner(t, now),
		GetStarted: t.fresh && p.profile.GetStarted() != "",
		Menu:       p.profile.Menu(who.Locale),
	}
	copy(v.Bubbles, t.bubbles)
	for i := range v.Bubbles {
		v.Bubbles[i].QuickReplies = append([]Button(nil), v.Bubbles[i].QuickReplies...)
		v.Bubbles[i].Buttons = append([]Button(nil), v.Bubbles[i].Buttons...)
	}
	if t.fresh {
		v.Greeting, v.Starters = p.profile.Greeting(who.Locale, who.FirstName, who.LastName), p.profile.Starters(who.Locale)
	}
	return v
}

// owner is the app in control of a thread. Control lapses 24 h after the last activity.
func (e *Emulator) owner(t *thread, now time.Time) string {
	if t.owner != "" && now.Sub(t.lastStamp) > standardWindow {
		return ""
	}
	return t.owner
}

// SetOwner gives control of a thread to an app, known here or not; an empty id makes the thread idle.
func (e *Emulator) SetOwner(pageID, personID, appID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, who, err := e.pair(pageID, personID)
	if err != nil {
		return err
	}
	if !digits(appID) && appID != "" {
		return fmt.Errorf("app id %q: want digits", appID)
	}
	t := who.thread
	before, now := e.owner(t, e.clock.Now()), t.stamp(e.clock.Now())
	t.owner = appID
	e.emit(p, webhook.Handovers, webhook.Event{
		Sender: &webhook.Party{ID: who.ID}, Recipient: &webhook.Party{ID: p.ID}, Timestamp: now.UnixMilli(),
		PassControl: map[string]any{"previous_owner_app_id": idOrNull(before), "new_owner_app_id": idOrNull(appID)},
	}, toAll)
	e.touch()
	return nil
}

func idOrNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}
