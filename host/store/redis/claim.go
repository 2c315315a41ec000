package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// candidate is a conversation that may be claimed, and since when.
type candidate struct {
	name  string
	since int64
	ours  store.Claimed // once it is ours
}

func longestOverdue(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.since, b.since), cmp.Compare(a.name, b.name))
}

// Claim implements store.Store. It looks at the heads of all partitions in one round trip, then
// takes the longest overdue in another. Claims through one Store wait for each other: they would only
// race for the same conversations.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]store.Claimed, error) {
	if err := store.CheckClaim(lease, limit); err != nil {
		return nil, tell("claim", err)
	}
	select {
	case s.claiming <- struct{}{}:
		defer func() { <-s.claiming }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ours, err := s.claim(ctx, record.Floor(now), record.Ceil(now.Add(lease)), limit)
	// What was taken is ours all the same and must not lie idle: that a node of a Cluster is away
	// concerns those whose conversations it has.
	if err != nil && len(ours) == 0 {
		return nil, tell("claim", err)
	}
	slices.SortFunc(ours, longestOverdue)
	claimed := make([]store.Claimed, len(ours))
	for i, c := range ours {
		claimed[i] = c.ours
	}
	return claimed, nil
}

// claim looks and takes until there are enough, or no more.
func (s *Store) claim(ctx context.Context, now, until int64, limit int) (ours []candidate, err error) {
	// Every candidate is taken, by us or another host, or moves on: this ends.
	for len(ours) < limit {
		want := limit - len(ours)
		found, all, err := s.heads(ctx, func(p part) string { return p.due }, now, want, min(want, 2*want/len(s.parts)+1))
		var taken []candidate
		if len(found) > 0 {
			var missed error
			taken, missed = s.take(ctx, found, record.Step(now), until)
			ours = append(ours, taken...)
			err = errors.Join(err, missed)
		}
		if err != nil || all && len(taken) == len(found) {
			return ours, err
		}
	}
	return ours, nil
}

// heads lists up to limit of the first of an index that all partitions have, by score, up to stop; all tells that there
// are no more. When some of the partitions cannot be reached it lists those of the others, with the error.
//
// Each partition is asked for a share. Where one has perhaps more than that, the list ends with the last it gave, since
// the next might come before those of others; there are as many as limit, if at all, only when share is limit.
func (s *Store) heads(ctx context.Context, index func(part) string, stop any, limit, share int) (list []candidate, all bool, err error) {
	pipe := s.client.Pipeline()
	heads := make([]*redis.ZSliceCmd, len(s.parts))
	for n, p := range s.parts {
		heads[n] = pipe.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{
			Key: index(p), ByScore: true, Start: "-inf", Stop: stop, Count: int64(share),
		})
	}
	_, err = pipe.Exec(ctx)
	end := int64(math.MaxInt64)
	var away error
	for n, head := range heads {
		if failed := head.Err(); failed != nil && away == nil {
			away = s.located(ctx, index(s.parts[n]), failed)
		}
		for i, z := range head.Val() {
			name, _ := z.Member.(string)
			list = append(list, candidate{name: name, since: int64(z.Score)})
			if i+1 == share {
				end = min(end, int64(z.Score))
			}
		}
	}
	slices.SortFunc(list, longestOverdue)
	known := slices.IndexFunc(list, func(c candidate) bool { return c.since > end })
	if known < 0 {
		known = len(list)
	}
	all = end == math.MaxInt64 && known <= limit
	return list[:min(limit, known)], all, cmp.Or(away, err)
}

// located is an error with the name of the node of a Cluster that has a key.
func (s *Store) located(ctx context.Context, key string, err error) error {
	cluster, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return err
	}
	node, unknown := cluster.MasterForKey(ctx, key)
	if unknown != nil {
		return err
	}
	return fmt.Errorf("node %s: %w", node.Options().Addr, err)
}

