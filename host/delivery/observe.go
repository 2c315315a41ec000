package delivery

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// Fate is what became of an event that was handed to Accept.
type Fate string

// The fates of events.
const (
	Kept     Fate = "kept"      // stored; a turn will be taken
	Repeated Fate = "repeated"  // came before
	Echo     Fate = "echo"      // what a Page sent comes back
	Human    Fate = "human"     // somebody else, a human or another app, wrote to the person
	Moved    Fate = "moved"     // the platform gave the thread to an app, or back
	Standby  Fate = "standby"   // another app has the thread
	Nobody   Fate = "no_person" // names no person whom one could answer
	NoTurn   Fate = "no_turn"   // of a kind to which scripts do not answer
	Refused  Fate = "refused"   // beyond the bounds of any store, however often it comes
)

// Taken tells of a turn.
type Taken struct {
	ID       string // the turn's; its sends' ids begin with it
	Key      store.Key
	Name     string // id of the event
	Event    turn.Event
	Result   turn.Result
	Sends    int           // calls that the reply became
	Problems []string      // what Messenger would have refused (L-SC-10)
	Lag      time.Duration // between the platform's time stamp and the turn
	Took     time.Duration
	Tries    int   // failures before
	Err      error // the turn did not take place
	Aside    bool  // with Err: it will not be tried again
}

// Outcome names what became of a turn: taken, none (the event started no turn), failed
// (it will be tried again), aside (given up).
func (t Taken) Outcome() string {
	switch {
	case t.Aside:
		return "aside"
	case t.Err != nil:
		return "failed"
	case !t.Result.Ran:
		return "none"
	default:
		return "taken"
	}
}

// Sent tells of one try of a send.
type Sent struct {
	ID      string
	Key     store.Key
	Outcome Outcome
	Class   messenger.Class // of a refusal
	Message string          // id the platform gave it
	Tries   int             // failures before
	Lag     time.Duration   // between its due time and this try
	Took    time.Duration
	Err     error
	Echo    bool // no try: the echo of one whose outcome was in doubt came
}

// Outcome is what became of a try.
type Outcome string

// The outcomes of sends.
const (
	Delivered Outcome = "delivered"
	Again     Outcome = "again"   // will be tried again
	Dropped   Outcome = "dropped" // given up; the person will not see it
	Blocked   Outcome = "blocked" // the Page was paused; it stays in the queue
)

// An Observer is told what delivery does, for the console and for metrics. It is
// called from many goroutines and must not block. Embed Silent to leave methods out.
type Observer interface {
	// Heard is called for each event that Accept saw, once it is durable.
	Heard(messenger.Event, Fate)
	// Taken is called for each turn, once it is durable, and for each that failed.
	Taken(Taken)
	// Sent is called for each try of a send, and when an echo settles what was in doubt.
	Sent(Sent)
	// Paused is called when a Page was paused because of what the platform said.
	Paused(store.Pause)
	// Aside is called for each letter: what was given up, or is asked of people.
	Aside(store.Key, store.Letter)
	// Handed is called when somebody else takes the word, and when the bot is told that it has it
	// again; not when the other's time has just run out.
	Handed(Handed)
}

// Silent observes nothing.
type Silent struct{}

// Heard implements Observer.
func (Silent) Heard(messenger.Event, Fate) {}

// Taken implements Observer.
func (Silent) Taken(Taken) {}

// Sent implements Observer.
func (Silent) Sent(Sent) {}

// Paused implements Observer.
func (Silent) Paused(store.Pause) {}

// Aside implements Observer.
func (Silent) Aside(store.Key, store.Letter) {}

// Handed implements Observer.
func (Silent) Handed(Handed) {}

// All tells every observer of a list.
type All []Observer

var _, _ Observer = Silent{}, All{}

// Heard implements Observer.
func (a All) Heard(e messenger.Event, f Fate) {
	for _, o := range a {
		o.Heard(e, f)
	}
}

// Taken implements Observer.
func (a All) Taken(t Taken) {
	for _, o := range a {
		o.Taken(t)
	}
}

// Sent implements Observer.
func (a All) Sent(s Sent) {
	for _, o := range a {
		o.Sent(s)
	}
}

// Paused implements Observer.
func (a All) Paused(p store.Pause) {
	for _, o := range a {
		o.Paused(p)
	}
}

// Aside implements Observer.
func (a All) Aside(k store.Key, l store.Letter) {
	for _, o := range a {
		o.Aside(k, l)
	}
}

// Handed implements Observer.
func (a All) Handed(h Handed) {
	for _, o := range a {
		o.Handed(h)
	}
}
