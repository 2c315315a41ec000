package store

import (
	"errors"
	"fmt"
	"time"
)

// Letter is something that was given up, kept for people to look at.
type Letter struct {
	ID     string    // of what was given up; with Kind unique in the conversation
	At     time.Time // when it was given up
	Kind   string    // what it was: event, send
	Reason string    // why, without secrets and texts of messages
	Body   []byte    // as it was stored
}

const (
	// MaxLetters is how many letters a conversation keeps: the oldest make room.
	MaxLetters = 20
	// MaxKind is the most bytes of a letter's kind.
	MaxKind = 32
)

// Check tells what is wrong with a letter.
func (l Letter) Check() error {
	switch {
	case l.Kind == "":
		return errors.New("kind is empty")
	case len(l.Kind) > MaxKind:
		return fmt.Errorf("kind has %d bytes, at most %d are allowed", len(l.Kind), MaxKind)
	case len(l.Reason) > MaxReason:
		return fmt.Errorf("reason has %d bytes, at most %d are allowed", len(l.Reason), MaxReason)
	}
	return checkItem(l.ID, l.Body)
}
