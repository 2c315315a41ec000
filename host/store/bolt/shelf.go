package bolt

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// Value implements store.Store.
func (s *Store) Value(ctx context.Context, at store.Shelf, key string) (value []byte, err error) {
	if err := at.CheckValue(key, nil); err != nil {
		return nil, tell("read value", err)
	}
	err = s.read(ctx, func(tx *bbolt.Tx) error {
		value = bytes.Clone(tx.Bucket(shelfBucket).Get(onShelf(at, key)))
		return nil
	})
	return value, tell("read value", err)
}

// SetValue implements store.Store.
func (s *Store) SetValue(ctx context.Context, at store.Shelf, key string, value []byte, old *[]byte) (bool, error) {
	if err := at.CheckValue(key, value); err != nil {
		return false, tell("write value", err)
	}
	var done bool
	err := s.write(ctx, func(tx *bbolt.Tx) (err error) {
		done, err = setValue(tx.Bucket(shelfBucket), at, key, value, old)
		return err
	})
	return err == nil && done, tell("write value", err)
}

func setValue(b *bbolt.Bucket, at store.Shelf, key string, value []byte, old *[]byte) (bool, error) {
	name := onShelf(at, key)
	now := b.Get(name)
	if old != nil && !bytes.Equal(now, *old) {
		return false, nil
	}
	if len(value) == 0 {
		return true, b.Delete(name)
	}
	if now == nil {
		n := 0
		// Counting stops where it is certain: a shelf is never larger than that.
		for c, prefix := b.Cursor(), onShelf(at, ""); n <= store.MaxValues; n++ {
			k, _ := c.Next()
			if n == 0 {
				k, _ = c.Seek(prefix)
			}
			if k == nil || !bytes.HasPrefix(k, prefix) {
				break
			}
		}
		if n >= store.MaxValues {
			return false, store.ErrFull
		}
	}
	return true, b.Put(name, value)
}

// onShelf is the name of a value; with an empty key the prefix of those of the shelf.
func onShelf(at store.Shelf, key string) []byte {
	return []byte(at.Page + "/" + at.Plugin + "/" + key)
}
