package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// never is later than any time.
const never = math.MaxInt64

// A line is a conversation's place among those that wait: who works on it, and when it
// has work next. Everyone of whom anything is kept has one. Times are milliseconds.
type line struct {
	key    store.Key
	hold   int64  // no send is due before it
	due    int64  // where it stands in the due index, or never
	rest   uint32 // where it stands in the index of those that rest: one more than the step of its last word or lease; 0: nothing is kept
	parked bool   // a pause holds its sends back

	fence  uint64 // of the lease; 0: nobody works on it
	until  int64  // end of the lease
	claims uint32 // leases since one was given back

	written int64 // due as it stands in the conversation, where it is out of date while leases are counted
}

const (
	// lineSize is the length of an encoded line in bytes.
	lineSize = 21
	// leaseSize is the length of an encoded lease in bytes.
	leaseSize = 28
)

func loadLine(tx *bbolt.Tx, k store.Key) (line, error) {
	l := nobody(k)
	if b := tx.Bucket(convBucket).Get(items(k, lineKind)); b != nil {
		if len(b) != lineSize {
			return l, fmt.Errorf("line of a conversation has %d bytes, not %d", len(b), lineSize)
		}
		l.hold = int64(binary.BigEndian.Uint64(b))
		l.due = int64(binary.BigEndian.Uint64(b[8:]))
		l.rest = binary.BigEndian.Uint32(b[16:])
		l.parked = b[20] != 0
		l.written = l.due
	}
	if b := tx.Bucket(leaseBucket).Get(name(k)); b != nil {
		if len(b) != leaseSize {
			return l, fmt.Errorf("lease of a conversation has %d bytes, not %d", len(b), leaseSize)
		}
		l.fence = binary.BigEndian.Uint64(b)
		l.until = int64(binary.BigEndian.Uint64(b[8:]))
		l.due = int64(binary.BigEndian.Uint64(b[16:]))
		l.claims = binary.BigEndian.Uint32(b[24:])
	}
	return l, nil
}

// save writes a line and its places in the indexes; was is how it was loaded.
func (l line) save(tx *bbolt.Tx, was line) error {
	if l == was {
		return nil
	}
	n := name(l.key)
	if err := move(tx.Bucket(dueBucket), n, was.due, l.due, never); err != nil {
		return err
	}
	if err := move(tx.Bucket(restBucket), n, int64(was.rest), int64(l.rest), 0); err != nil {
		return err
	}
	if err := mark(tx.Bucket(parkedBucket), n, was.parked, l.parked); err != nil {
		return err
	}
	counted := l.fence != 0 || l.claims != 0
	if !counted {
		l.written = l.due
	}
	return errors.Join(l.saveLine(tx, was), l.saveLease(tx, was, counted))
}

// saveLine writes what is kept in the conversation, if it is another than before.
func (l line) saveLine(tx *bbolt.Tx, was line) error {
	conv, key := tx.Bucket(convBucket), items(l.key, lineKind)
	if l.rest == 0 {
		return conv.Delete(key)
	}
	if l.hold == was.hold && l.written == was.written && l.rest == was.rest && l.parked == was.parked {
		return nil
	}
	b := make([]byte, lineSize)
	binary.BigEndian.PutUint64(b, uint64(l.hold))
	binary.BigEndian.PutUint64(b[8:], uint64(l.written))
	binary.BigEndian.PutUint32(b[16:], l.rest)
	if l.parked {
		b[20] = 1
	}
	return conv.Put(key, b)
}

// saveLease writes the lease, or removes it when there is none and none is counted.
func (l line) saveLease(tx *bbolt.Tx, was line, counted bool) error {
	leases, n := tx.Bucket(leaseBucket), name(l.key)
	if !counted {
		if was.fence == 0 && was.claims == 0 {
			return nil
		}
		return leases.Delete(n)
	}
	if l.fence == was.fence && l.until == was.until && l.due == was.due && l.claims == was.claims {
		return nil
	}
	b := make([]byte, leaseSize)
	binary.BigEndian.PutUint64(b, l.fence)
	binary.BigEndian.PutUint64(b[8:], uint64(l.until))
	binary.BigEndian.PutUint64(b[16:], uint64(l.due))
	binary.BigEndian.PutUint32(b[24:], l.claims)
	return leases.Put(n, b)
}

