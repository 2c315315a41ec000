package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// maxTopic is the most bytes of the name of a topic that somebody is put in.
const maxTopic = 256

// Setting is a variable to be set, or to be cleared.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Clear bool   `json:"clear,omitempty"`
}

// Set sets variables of somebody, as <set name=value> does, and the topic by the
// name "topic". It counts from the next turn on. All of it happens, or nothing.
func (d *Desk) Set(ctx context.Context, k store.Key, settings []Setting) error {
	if len(settings) == 0 {
		return errors.New("nothing to set: name a variable and its value, as in name=Ann")
	}
	for i, s := range settings {
		settings[i].Name, settings[i].Value = strings.TrimSpace(s.Name), strings.TrimSpace(s.Value)
		if err := settings[i].check(); err != nil {
			return err
		}
	}
	return d.change(ctx, k, func(_ store.Conversation, state session.State) (store.Change, error) {
		state.Vars = maps.Clone(state.Vars)
		if state.Vars == nil {
			state.Vars = map[string]json.RawMessage{}
		}
		for _, s := range settings {
			if err := s.apply(&state); err != nil {
				return store.Change{}, err
			}
		}
		data, err := session.Encode(state)
		return store.Change{Session: data}, err
	})
}

// check tells what is wrong with a setting, whoever it is for (L-VAR-1, L-VAR-4, L-TOP-1).
func (s Setting) check() error {
	switch {
	case s.Name == "":
		return errors.New("a variable has no name: write name=value")
	case strings.ContainsAny(s.Name, "=<>"):
		return fmt.Errorf("variable %q: a name holds no =, < or >", s.Name)
	case session.Own(s.Name):
		return fmt.Errorf("variable %q: names that begin with _ belong to the host, which sets them at every turn", s.Name)
	case len(s.Name) > session.MaxValueBytes:
		return fmt.Errorf("variable with a name of %d bytes: at most %d are allowed", len(s.Name), session.MaxValueBytes)
	case len(s.Value) > session.MaxValueBytes:
		return fmt.Errorf("variable %q: the value has %d bytes, at most %d are allowed", s.Name, len(s.Value), session.MaxValueBytes)
	case s.Name == "topic" && s.Clear:
		return errors.New("topic: it cannot be cleared; topic=default leads to the root topic")
	case s.Name == "topic":
		return checkTopic(s.Value)
	}
	return nil
}

func checkTopic(name string) error {
	name = strings.ToLower(name)
	if name == "" || len(name) > maxTopic || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return fmt.Errorf("topic %q: a name is made of the letters a to z, digits, _ and -, up to %d of them", name, maxTopic)
	}
	return nil
}

func (s Setting) apply(state *session.State) error {
	switch {
	case s.Name == "topic":
		state.Topic = strings.ToLower(s.Value) // one that the bot does not have is the root topic (L-TOP-4)
		return nil
	case s.Clear:
		delete(state.Vars, s.Name)
		return nil
	}
	if _, there := state.Vars[s.Name]; !there && own(state.Vars) >= session.MaxVariables {
		return fmt.Errorf("variable %q: the person has %d variables, and cannot have more", s.Name, session.MaxVariables)
	}
	value, err := json.Marshal(s.Value)
	if err != nil {
		return fmt.Errorf("variable %q: %w", s.Name, err)
	}
	state.Vars[s.Name] = value
	return nil
}

// own counts the variables that are the author's.
func own(vars map[string]json.RawMessage) int {
	n := 0
	for name := range vars {
		if !session.Own(name) {
			n++
		}
	}
	return n
}

// Reset makes somebody new to the bot: variables, topic, history, reminders and all
// that waits to be sent are gone. What stays is when the person last wrote, since the
// window runs from there, and what was heard and waits for its turn, and letters.
func (d *Desk) Reset(ctx context.Context, k store.Key) error {
	return d.change(ctx, k, func(c store.Conversation, state session.State) (store.Change, error) {
		var change store.Change
		for _, s := range c.Sends {
			change.Settled = append(change.Settled, s.ID)
		}
		var err error
		change.Session, err = session.Encode(session.State{Heard: state.Heard})
		return change, err
	})
}

// Erase removes all that is kept of somebody, whatever is going on. Erasing somebody of
// whom nothing is kept is no error of the store; it is one here, as it may be a slip.
func (d *Desk) Erase(ctx context.Context, k store.Key) error {
	_, _, err := d.read(ctx, k)
	if errors.Is(err, ErrUnknown) {
		return err
	}
	return d.erase(ctx, k) // also what cannot be read
}

func (d *Desk) erase(ctx context.Context, k store.Key) error {
	if err := d.store.Erase(ctx, k); err != nil {
		return fmt.Errorf("person %s on page %s: erase: %w", k.Person, k.Page, err)
	}
	d.forget(k)
	return nil
}
