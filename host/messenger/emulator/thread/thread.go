// Package thread is the state of one conversation between a person and a Page: its
// bubbles, watermarks and window, and which app controls it.
//
// It sends no events and has no clock; its owner guards it against concurrent use.
// No API of the host is promised.
package thread

import "time"

// Window is how long a Page may write after the person's last action, and how long
// an app keeps control after the last event (messenger.md §3.7). The last instant
// of a window still counts.
const Window = 24 * time.Hour

// maxBubbles is how many bubbles of a thread are kept at least, the newest, and half
// of how many at most; Dropped counts the others.
const maxBubbles = 5000

// Thread is one conversation. One that has not begun is Fresh and has nothing else.
type Thread struct {
	Bubbles     []Bubble
	Hidden      int    // leading bubbles that the person deleted; the Page still has them
	Dropped     int    // oldest bubbles no longer kept
	Late        []Late // accepted, but not to be seen yet
	TypingUntil time.Time
	TypingAs    *Persona  // who types instead of the Page; nil: the Page itself
	Seen, Read  time.Time // watermarks of the Page and of the person
	WindowEnds  time.Time
	LastAction  time.Time      // the person's last action that opens a window
	LastStamp   time.Time      // timestamp of the newest event
	Control     string         // app id as it was set; Owner tells whether it still holds
	ControlEnds time.Time      // control was extended up to then; zero: it was not
	FromAd      bool           // the person came from an ad that opens Messenger
	Fresh       bool           // nothing happened yet, or the person deleted the thread
	Wrote       bool           // the person has written: their profile may be read
	Referral    map[string]any // waits for the person's first message
	UserRef     string         // of a checkbox, until the person's first message
}

// Stamp gives the next event of the thread its time: now, yet later than all before,
// so that two events are never confused even when the clock stands still.
func (t *Thread) Stamp(now time.Time) time.Time {
	if t.lapsed(now) {
		t.Control = "" // control lapsed before this event, which must not revive it
	}
	now = now.Truncate(time.Millisecond)
	if !now.After(t.LastStamp) {
		now = t.LastStamp.Add(time.Millisecond)
	}
	t.LastStamp = now
	return now
}

// Shown are the bubbles that the person sees.
func (t *Thread) Shown() []Bubble { return t.Bubbles[t.Hidden:] }

// Clear deletes the thread on the person's side.
func (t *Thread) Clear() {
	t.Hidden, t.Dropped, t.Fresh = len(t.Bubbles), 0, true
	t.TypingUntil = time.Time{}
}

// Add appends a bubble, and behind it the late ones that it lets appear.
func (t *Thread) Add(b Bubble) {
	t.add(b)
	if b.From == "page" {
		t.follow()
	}
}

// add appends one bubble. Quick replies vanish when any message arrives.
func (t *Thread) add(b Bubble) {
	if n := len(t.Bubbles); n > 0 {
		t.Bubbles[n-1].QuickReplies = nil // no earlier bubble can still have some
	}
	t.Bubbles = append(t.Bubbles, b)
	if len(t.Bubbles) > 2*maxBubbles { // cut seldom, so that adding stays cheap
		over := len(t.Bubbles) - maxBubbles
		t.Dropped += max(0, over-t.Hidden)
		t.Hidden = max(0, t.Hidden-over)
		t.Bubbles = append([]Bubble(nil), t.Bubbles[over:]...)
	}
	t.Fresh = false
}

// Find is the bubble of that mid, or nil.
func (t *Thread) Find(mid string) *Bubble {
	for i := len(t.Bubbles) - 1; i >= 0; i-- {
		if t.Bubbles[i].ID == mid {
			return &t.Bubbles[i]
		}
	}
	return nil
}

// Owner is the app in control; empty: the thread is idle. Control lapses 24 h after
// the last event.
func (t *Thread) Owner(now time.Time) string {
	if t.Control != "" && t.lapsed(now) {
		return ""
	}
	return t.Control
}

// OwnerEnds is when control lapses, unless something happens before.
func (t *Thread) OwnerEnds() time.Time {
	ends := t.LastStamp.Add(Window)
	if t.ControlEnds.After(ends) {
		return t.ControlEnds
	}
	return ends
}

func (t *Thread) lapsed(now time.Time) bool { return now.After(t.OwnerEnds()) }

// Renew opens the window anew, for a span. One that ends later already stays open.
func (t *Thread) Renew(now time.Time, span time.Duration) {
	t.LastAction = now
	if ends := now.Add(span); ends.After(t.WindowEnds) {
		t.WindowEnds = ends
	}
}

// Open reports whether the standard window is open.
func (t *Thread) Open(now time.Time) bool {
	return !t.WindowEnds.IsZero() && !now.After(t.WindowEnds)
}