// mark puts a name into a set or takes it out.
func mark(set *bbolt.Bucket, n []byte, was, is bool) error {
	switch {
	case is && !was:
		return set.Put(n, nil)
	case was && !is:
		return set.Delete(n)
	}
	return nil
}

// move gives a name another place in an index of times; none is that of names which are not there.
func move(index *bbolt.Bucket, n []byte, from, to, none int64) error {
	if from == to {
		return nil
	}
	if from != none {
		if err := index.Delete(timed(from, n)); err != nil {
			return err
		}
	}
	if to == none {
		return nil
	}
	return index.Put(timed(to, n), nil)
}

// stir notes that the conversation does not rest now, a time in milliseconds.
func (l *line) stir(now int64) {
	l.rest = uint32(record.Step(now)) + 1
}

// lease begins a lease.
func (l *line) lease(tx *bbolt.Tx, now, until int64) (err error) {
	l.fence, err = tx.Bucket(leaseBucket).NextSequence()
	l.until = until
	l.claims++
	l.stir(now)
	return err
}

// leased is the contract's word for the lease that runs.
func (l *line) leased() store.Lease {
	return store.Lease{Key: l.key, Fence: l.fence, Until: record.Time(l.until)}
}

// nobody is the line of a conversation of which nothing is kept.
func nobody(k store.Key) line { return line{key: k, due: never, written: never} }

// held loads the line of a lease and refuses when that is no longer the newest.
func held(tx *bbolt.Tx, lease store.Lease) (line, error) {
	l, err := loadLine(tx, lease.Key)
	if err != nil {
		return l, err
	}
	if lease.Fence == 0 || l.fence != lease.Fence {
		return l, fmt.Errorf("fence %d: %w", lease.Fence, store.ErrFenced)
	}
	return l, nil
}

// place sets when the conversation has work next, pauses left aside: Claim finds out about those.
// Under a lease it comes no earlier than that ends, whatever waits: one thing that is due by then tells as much as a
// thousand, which a person may have written in a burst.
func (l *line) place(tx *bbolt.Tx) error {
	enough := int64(math.MinInt64)
	if l.fence != 0 {
		enough = l.until
	}
	events, sends, err := work(tx, l.key, enough)
	if err != nil {
		return err
	}
	l.due = l.wake(events, sends)
	return nil
}

// wake is when the conversation can next be claimed, given when its events and sends are due.
func (l *line) wake(events, sends int64) int64 {
	if sends != never {
		sends = max(sends, l.hold)
	}
	at := min(events, sends)
	if at != never && l.fence != 0 {
		at = max(at, l.until)
	}
	return at
}

// work is when the conversation's first event is work and when its first send is due, or never. Once one of them is found
// that comes by a time that is early enough, those that were not looked at count for nothing.
func work(tx *bbolt.Tx, k store.Key, enough int64) (events, sends int64, err error) {
	if events, err = earliest(tx, items(k, eventKind), enough, record.Ready); err != nil || events <= enough {
		return events, never, err
	}
	sends, err = earliest(tx, items(k, sendKind), enough, record.Due)
	return events, sends, err
}

// earliest is the earliest time of the records behind a prefix, or one that is early enough; never where there are none.
func earliest(tx *bbolt.Tx, prefix []byte, enough int64, when func(rec []byte) (int64, error)) (int64, error) {
	at := int64(never)
	c := tx.Bucket(convBucket).Cursor()
	for key, value := c.Seek(prefix); at > enough && bytes.HasPrefix(key, prefix); key, value = c.Next() {
		_, rec := parseNumbered(value)
		one, err := when(rec)
		if err != nil {
			return 0, err
		}
		at = min(at, one)
	}
	return at, nil
}
