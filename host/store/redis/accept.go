package redis

import (
	"context"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

const (
	// sweepPerEvent is how many expired deduplication keys an accepted event clears away, reckoned
	// over many: more than one, so that they become fewer.
	sweepPerEvent = 4
	// sweepEvery is how many scripts of Accept there are for one that clears away, for all of them.
	sweepEvery = 16
)

// batch is the events of one conversation.
type batch struct {
	at     place
	events []store.Event
}

// Accept implements store.Store; it is atomic for each conversation.
func (s *Store) Accept(ctx context.Context, now time.Time, events []store.Event) ([]store.Event, error) {
	if err := store.CheckEvents(events); err != nil {
		return nil, tell("accept events", err)
	}
	if len(events) == 0 {
		return nil, ctx.Err()
	}
	batches := s.batches(events)
	calls := make([]call, len(batches))
	for i, b := range batches {
		sweep := 0
		if s.accepts.Add(1)%sweepEvery == 0 {
			sweep = sweepEvery * sweepPerEvent * len(b.events)
		}
		calls[i] = b.call(record.Floor(now), sweep)
	}
	answers, err := s.runAll(ctx, acceptScript, calls)
	if err != nil {
		return nil, tell("accept events", err)
	}
	var fresh []store.Event
	for i, answer := range answers {
		added, err := answer.Int64Slice()
		if err != nil {
			return nil, tell("accept events", err)
		}
		for pair := range slices.Chunk(added, 2) {
			e := batches[i].events[pair[0]]
			e.Seq, e.Body = uint64(pair[1]), slices.Clone(e.Body)
			e.At, e.Due = record.Time(record.Floor(e.At)), record.Time(record.Ceil(e.Due))
			fresh = append(fresh, e)
		}
	}
	return fresh, nil
}

// batches sorts events by conversation, in the order in which those come first.
func (s *Store) batches(events []store.Event) []batch {
	var all []batch
	index := map[store.Key]int{}
	for _, e := range events {
		i, ok := index[e.Key]
		if !ok {
			i = len(all)
			index[e.Key] = i
			all = append(all, batch{at: s.place(e.Key)})
		}
		all[i].events = append(all[i].events, e)
	}
	return all
}

func (b batch) call(now int64, sweep int) call {
	p := b.at
	args := []any{p.name, now, record.Step(now), now + store.DedupFor.Milliseconds(), sweep}
	for _, e := range b.events {
		id := record.Seen(e.Key, e.ID)
		args = append(args, id[:], e.ID, max(now, record.Ceil(e.Due)), record.Event(e, now))
	}
	return call{keys: []string{p.due, p.conv, p.box, p.rest, p.names, p.seen}, args: args}
}
