package redis

import (
	"context"
	_ "embed" // the scripts

	"github.com/redis/go-redis/v9"
)

//go:embed lua/common.lua
var commonLua string

//go:embed lua/accept.lua
var acceptLua string

//go:embed lua/take.lua
var takeLua string

//go:embed lua/lease.lua
var leaseLua string

//go:embed lua/commit.lua
var commitLua string

//go:embed lua/pause.lua
var pauseLua string

var (
	acceptScript = redis.NewScript(commonLua + acceptLua)
	takeScript   = redis.NewScript(commonLua + takeLua)
	leaseScript  = redis.NewScript(commonLua + leaseLua)
	commitScript = redis.NewScript(commonLua + commitLua)
	pauseScript  = redis.NewScript(commonLua + pauseLua)
)

// A call is one run of a script.
type call struct {
	keys []string
	args []any
}

// run runs a script once.
func (s *Store) run(ctx context.Context, script *redis.Script, c call) *redis.Cmd {
	return script.Run(ctx, s.single, c.keys, c.args...)
}

// runAll runs a script for several calls in one round trip. Each answer has its own error; err is the
// first of them.
func (s *Store) runAll(ctx context.Context, script *redis.Script, calls []call) (answers []*redis.Cmd, err error) {
	if len(calls) == 1 {
		answer := s.run(ctx, script, calls[0])
		return []*redis.Cmd{answer}, answer.Err()
	}
	pipe := s.client.Pipeline()
	for _, c := range calls {
		answers = append(answers, pipe.EvalSha(ctx, script.Hash(), c.keys, c.args...))
	}
	_, _ = pipe.Exec(ctx) // each answer knows
	for i, answer := range answers {
		if redis.HasErrorPrefix(answer.Err(), "NOSCRIPT") { // the server is new to us, or was restarted
			answers[i] = s.run(ctx, script, calls[i])
		}
		if err == nil {
			err = answers[i].Err()
		}
	}
	return answers, err
}
