package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// Glimpse is a file that is open for a look at its papers.
type Glimpse struct{ db *bbolt.DB }

// glanceWait is how long Glance waits for the process that has the file.
const glanceWait = 200 * time.Millisecond

// errGlimpse is the error of a write into a file that is only looked at.
var errGlimpse = errors.New("write paper: the file is open for reading only")

// Glance lets do look at the papers in a file, and changes nothing of it, not even its time. Others may look at it
// too; who has it open to write keeps it from being looked at.
func Glance(path string, do func(*Glimpse) error) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: glanceWait, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return fmt.Errorf("look at store: %s: %w", path, err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if meta := tx.Bucket(metaBucket); meta == nil || string(meta.Get(formatKey)) != format {
			return fmt.Errorf("look at store: %s is no store of this footlight", path)
		}
		return nil
	})
	if err == nil {
		err = do(&Glimpse{db})
	}
	return errors.Join(err, db.Close())
}

// Paper is that of a Store.
func (g *Glimpse) Paper(ctx context.Context, name string) (store.Paper, error) {
	p := store.Paper{Name: name}
	if err := errors.Join(ctx.Err(), store.CheckPaperName(name)); err != nil {
		return p, tell("read paper", err)
	}
	err := g.db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(paperBucket); b != nil { // an earlier release kept none
			revision, body := paper(b, name)
			p.Revision, p.Body = revision, append([]byte(nil), body...)
		}
		return nil
	})
	return p, tell("read paper", err)
}

// SetPaper refuses.
func (g *Glimpse) SetPaper(context.Context, store.Paper) (revision uint64, done bool, err error) {
	return 0, false, errGlimpse
}
