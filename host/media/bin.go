package media

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// shelfName is where the media of a Page stand in the store: no plug-in may be called so.
const shelfName = "footlight.media"

// key names a medium of a Page. Only a hash of the address is kept: it may hold anything,
// also what belongs to a person.
type key struct{ page, name string }

// nameBytes is how much of a hash names a medium.
const nameBytes = 16

func keyOf(page string, m messenger.Medium) key {
	sum := sha256.Sum256([]byte(m.Kind + "\x00" + m.URL))
	return key{page, string(sum[:nameBytes])}
}

// bin is the key of the value that holds the entry, among others: one byte of the hash.
func (k key) bin() string { return hex.EncodeToString([]byte(k.name[:1])) }

func (k key) hash() string { return base64.RawURLEncoding.EncodeToString([]byte(k.name)) }

// entry is what is known of a medium: under which id it was uploaded, or, without one, that
// somebody is about to.
type entry struct {
	Hash  string    `json:"h"`
	ID    string    `json:"id,omitempty"`
	Until time.Time `json:"until"` // it is worth nothing from then on
}

// errRaces is the error of a bin that others changed again and again.
var errRaces = errors.New("others change the same entry again and again")

// update changes the entries of a bin in one step. change is told the entry of k as it is; it returns
// what is to stand in its place, an empty hash for nothing, or ok false to leave all as it is.
func (l *Library) update(ctx context.Context, k key, change func(now entry) (next entry, ok bool)) error {
	at := store.Shelf{Page: k.page, Plugin: shelfName}
	for range MaxRaces {
		old, err := l.store.Value(ctx, at, k.bin())
		if err != nil {
			return fmt.Errorf("media: read: %w", err)
		}
		list, mine := l.read(old, k)
		next, ok := change(mine)
		if !ok {
			return nil
		}
		if next.Hash != "" {
			list = append(list, next)
		}
		data, err := json.Marshal(list)
		if err != nil {
			return fmt.Errorf("media: encode: %w", err)
		}
		if len(list) == 0 {
			data = nil
		}
		done, err := l.store.SetValue(ctx, at, k.bin(), data, &old)
		if err != nil {
			return fmt.Errorf("media: write: %w", err)
		}
		if done {
			return nil
		}
	}
	return fmt.Errorf("media: write: %w", errRaces)
}

// read gives the entries of a bin that are worth something, but for that of k, with room for one more. What
// cannot be read is of no use to anybody: the bin begins anew.
func (l *Library) read(data []byte, k key) (others []entry, mine entry) {
	var list []entry
	if len(data) > 0 && json.Unmarshal(data, &list) != nil {
		list = nil
	}
	now := l.clock.Now()
	for _, e := range list {
		switch {
		case !now.Before(e.Until):
		case e.Hash == k.hash():
			mine = e
		default:
			others = append(others, e)
		}
	}
	slices.SortStableFunc(others, func(a, b entry) int { return a.Until.Compare(b.Until) })
	return others[max(0, len(others)-MaxBin+1):], mine
}
