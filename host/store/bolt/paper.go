package bolt

import (
	"bytes"
	"context"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// revisionBytes is how many bytes of a stored paper are its revision.
const revisionBytes = 8

// Paper implements store.Store.
func (s *Store) Paper(ctx context.Context, name string) (p store.Paper, err error) {
	p.Name = name
	if err := store.CheckPaperName(name); err != nil {
		return p, tell("read paper", err)
	}
	err = s.read(ctx, func(tx *bbolt.Tx) error {
		revision, body := paper(tx.Bucket(paperBucket), name)
		p.Revision, p.Body = revision, bytes.Clone(body)
		return nil
	})
	return p, tell("read paper", err)
}

// SetPaper implements store.Store.
func (s *Store) SetPaper(ctx context.Context, p store.Paper) (uint64, bool, error) {
	if err := p.Check(); err != nil {
		return 0, false, tell("write paper", err)
	}
	var revision uint64
	var done bool
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		b := tx.Bucket(paperBucket)
		now, _ := paper(b, p.Name)
		if revision, done = now, now == p.Revision; !done {
			return nil
		}
		if len(p.Body) == 0 {
			revision = 0
			return b.Delete([]byte(p.Name))
		}
		revision++
		return b.Put([]byte(p.Name), append(binary.BigEndian.AppendUint64(nil, revision), p.Body...))
	})
	if err != nil {
		return 0, false, tell("write paper", err)
	}
	return revision, done, nil
}

// paper takes a stored paper apart; the body is the file's own.
func paper(b *bbolt.Bucket, name string) (revision uint64, body []byte) {
	kept := b.Get([]byte(name))
	if kept == nil {
		return 0, nil
	}
	return binary.BigEndian.Uint64(kept), kept[revisionBytes:]
}
