package release

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// The bounds of what is kept of a bot.
const (
	// MaxVersions is how many versions of a bot are kept: those on stage, and the newest others.
	MaxVersions = 50
	// maxOrders is how many orders of a bot are kept.
	maxOrders = 100
	// maxBots is how many bots are published in one store.
	maxBots = 1000
	// maxRaces is how often a change of a paper is tried that others change at the same time.
	maxRaces = 50
	// minVersion is how many letters name a version at least.
	minVersion = 4
)

// Papers keeps what is published; a store.Store does.
type Papers interface {
	Paper(ctx context.Context, name string) (store.Paper, error)
	SetPaper(ctx context.Context, p store.Paper) (revision uint64, done bool, err error)
}

// Version is a published version in the list of a bot's.
type Version struct {
	Number int       `json:"number"` // from 1
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Note   string    `json:"note,omitempty"`
	Key    Public    `json:"key"`
	Files  int       `json:"files"`
	Bytes  int       `json:"bytes"`
	Tests  int       `json:"tests,omitempty"`
}

// Short is the beginning of the id, as people are shown it.
func (v Version) Short() string { return v.ID[:min(len(v.ID), shortVersion)] }

// shortVersion is how many letters of a version's id people are shown.
const shortVersion = 10

// ErrNoVersion is wrapped by the error of a version that is not kept.
var ErrNoVersion = errors.New("there is no such version")

// Ledger is what is published of one bot. It is safe for concurrent use, beside others.
type Ledger struct {
	papers Papers
	bot    string
}

// OpenLedger returns the ledger of a bot, whose name is one of store.CheckName.
func OpenLedger(p Papers, bot string) (*Ledger, error) {
	if err := store.CheckName("bot", bot); err != nil {
		return nil, fmt.Errorf("%w; name it with --bot", err)
	}
	return &Ledger{p, bot}, nil
}

// Bots lists the bots that are published in a store.
func Bots(ctx context.Context, p Papers) ([]string, error) {
	var list []string
	_, err := read(ctx, p, botsPaper, &list)
	return list, err
}

const botsPaper = "release"

func (l *Ledger) paper(of string) string { return botsPaper + "/" + l.bot + "/" + of }

// Versions lists what is kept, the oldest first.
func (l *Ledger) Versions(ctx context.Context) ([]Version, error) {
	var list []Version
	_, err := read(ctx, l.papers, l.paper("versions"), &list)
	return list, err
}

