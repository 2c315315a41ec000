package simulator

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// Where the store is the power may be cut. A bolt file is then as a transaction has left it that was being written:
// some of its pages are there, the mark that makes it count is not, or is torn. The hosts are on the same machine and
// die with it. A Redis with appendfsync everysec has lost what it wrote in the last moments; the hosts
// live on, and know things that the store does not.

// cutter cuts the power of a store.
type cutter interface {
	// mark is where the store stands.
	mark() int64
	// cut cuts the power while do is under way, which must have no effect if it returns kept false. back is
	// the mark that is the last whose effects are left; the store that is returned is to be used from now on.
	cut(ctx context.Context, r *rand.Rand, s store.Store, marks []mark, do func() error) (next store.Store, kept bool, back int, err error)
	// dies tells whether the hosts die along.
	dies() bool
}

// mark is where the store stood after a step.
type mark struct {
	at  int64
	seq int // of the ledger
	on  time.Time
}

// lossWithin is for how long Redis may keep what it has acknowledged to itself.
const lossWithin = 2 * time.Second

// everything is the place of the last mark when nothing was lost.
const everything = -1

func (*boltKeeper) mark() int64 { return 0 }
func (*boltKeeper) dies() bool  { return true }

func (k *boltKeeper) cut(
	ctx context.Context, r *rand.Rand, s store.Store, _ []mark, do func() error,
) (next store.Store, kept bool, back int, err error) {
	before, err := os.ReadFile(k.path)
	if err != nil {
		return nil, false, 0, err
	}
	kept = r.IntN(2) == 0
	_ = do() // it is on its way: nobody hears of it
	after, err := os.ReadFile(k.path)
	if err != nil {
		return nil, false, 0, err
	}
	if err := s.Close(); err != nil {
		return nil, false, 0, err
	}
	image := after
	if !kept {
		image = torn(r, before, after)
	}
	if err := os.WriteFile(k.path, image, 0o600); err != nil {
		return nil, false, 0, err
	}
	next, err = k.open(ctx, true)
	return next, kept, everything, err
}

// The layout of a file of bbolt, in bytes: two pages begin it of which the newer whole one counts.
const (
	metaPages = 2
	metaTx    = 64 // place of the number of the transaction in such a page
)

// torn is a file as it is when the power is cut while a transaction is written: its pages go first, in any
// order, and then the page that makes them count. Of two transactions only the state before is sure.
func torn(r *rand.Rand, before, after []byte) []byte {
	page := os.Getpagesize()
	out := bytes.Clone(before)
	if newest(after, page) != newest(before, page)+1 {
		return out
	}
	if len(after) > len(out) {
		out = append(out, make([]byte, len(after)-len(out))...)
	}
	for at := metaPages * page; at < len(after); at += page {
		if r.IntN(2) == 0 {
			copy(out[at:at+page], after[at:at+page])
		}
	}
	if at := int(newest(after, page)%metaPages) * page; r.IntN(2) == 0 {
		half := metaTx + r.IntN(4)
		copy(out[at:at+half], after[at:at+half])
	}
	return out
}

func newest(file []byte, page int) uint64 {
	var most uint64
	for i := range metaPages {
		most = max(most, binary.LittleEndian.Uint64(file[i*page+metaTx:]))
	}
	return most
}

func (k *redisKeeper) mark() int64 { return k.durable.Written() }
func (*redisKeeper) dies() bool    { return false }

func (k *redisKeeper) cut(
	_ context.Context, r *rand.Rand, s store.Store, marks []mark, do func() error,
) (next store.Store, kept bool, back int, err error) {
	last := marks[len(marks)-1]
	first := len(marks) - 1
	since := time.Duration(r.Int64N(int64(lossWithin)))
	for first > 0 && last.on.Sub(marks[first-1].on) < since {
		first--
	}
	back = first + r.IntN(len(marks)-first)
	_ = do() // it is lost in any case: it came last
	k.durable.Kill()
	k.durable.Cut(k.durable.Written() - marks[back].at)
	k.durable.Restart()
	return s, false, back, nil
}

// blackout cuts the power of the store while a call is under way.
func (w *world) blackout(c *call) {
	w.fault("power cut of the store", c)
	keeper := w.theatre.keeper
	w.remove(c)
	if keeper.dies() {
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
		next, kept, back, err = keeper.cut(ctx, w.rand, w.store, w.marks, func() error { return c.raw(ctx) })
	})
	if err != nil {
		w.violate("the store cannot be opened after a power cut: %v", err)
		return
	}
	w.store = next
	switch {
	case back != everything:
		w.ledger.rewind(w.marks[back].seq)
		w.marks = w.marks[:back+1]
	case !kept:
		w.ledger.rewind(seq)
	}
	if keeper.dies() { // who held a lease is gone: its fence may be given again
		w.ledger.refence()
		return
	}
	for _, h := range w.hosts {
		h.hurt("power cut of the store", lossWithin)
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
