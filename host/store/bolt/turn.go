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
	err := s.read(ctx, func(tx *bbolt.Tx) error {
		l, err := held(tx, lease)
		if err != nil {
			return err
		}
		c, err = conversation(tx, l)
		return err
	})
	return c, tell("load conversation", err)
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
	c := store.Conversation{Key: l.key, Hold: record.Time(l.hold)}
	c.Session = bytes.Clone(tx.Bucket(sessionBucket).Get(name(l.key)))
	err := each(tx.Bucket(boxBucket), items(l.key), func(key, value []byte) error {
		e, _, err := record.ParseEvent(value)
		e.Key, e.Seq = l.key, seqOf(key)
		c.Events = append(c.Events, e)
		return err
	})
	if err != nil {
		return store.Conversation{}, err
	}
	err = each(tx.Bucket(outBucket), items(l.key), func(key, value []byte) error {
		out, err := record.ParseSend(value)
		out.Seq = seqOf(key)
		c.Sends = append(c.Sends, out)
		return err
	})
	if err != nil {
		return store.Conversation{}, err
	}
	record.Sort(&c)
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
			if err := tx.Bucket(sessionBucket).Put(name(l.key), c.Session); err != nil {
				return err
			}
		}
		if err := consume(tx, l.key, c.Consumed); err != nil {
			return err
		}
		if err := changeSends(tx, l.key, c); err != nil {
			return err
		}
		was := l
		l.hold = record.Ceil(c.Hold)
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

// consume removes the events of these ids.
func consume(tx *bbolt.Tx, k store.Key, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	done := setOf(ids)
	box := tx.Bucket(boxBucket)
	var gone [][]byte
	err := each(box, items(k), func(key, value []byte) error {
		e, _, err := record.ParseEvent(value)
		if done[e.ID] {
			gone = append(gone, bytes.Clone(key))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range gone {
		if err := box.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// changeSends does what a change says about sends, in the order of its fields.
func changeSends(tx *bbolt.Tx, k store.Key, c store.Change) error {
	out := tx.Bucket(outBucket)
	settled, retried, replaced := setOf(c.Settled), setOf(c.Retried), map[string]bool{}
	for _, s := range c.Sends {
		replaced[s.ID] = true
	}
	waiting, err := sends(tx, k)
	if err != nil {
		return err
	}
	for _, s := range waiting {
		switch {
		case settled[s.ID], c.Cancel && !s.Stay, replaced[s.ID]:
			err = out.Delete(item(k, s.Seq))
		case retried[s.ID]:
			s.Tries++
			err = out.Put(item(k, s.Seq), record.Send(s))
		}
		if err != nil {
			return err
		}
	}
	for _, s := range c.Sends {
		seq, err := out.NextSequence()
		if err != nil {
			return err
		}
		if err := out.Put(item(k, seq), record.Send(s)); err != nil {
			return err
		}
	}
	return nil
}

// sends lists what waits in a conversation's outbox, in the order of Seq.
func sends(tx *bbolt.Tx, k store.Key) ([]store.Send, error) {
	var all []store.Send
	err := each(tx.Bucket(outBucket), items(k), func(key, value []byte) error {
		s, err := record.ParseSend(value)
		s.Seq = seqOf(key)
		all = append(all, s)
		return err
	})
	return all, err
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
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
		if err := tx.Bucket(sessionBucket).Delete(name(k)); err != nil {
			return err
		}
		if err := drop(tx.Bucket(boxBucket), items(k)); err != nil {
			return err
		}
		if err := drop(tx.Bucket(outBucket), items(k)); err != nil {
			return err
		}
		return line{key: k, due: never}.save(tx, l)
	})
	return tell("erase conversation", err)
}