// Find finds a version by its number ("12", "v12") or the beginning of its id.
func (l *Ledger) Find(ctx context.Context, name string) (Version, error) {
	list, err := l.Versions(ctx)
	if err != nil {
		return Version{}, err
	}
	var found []Version
	number, _ := strconv.Atoi(strings.TrimPrefix(name, "v"))
	for _, v := range list {
		if v.Number == number {
			return v, nil
		}
		if len(name) >= minVersion && strings.HasPrefix(v.ID, name) {
			found = append(found, v)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Version{}, fmt.Errorf("version %s: %d versions begin so; write more of it", name, len(found))
	}
	return Version{}, fmt.Errorf("version %s of %s: %w; footlight versions lists them", name, l.bot, ErrNoVersion)
}

// Put keeps a version: a bundle as Encode made it. A version that is kept already stays as it is; fresh is false then.
func (l *Ledger) Put(ctx context.Context, m Manifest, bundle []byte, by Public) (v Version, fresh bool, err error) {
	if len(bundle) > store.MaxPaper {
		return v, false, fmt.Errorf("publish: the bundle has %d bytes, at most %d are allowed; the largest files are %s", len(bundle), store.MaxPaper, m.largest())
	}
	if err := l.enlist(ctx); err != nil {
		return v, false, err
	}
	// The bundle goes first: a version that is listed can be loaded.
	if err := l.keep(ctx, m.Version, bundle, by); err != nil {
		return v, false, fmt.Errorf("publish: %w", err)
	}
	var gone []string
	err = change(ctx, l.papers, l.paper("versions"), func(list *[]Version) error {
		fresh, gone = false, nil
		if at := slices.IndexFunc(*list, func(v Version) bool { return v.ID == m.Version }); at >= 0 {
			v = (*list)[at]
			return nil
		}
		v = Version{Number: 1, ID: m.Version, At: m.At, Note: m.Note, Key: by, Files: len(m.Files), Bytes: len(bundle), Tests: m.Tests}
		if n := len(*list); n > 0 {
			v.Number = (*list)[n-1].Number + 1
		}
		fresh = true
		*list = append(*list, v)
		now, err := l.Current(ctx)
		if err != nil {
			return err
		}
		for i := 0; i < len(*list)-1 && len(*list) > MaxVersions; {
			if old := (*list)[i].ID; old != now.Stage && old != now.Canary {
				gone, *list = append(gone, old), slices.Delete(*list, i, i+1)
			} else {
				i++
			}
		}
		return nil
	})
	for _, id := range gone {
		err = errors.Join(err, l.drop(ctx, id))
	}
	return v, fresh, err
}

// keep keeps a bundle, unless the same one of the same publisher is there in good order.
func (l *Ledger) keep(ctx context.Context, id string, bundle []byte, by Public) error {
	kept, err := l.papers.Paper(ctx, l.paper("bundle/"+id))
	if err != nil {
		return err
	}
	if kept.Revision > 0 {
		if _, err := Decode(kept.Body, Publishers{by}); err == nil {
			return nil
		}
	}
	kept.Body = bundle
	_, done, err := l.papers.SetPaper(ctx, kept)
	if err == nil && !done {
		err = errors.New("somebody else publishes the same version at this moment; try once more")
	}
	return err
}

// enlist makes the bot one of those that are published.
func (l *Ledger) enlist(ctx context.Context) error {
	return change(ctx, l.papers, botsPaper, func(list *[]string) error {
		at, there := slices.BinarySearch(*list, l.bot)
		if there {
			return nil
		}
		if len(*list) == maxBots {
			return fmt.Errorf("publish: %d bots are published in this store, which is as many as may be", maxBots)
		}
		*list = slices.Insert(*list, at, l.bot)
		return nil
	})
}

// drop forgets the bundle of a version that is not listed any more.
func (l *Ledger) drop(ctx context.Context, id string) error {
	p, err := l.papers.Paper(ctx, l.paper("bundle/"+id))
	if err != nil || p.Revision == 0 {
		return err
	}
	p.Body = nil
	_, _, err = l.papers.SetPaper(ctx, p)
	return err
}

// Bundle reads a version, signed by one of the publishers.
func (l *Ledger) Bundle(ctx context.Context, id string, trusted Publishers) (Bundle, error) {
	p, err := l.papers.Paper(ctx, l.paper("bundle/"+id))
	if err != nil {
		return Bundle{}, err
	}
	if p.Revision == 0 {
		return Bundle{}, fmt.Errorf("version %s of %s: %w", id, l.bot, ErrNoVersion)
	}
	b, err := Decode(p.Body, trusted)
	switch {
	case err != nil:
		return Bundle{}, fmt.Errorf("version %s of %s: %w", id, l.bot, err)
	case b.Manifest.Version != id || b.Manifest.Bot != l.bot:
		return Bundle{}, fmt.Errorf("version %s of %s: the store has version %s of %s in its place", id, l.bot, b.Manifest.Version, b.Manifest.Bot)
	}
	return b, nil
}

// Current is the newest order, whoever gave it; its Number is 0 when there is none.
func (l *Ledger) Current(ctx context.Context) (Order, error) {
	list, err := l.Orders(ctx)
	if err != nil || len(list) == 0 {
		return Order{Bot: l.bot}, err
	}
	return list[len(list)-1], nil
}

// Orders lists the orders that are kept, the oldest first, whoever gave them.
func (l *Ledger) Orders(ctx context.Context) ([]Order, error) {
	var kept []sealedOrder
	if _, err := read(ctx, l.papers, l.paper("orders"), &kept); err != nil {
		return nil, err
	}
	list := make([]Order, len(kept))
	for i, s := range kept {
		var err error
		if list[i], err = s.read(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Give gives an order: alter makes it of the one before, whose Number and At need no care. It is given once, also when the
// store repeats a write whose answer was lost.
func (l *Ledger) Give(ctx context.Context, key Key, now time.Time, alter func(before Order) (Order, error)) (Order, error) {
	var given Order
	mark := rand.Text()
	err := change(ctx, l.papers, l.paper("orders"), func(list *[]sealedOrder) error {
		if slices.ContainsFunc(*list, func(s sealedOrder) bool { return s.Mark == mark }) {
			return nil
		}
		before := Order{Bot: l.bot}
		if n := len(*list); n > 0 {
			var err error
			if before, err = (*list)[n-1].read(); err != nil {
				return err
			}
		}
		next, err := alter(before)
		if err != nil {
			return err
		}
		next.Bot, next.Number, next.At = l.bot, before.Number+1, now.UTC().Truncate(time.Millisecond)
		sealed, err := key.order(next)
		if err != nil {
			return err
		}
		given, sealed.Mark = next, mark
		*list = append(*list, sealed)
		if n := len(*list); n > maxOrders {
			*list = slices.Delete(*list, 0, n-maxOrders)
		}
		return nil
	})
	return given, err
}

// read reads a paper of JSON; out stays as it is when there is none.
func read(ctx context.Context, p Papers, name string, out any) (store.Paper, error) {
	kept, err := p.Paper(ctx, name)
	if err != nil || kept.Revision == 0 {
		return kept, err
	}
	if err := json.Unmarshal(kept.Body, out); err != nil {
		return kept, fmt.Errorf("%s in the store: %w", name, err)
	}
	return kept, nil
}

// change changes a paper of JSON, again and again until nobody else has changed it meanwhile.
func change[T any](ctx context.Context, p Papers, name string, alter func(*T) error) error {
	for range maxRaces {
		var value T
		kept, err := read(ctx, p, name, &value)
		if err != nil {
			return err
		}
		if err := alter(&value); err != nil {
			return err
		}
		if kept.Body, err = json.Marshal(value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, done, err := p.SetPaper(ctx, kept); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("%s is changed by others again and again; try once more", name)
}
