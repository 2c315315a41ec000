package bolt

import (
	"encoding/binary"
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
	fence  uint64 // of the lease; 0: nobody works on it
	until  int64  // end of the lease
	hold   int64  // no send is due before it
	due    int64  // where it stands in the due index, or never
	claims uint32 // leases since the last commit
	rest   uint32 // where it stands in the index of those that rest: one more than the step of its last word or lease
	parked bool   // a pause holds its sends back
}

// lineSize is the length of an encoded line in bytes.
const lineSize = 41

func loadLine(tx *bbolt.Tx, k store.Key) (line, error) {
	l := line{key: k, due: never}
	b := tx.Bucket(lineBucket).Get(name(k))
	if b == nil {
		return l, nil
	}
	if len(b) != lineSize {
		return l, fmt.Errorf("line of a conversation has %d bytes, not %d", len(b), lineSize)
	}
	l.fence = binary.BigEndian.Uint64(b)
	l.until = int64(binary.BigEndian.Uint64(b[8:]))
	l.hold = int64(binary.BigEndian.Uint64(b[16:]))
	l.due = int64(binary.BigEndian.Uint64(b[24:]))
	l.claims = binary.BigEndian.Uint32(b[32:])
	l.rest = binary.BigEndian.Uint32(b[36:])
	l.parked = b[40] != 0
	return l, nil
}

// save writes a line and its places in the indexes; was is how it was loaded.
func (l line) save(tx *bbolt.Tx, was line) error {
	if l == was {
		return nil
	}
	n := name(l.key)
	parked, lines := tx.Bucket(parkedBucket), tx.Bucket(lineBucket)
	if err := move(tx.Bucket(dueBucket), n, was.due, l.due, never); err != nil {
		return err
	}
	if err := move(tx.Bucket(restBucket), n, int64(was.rest), int64(l.rest), 0); err != nil {
		return err
	}
	if l.parked && !was.parked {
		if err := parked.Put(n, nil); err != nil {
			return err
		}
	}
	if !l.parked && was.parked {
		if err := parked.Delete(n); err != nil {
			return err
		}
	}
	if (l == line{key: l.key, due: never}) {
		return lines.Delete(n)
	}
	b := make([]byte, lineSize)
	binary.BigEndian.PutUint64(b, l.fence)
	binary.BigEndian.PutUint64(b[8:], uint64(l.until))
	binary.BigEndian.PutUint64(b[16:], uint64(l.hold))
	binary.BigEndian.PutUint64(b[24:], uint64(l.due))
	binary.BigEndian.PutUint32(b[32:], l.claims)
	binary.BigEndian.PutUint32(b[36:], l.rest)
	if l.parked {
		b[40] = 1
	}
	return lines.Put(n, b)
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
	l.fence, err = tx.Bucket(lineBucket).NextSequence()
	l.until = until
	l.claims++
	l.stir(now)
	return err
}

// leased is the contract's word for the lease that runs.
func (l *line) leased() store.Lease {
	return store.Lease{Key: l.key, Fence: l.fence, Until: record.Time(l.until)}
}

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
func (l *line) place(tx *bbolt.Tx) error {
	events, sends, err := work(tx, l.key)
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

// work is when the conversation's first event is work and when its first send is due, or never.
func work(tx *bbolt.Tx, k store.Key) (events, sends int64, err error) {
	events, sends = never, never
	err = each(tx.Bucket(boxBucket), items(k), func(_, value []byte) error {
		_, rec := parseNumbered(value)
		at, err := record.Ready(rec)
		events = min(events, at)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	err = each(tx.Bucket(outBucket), items(k), func(_, value []byte) error {
		_, rec := parseNumbered(value)
		at, err := record.Due(rec)
		sends = min(sends, at)
		return err
	})
	return events, sends, err
}
