package bolt

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// sweepPerEvent is how many expired deduplication keys an accepted event clears away: more than
// one, so that they become fewer.
const sweepPerEvent = 4

// Accept implements store.Store; it is atomic for the whole batch.
func (s *Store) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) ([]store.Event, []store.Claimed, error) {
	if err := store.CheckAccept(events, lease, limit); err != nil {
		return nil, nil, tell("accept events", err)
	}
	if len(events) == 0 {
		return nil, nil, nil
	}
	at, until := record.Floor(now), record.Ceil(now.Add(lease))
	var fresh []store.Event
	var leases []store.Lease
	err := s.write(ctx, func(tx *bbolt.Tx) (err error) {
		fresh, leases = nil, nil
		if err := sweep(tx, at, sweepPerEvent*len(events)); err != nil {
			return err
		}
		for _, e := range events {
			added, err := accept(tx, at, &e)
			if err != nil {
				return err
			}
			if added {
				fresh = append(fresh, e)
			}
		}
		leases, err = takeFresh(tx, fresh, at, until, limit)
		return err
	})
	if err != nil {
		return nil, nil, tell("accept events", err)
	}
	return fresh, s.loadAll(leases), nil
}

// takeFresh leases up to limit of the conversations that have one of some new events due, if nobody has them.
func takeFresh(tx *bbolt.Tx, fresh []store.Event, now, until int64, limit int) ([]store.Lease, error) {
	var leases []store.Lease
	for _, e := range fresh {
		if len(leases) == limit {
			break
		}
		l, err := loadLine(tx, e.Key)
		if err != nil {
			return nil, err
		}
		if l.fence != 0 && l.until > now || record.Ceil(e.Due) > now {
			continue // also when it has just been leased
		}
		l, ok, err := take(tx, e.Key, now, now, until)
		if err != nil {
			return nil, err
		}
		if ok {
			leases = append(leases, l.leased())
		}
	}
	return leases, nil
}

// accept adds one event unless its id is known, and gives it its Seq.
func accept(tx *bbolt.Tx, now int64, e *store.Event) (bool, error) {
	id := record.Seen(e.Key, e.ID)
	seen, exp, conv := tx.Bucket(seenBucket), tx.Bucket(expBucket), tx.Bucket(convBucket)
	if known := seen.Get(id[:]); known != nil {
		expires := int64(binary.BigEndian.Uint64(known))
		if expires > now {
			return false, nil
		}
		if err := exp.Delete(timed(expires, id[:])); err != nil {
			return false, err
		}
	}
	expires := now + store.DedupFor.Milliseconds()
	if err := seen.Put(id[:], timed(expires, nil)); err != nil {
		return false, err
	}
	if err := exp.Put(timed(expires, id[:]), nil); err != nil {
		return false, err
	}
	key := item(e.Key, eventKind, e.ID)
	if conv.Get(key) != nil {
		return false, nil
	}
	seq, err := conv.NextSequence()
	if err != nil {
		return false, err
	}
	if err := conv.Put(key, numbered(seq, record.Event(*e, now))); err != nil {
		return false, err
	}
	e.Seq, e.Body = seq, slices.Clone(e.Body)
	e.At, e.Due = record.Time(record.Floor(e.At)), record.Time(record.Ceil(e.Due))
	l, err := loadLine(tx, e.Key)
	if err != nil {
		return false, err
	}
	was := l
	l.due = min(l.due, l.wake(max(now, record.Ceil(e.Due)), never))
	l.stir(now)
	return true, l.save(tx, was)
}

// sweep removes up to limit deduplication keys that have expired.
func sweep(tx *bbolt.Tx, now int64, limit int) error {
	seen, exp := tx.Bucket(seenBucket), tx.Bucket(expBucket)
	var expired [][]byte
	c := exp.Cursor()
	for key, _ := c.First(); key != nil && len(expired) < limit; key, _ = c.Next() {
		if at, _ := parseTimed(key); at > now {
			break
		}
		expired = append(expired, slices.Clone(key))
	}
	for _, key := range expired {
		if err := exp.Delete(key); err != nil {
			return err
		}
		if err := seen.Delete(key[8:]); err != nil {
			return err
		}
	}
	return nil
}
