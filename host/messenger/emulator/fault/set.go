package fault

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Set is the faults that are armed. The zero value has none; Seed should be set first.
type Set struct {
	Seed  uint64
	armed []*State
	last  int // number of the newest
}

// State is an armed fault and what it has done.
type State struct {
	ID    int   `json:"id"`
	Fault Fault `json:"fault"`
	Seen  int   `json:"seen"`  // calls that fitted
	Spent int   `json:"spent"` // calls that it befell
	luck  *rand.Rand
}

// Arm adds a fault and returns its number. endpoints are the names that it may have.
func (s *Set) Arm(f Fault, endpoints []string) (int, error) {
	f, err := f.filled(endpoints)
	if err != nil {
		return 0, err
	}
	if len(s.armed) >= maxArmed {
		return 0, fmt.Errorf("fault: %d are armed already; clear some", maxArmed)
	}
	s.last++
	s.armed = append(s.armed, &State{ID: s.last, Fault: f, luck: rand.New(rand.NewPCG(s.Seed, uint64(s.last)))})
	return s.last, nil
}

// Disarm clears the fault of that number; 0 clears all.
func (s *Set) Disarm(id int) {
	s.armed = slices.DeleteFunc(s.armed, func(a *State) bool { return id == 0 || a.ID == id })
}

// Armed are the faults that still wait for calls, oldest first.
func (s *Set) Armed() []State {
	out := make([]State, len(s.armed))
	for i, a := range s.armed {
		out[i] = *a
		out[i].luck = nil
	}
	return out
}

// Strike returns the fault that befalls a call, or nil. Of several the one armed
// first counts; all of them count the call.
func (s *Set) Strike(endpoint, recipient string) *Fault {
	var hit *State
	for _, a := range s.armed {
		f := &a.Fault
		if f.Endpoint != "" && f.Endpoint != endpoint || f.Recipient != "" && f.Recipient != recipient {
			continue
		}
		a.Seen++
		if a.Seen < f.Nth || hit != nil {
			continue
		}
		if f.Chance == 0 || a.luck.Float64() < f.Chance {
			hit = a
		}
	}
	if hit == nil {
		return nil
	}
	f := hit.Fault
	hit.Spent++
	if hit.Fault.Percent > 0 {
		hit.Fault.Percent = min(100, hit.Fault.Percent+1)
	}
	if f.Times > 0 && hit.Spent >= f.Times {
		s.Disarm(hit.ID)
	}
	return &f
}
