package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/store/redis"
)

// DefaultStore is where state is kept without a setting.
const DefaultStore = "bolt:.footlight/state.db"

// boltFile is the file of a store's address; ok is false for a store that many share.
func boltFile(address string) (path string, ok bool) {
	scheme, rest, _ := strings.Cut(address, ":")
	return filepath.FromSlash(rest), scheme == "bolt"
}

// openHatch lets operators in while the host has the file. A host without a hatch works all the same.
func (h *Host) openHatch() {
	file, ok := boltFile(h.config.Store)
	if !ok {
		return
	}
	var err error
	if h.hatch, err = hatch.Open(hatch.Path(file)); err != nil {
		h.config.Log.Warn("footlight user and page cannot reach this host while it runs", "error", err)
	}
}

// openStore opens the store that an address names, and says in a few words which it is.
func openStore(ctx context.Context, address string, log *slog.Logger) (s store.Store, name string, err error) {
	switch scheme, rest, _ := strings.Cut(address, ":"); scheme {
	case "bolt":
		file, err := bolt.Open(bolt.Options{Path: filepath.FromSlash(rest), Log: log})
		if err != nil {
			return nil, "", err
		}
		return file, "file " + rest, nil
	case "redis", "rediss":
		r, err := redis.Open(ctx, redis.Options{URL: address})
		if err != nil {
			return nil, "", err
		}
		doubts, err := r.Durability(ctx)
		if err != nil {
			return nil, "", errors.Join(err, r.Close())
		}
		for _, doubt := range doubts {
			log.Warn("redis may lose what it holds", "why", doubt)
		}
		return r, "redis", nil
	default:
		return nil, "", fmt.Errorf("store: an address begins with bolt:, redis:// or rediss://, as in %s", DefaultStore)
	}
}
