// Package mask knows under which id each Page has the personas of its bot – names and faces under which it can speak
// (messenger.md section 3.8) – and has those made that are new.
//
// What is known stands in the store, for all hosts. Two hosts that make the same persona at the same time agree on
// one, and the other is taken away again. Nothing of it is needed to send a message: in doubt the Page speaks
// itself. No API of the host is promised.
package mask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// The bounds of a wardrobe.
const (
	// RetryAfter is how long a Page speaks itself in place of a persona that could not be made.
	RetryAfter = 10 * time.Minute
	// MaxRaces is how often a write is tried while other hosts change the same paper.
	MaxRaces = 20
	// MaxWorn is how many personas of a Page are kept; beyond, the oldest is forgotten.
	MaxWorn = 200
)

// Maker makes the calls for one Page. *messenger.Client is one.
type Maker interface {
	MakePersona(ctx context.Context, p messenger.Persona) (id string, err error)
	Personas(ctx context.Context) (map[string]string, error)
	DropPersona(ctx context.Context, id string) error
}

// Papers keep what is known. A store.Store does.
type Papers interface {
	Paper(ctx context.Context, name string) (store.Paper, error)
	SetPaper(ctx context.Context, p store.Paper) (revision uint64, done bool, err error)
}

// Worn is a persona that a Page has by our doing.
type Worn struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Picture string `json:"picture"`
}

// is tells whether w is a persona.
func (w Worn) is(p messenger.Persona) bool { return w.Name == p.Name && w.Picture == p.Picture }

// Wardrobe knows the personas of all Pages. It is safe for concurrent use.
type Wardrobe struct {
	papers Papers
	clock  clock.Clock

	mu     sync.Mutex
	known  map[key]string        // ids
	failed map[key]time.Time     // when making it last failed
	making map[key]chan struct{} // closed when the one who obtains it is done
}

type key struct {
	page    string
	persona messenger.Persona
}

// New returns a Wardrobe.
func New(papers Papers, c clock.Clock) *Wardrobe {
	return &Wardrobe{papers: papers, clock: c, known: map[key]string{}, failed: map[key]time.Time{}, making: map[key]chan struct{}{}}
}

// Find is the id under which a Page has a persona, which is made if it is not there yet. Without an id the Page is to
// speak itself; an error tells why, where that is worth a line in a log.
func (w *Wardrobe) Find(ctx context.Context, page string, p messenger.Persona, by Maker) (id string, err error) {
	k := key{page, p}
	for {
		id, done, wait := w.enter(k)
		switch {
		case done:
			return id, nil
		case wait == nil:
			return w.fill(ctx, k, by)
		}
		// Somebody else obtains it. When they give up, because nobody waits for them any more, it is our turn.
		select {
		case <-wait:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// enter is what this host knows, done, or whom to wait for; with neither the persona is the caller's to fill in. An
// empty id is that of one that could not be made lately.
func (w *Wardrobe) enter(k key) (id string, done bool, wait <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if id, ok := w.known[k]; ok {
		return id, true, nil
	}
	if at, failed := w.failed[k]; failed && w.clock.Now().Sub(at) < RetryAfter {
		return "", true, nil
	}
	if others, ok := w.making[k]; ok {
		return "", false, others
	}
	w.making[k] = make(chan struct{})
	return "", false, nil
}

// fill obtains a persona and lets go those who wait for it.
func (w *Wardrobe) fill(ctx context.Context, k key, by Maker) (id string, err error) {
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch {
		case ctx.Err() != nil: // whoever comes next tries
			id, err = "", ctx.Err()
		case err != nil:
			id, w.failed[k] = "", w.clock.Now()
		default:
			w.known[k] = id
		}
		close(w.making[k])
		delete(w.making, k)
	}()
	return w.obtain(ctx, k, by)
}

// obtain finds the id in the store, or makes the persona.
func (w *Wardrobe) obtain(ctx context.Context, k key, by Maker) (string, error) {
	worn, err := w.Worn(ctx, k.page)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(worn, func(o Worn) bool { return o.is(k.persona) }); i >= 0 {
		return worn[i].ID, nil
	}
	made, err := by.MakePersona(ctx, k.persona)
	if err != nil {
		return "", err
	}
	id := made
	err = w.update(ctx, k.page, func(list []Worn) []Worn {
		if i := slices.IndexFunc(list, func(o Worn) bool { return o.is(k.persona) }); i >= 0 {
			id = list[i].ID // another host was first
			return list
		}
		id = made
		return append(list, Worn{made, k.persona.Name, k.persona.Picture})
	})
	if id != made {
		_ = by.DropPersona(ctx, made) // a second one of the name does no harm
	}
	return id, err
}

// Forget is told that a Page has no persona of that id any more, as when somebody has deleted it.
func (w *Wardrobe) Forget(ctx context.Context, page, id string) error {
	w.mu.Lock()
	for k, known := range w.known {
		if k.page == page && known == id {
			delete(w.known, k)
		}
	}
	w.mu.Unlock()
	return w.update(ctx, page, func(list []Worn) []Worn {
		return slices.DeleteFunc(list, func(o Worn) bool { return o.ID == id })
	})
}

// Worn are the personas that a Page has by our doing, the oldest first.
func (w *Wardrobe) Worn(ctx context.Context, page string) ([]Worn, error) {
	p, err := w.papers.Paper(ctx, paper(page))
	if err != nil {
		return nil, fmt.Errorf("personas: read: %w", err)
	}
	return read(p), nil
}

func paper(page string) string { return "personas/" + page }

// read reads a paper. What cannot be read is of no use to anybody: the list begins anew.
func read(p store.Paper) []Worn {
	var list []Worn
	if len(p.Body) > 0 && json.Unmarshal(p.Body, &list) != nil {
		return nil
	}
	return list
}

// errRaces is the error of a paper that others changed again and again.
var errRaces = errors.New("personas: write: others change the same list again and again")

// update changes the list of a Page in one step.
func (w *Wardrobe) update(ctx context.Context, page string, change func([]Worn) []Worn) error {
	for range MaxRaces {
		p, err := w.papers.Paper(ctx, paper(page))
		if err != nil {
			return fmt.Errorf("personas: read: %w", err)
		}
		list := change(read(p))
		list = list[max(0, len(list)-MaxWorn):]
		p.Name, p.Body = paper(page), nil
		if len(list) > 0 {
			if p.Body, err = json.Marshal(list); err != nil {
				return fmt.Errorf("personas: encode: %w", err)
			}
		}
		_, done, err := w.papers.SetPaper(ctx, p)
		if err != nil {
			return fmt.Errorf("personas: write: %w", err)
		}
		if done {
			return nil
		}
	}
	return errRaces
}
