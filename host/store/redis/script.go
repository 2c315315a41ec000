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

//go:embed lua/seize.lua
var seizeLua string

//go:embed lua/lease.lua
var leaseLua string

//go:embed lua/commit.lua
var commitLua string

//go:embed lua/forget.lua
var forgetLua string

//go:embed lua/pause.lua
var pauseLua string

//go:embed lua/shelf.lua
var shelfLua string

//go:embed lua/paper.lua
var paperLua string

var (
	acceptScript = redis.NewScript(commonLua + acceptLua)
	takeScript   = redis.NewScript(commonLua + takeLua)
	seizeScript  = redis.NewScript(commonLua + seizeLua)
	leaseScript  = redis.NewScript(commonLua + leaseLua)
	commitScript = redis.NewScript(commonLua + commitLua)
	forgetScript = redis.NewScript(commonLua + forgetLua)
	pauseScript  = redis.NewScript(commonLua + pauseLua)
	shelfScript  = redis.NewScript(shelfLua)
	paperScript  = redis.NewScript(paperLua)
)

// A call is one run of a script.
type call struct {
	keys []string
	args []any
}

// do sends one command, together with those of others unless told otherwise. When ctx ends
// meanwhile do returns its error, and cmd must not be looked at.
func (s *Store) do(ctx context.Context, cmd redis.Cmder) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.together == nil {
		return s.client.Process(ctx, cmd)
	}
	return s.together.Submit(ctx, cmd).WaitContext(ctx)
}

// run runs a script once.
func (s *Store) run(ctx context.Context, script *redis.Script, c call) *redis.Cmd {
	return s.runBy(ctx, s.do, script, c)
}

// runBy runs a script once, whose command goes by way of do.
func (s *Store) runBy(ctx context.Context, do func(context.Context, redis.Cmder) error, script *redis.Script, c call) *redis.Cmd {
	args := make([]any, 0, 3+len(c.keys)+len(c.args))
	args = append(args, "evalsha", script.Hash(), len(c.keys))
	for _, key := range c.keys {
		args = append(args, key)
	}
	answer := redis.NewCmd(ctx, append(args, c.args...)...)
	err := do(ctx, answer)
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // the server is new to us, or was restarted
		return script.Eval(ctx, s.client, c.keys, c.args...)
	}
	if err != nil {
		answer = redis.NewCmd(ctx)
		answer.SetErr(err)
	}
	return answer
}

// fields reads a hash.
func (s *Store) fields(ctx context.Context, key string) (map[string]string, error) {
	cmd := redis.NewMapStringStringCmd(ctx, "hgetall", key)
	if err := s.do(ctx, cmd); err != nil {
		return nil, err
	}
	return cmd.Val(), nil
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
		if redis.HasErrorPrefix(answer.Err(), "NOSCRIPT") {
			answers[i] = s.run(ctx, script, calls[i])
		}
		if err == nil {
			err = answers[i].Err()
		}
	}
	return answers, err
}
