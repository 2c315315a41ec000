package redis

import (
	"cmp"
	"context"
	"errors"
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

// batch is the events of one conversation, and what is to be written of them.
type batch struct {
	item
	events []int // their places among those that Accept was given
	count  int   // of them
	bytes  int   // of their bodies
	until  int64 // the end of the lease that is wanted; 0: none
	heard  bool  // the answer has come

	one struct { // room for one event: nearly always there are no more
		args   [batchArgs + eventArgs]any
		hashes [1]any
		events [1]int
	}
}

// How many arguments the script takes for a batch, and for each of its events.
const (
	batchArgs = 3
	eventArgs = 2
)

// arrival is what is written of an event.
type arrival struct {
	hash   string // of its id
	ready  int64
	record []byte
}

// Accept implements store.Store; it is atomic for each conversation. What several callers bring at
// the same time is written together, and counts as accepted at the latest of their times.
func (s *Store) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) (fresh []store.Event, claimed []store.Claimed, err error) {
	if err := store.CheckAccept(events, lease, limit); err != nil {
		return nil, nil, tell("accept events", err)
	}
	if len(events) == 0 {
		return nil, nil, ctx.Err()
	}
	batches := s.batches(events, record.Floor(now))
	for i, b := range batches {
		if i < limit {
			b.until = record.Ceil(now.Add(lease))
		}
	}
	err = s.arrive(ctx, record.Floor(now), batches)
	for _, b := range batches {
		if !b.heard {
			continue
		}
		numbers, fence, before := b.told()
		if len(numbers) != len(b.events) {
			err = cmp.Or(err, errors.New("the script has no answer for a conversation"))
			continue
		}
		added := b.added(events, numbers)
		fresh = append(fresh, added...)
		if before != nil { // there is a lease
			claimed = append(claimed, welcome(b.at.name, b.until, fence, before, added))
		}
	}
	return fresh, claimed, tell("accept events", err)
}

// arrive has batches written, those of each partition together. The error is the first; others may have been written all the same.
func (s *Store) arrive(ctx context.Context, now int64, batches []*batch) (err error) {
	callers := make([]*caller, len(s.accepts))
	for n, q := range s.accepts {
		var items []*item
		bytes := 0
		for _, b := range batches {
			if b.at.number == n {
				items = append(items, &b.item)
				bytes += b.bytes
			}
		}
		if len(items) > 0 {
			var refused error
			callers[n], refused = q.board(ctx, now, items, bytes)
			err = cmp.Or(err, refused)
		}
	}
	for n, c := range callers {
		if c == nil {
			continue
		}
		heard, failed := s.accepts[n].wait(c)
		err = cmp.Or(err, failed)
		for _, b := range batches {
			b.heard = b.heard || heard && b.at.number == n
		}
	}
	return err
}

// told takes the script's answer apart: the numbers of the events, and, with a lease, its fence and what was kept before.
func (b *batch) told() (numbers []any, fence, before any) {
	answer := b.answer
	if list, ok := answer.([]any); ok && len(list) == 3 {
		if all, ok := list[2].([]any); ok {
			answer, fence, before = list[0], list[1], all
		}
	}
	switch answer := answer.(type) {
	case []any:
		numbers = answer
	case int64:
		numbers = []any{answer}
	}
	return numbers, fence, before
}

// added are the events of a batch that were new, by their numbers; one that was known has 0.
func (b *batch) added(events []store.Event, numbers []any) []store.Event {
	fresh := make([]store.Event, 0, len(numbers))
	for i, number := range numbers {
		seq, _ := number.(int64)
		if seq == 0 {
			continue
		}
		e := events[b.events[i]]
		e.Seq, e.Body = uint64(seq), slices.Clone(e.Body)
		e.At, e.Due = record.Time(record.Floor(e.At)), record.Time(record.Ceil(e.Due))
		fresh = append(fresh, e)
	}
	return fresh
}

// batches sorts events that are accepted at a time by conversation, in the order in which those come first.
func (s *Store) batches(events []store.Event, now int64) []*batch {
	all := make([]*batch, 0, 1)
	arrivals := make([]arrival, len(events))
	var index map[store.Key]*batch
	if len(events) > 1 {
		index = make(map[store.Key]*batch, len(events))
	}
	for i, e := range events {
		b := index[e.Key]
		if b == nil {
			b = &batch{item: item{at: s.place(e.Key)}}
			b.events, b.hashes = b.one.events[:0], b.one.hashes[:0]
			b.args = append(b.one.args[:0], &b.at.name, &b.until, &b.count) // to values that are still to come
			all = append(all, b)
			if index != nil {
				index[e.Key] = b
			}
		}
		a := &arrivals[i]
		*a = arrival{hash(e.Key, e.ID), max(now, record.Ceil(e.Due)), record.Event(e, now)}
		b.events, b.count, b.bytes = append(b.events, i), b.count+1, b.bytes+len(e.Body)
		b.hashes = append(b.hashes, &a.hash)
		b.args = append(b.args, &a.ready, a.record)
	}
	return all
}

// acceptCall is the script for batches of one partition.
func (s *Store) acceptCall(batches []*item, now int64) call {
	p, total, size := batches[0].at, 0, 0
	for _, b := range batches {
		total += len(b.hashes)
		size += len(b.args)
	}
	swept := 0
	if s.sweeps.Add(1)%sweepEvery == 0 {
		swept = sweepEvery * sweepPerEvent * total
	}
	keys := make([]string, 0, 5+2*len(batches))
	keys = append(keys, p.due, p.rest, p.names, p.seen, p.boot)
	args := make([]any, 0, 5+total+size)
	args = append(args, now, record.Step(now), now+store.DedupFor.Milliseconds(), swept, total)
	for _, b := range batches {
		keys = append(keys, b.at.conv, b.at.box)
		args = append(args, b.hashes...)
	}
	for _, b := range batches {
		args = append(args, b.args...)
	}
	return call{keys: keys, args: args}
}
