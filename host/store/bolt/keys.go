package bolt

import (
	"bytes"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// The buckets. A conversation is named page/person; numbers in keys are eight bytes,
// big end first, so that the order of the keys is that of the numbers.
//
// A transaction writes whole pages. So all of a conversation lies side by side, in one page
// mostly, and what changes with every lease lies apart, where the few that are leased share a page.
var (
	metaBucket   = []byte("meta")   // format → its mark
	convBucket   = []byte("conv")   // page/person<0><kind>… → all of a conversation, see below
	leaseBucket  = []byte("lease")  // page/person → lease
	dueBucket    = []byte("due")    // <time>page/person → nothing
	restBucket   = []byte("rest")   // <step>page/person, since when it rests → nothing
	parkedBucket = []byte("parked") // page/person, whose sends a pause holds back → nothing
	pauseBucket  = []byte("pause")  // page → until and reason
	seenBucket   = []byte("seen")   // hash of an event's id → when it expires
	expBucket    = []byte("exp")    // <time>hash → nothing
	shelfBucket  = []byte("shelf")  // page/plug-in/key → value
	paperBucket  = []byte("paper")  // name → <revision>body

	buckets = [][]byte{
		metaBucket, convBucket, leaseBucket, dueBucket, restBucket, parkedBucket,
		pauseBucket, seenBucket, expBucket, shelfBucket, paperBucket,
	}

	formatKey = []byte("format")
	checkKey  = []byte("check")
)

// The kinds of what is kept of a conversation. The zero byte before them, less than any of a name, keeps the
// keys in the order of names.
const (
	lineKind    = 'a' // page/person<0>a, of everyone of whom anything is kept → hold, place in the indexes
	eventKind   = 'e' // page/person<0>e<id> → <seq>event
	letterKind  = 'l' // page/person<0>l<kind>:<id> → <seq>letter
	sendKind    = 'm' // page/person<0>m<id> → <seq>send
	sessionKind = 's' // page/person<0>s → session
)

func name(k store.Key) []byte {
	return []byte(k.Page + "/" + k.Person)
}

func parseName(b []byte) store.Key {
	page, person, _ := bytes.Cut(b, []byte{'/'})
	return store.Key{Page: string(page), Person: string(person)}
}

// all is the prefix of a conversation's keys.
func all(k store.Key) []byte {
	return append(name(k), 0)
}

// past is the least key after all of a conversation's keys.
func past(k store.Key) []byte {
	return append(name(k), 1)
}

// items is the prefix of a conversation's keys of one kind.
func items(k store.Key, kind byte) []byte {
	return append(all(k), kind)
}

func item(k store.Key, kind byte, id string) []byte {
	return append(items(k, kind), id...)
}

// numbered is the value of an event or a send: its Seq, then its record.
func numbered(seq uint64, rec []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, seq), rec...)
}

func parseNumbered(value []byte) (seq uint64, rec []byte) {
	if len(value) < 8 {
		return 0, nil // no record: its parser tells
	}
	return binary.BigEndian.Uint64(value), value[8:]
}

// timed is a key that sorts by time.
func timed(ms int64, rest []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(ms)), rest...)
}

func parseTimed(key []byte) (ms int64, rest []byte) {
	return int64(binary.BigEndian.Uint64(key)), key[8:]
}

// each calls do for every pair of a bucket whose key begins with prefix, in order, until
// do returns an error. do must not write to the bucket.
func each(b *bbolt.Bucket, prefix []byte, do func(key, value []byte) error) error {
	c := b.Cursor()
	for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if err := do(k, v); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes every pair whose key begins with prefix.
func drop(b *bbolt.Bucket, prefix []byte) error {
	var keys [][]byte
	err := each(b, prefix, func(key, _ []byte) error {
		keys = append(keys, bytes.Clone(key))
		return nil
	})
	if err != nil {
		return err
	}
	return remove(b, keys)
}

func remove(b *bbolt.Bucket, keys [][]byte) error {
	for _, key := range keys {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
