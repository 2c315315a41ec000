// Package deploy puts a bot on its Page, and finds out why one that is there does not
// answer. It is a list of checks, in the order in which things depend on each other:
// each looks, says what it found and what helps, and some can mend what they found.
//
// Walk goes down the list and mends, after consent, until it meets what only people can
// mend; to begin again is to go on. Examine only looks. Undo takes a bot off its Page.
// Watch looks again and again while a host serves.
//
// It knows Messenger through package messenger and the host through what it is given; it
// reads no terminal and keeps no secret. No finding holds a secret.
// No API of the host is promised.
package deploy

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/advice"
)

// State is how a thing stands.
type State string

// The states.
const (
	Fine    State = "fine"
	Changed State = "changed" // it is fine now: it was mended
	Planned State = "planned" // it would be mended
	Warning State = "warning" // the bot works, and not as it should
	Broken  State = "broken"  // the bot does not work
	Skipped State = "skipped" // it could not be looked at
)

// Finding is what a check found. Its texts are for people who do not program.
type Finding struct {
	Check string   `json:"check"` // ID of the check
	Title string   `json:"title"`
	State State    `json:"state"`
	Found string   `json:"found"`
	Means string   `json:"means,omitempty"`
	Cure  string   `json:"cure,omitempty"`
	Code  string   `json:"code,omitempty"` // of Meta's, as in 190/463
	Plan  []string `json:"plan,omitempty"` // what mending it does, a line each

	asks bool // the plan begins with a question that only people can answer
}

// fine is a finding of something that is as it should be.
func fine(format string, args ...any) Finding {
	return Finding{State: Fine, Found: fmt.Sprintf(format, args...)}
}

// broken is a finding of something that keeps the bot from working.
func broken(found, means, cure string) Finding {
	return Finding{State: Broken, Found: found, Means: means, Cure: cure}
}

// warning is a finding of something that is not as it should be.
func warning(found, means, cure string) Finding {
	return Finding{State: Warning, Found: found, Means: means, Cure: cure}
}

// skipped is a finding of something that could not be looked at.
func skipped(format string, args ...any) Finding {
	return Finding{State: Skipped, Found: fmt.Sprintf(format, args...)}
}

// unasked is the finding of who has asked the host's store in vain.
func unasked(err error) Finding {
	if errors.Is(err, fs.ErrNotExist) {
		return skipped("not looked at: there is no store yet (--store names one elsewhere)")
	}
	return skipped("the host's store cannot be asked: %v", err)
}

// refused is the finding of a call that the platform refused, or that got no answer.
func refused(err error) Finding {
	f := broken(err.Error(), "Meta refuses it, and nothing is known of that refusal.", "Look the number up in Meta's error reference, or ask Meta with the fbtrace id.")
	var lost *messenger.TransportError
	switch a, ok := advice.On(err); {
	case ok:
		f.Means, f.Cure, f.Code = a.Means, a.Cure, a.Name()
	case errors.As(err, &lost):
		f.Means, f.Cure = "Meta could not be reached, or gave no answer.", "See whether this machine reaches the internet, and whether Meta has an outage (metastatus.com). Then run this again."
	}
	return f
}

// Worst is the worst state among findings: Broken, Warning or Fine.
func Worst(list []Finding) State {
	worst := Fine
	for _, f := range list {
		switch f.State {
		case Broken:
			return Broken
		case Warning:
			worst = Warning
		}
	}
	return worst
}
