package bolt

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// People implements store.Store.
func (s *Store) People(ctx context.Context, page, after string, limit int) ([]string, error) {
	if err := store.CheckPeople(page, after, limit); err != nil {
		return nil, tell("list people", err)
	}
	var people []string
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		prefix := []byte(page + "/")
		c := tx.Bucket(convBucket).Cursor()
		at := prefix
		if after != "" {
			at = past(store.Key{Page: page, Person: after})
		}
		for len(people) < limit {
			key, _ := c.Seek(at)
			if !bytes.HasPrefix(key, prefix) {
				return nil
			}
			n, _, _ := bytes.Cut(key, []byte{0})
			k := parseName(n)
			people = append(people, k.Person)
			at = past(k)
		}
		return nil
	})
	return people, tell("list people", err)
}

// Idle implements store.Store.
func (s *Store) Idle(ctx context.Context, since time.Time, limit int) ([]store.Key, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, tell("list idle conversations", err)
	}
	var keys []store.Key
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		step := record.Step(record.Floor(since))
		c := tx.Bucket(restBucket).Cursor()
		for key, _ := c.First(); key != nil && len(keys) < limit; key, _ = c.Next() {
			rest, name := parseTimed(key)
			if rest > step { // rest is one more than its step
				break
			}
			keys = append(keys, parseName(name))
		}
		return nil
	})
	return keys, tell("list idle conversations", err)
}

// EraseIdle implements store.Store.
func (s *Store) EraseIdle(ctx context.Context, k store.Key, since time.Time) (bool, error) {
	if err := k.Check(); err != nil {
		return false, tell("erase idle conversation", err)
	}
	var done bool
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		done = false // a write may be begun again
		l, err := loadLine(tx, k)
		if err != nil {
			return err
		}
		if l.rest == 0 || int64(l.rest) > record.Step(record.Floor(since)) { // rest is one more than its step
			return nil
		}
		done = true
		return l.erase(tx)
	})
	return err == nil && done, tell("erase idle conversation", err)
}

// erase removes all of a conversation.
func (l line) erase(tx *bbolt.Tx) error {
	if err := drop(tx.Bucket(convBucket), all(l.key)); err != nil {
		return err
	}
	return nobody(l.key).save(tx, l)
}
