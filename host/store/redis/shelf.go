package redis

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
)

// Value implements store.Store.
func (s *Store) Value(ctx context.Context, at store.Shelf, key string) ([]byte, error) {
	if err := at.CheckValue(key, nil); err != nil {
		return nil, tell("read value", err)
	}
	cmd := redis.NewStringCmd(ctx, "hget", s.shelf(at), key)
	if err := s.do(ctx, cmd); errors.Is(err, redis.Nil) {
		return nil, nil
	} else if err != nil {
		return nil, tell("read value", err)
	}
	return []byte(cmd.Val()), nil
}

// SetValue implements store.Store.
func (s *Store) SetValue(ctx context.Context, at store.Shelf, key string, value []byte, old *[]byte) (bool, error) {
	if err := at.CheckValue(key, value); err != nil {
		return false, tell("write value", err)
	}
	c := call{keys: []string{s.shelf(at)}, args: []any{key, value, store.MaxValues}}
	if old != nil {
		c.args = append(c.args, *old)
	}
	n, err := s.run(ctx, shelfScript, c).Int()
	switch {
	case err != nil:
		return false, tell("write value", err)
	case n < 0:
		return false, tell("write value", store.ErrFull)
	}
	return n == 1, nil
}

// shelf is the key of a shelf, in the partition of its name.
func (s *Store) shelf(at store.Shelf) string {
	name := at.Page + "/" + at.Plugin
	return s.partOf(name).tag + "shelf:" + name
}
