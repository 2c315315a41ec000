package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery"
)

const (
	turnsTable = "whole turns: webhook in, state and reply kept, reply accepted by the platform"
	fullRow    = "the next writes when one is answered"
	halfRow    = "at half that rate"

	targetTurnsRedis = 3000
	targetTurnsBolt  = 1500
	targetAck        = 50 * time.Millisecond // p99 of the acknowledgement at half load
)

// counting is a bot that counts what it hears. Its count is its state: a message that
// is lost makes a gap, one that is taken twice a jump.
const counting = "+ ticket #\n- <add n=1><get n>: ticket <star>\n"

// scriptFile is where the script of a bot stands.
const scriptFile = "default.topic"

// conditions are what has to be known to compare the figures of turns with others.
func conditions() string {
	return fmt.Sprintf("Whole turns: on each line %d people take turns, each waiting for the answer, so that nobody meets the pause\n"+
		"that a host makes after %d messages to one person. Each turn is a webhook with one event, one message, and a mark\n"+
		"that the person was heard; the platform sends no echoes or receipts.", crowd, delivery.MaxBurst)
}

// patience is how long a reply may take, counted from when nobody writes any more, before the measurement is given up.
const patience = time.Minute

// turns measures whole turns on a store, as quickly as people can talk, then at half that rate.
func (s *stopwatch) turns(ctx context.Context, kind string) error {
	p, err := openPlatform(ctx, onePage(s.people), nil)
	if err != nil {
		return err
	}
	defer p.close()
	dir, err := s.folder(map[string]string{scriptFile: counting})
	if err != nil {
		return err
	}
	return s.withHost(ctx, kind, dir, p.url, func(host, store *child) error {
		s.say("whole turns: %s", kind)
		if _, err := s.talk(ctx, p, host.addr, s.time/5, 0); err != nil { // profiles, connections, instances
			return err
		}
		before := spent(host, store)
		full, err := s.talk(ctx, p, host.addr, s.time, 0)
		if err != nil {
			return err
		}
		spent(host, store).since(before).write(s.sheet.Row(budgetTable, 0, kind), len(full.turns.took))
		target := float64(targetTurnsRedis)
		if kind == onBolt {
			target = targetTurnsBolt
		}
		row := s.sheet.Row(turnsTable, 0, kind+", "+fullRow)
		row.Add("turns", full.turns.rate(), sheet.PerSecond, sheet.AtLeast, target)
		full.write(row, sheet.Free)
		pace := time.Duration(float64(s.people) / full.turns.rate() * 2 * float64(time.Second))
		calm, err := s.talk(ctx, p, host.addr, s.time, pace)
		if err != nil {
			return err
		}
		row = s.sheet.Row(turnsTable, 0, kind+", "+halfRow)
		row.Add("turns", calm.turns.rate(), sheet.PerSecond, sheet.Free, 0)
		calm.write(row, sheet.AtMost)
		if s.soak == 0 {
			return nil
		}
		return s.soaked(ctx, kind, p, host, pace)
	})
}

// withHost runs a host on an empty store while do measures.
func (s *stopwatch) withHost(ctx context.Context, kind, dir, graph string, do func(host, store *child) error) error {
	address, server, err := s.store(ctx, kind)
	if err != nil {
		return err
	}
	defer server.stop()
	host, err := s.host(ctx, dir, address, graph)
	if err != nil {
		return err
	}
	defer host.stop()
	return do(host, server)
}

// talked is what came of people talking.
type talked struct{ turns, acks counted }

func (t talked) write(r sheet.Row, ack sheet.Bound) {
	r.Took("p50", t.turns.share(half), sheet.Free, 0)
	r.Took("p99", t.turns.share(nearlyAll), sheet.Free, 0)
	r.Took("ack p50", t.acks.share(half), sheet.Free, 0)
	r.Took("ack p99", t.acks.share(nearlyAll), ack, targetAck)
}

// talk lets people talk on all lines for a time. The next one writes when the one before is answered, but not sooner than
// pace after the message before.
func (s *stopwatch) talk(ctx context.Context, p *platform, addr string, length, pace time.Duration) (talked, error) {
	var out talked
	var mu sync.Mutex
	var failed error
	var hands sync.WaitGroup
	began := s.clock.Now()
	end := began.Add(length)
	for i := range s.people {
		start := pace * time.Duration(i) / time.Duration(s.people) // spread, as people are
		hands.Go(func() {
			turns, acks, err := s.chat(ctx, p.on(i), addr, end, start, pace)
			mu.Lock()
			defer mu.Unlock()
			out.turns.took = append(out.turns.took, turns...)
			out.acks.took = append(out.acks.took, acks...)
			if failed == nil {
				failed = err
			}
		})
	}
	hands.Wait()
	out.turns.elapsed = s.clock.Now().Sub(began)
	out.acks.elapsed = out.turns.elapsed
	slices.Sort(out.turns.took)
	slices.Sort(out.acks.took)
	return out, failed
}

// chat is people taking turns until end: write, wait for the answer, and check it.
func (s *stopwatch) chat(ctx context.Context, people []*person, addr string, end time.Time, start, pace time.Duration) (turns, acks []time.Duration, err error) {
	l, err := dial(addr)
	if err != nil {
		return nil, nil, err
	}
	defer l.close()
	if err := clock.Sleep(ctx, s.clock, start); err != nil {
		return nil, nil, err
	}
	pen := newPen()
	late, stop := s.clock.At(end.Add(patience))
	defer stop()
	for i := 0; ; i++ {
		one := people[i%len(people)]
		began := s.clock.Now()
		if !began.Before(end) {
			return turns, acks, ctx.Err()
		}
		one.said++
		if err := l.post(began, pen.webhook(one.page, one.id, one.said, began.Add(-s.age), one.next())); err != nil {
			return nil, nil, err
		}
		acks = append(acks, s.clock.Now().Sub(began))
		if err := one.answered(ctx, late); err != nil {
			return nil, nil, err
		}
		took := s.clock.Now().Sub(began)
		turns = append(turns, took)
		if err := clock.Sleep(ctx, s.clock, pace-took); err != nil {
			return nil, nil, err
		}
	}
}

// answered waits for the reply to what the person said last: that one and no other, before late.
func (one *person) answered(ctx context.Context, late <-chan struct{}) error {
	select {
	case got := <-one.replies:
		text, by, _ := strings.Cut(strings.TrimSpace(got), " (")
		if want := one.want(); text != want {
			return fmt.Errorf("person %s was answered %q, not %q", one.id, got, want)
		}
		edition, err := editionOf(by)
		switch {
		case err != nil:
			return fmt.Errorf("person %s was %w", one.id, err)
		case edition < one.edition:
			return fmt.Errorf("person %s was answered by edition %d after edition %d", one.id, edition, one.edition)
		}
		one.edition = edition
		return nil
	case <-late:
		return fmt.Errorf("person %s has no answer, %s after nobody writes any more", one.id, patience)
	case <-ctx.Done():
		return ctx.Err()
	}
}
