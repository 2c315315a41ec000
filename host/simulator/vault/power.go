package vault

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

// Cutter cuts the power of a store.
type Cutter interface {
	// Mark is where the store stands.
	Mark() int64
	// Cut cuts the power while do is under way, which must have no effect if it returns kept false. back is
	// the mark that is the last whose effects are left; the store that is returned is to be used from now on.
	Cut(ctx context.Context, r *rand.Rand, s store.Store, marks []Mark, do func() error) (next store.Store, kept bool, back int, err error)
	// Dies tells whether the hosts die along.
	Dies() bool
}

// Mark is where the store stood after a step.
type Mark struct {
	At  int64
	Seq int // of whoever counts the steps
	On  time.Time
}

// LossWithin is for how long Redis may keep what it has acknowledged to itself.
const LossWithin = 2 * time.Second

// Everything is the place of the last mark when nothing was lost.
const Everything = -1

// Mark implements Cutter.
func (*Bolt) Mark() int64 { return 0 }

// Dies implements Cutter.
func (*Bolt) Dies() bool { return true }

// Cut implements Cutter.
func (k *Bolt) Cut(
	ctx context.Context, r *rand.Rand, s store.Store, _ []Mark, do func() error,
) (next store.Store, kept bool, back int, err error) {
	before, err := os.ReadFile(k.Path)
	if err != nil {
		return nil, false, 0, err
	}
	kept = r.IntN(2) == 0
	_ = do() // it is on its way: nobody hears of it
	after, err := os.ReadFile(k.Path)
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
	if err := os.WriteFile(k.Path, image, 0o600); err != nil {
		return nil, false, 0, err
	}
	next, err = k.Open(ctx, true)
	return next, kept, Everything, err
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

// Mark implements Cutter.
func (k *Redis) Mark() int64 { return k.durable.Written() }

// Dies implements Cutter.
func (*Redis) Dies() bool { return false }

// Cut implements Cutter.
func (k *Redis) Cut(
	_ context.Context, r *rand.Rand, s store.Store, marks []Mark, do func() error,
) (next store.Store, kept bool, back int, err error) {
	last := marks[len(marks)-1]
	first := len(marks) - 1
	since := time.Duration(r.Int64N(int64(LossWithin)))
	for first > 0 && last.On.Sub(marks[first-1].On) < since {
		first--
	}
	back = first + r.IntN(len(marks)-first)
	_ = do() // it is lost in any case: it came last
	k.durable.Kill()
	k.durable.Cut(k.durable.Written() - marks[back].At)
	k.durable.Restart()
	return s, false, back, nil
}
