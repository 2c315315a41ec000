package redis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// People implements store.Store.
func (s *Store) People(ctx context.Context, page, after string, limit int) ([]string, error) {
	if err := store.CheckPeople(page, after, limit); err != nil {
		return nil, tell("list people", err)
	}
	// A page's names begin with page/ and end before page0, the byte that follows the slash.
	within := redis.ZRangeArgs{ByLex: true, Start: "(" + page + "/" + after, Stop: "(" + page + "0", Count: int64(limit)}
	pipe := s.client.Pipeline()
	lists := make([]*redis.StringSliceCmd, len(s.parts))
	for n := range s.parts {
		within.Key = s.parts[n].names
		lists[n] = pipe.ZRangeArgs(ctx, within)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, tell("list people", err)
	}
	var people []string
	for _, list := range lists {
		for _, name := range list.Val() {
			people = append(people, strings.TrimPrefix(name, page+"/"))
		}
	}
	slices.Sort(people)
	return people[:min(limit, len(people))], nil
}

// Idle implements store.Store.
func (s *Store) Idle(ctx context.Context, since time.Time, limit int) ([]store.Key, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, tell("list idle conversations", err)
	}
	before := fmt.Sprintf("(%d", record.Step(record.Floor(since)))
	all, _, err := s.heads(ctx, func(p part) string { return p.rest }, before, limit, limit)
	if err != nil {
		return nil, tell("list idle conversations", err)
	}
	keys := make([]store.Key, len(all))
	for i, c := range all {
		keys[i] = parseName(c.name)
	}
	return keys, nil
}

// EraseIdle implements store.Store.
func (s *Store) EraseIdle(ctx context.Context, k store.Key, since time.Time) (done bool, err error) {
	if err := k.Check(); err != nil {
		return false, tell("erase idle conversation", err)
	}
	p := s.place(k)
	erased, err := s.run(ctx, forgetScript, call{
		keys: []string{p.conv, p.box, p.out(), p.due, p.rest, p.names, p.parked(k.Page)},
		args: []any{p.name, record.Step(record.Floor(since))},
	}).Int()
	return erased == 1, tell("erase idle conversation", err)
}
