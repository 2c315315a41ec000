package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/footlight-bots/footlight/host/draft"
	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// showcase lets a desk look at what is published in a store, which is another's: it makes no file, and changes none.
type showcase struct {
	address string
	own     store.Store // of the desk itself, when it is kept at the same address; else nil
	log     *slog.Logger

	open store.Store // one that many share; nil: not open yet, or a file
	size int64       // of the file when it was looked at last
	at   time.Time   // of its last change then; zero: it was not looked at
}

var _ draft.Store = (*showcase)(nil)

// Look implements draft.Store.
func (w *showcase) Look(ctx context.Context, do func(release.Papers) error) error {
	if w.own != nil {
		return do(w.own)
	}
	if file, ok := boltFile(w.address); ok {
		return w.lookAt(ctx, file, do)
	}
	if w.open == nil {
		var err error
		if w.open, _, err = openStore(ctx, w.address, w.log); err != nil {
			return err
		}
	}
	return do(w.open)
}

// lookAt looks at a file that has changed since it was looked at last, or has it looked at by the host that has it.
func (w *showcase) lookAt(ctx context.Context, file string, do func(release.Papers) error) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.at = time.Time{}
		return do(blank{})
	case err != nil:
		return err
	case info.ModTime().Equal(w.at) && info.Size() == w.size:
		return nil
	}
	path := hatch.Path(file)
	err = do(&Papers{hatch: path})
	if errors.Is(err, hatch.ErrNobody) {
		err = bolt.Glance(file, func(g *bolt.Glimpse) error { return do(g) })
	}
	if err == nil {
		w.size, w.at = info.Size(), info.ModTime()
	}
	return err
}

// close gives back what Look has opened.
func (w *showcase) close() error {
	if w.open == nil {
		return nil
	}
	return w.open.Close()
}

// blank is what is published in a file that does not exist.
type blank struct{}

func (blank) Paper(_ context.Context, name string) (store.Paper, error) {
	return store.Paper{Name: name}, nil
}

func (blank) SetPaper(context.Context, store.Paper) (revision uint64, done bool, err error) {
	return 0, false, errors.New("write paper: there is no file")
}
