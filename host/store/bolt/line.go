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
// has work next. Times are milliseconds.
type line struct {
	key    store.Key
	fence  uint64 // of the lease; 0: nobody works on it
	until  int64  // end of the lease
	hold   int64  // no send is due before it
	due    int64  // where it stands in the due index, or never
	parked bool   // a pause holds its sends back
}

// lineSize is the length of an encoded line in bytes.
const lineSize = 33

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
	l.parked = b[32] != 0
	return l, nil
}

// save writes a line and its places in the indexes; was is how it was loaded.
func (l line) save(tx *bbolt.Tx, was line) error {
	n := name(l.key)
	due, parked, lines := tx.Bucket(dueBucket), tx.Bucket(parkedBucket), tx.Bucket(lineBucket)
	if l == was {
		return nil
	}
	if l.due != was.due && was.due != never {
		if err := due.Delete(timed(was.due, n)); err != nil {
			return err
		}
	}
	if l.due != was.due && l.due != never {
		if err := due.Put(timed(l.due, n), nil); err != nil {
			return err
		}
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
	if l.parked {
		b[32] = 1
	}
	return lines.Put(n, b)
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

// work is when the conversation's first event was accepted and when its first send is due, or never.
func work(tx *bbolt.Tx, k store.Key) (events, sends int64, err error) {
	events, sends = never, never
	err = each(tx.Bucket(boxBucket), items(k), func(_, value []byte) error {
		_, rec := parseNumbered(value)
		at, err := record.Accepted(rec)
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
