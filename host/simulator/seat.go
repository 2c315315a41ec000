package simulator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/simulator/vault"
	"github.com/footlight-bots/footlight/host/store"
)

// seat is the store as one host sees it: every call waits for its turn. What the
// store did goes into the ledger.
type seat struct {
	w    *world
	host *host
}

var _ store.Store = (*seat)(nil)

// call makes a call of the store when its turn comes.
func (s *seat) call(ctx context.Context, what string, do func(ctx context.Context) error) error {
	return s.w.park(ctx, &call{kind: toStore, host: s.host, label: s.host.name + " " + what, raw: do, do: func() (err error) {
		s.w.ledger.present = time.Now()
		s.w.theatre.outside.do(func(ctx context.Context) {
			err = do(ctx)
			if s.w.weather.Power > 0 || len(s.w.marks) > 0 {
				s.w.marks = append(s.w.marks, vault.Mark{At: s.w.theatre.keeper.Mark(), Seq: s.w.ledger.seq, On: s.w.ledger.present})
			}
		})
		return err
	}})
}

// get makes a call that has a result.
func get[T any](ctx context.Context, s *seat, what string, do func(ctx context.Context) (T, error)) (T, error) {
	var out T
	err := s.call(ctx, what, func(ctx context.Context) (err error) {
		out, err = do(ctx)
		return err
	})
	if err != nil { // the call may be under way still, and write its result
		var none T
		return none, err
	}
	return out, nil
}

// Accept implements store.Store.
func (s *seat) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) ([]store.Event, []store.Claimed, error) {
	type accepted struct {
		fresh   []store.Event
		claimed []store.Claimed
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Key.Person+"/"+brief(e.ID))
	}
	a, err := get(ctx, s, "accept "+strings.Join(names, ","), func(ctx context.Context) (a accepted, err error) {
		if a.fresh, a.claimed, err = s.w.store.Accept(ctx, now, events, lease, limit); err == nil {
			s.w.ledger.accepted(a.fresh)
			s.took(a.claimed, lease)
		}
		return a, err
	})
	return a.fresh, a.claimed, err
}

// took notes what the host has leased.
func (s *seat) took(claimed []store.Claimed, lease time.Duration) {
	for _, c := range claimed {
		s.w.ledger.leased(s.host, c.Lease, lease)
		if c.Conversation != nil {
			s.w.ledger.loaded(c.Lease, *c.Conversation)
		}
	}
}

// Claim implements store.Store.
func (s *seat) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]store.Claimed, error) {
	return get(ctx, s, "claim", func(ctx context.Context) ([]store.Claimed, error) {
		claimed, err := s.w.store.Claim(ctx, now, lease, limit)
		s.took(claimed, lease)
		return claimed, err
	})
}

// Lease implements store.Store.
func (s *seat) Lease(ctx context.Context, now time.Time, k store.Key, lease time.Duration) (store.Lease, bool, error) {
	type leased struct {
		lease store.Lease
		ok    bool
	}
	l, err := get(ctx, s, "lease "+k.Person, func(ctx context.Context) (l leased, err error) {
		if l.lease, l.ok, err = s.w.store.Lease(ctx, now, k, lease); l.ok {
			s.w.ledger.leased(s.host, l.lease, lease)
		}
		return l, err
	})
	return l.lease, l.ok, err
}

// Next implements store.Store.
func (s *seat) Next(ctx context.Context) (time.Time, bool, error) {
	type next struct {
		at time.Time
		ok bool
	}
	n, err := get(ctx, s, "next", func(ctx context.Context) (n next, err error) {
		n.at, n.ok, err = s.w.store.Next(ctx)
		return n, err
	})
	return n.at, n.ok, err
}

// Extend implements store.Store.
func (s *seat) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	asked := s.host.clock.Now()
	return get(ctx, s, "extend "+l.Key.Person, func(ctx context.Context) (store.Lease, error) {
		out, err := s.w.store.Extend(ctx, l, until, claims)
		if err == nil {
			s.w.ledger.extended(l, until.Sub(asked))
		}
		return out, err
	})
}

// Load implements store.Store.
func (s *seat) Load(ctx context.Context, l store.Lease) (store.Conversation, error) {
	return get(ctx, s, "load "+l.Key.Person, func(ctx context.Context) (store.Conversation, error) {
		c, err := s.w.store.Load(ctx, l)
		if err == nil {
			s.w.ledger.loaded(l, c)
		}
		return c, err
	})
}

// Commit implements store.Store.
func (s *seat) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	return s.call(ctx, "commit "+l.Key.Person+summary(c, release), func(ctx context.Context) error {
		err := s.w.store.Commit(ctx, l, c, release)
		if err == nil {
			s.w.ledger.committed(s.host, l, c, release)
		}
		return err
	})
}

