package bolt

import (
	"bytes"
	"cmp"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// A numberedLetter is a letter with its number, which grows with time.
type numberedLetter struct {
	seq uint64
	store.Letter
}

// byNumber gives letters the order in which they were set aside.
func byNumber(letters []numberedLetter) (out []store.Letter) {
	slices.SortFunc(letters, func(a, b numberedLetter) int { return cmp.Compare(a.seq, b.seq) })
	for _, l := range letters {
		out = append(out, l.Letter)
	}
	return out
}

// setAside adds letters, and lets the oldest make room.
func setAside(tx *bbolt.Tx, k store.Key, aside []store.Letter) error {
	if len(aside) == 0 {
		return nil
	}
	conv := tx.Bucket(convBucket)
	for _, l := range aside {
		seq, err := conv.NextSequence()
		if err != nil {
			return err
		}
		if err := conv.Put(item(k, letterKind, l.Kind+":"+l.ID), numbered(seq, record.Letter(l))); err != nil {
			return err
		}
	}
	type kept struct {
		seq uint64
		key []byte
	}
	var all []kept
	err := each(conv, items(k, letterKind), func(key, value []byte) error {
		seq, _ := parseNumbered(value)
		all = append(all, kept{seq, bytes.Clone(key)})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.seq, b.seq) })
	for _, old := range all[:max(0, len(all)-store.MaxLetters)] {
		if err := conv.Delete(old.key); err != nil {
			return err
		}
	}
	return nil
}
