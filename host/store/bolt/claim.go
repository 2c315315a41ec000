package bolt

import (
	"bytes"
	"context"
	"math"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// Claim implements store.Store. What it loads it reads after the transaction, beside the writer.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]store.Claimed, error) {
	if err := store.CheckClaim(lease, limit); err != nil {
		return nil, tell("claim", err)
	}
	at, until := record.Floor(now), record.Ceil(now.Add(lease))
	// Most looks find nothing: they should not cost a place in a transaction.
	idle := false
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		idle = len(overdue(tx, at, 1)) == 0
		return nil
	})
	if err != nil || idle {
		return nil, tell("claim", err)
	}
	var leases []store.Lease
	err = s.write(ctx, func(tx *bbolt.Tx) error {
		leases = nil
		// Every candidate leaves the overdue part of the index or moves on in it, so this ends.
		for len(leases) < limit {
			candidates := overdue(tx, at, limit-len(leases))
			if len(candidates) == 0 {
				return nil
			}
			for _, k := range candidates {
				l, ok, err := take(tx, k, 0, at, until)
				if err != nil {
					return err
				}
				if !ok {
					// It may stand elsewhere now, before others of this round.
					break
				}
				leases = append(leases, l.leased())
			}
		}
		return nil
	})
	if err != nil {
		return nil, tell("claim", err)
	}
	return s.loadAll(leases), nil
}

// loadAll loads conversations that have been leased, whether or not their caller is still there: a lease of which nobody
// hears would keep everybody waiting.
func (s *Store) loadAll(leases []store.Lease) []store.Claimed {
	claimed := make([]store.Claimed, len(leases))
	for i, lease := range leases {
		claimed[i].Lease = lease
	}
	if len(leases) == 0 {
		return claimed
	}
	_ = s.db.View(func(tx *bbolt.Tx) error { // what could not be read, Load tells
		for i, lease := range leases {
			if c, err := load(tx, lease); err == nil {
				claimed[i].Conversation = &c
			}
		}
		return nil
	})
	return claimed
}

// Lease implements store.Store.
func (s *Store) Lease(ctx context.Context, now time.Time, k store.Key, lease time.Duration) (store.Lease, bool, error) {
	if err := store.CheckLease(k, lease); err != nil {
		return store.Lease{}, false, tell("lease conversation", err)
	}
	at, until := record.Floor(now), record.Ceil(now.Add(lease))
	var l store.Lease
	var ok bool
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		ln, err := loadLine(tx, k)
		if ok = ln.fence == 0 || ln.until <= at; err != nil || !ok {
			return err
		}
		was := ln
		if err := ln.lease(tx, at, until); err != nil {
			return err
		}
		if err := ln.place(tx); err != nil {
			return err
		}
		l = ln.leased()
		return ln.save(tx, was)
	})
	if err != nil || !ok {
		return store.Lease{}, false, tell("lease conversation", err)
	}
	return l, true, nil
}

// overdue lists up to limit conversations that the due index says have work, in its order.
func overdue(tx *bbolt.Tx, now int64, limit int) []store.Key {
	var keys []store.Key
	c := tx.Bucket(dueBucket).Cursor()
	for key, _ := c.First(); key != nil && len(keys) < limit; key, _ = c.Next() {
		at, rest := parseTimed(key)
		if at > now {
			break
		}
		keys = append(keys, parseName(rest))
	}
	return keys
}

// take leases a conversation whose turn has come, by a time or, when that is 0, by the time at which the index has
// it; or puts it where it belongs, when the index had it too early, and ok is false.
func take(tx *bbolt.Tx, k store.Key, by, now, until int64) (l line, ok bool, err error) {
	l, err = loadLine(tx, k)
	if err != nil {
		return l, false, err
	}
	was := l
	events, sends, err := work(tx, k, math.MinInt64)
	if err != nil {
		return l, false, err
	}
	l.parked = false
	if sends != never {
		end, err := pausedUntil(tx, k.Page)
		if err != nil {
			return l, false, err
		}
		if first := max(sends, l.hold); end > first {
			sends, l.parked = end, true
		}
	}
	if l.due = l.wake(events, sends); l.due > max(by, was.due) {
		return l, false, l.save(tx, was)
	}
	if err := l.lease(tx, now, until); err != nil {
		return l, false, err
	}
	l.due = until
	return l, true, l.save(tx, was)
}

// Next implements store.Store.
func (s *Store) Next(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.read(ctx, func(tx *bbolt.Tx) error {
		key, _ := tx.Bucket(dueBucket).Cursor().First()
		if key != nil {
			ms, _ := parseTimed(key)
			at, ok = record.Time(ms), true
		}
		return nil
	})
	return at, ok, tell("look for work", err)
}

// Extend implements store.Store.
func (s *Store) Extend(ctx context.Context, lease store.Lease, until time.Time, claims int) (store.Lease, error) {
	end := record.Ceil(until)
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		l, err := held(tx, lease)
		if err != nil {
			return err
		}
		was := l
		l.until = end
		if claims >= 0 {
			l.claims = uint32(claims)
		}
		if err := l.place(tx); err != nil {
			return err
		}
		return l.save(tx, was)
	})
	if err != nil {
		return store.Lease{}, tell("extend lease", err)
	}
	lease.Until = record.Time(end)
	return lease, nil
}

// Release implements store.Store.
func (s *Store) Release(ctx context.Context, lease store.Lease) error {
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		l, err := loadLine(tx, lease.Key)
		if err != nil || lease.Fence == 0 || l.fence != lease.Fence {
			return err
		}
		was := l
		return l.release(tx, was)
	})
	return tell("release lease", err)
}

// release gives the lease back.
func (l *line) release(tx *bbolt.Tx, was line) error {
	l.claims = 0
	return l.end(tx, was)
}

// end ends the lease and puts the conversation where its work is due, or nowhere when
// nothing is kept of it.
func (l *line) end(tx *bbolt.Tx, was line) error {
	l.fence, l.until = 0, 0
	if err := l.place(tx); err != nil {
		return err
	}
	if l.due == never && l.hold == 0 && !remembered(tx, l.key) {
		*l = nobody(l.key)
	}
	return l.save(tx, was)
}

// remembered tells whether a conversation has a session or letters.
func remembered(tx *bbolt.Tx, k store.Key) bool {
	conv, prefix := tx.Bucket(convBucket), items(k, letterKind)
	if conv.Get(items(k, sessionKind)) != nil {
		return true
	}
	letter, _ := conv.Cursor().Seek(prefix)
	return bytes.HasPrefix(letter, prefix)
}

// parkedOn lists the conversations of a Page whose sends a pause holds back.
func parkedOn(tx *bbolt.Tx, page string) ([]store.Key, error) {
	var keys []store.Key
	err := each(tx.Bucket(parkedBucket), append([]byte(page), '/'), func(key, _ []byte) error {
		keys = append(keys, parseName(bytes.Clone(key)))
		return nil
	})
	return keys, err
}
