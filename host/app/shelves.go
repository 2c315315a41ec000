package app

import (
	"context"
	"errors"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/lull"
	"github.com/footlight-bots/footlight/host/store"
)

// shelves lets plug-ins keep values in the store.
type shelves struct{ store store.Store }

var _ direction.Values = shelves{}

// Value implements direction.Values.
func (s shelves) Value(ctx context.Context, at direction.Shelf, key string) (string, error) {
	defer lull.Begin(ctx)()
	value, err := s.store.Value(ctx, store.Shelf(at), key)
	return string(value), err
}

// SetValue implements direction.Values.
func (s shelves) SetValue(ctx context.Context, at direction.Shelf, key, value string, old *string) (bool, error) {
	var before *[]byte
	if old != nil {
		b := []byte(*old)
		before = &b
	}
	defer lull.Begin(ctx)()
	done, err := s.store.SetValue(ctx, store.Shelf(at), key, []byte(value), before)
	if errors.Is(err, store.ErrFull) {
		err = errors.Join(direction.ErrFull, err)
	}
	return done, err
}
