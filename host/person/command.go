package person

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// Verb says what a Command does.
type Verb string

// The verbs, with what they answer.
const (
	Show     Verb = "show"     // Portrait
	Set      Verb = "set"      // nothing
	Reset    Verb = "reset"    // nothing
	Exports  Verb = "export"   // Export
	Erase    Verb = "erase"    // nothing
	List     Verb = "list"     // People
	Requests Verb = "requests" // []Request
	Finish   Verb = "finish"   // nothing
	Pages    Verb = "pages"    // []Paused
	Pause    Verb = "pause"    // nothing
	Resume   Verb = "resume"   // nothing
)

// Command is one thing an operator wants, in a form that travels.
type Command struct {
	Verb     Verb          `json:"verb"`
	Page     string        `json:"page,omitempty"`
	Person   string        `json:"person,omitempty"`
	Settings []Setting     `json:"settings,omitempty"` // of Set
	After    string        `json:"after,omitempty"`    // of List: the last one that is known
	Code     string        `json:"code,omitempty"`     // of Finish; of Erase: the request it answers, if any
	For      time.Duration `json:"for,omitempty"`      // of Pause; zero: until resumed
	Reason   string        `json:"reason,omitempty"`   // of Pause
}

// maxListed is how many people one List tells of.
const maxListed = 1000

// People is a stretch of the people of a Page.
type People struct {
	People []string `json:"people"`
	More   bool     `json:"more,omitempty"` // there may be more after the last one
}

// Command is Do with a command in the form in which it travels. It is logged without texts.
func (d *Desk) Command(ctx context.Context, command json.RawMessage) (any, error) {
	var c Command
	if err := json.Unmarshal(command, &c); err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	d.log.InfoContext(ctx, "command of an operator", "verb", c.Verb, "page", c.Page)
	return d.Do(ctx, c)
}

// Do does what a command says and answers as its verb has it.
func (d *Desk) Do(ctx context.Context, c Command) (any, error) {
	k := store.Key{Page: c.Page, Person: c.Person}
	switch c.Verb {
	case Show:
		return d.Show(ctx, k)
	case Set:
		return nil, d.Set(ctx, k, c.Settings)
	case Reset:
		return nil, d.Reset(ctx, k)
	case Exports:
		return d.Export(ctx, k)
	case Erase:
		return nil, d.eraseFor(ctx, k, c.Code)
	case List:
		return d.People(ctx, c.Page, c.After)
	case Requests:
		return d.Requests(ctx)
	case Finish:
		return nil, d.Finish(ctx, c.Code)
	case Pages:
		return d.Paused(ctx)
	case Pause:
		return nil, d.Pause(ctx, c.Page, c.For, c.Reason)
	case Resume:
		return nil, d.Resume(ctx, c.Page)
	default:
		return nil, fmt.Errorf("command %q is not known: the running host is of another release", c.Verb)
	}
}

// eraseFor erases somebody, and closes the request that asked for it, if a code names one.
func (d *Desk) eraseFor(ctx context.Context, k store.Key, code string) error {
	if code == "" {
		return d.Erase(ctx, k)
	}
	if _, err := d.Request(ctx, code); err != nil {
		return fmt.Errorf("request %q: %w; nobody was erased", code, err)
	}
	if err := d.Erase(ctx, k); err != nil {
		return err
	}
	return d.Finish(ctx, code)
}

// People lists people of a Page of whom anything is kept, those after the given one.
func (d *Desk) People(ctx context.Context, page, after string) (People, error) {
	list, err := d.store.People(ctx, page, after, maxListed)
	if err != nil {
		return People{}, fmt.Errorf("people of page %s: %w", page, err)
	}
	return People{People: append([]string{}, list...), More: len(list) == maxListed}, nil
}
