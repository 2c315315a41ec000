package simulator

import (
	"context"

	"github.com/footlight-bots/footlight/host/simulator/vault"
	"github.com/footlight-bots/footlight/host/store"
)

// blackout cuts the power of the store while a call is under way.
func (w *world) blackout(c *call) {
	w.fault("power cut of the store", c)
	keeper := w.theatre.keeper
	w.remove(c)
	if keeper.Dies() {
		for _, m := range w.machines {
			if m.host != nil {
				w.crash(m.host)
			}
		}
		w.drop(func(c *call) bool { return c.kind == toStore })
	}
	var kept bool
	var back int
	var next store.Store
	var err error
	seq := w.ledger.seq
	w.theatre.outside.do(func(ctx context.Context) {
		next, kept, back, err = keeper.Cut(ctx, w.rand, w.store, w.marks, func() error { return c.raw(ctx) })
	})
	if err != nil {
		w.violate("the store cannot be opened after a power cut: %v", err)
		return
	}
	w.store = next
	switch {
	case back != vault.Everything:
		w.ledger.rewind(w.marks[back].Seq)
		w.marks = w.marks[:back+1]
	case !kept:
		w.ledger.rewind(seq)
	}
	if keeper.Dies() { // who held a lease is gone: its fence may be given again
		w.ledger.refence()
		return
	}
	for _, h := range w.hosts {
		h.hurt("power cut of the store", vault.LossWithin)
	}
	c.back <- errCut
}

// drop takes calls off the list that nobody waits for and that cannot happen any more.
func (w *world) drop(which func(*call) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	left := w.parked[:0:0]
	for _, c := range w.parked {
		if !c.orphan || !which(c) {
			left = append(left, c)
		}
	}
	w.parked = left
}
