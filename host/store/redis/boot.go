package redis

import (
	"bufio"
	"context"
	_ "embed" // the script
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// A server that was started again may have lost the last of what it had acknowledged (appendfsync everysec and a
// power cut, or a replica that took over), while hosts live on and know more than it. What they would
// write next rests on what is gone. So each run of a server leaves its mark, and leases of before it are worth nothing.

//go:embed lua/boot.lua
var bootLua string

// greet looks whose connection this is, before anything else is sent on it: of a run of a server that is new
// to us, every partition there is told. A server that does not say which run it is goes without.
func (s *Store) greet(ctx context.Context, conn *redis.Conn) error {
	info, err := conn.Info(ctx, "server").Result()
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	run := runOf(info)
	if _, known := s.servers.Load(run); known || run == "" {
		return nil
	}
	for _, p := range s.parts {
		err := conn.Eval(ctx, bootLua, []string{p.boot}, run).Err()
		if err != nil && !refused(err) { // of a Cluster, another node has the partition
			return fmt.Errorf("mark the run of the server: %w", err)
		}
	}
	s.servers.Store(run, true)
	return nil
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
