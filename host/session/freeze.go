package session

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Frozen is a copy of what macros may keep of a person and return to (L-JS-6):
// variables, topic and history. Names with _ belong to the host, and stay as they are.
type Frozen struct {
	Topic    string                     `json:"topic,omitempty"`
	Vars     map[string]json.RawMessage `json:"vars,omitempty"`
	Inputs   []string                   `json:"inputs,omitempty"`
	Replies  []string                   `json:"replies,omitempty"`
	LastPart string                     `json:"last,omitempty"`
}

// Freeze keeps a copy, in the place of an earlier one.
func (s *State) Freeze() {
	s.Frozen = &Frozen{Topic: s.Topic, Vars: named(s.Vars, false), Inputs: s.Inputs, Replies: s.Replies, LastPart: s.LastPart}
}

// Thaw returns to the copy and drops it ("thaw"), returns and keeps it ("keep"), or
// drops it ("discard"). Without a copy nothing happens.
func (s *State) Thaw(action string) error {
	if action != "thaw" && action != "discard" && action != "keep" {
		return fmt.Errorf("thaw %q: the actions are thaw, discard and keep", action)
	}
	f := s.Frozen
	if f == nil {
		return nil
	}
	if action != "discard" {
		vars := named(s.Vars, true)
		maps.Copy(vars, f.Vars)
		s.Topic, s.Vars, s.Inputs, s.Replies, s.LastPart = f.Topic, vars, f.Inputs, f.Replies, f.LastPart
	}
	if action != "keep" {
		s.Frozen = nil
	}
	return nil
}

// named are the variables whose names begin with _, or all others.
func named(vars map[string]json.RawMessage, host bool) map[string]json.RawMessage {
	list := map[string]json.RawMessage{}
	for name, value := range vars {
		if strings.HasPrefix(name, "_") == host {
			list[name] = value
		}
	}
	return list
}
