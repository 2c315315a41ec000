// Package redis keeps the store in Redis, or a Redis Cluster, for any number of hosts. Each
// operation on a conversation is one Lua script (lua/), which Redis runs as a whole.
//
// Conversations are spread over partitions, whose number is fixed when the first of them comes: one
// on a single server, clusterParts on a Cluster. All keys of a partition
// share a hash tag, so that no script crosses the slots of a Cluster, and every key a script
// touches is declared. What webhooks bring and turns change at the same time is written together, by one
// script for each partition. Should one fail, each Accept that had a part in it
// fails, the webhook is repeated, and what was accepted already is known.
//
// The client repeats a command whose answer was lost. That is why each script may run twice: a
// repeated Accept adds nothing, a repeated Claim leaves a lease nobody has until it runs out, a repeated
// Commit with release finds its lease gone and says ErrFenced although the change is made.
// ErrFenced therefore always means: look again. How durable a write is, is a matter
// of the server's settings; Durability tells. No API of the host is promised.
package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/footlight-bots/footlight/host/store"
)

var _ store.Store = (*Store)(nil)

const (
	// clusterParts is the number of partitions where the data began on a Cluster, and so the most masters
	// that share it. Every claim looks at all of them: more would make it dearer.
	clusterParts = 16
	// singleParts is the number where it began on a single server: what comes at the same time is then one script.
	singleParts = 1
	// format is the layout of the keys as this program writes them. The number of partitions stands behind it.
	format = "footlight-store-4"
	// checkFor is how long the key that Check writes lives.
	checkFor = time.Minute
	// DefaultPrefix begins every key unless told otherwise.
	DefaultPrefix = "fl"
)

// Options say where the data is.
type Options struct {
	// URL is redis://[user:password@]host:port[/db], or rediss:// for TLS. Of a Cluster one
	// node is enough, the rest is found; further ones, for when that one is away at the start, are
	// named by addr=host:port parameters: redis://host:port?addr=host:port&addr=host:port.
	// Other parameters are those of go-redis (dial_timeout=…, pool_size=…).
	URL string
	// Prefix begins every key, so that installations can share a server; empty: DefaultPrefix.
	Prefix string
	// Pool sends each command by itself through the connection pool. By default commands that
	// callers send at the same time travel together, which carries about twice as many.
	Pool bool
}

// Store is a connected Redis.
type Store struct {
	client   redis.UniversalClient
	together *redis.AutoPipeliner // gathers single commands of many callers; nil: each goes alone
	claiming chan struct{}        // holds a token while a claim is under way
	parts    []part
	accepts  []*queue       // of arrivals, by partition
	commits  []*queue       // of changes, likewise
	planes   sync.WaitGroup // of the queues
	prefix   string
	servers  sync.Map      // ids of runs of servers that have been told
	sweeps   atomic.Uint64 // scripts of Accept so far
	once     sync.Once
	err      error // of closing
}

// Open connects, looks whether this is a Cluster, and makes sure that the data there, if any, has
// the format of this program. Close must be called. Errors never show the password.
//
// It turns off the log of go-redis, of which there is one in a process: while a server is away it would
// print lines of its own on standard error. What went wrong is in the errors of the operations.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	if err := store.CheckName("prefix", o.Prefix); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	logging.Disable()
	s := &Store{claiming: make(chan struct{}, 1), prefix: o.Prefix}
	if err := s.prepare(ctx, o.URL); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	client, err := connect(ctx, o.URL, s.herald)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.client = client
	if !o.Pool {
		if s.together, err = client.AsyncAutoPipeline(); err != nil {
			return nil, fmt.Errorf("open store: %w", errors.Join(err, client.Close()))
		}
	}
	for range s.parts {
		s.accepts = append(s.accepts, s.queue(acceptScript, s.acceptCall))
		s.commits = append(s.commits, s.queue(commitScript, commitCall))
	}
	return s, nil
}

// prepare checks the format mark, or sets it, and names the partitions.
func (s *Store) prepare(ctx context.Context, url string) (err error) {
	client, err := connect(ctx, url, redis.NewClient)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	count := singleParts
	if _, ok := client.(*redis.ClusterClient); ok {
		count = clusterParts
	}
	key := s.prefix + ":format"
	if err := client.SetNX(ctx, key, fmt.Sprintf("%s/%d", format, count), 0).Err(); err != nil {
		return err
	}
	mark, err := client.Get(ctx, key).Result()
	if err != nil {
		return err
	}
	number, ok := strings.CutPrefix(mark, format+"/")
	count, err = strconv.Atoi(number)
	if !ok || err != nil || count < 1 || count > clusterParts {
		return fmt.Errorf("the data under %s: has the format %q, this footlight knows %q: "+
			"use the footlight that wrote it, or another prefix or database", s.prefix, mark, format)
	}
	for n := range count {
		s.parts = append(s.parts, newPart(s.prefix, n))
	}
	return nil
}

// Check implements store.Store: it writes a key that goes away by itself.
func (s *Store) Check(ctx context.Context) error {
	return tell("check store", s.client.Set(ctx, s.prefix+":check", 1, checkFor).Err())
}

// Close implements store.Store. It waits for the commands under way.
func (s *Store) Close() error {
	s.once.Do(func() {
		for _, q := range slices.Concat(s.accepts, s.commits) {
			q.close()
		}
		s.planes.Wait()
		if s.together != nil {
			s.err = s.together.Close()
		}
		s.err = errors.Join(s.err, s.client.Close())
	})
	if s.err != nil {
		return fmt.Errorf("close store: %w", s.err)
	}
	return nil
}

// tell wraps the error of an operation with what it was about; errors of a context stay as they are.
func tell(what string, err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, redis.ErrClosed):
		return fmt.Errorf("%s: %w", what, store.ErrClosed)
	}
	return fmt.Errorf("%s: %w", what, err)
}
