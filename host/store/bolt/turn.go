package bolt

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// Load implements store.Store.
func (s *Store) Load(ctx context.Context, lease store.Lease) (store.Conversation, error) {
	var c store.Conversation
	err := s.read(ctx, func(tx *bbolt.Tx) (err error) {
		c, err = load(tx, lease)
		return err
	})
	return c, tell("load conversation", err)
}

func load(tx *bbolt.Tx, lease store.Lease) (store.Conversation, error) {
	l, err := held(tx, lease)
	if err != nil {
		return store.Conversation{}, err
	}
	return conversation(tx, l)
}

// Read implements store.Store.
func (s *Store) Read(ctx context.Context, k store.Key) (store.Conversation, error) {
	if err := k.Check(); err != nil {
		return store.Conversation{}, tell("read conversation", err)
	}
	var c store.Conversation
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		l, err := loadLine(tx, k)
		if err != nil {
			return err
		}
		c, err = conversation(tx, l)
		return err
	})
	return c, tell("read conversation", err)
}

// conversation copies all that is kept of one out of a transaction.
func conversation(tx *bbolt.Tx, l line) (store.Conversation, error) {
	c := store.Conversation{Key: l.key, Hold: record.Time(l.hold), Claims: int(l.claims)}
	prefix := all(l.key)
	var letters []numberedLetter
	err := each(tx.Bucket(convBucket), prefix, func(key, value []byte) error {
		switch kind := key[len(prefix)]; kind {
		case eventKind:
			seq, rec := parseNumbered(value)
			e, _, err := record.ParseEvent(rec)
			e.Key, e.Seq = l.key, seq
			c.Events = append(c.Events, e)
			return err
		case sendKind:
			seq, rec := parseNumbered(value)
			s, err := record.ParseSend(rec)
			s.Seq = seq
			c.Sends = append(c.Sends, s)
			return err
		case letterKind:
			seq, rec := parseNumbered(value)
			letter, err := record.ParseLetter(rec)
			letters = append(letters, numberedLetter{seq, letter})
			return err
		case sessionKind:
			c.Session = bytes.Clone(value)
		}
		return nil
	})
	if err != nil {
		return store.Conversation{}, err
	}
	record.Sort(&c)
	c.Letters = byNumber(letters)
	return c, nil
}

// Commit implements store.Store.
func (s *Store) Commit(ctx context.Context, lease store.Lease, c store.Change, release bool) error {
	if err := c.Check(); err != nil {
		return tell("commit turn", err)
	}
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		l, err := held(tx, lease)
		if err != nil {
			return err
		}
		if c.Session != nil {
			if err := tx.Bucket(convBucket).Put(items(l.key, sessionKind), c.Session); err != nil {
				return err
			}
		}
		for _, id := range c.Consumed {
			if err := tx.Bucket(convBucket).Delete(item(l.key, eventKind, id)); err != nil {
				return err
			}
		}
		if err := setAside(tx, l.key, c.Aside); err != nil {
			return err
		}
		if err := changeSends(tx, l.key, c); err != nil {
			return err
		}
		was := l
		l.hold, l.claims = record.Ceil(c.Hold), 1
		if release {
			return l.release(tx, was)
		}
		if err := l.place(tx); err != nil {
			return err
		}
		return l.save(tx, was)
	})
	return tell("commit turn", err)
}

// changeSends does what a change says about sends, in the order of its fields.
func changeSends(tx *bbolt.Tx, k store.Key, c store.Change) error {
	conv := tx.Bucket(convBucket)
	for _, id := range c.Settled {
		if err := conv.Delete(item(k, sendKind, id)); err != nil {
			return err
		}
	}
	for _, id := range c.Retried {
		if err := retry(conv, item(k, sendKind, id)); err != nil {
			return err
		}
	}
	if c.Cancel {
		if err := cancel(conv, k); err != nil {
			return err
		}
	}
	for _, s := range c.Sends {
		seq, err := conv.NextSequence()
		if err != nil {
			return err
		}
		if err := conv.Put(item(k, sendKind, s.ID), numbered(seq, record.Send(s))); err != nil {
			return err
		}
	}
	return nil
}

// retry counts one more try of a send, when it still waits.
func retry(conv *bbolt.Bucket, key []byte) error {
	value := conv.Get(key)
	if value == nil {
		return nil
	}
	seq, rec := parseNumbered(value)
	s, err := record.ParseSend(rec)
	if err != nil {
		return err
	}
	s.Tries++
	return conv.Put(key, numbered(seq, record.Send(s)))
}

// cancel removes the sends that do not stay.
func cancel(conv *bbolt.Bucket, k store.Key) error {
	var gone [][]byte
	err := each(conv, items(k, sendKind), func(key, value []byte) error {
		_, rec := parseNumbered(value)
		s, err := record.ParseSend(rec)
		if !s.Stay {
			gone = append(gone, bytes.Clone(key))
		}
		return err
	})
	if err != nil {
		return err
	}
	return remove(conv, gone)
}

// Erase implements store.Store. The bytes of what was removed stay in empty pages of
// the file until those are used again or the file is compacted.
func (s *Store) Erase(ctx context.Context, k store.Key) error {
	if err := k.Check(); err != nil {
		return tell("erase conversation", err)
	}
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		l, err := loadLine(tx, k)
		if err != nil {
			return err
		}
		return l.erase(tx)
	})
	return tell("erase conversation", err)
}
