package state

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Person is someone who can write to one Page, and their thread with it.
type Person struct {
	world.Person
	Thread       *thread.Thread
	Conversation string          // id of the thread in the Conversations API
	Menu         profile.Profile // with a persistent_menu of the person's own; nil: the Page's counts
	Linked       bool            // to an account elsewhere
	Opened       string          // the page that the person opened last

	ids *rand.Rand // of mids: one person's do not depend on what others do
}

// FullName is the person's first and last name.
func (who *Person) FullName() string { return strings.TrimSpace(who.FirstName + " " + who.LastName) }

// Updated is when the newest message of the person's thread came; zero: there is none.
func (who *Person) Updated() time.Time {
	if n := len(who.Thread.Bubbles); n > 0 {
		return who.Thread.Bubbles[n-1].At
	}
	return time.Time{}
}
