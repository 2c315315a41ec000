package bolt

import (
	"bytes"
	"cmp"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// kept is a letter in its bucket.
type kept struct {
	key []byte
	seq uint64
	rec []byte
}

// lettersOf lists a conversation's letters, the oldest first. They point into the transaction.
func lettersOf(tx *bbolt.Tx, k store.Key) ([]kept, error) {
	var all []kept
	err := each(tx.Bucket(letterBucket), items(k), func(key, value []byte) error {
		seq, rec := parseNumbered(value)
		all = append(all, kept{key, seq, rec})
		return nil
	})
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.seq, b.seq) })
	return all, err
}

// letters reads a conversation's letters.
func letters(tx *bbolt.Tx, k store.Key) ([]store.Letter, error) {
	all, err := lettersOf(tx, k)
	if err != nil {
		return nil, err
	}
	var out []store.Letter
	for _, one := range all {
		l, err := record.ParseLetter(one.rec)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// setAside adds letters, and lets the oldest make room.
func setAside(tx *bbolt.Tx, k store.Key, aside []store.Letter) error {
	if len(aside) == 0 {
		return nil
	}
	b := tx.Bucket(letterBucket)
	for _, l := range aside {
		seq, err := b.NextSequence()
		if err != nil {
			return err
		}
		if err := b.Put(item(k, l.Kind+":"+l.ID), numbered(seq, record.Letter(l))); err != nil {
			return err
		}
	}
	all, err := lettersOf(tx, k)
	if err != nil {
		return err
	}
	var gone [][]byte
	for _, old := range all[:max(0, len(all)-store.MaxLetters)] {
		gone = append(gone, bytes.Clone(old.key))
	}
	return remove(b, gone)
}
