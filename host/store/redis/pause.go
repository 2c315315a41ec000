package redis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// Pause implements store.Store. Each partition has its copy of the pauses, so that a claim
// sees them in its own step; when Pause fails some have it and it should be repeated.
func (s *Store) Pause(ctx context.Context, p store.Pause) error {
	if err := p.Check(); err != nil {
		return tell("pause page", err)
	}
	_, err := s.setPause(ctx, p.Page, pauseValue(p))
	return tell("pause page", err)
}

// Prolong implements store.Store. Like Pause, it should be repeated when it fails. Whoever sets another pause at the same time
// does so in each partition: where the longer one is, it stays.
func (s *Store) Prolong(ctx context.Context, p store.Pause) (done bool, err error) {
	if err := p.Check(); err != nil {
		return false, tell("prolong pause", err)
	}
	done, err = s.setPause(ctx, p.Page, pauseValue(p), 1)
	return done, tell("prolong pause", err)
}

func pauseValue(p store.Pause) string {
	return strconv.FormatInt(record.Ceil(p.Until), 10) + ":" + p.Reason
}

// Resume implements store.Store. Like Pause, it should be repeated when it fails.
func (s *Store) Resume(ctx context.Context, page string) error {
	if err := store.CheckName("page", page); err != nil {
		return tell("resume page", err)
	}
	_, err := s.setPause(ctx, page)
	return tell("resume page", err)
}

// setPause sets a Page's pause in every partition, or removes it when no value is given; done is false when a longer one stands there
// that is not to be shortened. The first
// partition, from which pauses are listed, comes last: what is listed or gone there is so everywhere.
func (s *Store) setPause(ctx context.Context, page string, value ...any) (done bool, err error) {
	calls := make([]call, 0, len(s.parts))
	for _, p := range s.parts {
		calls = append(calls, call{
			keys: []string{p.due, p.pauses, p.parked(page)},
			args: append([]any{page}, value...),
		})
	}
	if _, err := s.runAll(ctx, pauseScript, calls[1:]); err != nil {
		return false, err
	}
	return s.run(ctx, pauseScript, calls[0]).Bool()
}

// Pauses implements store.Store.
func (s *Store) Pauses(ctx context.Context) ([]store.Pause, error) {
	fields, err := s.client.HGetAll(ctx, s.parts[0].pauses).Result()
	if err != nil {
		return nil, tell("list pauses", err)
	}
	var pauses []store.Pause
	for page, value := range fields {
		until, reason, ok := strings.Cut(value, ":")
		ms, err := strconv.ParseInt(until, 10, 64)
		if err != nil || !ok {
			return nil, tell("list pauses", errors.New("a pause is not readable"))
		}
		pauses = append(pauses, store.Pause{Page: page, Until: record.Time(ms), Reason: reason})
	}
	slices.SortFunc(pauses, func(a, b store.Pause) int { return strings.Compare(a.Page, b.Page) })
	return pauses, nil
}
