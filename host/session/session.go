// Package session is one person's state: variables, topic, history. It is a value:
// a turn takes one and yields the next. Its encoding carries a version, so that
// sessions outlive releases. No API of the host is promised.
package session

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
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

	Absence *Absence         `json:"absence,omitempty"` // somebody else has the word
	Held    time.Time        `json:"held,omitzero"`     // when the platform last said that the bot has it: older news says nothing
	Trials  map[string]Trial `json:"trials,omitempty"`  // turns that were begun in vain, by the id of their event

	Kept map[string]map[string]string `json:"kept,omitempty"` // what plug-ins keep about the person, by plug-in and key
}

// Names are those of the variables, the author's before those of the host.
func (s State) Names() []string {
	return slices.SortedFunc(maps.Keys(s.Vars), func(a, b string) int {
		if own := Own(a); own != Own(b) {
			if own {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
}

// Own tells whether a variable of that name belongs to the host (L-VAR-4).
func Own(name string) bool { return strings.HasPrefix(name, "_") }

// Keep puts a value that a plug-in keeps about the person; an empty one is forgotten.
// The maps of the session that it was copied from stay as they are. What a plug-in may
// keep is bounded by who calls this.
func (s *State) Keep(plugin, key, value string) {
	own := maps.Clone(s.Kept[plugin])
	if own == nil {
		own = map[string]string{}
	}
	if own[key] = value; value == "" {
		delete(own, key)
	}
	s.Kept = maps.Clone(s.Kept)
	if s.Kept == nil {
		s.Kept = map[string]map[string]string{}
	}
	if s.Kept[plugin] = own; len(own) == 0 {
		delete(s.Kept, plugin)
	}
	if len(s.Kept) == 0 {
		s.Kept = nil
	}
}
