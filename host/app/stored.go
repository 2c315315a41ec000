package app

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/store/redis"
)

// StoredAt looks at the store of an address, beside a running host. It opens no file and makes none.
func StoredAt(ctx context.Context, address string) (deploy.Stored, error) {
	if address == "" {
		address = DefaultStore
	}
	if file, ok := boltFile(address); ok {
		free, err := freeSpace(filepath.Dir(file))
		return deploy.Stored{File: file, Free: free}, err
	}
	r, err := redis.Open(ctx, redis.Options{URL: address})
	if err != nil {
		return deploy.Stored{}, err
	}
	doubts, err := r.Durability(ctx)
	return deploy.Stored{Doubts: doubts}, errors.Join(err, r.Close())
}