// take leases candidates. Those that another host took first, or that have no work due, are left out.
func (s *Store) take(ctx context.Context, candidates []candidate, step, until int64) (taken []candidate, err error) {
	calls := make([]call, len(candidates))
	for i, c := range candidates {
		k := parseName(c.name)
		p := s.place(k)
		calls[i] = call{
			keys: []string{p.due, p.conv, p.rest, p.names, p.pauses, p.parked(k.Page), p.boot},
			args: []any{p.name, k.Page, c.since, step, until},
		}
	}
	answers, err := s.runAll(ctx, takeScript, calls)
	for i, answer := range answers {
		got, err := answer.Slice()
		if err != nil || len(got) < 2 {
			continue
		}
		c := candidates[i]
		c.ours = welcome(c.name, until, got[0], got[1], nil)
		taken = append(taken, c)
	}
	return taken, err
}

// welcome is a conversation that a script has leased, as it was before, with what the script has added.
func welcome(name string, until int64, fence, before any, added []store.Event) store.Claimed {
	n, _ := fence.(int64)
	c := store.Claimed{Lease: store.Lease{Key: parseName(name), Fence: uint64(n), Until: record.Time(until)}}
	conv, err := conversation(c.Key, pairs(before))
	if err != nil {
		return c
	}
	conv.Claims++
	for _, e := range added {
		e.Body = slices.Clone(e.Body)
		conv.Events = append(conv.Events, e)
	}
	record.Sort(&conv)
	c.Conversation = &conv
	return c
}

// pairs makes a map of what a script answers for a hash.
func pairs(answer any) map[string]string {
	list, _ := answer.([]any)
	fields := make(map[string]string, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		field, _ := list[i].(string)
		fields[field], _ = list[i+1].(string)
	}
	return fields
}

// Lease implements store.Store.
func (s *Store) Lease(ctx context.Context, now time.Time, k store.Key, lease time.Duration) (store.Lease, bool, error) {
	if err := store.CheckLease(k, lease); err != nil {
		return store.Lease{}, false, tell("lease conversation", err)
	}
	p := s.place(k)
	at, until := record.Floor(now), record.Ceil(now.Add(lease))
	fence, err := s.run(ctx, seizeScript, call{
		keys: []string{p.due, p.conv, p.rest, p.names, p.boot},
		args: []any{p.name, at, record.Step(at), until},
	}).Uint64()
	if err != nil || fence == 0 {
		return store.Lease{}, false, tell("lease conversation", err)
	}
	return store.Lease{Key: k, Fence: fence, Until: record.Time(until)}, true, nil
}

// Next implements store.Store.
func (s *Store) Next(ctx context.Context) (time.Time, bool, error) {
	first, _, err := s.heads(ctx, func(p part) string { return p.due }, "+inf", 1, 1)
	if len(first) == 0 {
		return time.Time{}, false, tell("look for work", err)
	}
	return record.Time(first[0].since), true, tell("look for work", err)
}

// Extend implements store.Store.
func (s *Store) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	end := record.Ceil(until)
	if end == 0 {
		return store.Lease{}, tell("extend lease", errors.New("its end is the zero time"))
	}
	held, err := s.lease(ctx, l, end, claims)
	if err == nil && !held {
		err = fenced(l)
	}
	if err != nil {
		return store.Lease{}, tell("extend lease", err)
	}
	l.Until = record.Time(end)
	return l, nil
}

// Release implements store.Store.
func (s *Store) Release(ctx context.Context, l store.Lease) error {
	_, err := s.lease(ctx, l, 0, store.Counted)
	return tell("release lease", err)
}

// lease moves the end of a lease, or ends it when till is 0; claims are as for Extend. held is false when it was taken over.
func (s *Store) lease(ctx context.Context, l store.Lease, till int64, claims int) (held bool, err error) {
	p := s.place(l.Key)
	return s.run(ctx, leaseScript, call{
		keys: []string{p.due, p.conv, p.rest, p.names, p.boot, p.parked(l.Key.Page)},
		args: []any{p.name, l.Fence, till, claims},
	}).Bool()
}

func fenced(l store.Lease) error {
	return fmt.Errorf("fence %d: %w", l.Fence, store.ErrFenced)
}
