package emulator

import (
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Bubble is one entry of a thread as the person sees it.
type Bubble = thread.Bubble

// Persona is a name and face under which the Page speaks.
type Persona = thread.Persona

// Button is a quick reply or a button of a template.
type Button = content.Button

// Thread is one conversation as the person sees it.
type Thread struct {
	Page        string    `json:"page"`
	Person      string    `json:"person"`
	Bubbles     []Bubble  `json:"bubbles"`
	Typing      bool      `json:"typing"`
	TypingAs    *Persona  `json:"typing_as,omitempty"` // who types instead of the Page
	TypingUntil time.Time `json:"typing_until"`        // when the bubble ends by itself
	Seen        time.Time `json:"seen"`                // watermark of mark_seen
	Read        time.Time `json:"read"`                // watermark of what the person read
	WindowEnds  time.Time `json:"window_ends"`
	Owner       string    `json:"owner,omitempty"` // app in control; empty: the Page's own app
	GetStarted  bool      `json:"get_started"`     // the Get Started button is on offer
	Greeting    string    `json:"greeting,omitempty"`
	Starters    []Button  `json:"starters,omitempty"` // ice breakers on offer
	Menu        []Button  `json:"menu,omitempty"`
	Opened      string    `json:"opened,omitempty"`  // URL of the page that a button opened last
	Dropped     int       `json:"dropped,omitempty"` // oldest bubbles no longer kept
}

// Thread is the conversation of a person with a Page; an empty one when they have
// not met. The error says which of the two is unknown.
func (e *Emulator) Thread(pageID, personID string) (Thread, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, who, err := e.state.Pair(pageID, personID)
	if err != nil {
		return Thread{}, err
	}
	return e.view(p, who), nil
}

// Threads are the conversations of all people, in the order in which the people came.
func (e *Emulator) Threads() []Thread {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Thread, 0, len(e.state.People))
	for _, who := range e.state.People {
		out = append(out, e.view(e.state.Page(who.Page), who))
	}
	return out
}

func (e *Emulator) view(p *state.Page, who *state.Person) Thread {
	t, now := who.Thread, e.clock.Now()
	t.Ripen(now)
	v := Thread{
		Page: p.ID, Person: who.ID, Bubbles: make([]Bubble, len(t.Shown())), Dropped: t.Dropped,
		Typing: now.Before(t.TypingUntil), TypingUntil: t.TypingUntil, TypingAs: t.TypingAs,
		Seen: t.Seen, Read: t.Read, WindowEnds: t.WindowEnds, Owner: t.Owner(now),
		GetStarted: t.Fresh && p.Profile.GetStarted() != "",
		Menu:       p.MenuOf(who, now), Opened: who.Opened,
	}
	copy(v.Bubbles, t.Shown())
	for i := range v.Bubbles {
		v.Bubbles[i].QuickReplies = append([]Button(nil), v.Bubbles[i].QuickReplies...)
		v.Bubbles[i].Buttons = append([]Button(nil), v.Bubbles[i].Buttons...)
	}
	if t.Fresh {
		v.Greeting, v.Starters = p.Profile.Greeting(who.Locale, who.FirstName, who.LastName), p.Profile.Starters(who.Locale)
	}
	return v
}

// SetOwner gives control of a thread to an app, known here or not, or to Questions;
// an empty id makes the thread idle.
func (e *Emulator) SetOwner(pageID, personID, appID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, who, err := e.state.Pair(pageID, personID)
	if err != nil {
		return err
	}
	if !value.Digits(appID) && appID != "" && appID != Questions {
		return fmt.Errorf("app id %q: want digits, or %q", appID, Questions)
	}
	e.moveControl(p, who, appID, "pass", "")
	e.touch()
	return nil
}
