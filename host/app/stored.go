package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/store/redis"
)

// StoredAt looks at the store of an address, beside a running host. It opens no file and makes none: the disk of one that
// is not there yet is that of the nearest folder above it which is.
func StoredAt(ctx context.Context, address string) (deploy.Stored, error) {
	if address == "" {
		address = DefaultStore
	}
	if file, ok := boltFile(address); ok {
		_, missing := os.Stat(file)
		dir := filepath.Dir(file)
		free, err := freeSpace(dir)
		for up := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && up != dir; up = filepath.Dir(dir) {
			dir = up
			free, err = freeSpace(dir)
		}
		return deploy.Stored{File: file, Free: free, New: errors.Is(missing, fs.ErrNotExist)}, err
	}
	r, err := redis.Open(ctx, redis.Options{URL: address})
	if err != nil {
		return deploy.Stored{}, err
	}
	doubts, err := r.Durability(ctx)
	return deploy.Stored{Doubts: doubts}, errors.Join(err, r.Close())
}
