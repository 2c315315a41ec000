// Package vault keeps the stores of simulated installations, and cuts their power. What a power
// cut does to hosts is the simulator's business. No API of the host is promised.
package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// Keeper makes a store for each run.
type Keeper interface {
	// Open makes it; durable tells that its power may be cut.
	Open(ctx context.Context, durable bool) (store.Store, error)
	Clean() error // removes what the last one has left, once it was closed
	Cutter
}

var errKind = errors.New("store: want bolt or redis")

// New returns the keeper of stores of a kind, "bolt" or "redis". It must not be called in a bubble.
func New(t testing.TB, kind string) (Keeper, error) {
	switch kind {
	case "bolt":
		dir, err := os.MkdirTemp(fast(), "simulator")
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return &Bolt{Path: filepath.Join(dir, "state.db")}, nil
	case "redis":
		durable := redistest.New(t, redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"}})
		return &Redis{server: redistest.New(t, redistest.Options{}), durable: durable}, nil
	default:
		return nil, errKind
	}
}

// fast is a folder in memory where there is one: a run waits for the disk at every step.
func fast() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		return memory
	}
	return ""
}

// Bolt keeps one file after the other in the same place.
type Bolt struct{ Path string }

// Open implements Keeper.
func (k *Bolt) Open(context.Context, bool) (store.Store, error) {
	return bolt.Open(bolt.Options{Path: k.Path})
}

// Clean implements Keeper.
func (k *Bolt) Clean() error { return os.Remove(k.Path) }

// Redis has a Redis that writes nothing, and one that appends to a file for runs in which its power is cut.
type Redis struct {
	server, durable *redistest.Server
	runs            int
}

// restartEvery is after how many runs a Redis starts anew, which empties it; the durable one when its file is longer
// than wipeAbove bytes.
const (
	restartEvery = 200
	wipeAbove    = 4 << 20
)

// Open implements Keeper.
func (k *Redis) Open(ctx context.Context, durable bool) (store.Store, error) {
	k.runs++
	server := k.server
	switch {
	case durable:
		if server = k.durable; server.Written() > wipeAbove {
			server.Wipe()
		}
	case k.runs%restartEvery == 0:
		server.Restart()
	}
	return redis.Open(ctx, redis.Options{URL: server.URL(), Prefix: fmt.Sprintf("run%d", k.runs)})
}

// Clean implements Keeper.
func (*Redis) Clean() error { return nil }
