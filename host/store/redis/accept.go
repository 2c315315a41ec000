package redis

import (
	"cmp"
	"context"
	"fmt"
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
func (s *Store) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) (fresh []store.Event, claimed []store.Claimed, err error) {
	if err := store.CheckAccept(events, lease, limit); err != nil {
		return nil, nil, tell("accept events", err)
	}
	if len(events) == 0 {
		return nil, nil, ctx.Err()
	}
	batches := s.batches(events)
	calls := make([]call, len(batches))
	for i, b := range batches {
		sweep, until := 0, int64(0)
		if s.accepts.Add(1)%sweepEvery == 0 {
			sweep = sweepEvery * sweepPerEvent * len(b.events)
		}
		if i < limit {
			until = record.Ceil(now.Add(lease))
		}
		calls[i] = b.call(record.Floor(now), sweep, until)
	}
	answers, err := s.runAll(ctx, acceptScript, calls)
	for i, answer := range answers {
		list, wrong := answer.Slice()
		if wrong != nil || len(list) == 0 {
			err = cmp.Or(err, fmt.Errorf("answer of the script: %v: %w", list, wrong))
			continue
		}
		added := batches[i].added(list[0])
		fresh = append(fresh, added...)
		if len(list) > 2 {
			claimed = append(claimed, welcome(batches[i].at.name, record.Ceil(now.Add(lease)), list[1], list[2], added))
		}
	}
	return fresh, claimed, tell("accept events", err)
}

// added are the events of a batch that were new, by what the script says of them.
func (b batch) added(answer any) []store.Event {
	list, _ := answer.([]any)
	var fresh []store.Event
	for pair := range slices.Chunk(list, 2) {
		i, _ := pair[0].(int64)
		seq, _ := pair[1].(int64)
		e := b.events[i]
		e.Seq, e.Body = uint64(seq), slices.Clone(e.Body)
		e.At, e.Due = record.Time(record.Floor(e.At)), record.Time(record.Ceil(e.Due))
		fresh = append(fresh, e)
	}
	return fresh
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

// call is the script of a batch, which leases until a time; 0: it does not.
func (b batch) call(now int64, sweep int, until int64) call {
	p := b.at
	args := []any{p.name, now, record.Step(now), now + store.DedupFor.Milliseconds(), sweep, until}
	for _, e := range b.events {
		id := record.Seen(e.Key, e.ID)
		args = append(args, id[:], e.ID, max(now, record.Ceil(e.Due)), record.Event(e, now))
	}
	return call{keys: []string{p.due, p.conv, p.box, p.rest, p.names, p.seen}, args: args}
}
