// Package session is one person's state: variables, topic, history. It is a value:
// a turn takes one and yields the next. Its encoding carries a version, so that
// sessions outlive releases. No API of the host is promised.
package session

import (
	"encoding/json"
	"time"
)

// Limits of section 28 of the language.
const (
	MaxHistory    = 10   // messages, and replies
	MaxVariables  = 500  // user variables of one person
	MaxValueBytes = 4096 // of one variable
)

// State is what is remembered of one person. The zero State is somebody new.
type State struct {
	Topic    string                     `json:"topic,omitempty"` // empty: the root topic
	Vars     map[string]json.RawMessage `json:"vars,omitempty"`  // any JSON; names with _ belong to the host
	BotVars  map[string]string          `json:"bot,omitempty"`   // shadows of <bot x=v> (L-VAR-7)
	EnvVars  map[string]string          `json:"env,omitempty"`
	Inputs   []string                   `json:"inputs,omitempty"`  // normalised messages, newest first
	Replies  []string                   `json:"replies,omitempty"` // reply texts, newest first
	LastPart string                     `json:"last,omitempty"`    // last part with text of Replies[0] (L-PREV-2)
	Choices  []string                   `json:"choices,omitempty"` // labels of a numbered list that waits for a number (L-SC-7)
	Turns    uint64                     `json:"turns,omitempty"`   // turns taken so far
	Matched  []string                   `json:"matched,omitempty"` // texts of the triggers matched in the last turn
	Since    time.Time                  `json:"since,omitzero"`    // first message
	Heard    time.Time                  `json:"heard,omitzero"`    // last message: the window runs from here
	Muted    bool                       `json:"muted,omitempty"`   // ^unsubscribe, until the person writes again
	Frozen   *Frozen                    `json:"frozen,omitempty"`  // what rs.freezeUservars has kept

	Reminders map[string]Reminder `json:"reminders,omitempty"` // by name in snake_case
}
