package state

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// Kinds of opt-ins, by the key of a recipient that names them.
const (
	Checkbox      = "user_ref"
	Notifications = "notification_messages_token"
	OneTime       = "one_time_notif_token"
)

// OptIn is a consent that a send can name instead of a person.
type OptIn struct {
	Kind    string // Checkbox, Notifications or OneTime
	Person  string
	Expires time.Time // zero: never
	Stopped bool      // or used, of a one-time token
}

// tokenLife is how long a token for notifications lives. Of one-time tokens Meta says so; of the others
// only that their end comes with them.
const tokenLife = 365 * 24 * time.Hour

// NewOptIn is a person's consent of a kind.
func NewOptIn(kind, person string, now time.Time) *OptIn {
	o := &OptIn{Kind: kind, Person: person}
	if kind != Checkbox {
		o.Expires = now.Add(tokenLife)
	}
	return o
}

// Fault is why a send of that kind cannot name the consent; nil: it can.
func (o *OptIn) Fault(kind string, now time.Time) *refusal.Refusal {
	switch {
	case o == nil || o.Kind != kind:
		return refusal.New(100, refusal.UnknownPerson, "No matching user found")
	case o.Stopped && kind == Notifications:
		return refusal.New(10, 1893015, "The user has stopped notification messages for this topic")
	case o.Stopped || !o.Expires.IsZero() && now.After(o.Expires):
		return refusal.New(100, 0, "Invalid parameter: %s was used or has expired", kind)
	}
	return nil
}
