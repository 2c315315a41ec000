// Package state is what an emulated platform consists of at one moment: apps, Pages,
// people, users and their tokens, with the ids and secrets that are drawn for them.
//
// It answers no call, sends no event and has no clock, no lock and no goroutine: its
// owner says what time it is and guards it against concurrent use.
//
// Invariants: an id is used once; what a token, a Page or a person points to is in the
// same State; the same seed and the same order of calls give the same ids.
// No API of the host is promised.
package state

import (
	"fmt"
	"math/rand/v2"

	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// State is a platform. Its lists are in the order in which their elements came.
type State struct {
	Apps   []*App
	Pages  []*Page
	People []*Person
	Users  []*User
	Tokens map[string]*Token // by secret
	Random *rand.Rand

	seed    uint64
	persons map[string]*Person // by id
	threads map[string]*Person // by the id of their conversation
}

// seedStream is the second word of the random source; any constant will do.
const seedStream = 0x466f6f746c69

// New returns an empty platform whose random source starts with seed.
func New(seed uint64) *State {
	return &State{
		seed: seed, Random: rand.New(rand.NewPCG(seed, seedStream)),
		Tokens: map[string]*Token{}, persons: map[string]*Person{}, threads: map[string]*Person{},
	}
}

// App is a Meta app.
type App struct {
	world.App
	// Versions are those of Graph with which it subscribed to fields; a field that it has from the
	// start stands for the newest.
	Versions map[string]string
}

// App finds an app; nil: there is none of that id.
func (s *State) App(id string) *App {
	for _, a := range s.Apps {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// Page finds a Page; nil: there is none of that id.
func (s *State) Page(id string) *Page {
	for _, p := range s.Pages {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Person finds a person; nil: there is none of that id.
func (s *State) Person(id string) *Person { return s.persons[id] }

// Talker finds the person whose conversation has that id; nil: there is none.
func (s *State) Talker(conversation string) *Person { return s.threads[conversation] }

// User finds a user; an empty id means the first.
func (s *State) User(id string) (*User, error) {
	for _, u := range s.Users {
		if id == "" || u.ID == id {
			return u, nil
		}
	}
	return nil, fmt.Errorf("user %q: not known to the emulator", id)
}

// Pair finds a person and the Page they write to. Empty ids mean the first ones.
func (s *State) Pair(pageID, personID string) (*Page, *Person, error) {
	if personID == "" {
		for _, who := range s.People {
			if pageID == "" || who.Page == pageID {
				personID = who.ID
				break
			}
		}
	}
	who := s.Person(personID)
	if who == nil {
		return nil, nil, fmt.Errorf("person %q: not known to the emulator", personID)
	}
	if pageID != "" && who.Page != pageID {
		return nil, nil, fmt.Errorf("person %s: writes to page %s, not to %q", who.ID, who.Page, pageID)
	}
	return s.Page(who.Page), who, nil
}