// Release implements store.Store.
func (s *seat) Release(ctx context.Context, l store.Lease) error {
	return s.call(ctx, "release "+l.Key.Person, func(ctx context.Context) error {
		err := s.w.store.Release(ctx, l)
		if err == nil {
			s.w.ledger.released(l)
		}
		return err
	})
}

// Read implements store.Store.
func (s *seat) Read(ctx context.Context, k store.Key) (store.Conversation, error) {
	return get(ctx, s, "read "+k.Person, func(ctx context.Context) (store.Conversation, error) { return s.w.store.Read(ctx, k) })
}

// Erase implements store.Store.
func (s *seat) Erase(ctx context.Context, k store.Key) error {
	return s.call(ctx, "erase "+k.Person, func(ctx context.Context) error { return s.w.store.Erase(ctx, k) })
}

// People implements store.Store.
func (s *seat) People(ctx context.Context, page, after string, limit int) ([]string, error) {
	return get(ctx, s, "people", func(ctx context.Context) ([]string, error) { return s.w.store.People(ctx, page, after, limit) })
}

// Idle implements store.Store.
func (s *seat) Idle(ctx context.Context, since time.Time, limit int) ([]store.Key, error) {
	return get(ctx, s, "idle", func(ctx context.Context) ([]store.Key, error) { return s.w.store.Idle(ctx, since, limit) })
}

// EraseIdle implements store.Store.
func (s *seat) EraseIdle(ctx context.Context, k store.Key, since time.Time) (bool, error) {
	return get(ctx, s, "erase idle "+k.Person, func(ctx context.Context) (bool, error) { return s.w.store.EraseIdle(ctx, k, since) })
}

// Pause implements store.Store.
func (s *seat) Pause(ctx context.Context, p store.Pause) error {
	return s.call(ctx, "pause "+p.Page, func(ctx context.Context) error { return s.w.store.Pause(ctx, p) })
}

// Prolong implements store.Store.
func (s *seat) Prolong(ctx context.Context, p store.Pause) (bool, error) {
	return get(ctx, s, "prolong "+p.Page, func(ctx context.Context) (bool, error) { return s.w.store.Prolong(ctx, p) })
}

// Resume implements store.Store.
func (s *seat) Resume(ctx context.Context, page string) error {
	return s.call(ctx, "resume "+page, func(ctx context.Context) error { return s.w.store.Resume(ctx, page) })
}

// Pauses implements store.Store.
func (s *seat) Pauses(ctx context.Context) ([]store.Pause, error) {
	return get(ctx, s, "pauses", s.w.store.Pauses)
}

// Value implements store.Store.
func (s *seat) Value(ctx context.Context, at store.Shelf, key string) ([]byte, error) {
	return get(ctx, s, "value "+key, func(ctx context.Context) ([]byte, error) { return s.w.store.Value(ctx, at, key) })
}

// SetValue implements store.Store.
func (s *seat) SetValue(ctx context.Context, at store.Shelf, key string, value []byte, old *[]byte) (bool, error) {
	return get(ctx, s, "set value "+key, func(ctx context.Context) (bool, error) {
		return s.w.store.SetValue(ctx, at, key, value, old)
	})
}

// Paper implements store.Store.
func (s *seat) Paper(ctx context.Context, name string) (store.Paper, error) {
	return get(ctx, s, "paper "+name, func(ctx context.Context) (store.Paper, error) { return s.w.store.Paper(ctx, name) })
}

// SetPaper implements store.Store.
func (s *seat) SetPaper(ctx context.Context, p store.Paper) (revision uint64, done bool, err error) {
	type outcome struct {
		revision uint64
		done     bool
	}
	out, err := get(ctx, s, "set paper "+p.Name, func(ctx context.Context) (out outcome, err error) {
		if out.revision, out.done, err = s.w.store.SetPaper(ctx, p); out.done && err == nil {
			s.w.ledger.claimed(s.host, p)
		}
		return out, err
	})
	return out.revision, out.done, err
}

// Check implements store.Store.
func (s *seat) Check(ctx context.Context) error { return s.call(ctx, "check", s.w.store.Check) }

// Close implements store.Store. The store is the world's to close.
func (*seat) Close() error { return nil }

// summary is a change in a few words.
func summary(c store.Change, release bool) string {
	var b strings.Builder
	list := func(what string, ids []string) {
		for _, id := range slices.Sorted(slices.Values(ids)) {
			fmt.Fprintf(&b, " %s %s", what, brief(id))
		}
	}
	list("consumes", c.Consumed)
	list("settles", c.Settled)
	list("retries", c.Retried)
	for _, s := range c.Sends {
		list("queues", []string{s.ID})
	}
	if !c.Hold.IsZero() {
		b.WriteString(" holds")
	}
	if release {
		b.WriteString(" releases")
	}
	return b.String()
}

// brief is an id as it is told from others in a trace.
func brief(id string) string {
	const most = 16
	if len(id) <= most {
		return id
	}
	return id[:most/2] + "…" + id[len(id)-most/2:]
}
