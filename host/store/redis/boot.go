package redis

import (
	"bufio"
	"context"
	_ "embed" // the script
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// A server that was started again may have lost the last of what it had acknowledged (appendfsync everysec and a
// power cut, or a replica that took over), while hosts live on and know more than it. What they would
// write next rests on what is gone. So each run of a server leaves its mark, and leases of before it are worth nothing.

//go:embed lua/boot.lua
var bootLua string

// herald marks the run of a server, or of a node of a Cluster. A replica takes no mark, and may take over on the connections
// that it has: it is greeted again before each command until it takes one.
type herald struct {
	store *Store
	node  *redis.Client
	vain  atomic.Bool // it took no mark when it was last greeted
}

// herald makes the client of a server that is greeted.
func (s *Store) herald(o *redis.Options) *redis.Client {
	h := &herald{store: s}
	o.OnConnect = h.greet
	h.node = redis.NewClient(o)
	h.node.AddHook(h)
	return h.node
}

// greet looks whose connection this is, before anything else is sent on it: of a run of a server that is new
// to us, every partition there is told. A server that does not say which run it is goes without.
func (h *herald) greet(ctx context.Context, conn *redis.Conn) error {
	info, err := conn.Info(ctx, "server").Result()
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	run := runOf(info)
	if _, told := h.store.servers.Load(run); told || run == "" {
		h.vain.Store(false)
		return nil
	}
	vain := true
	for _, p := range h.store.parts {
		err := conn.Eval(ctx, bootLua, []string{p.boot}, run).Err()
		if err != nil && !refused(err) { // of a Cluster, another node has the partition
			return fmt.Errorf("mark the run of the server: %w", err)
		}
		vain = vain && err != nil
	}
	if !vain {
		h.store.servers.Store(run, true)
	}
	h.vain.Store(vain)
	return nil
}

// greeting is of the context of what is sent to greet.
type greeting struct{}

// again greets a server that took no mark before.
func (h *herald) again(ctx context.Context) error {
	if !h.vain.Load() || ctx.Value(greeting{}) != nil {
		return nil
	}
	conn := h.node.Conn()
	defer func() { _ = conn.Close() }()
	return h.greet(context.WithValue(ctx, greeting{}, true), conn)
}

// DialHook implements redis.Hook.
func (h *herald) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (h *herald) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if err := h.again(ctx); err != nil {
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements redis.Hook.
func (h *herald) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if err := h.again(ctx); err != nil {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
			return err
		}
		return next(ctx, cmds)
	}
}

// runOf is the id of the run in what a server tells of itself.
func runOf(info string) string {
	for lines := bufio.NewScanner(strings.NewReader(info)); lines.Scan(); {
		if id, ok := strings.CutPrefix(lines.Text(), "run_id:"); ok {
			return id
		}
	}
	return ""
}
