package bolt

import (
	"context"
	"encoding/binary"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// Pause implements store.Store.
func (s *Store) Pause(ctx context.Context, p store.Pause) error {
	if err := p.Check(); err != nil {
		return tell("pause page", err)
	}
	return tell("pause page", s.write(ctx, func(tx *bbolt.Tx) error { return setPause(tx, p) }))
}

// Prolong implements store.Store.
func (s *Store) Prolong(ctx context.Context, p store.Pause) (bool, error) {
	if err := p.Check(); err != nil {
		return false, tell("prolong pause", err)
	}
	var done bool
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		stands, err := pausedUntil(tx, p.Page)
		if done = err == nil && stands < ends(record.Ceil(p.Until)); !done {
			return err
		}
		return setPause(tx, p)
	})
	return err == nil && done, tell("prolong pause", err)
}

func setPause(tx *bbolt.Tx, p store.Pause) error {
	value := append(timed(record.Ceil(p.Until), nil), p.Reason...)
	if err := tx.Bucket(pauseBucket).Put([]byte(p.Page), value); err != nil {
		return err
	}
	// Those the pause before held back may be due earlier under this one.
	return unpark(tx, p.Page)
}

// Resume implements store.Store.
func (s *Store) Resume(ctx context.Context, page string) error {
	if err := store.CheckName("page", page); err != nil {
		return tell("resume page", err)
	}
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		if err := tx.Bucket(pauseBucket).Delete([]byte(page)); err != nil {
			return err
		}
		return unpark(tx, page)
	})
	return tell("resume page", err)
}

// Pauses implements store.Store.
func (s *Store) Pauses(ctx context.Context) ([]store.Pause, error) {
	var pauses []store.Pause
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		return tx.Bucket(pauseBucket).ForEach(func(page, value []byte) error {
			until, reason, err := parsePause(value)
			pauses = append(pauses, store.Pause{Page: string(page), Until: record.Time(until), Reason: reason})
			return err
		})
	})
	if err != nil {
		return nil, tell("list pauses", err)
	}
	return pauses, nil
}

// pausedUntil is when the pause of a Page ends, never when it waits to be resumed, 0 when there is none.
func pausedUntil(tx *bbolt.Tx, page string) (int64, error) {
	value := tx.Bucket(pauseBucket).Get([]byte(page))
	if value == nil {
		return 0, nil
	}
	until, _, err := parsePause(value)
	return ends(until), err
}

// ends is when a pause ends of which that is kept: never when it waits to be resumed.
func ends(until int64) int64 {
	if until == 0 {
		return never
	}
	return until
}

func parsePause(value []byte) (until int64, reason string, err error) {
	if len(value) < 8 {
		return 0, "", errors.New("pause ends too early")
	}
	return int64(binary.BigEndian.Uint64(value)), string(value[8:]), nil
}

// unpark puts the conversations of a Page that a pause held back where their work is due.
func unpark(tx *bbolt.Tx, page string) error {
	keys, err := parkedOn(tx, page)
	if err != nil {
		return err
	}
	for _, k := range keys {
		l, err := loadLine(tx, k)
		if err != nil {
			return err
		}
		was := l
		l.parked = false
		if err := l.place(tx); err != nil {
			return err
		}
		if err := l.save(tx, was); err != nil {
			return err
		}
	}
	return nil
}
