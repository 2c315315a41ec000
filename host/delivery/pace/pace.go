// Package pace keeps a host below what the platform takes of each Page, and Pages that say more than that out of the way of the
// others: few workers stand and wait for them, and their turns come no sooner than what they say can go out.
//
// It tells how long to wait, and waits for nobody. What it knows lives in memory: a host that starts anew has lost nothing
// but a moment. It is the host's own share that it counts, not what other hosts send. No API of the host is promised.
package pace

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/footlight-bots/footlight/host/clock"
)

// The bounds of paces.
const (
	// MaxMediaPerSecond is how many messages with audio or video of a Page go out a second.
	MaxMediaPerSecond = 10
	// MaxReadsPerSecond is how often a second conversations of a Page are read back.
	MaxReadsPerSecond = 2
	// MaxGap is how long a worker stands and waits in a queue; what has to wait longer lets others work meanwhile.
	MaxGap = time.Second
	// MaxStanding is how many of a host's workers, in percent, wait in queues at a time where there are several Pages.
	MaxStanding = 25
	// MaxAhead is how far turns of a Page may be ahead of the messages that they say, where there are several Pages.
	MaxAhead = time.Second
	// MaxQueue is how long a turn is put off at a time to let messages come first.
	MaxQueue = 10 * time.Second
	// paceTurns is over how many turns it is reckoned how much a turn says, roughly.
	paceTurns = 8
)

// Slack is the part of a small rate that is left out, so that calls which travel at different speeds do
// not come to the platform closer together than they set out.
const Slack = 0.05

// Kind is what is counted together.
type Kind uint8

// The kinds: messages without audio and video, those with, and conversations that are read back.
const (
	Texts Kind = iota
	Media
	Reads
)

// Paces are the paces of the Pages of one host. It is safe for concurrent use.
type Paces struct {
	clock    clock.Clock
	texts    func(page string) int // messages a second
	standing atomic.Int64          // workers that wait in any queue
	most     int64                 // of them, where there are several Pages

	mu    sync.Mutex
	pages map[string]*page
}

// Place is a place in a queue of a Page.
type Place struct {
	Wait   time.Duration // until its turn comes
	Stands bool          // somebody may wait there, and says when that is over: Paces.Leave; false: it was given back, unless it is their turn
}

// page is what is known of a Page.
type page struct {
	queues [Reads + 1]*rate.Limiter
	each   time.Duration // that a message takes
	ahead  time.Time     // when all will have gone out that turns have said
	usual  time.Duration // that the messages of a turn take
	next   time.Time     // when the next turn comes of those that are put off
}

// New returns paces. texts tells how many messages a second of a Page go out, workers how many there are.
func New(texts func(page string) int, workers int, c clock.Clock) *Paces {
	return &Paces{clock: c, texts: texts, most: Few(workers), pages: map[string]*page{}}
}

// now is an instant as good as any: nobody sets it.
func (p *Paces) now() time.Time { return time.Time{}.Add(p.clock.Elapsed()) }

// Few is how many of so many workers may wait together for what goes on one by one.
func Few(workers int) int64 { return int64(max(1, workers*MaxStanding/100)) }

// bucket yields n a second, and never more in any second: a tenth may come at once. The first of
// those that come one by one in a second is the last of those that came at once.
func bucket(n float64) *rate.Limiter {
	burst := max(1, int(n/10))
	alone := n - float64(burst)
	return rate.NewLimiter(rate.Limit(max(alone, (alone+1)*(1-Slack))), burst)
}

// of is what is known of a Page. The lock is held.
func (p *Paces) of(id string) *page {
	one := p.pages[id]
	if one == nil {
		n := float64(p.texts(id))
		one = &page{
			queues: [...]*rate.Limiter{bucket(n), bucket(MaxMediaPerSecond), bucket(MaxReadsPerSecond)},
			each:   time.Duration(float64(time.Second) / n),
		}
		p.pages[id] = one
	}
	return one
}

// Join takes a place in a queue of a Page. Where it would take more than MaxGap, or too
// many workers stand already, the place is given back.
func (p *Paces) Join(id string, k Kind) Place {
	now := p.now()
	p.mu.Lock()
	queue, several := p.of(id).queues[k], len(p.pages) > 1
	p.mu.Unlock()
	at := queue.ReserveN(now, 1)
	place := Place{Wait: at.DelayFrom(now)}
	if place.Wait <= 0 {
		return place
	}
	if place.Stands = place.Wait <= MaxGap && p.stand(several); !place.Stands {
		at.CancelAt(now)
	}
	return place
}

// stand lets one more worker stand and wait. Where there are several Pages some workers are left for those that
// need not wait: a Page whose bot says more than its rate keeps the others from nothing.
func (p *Paces) stand(several bool) bool {
	if p.standing.Add(1) > p.most && several {
		p.standing.Add(-1)
		return false
	}
	return true
}

// Leave ends the wait at a place where somebody stood.
func (p *Paces) Leave() { p.standing.Add(-1) }

// Said notes that a turn of a Page has said so many messages, to go out at once.
func (p *Paces) Said(id string, messages int) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	took := time.Duration(messages) * one.each
	one.usual += (took - one.usual) / paceTurns
	if one.ahead.Before(now) {
		one.ahead = now
	}
	one.ahead = one.ahead.Add(took)
}

// Turn tells how long a turn of a Page is put off because its turns have said more than can go out soon; 0: not at all. A turn at
// once would be heard no sooner, and all that waits for a person is loaded whenever something happens to them. Those
// that are put off come one after the other.
func (p *Paces) Turn(id string) time.Duration {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	room := one.ahead.Add(-MaxAhead)
	if !room.After(now) || len(p.pages) == 1 {
		return 0
	}
	if one.next.Before(room) {
		one.next = room
	}
	at := one.next
	one.next = at.Add(one.usual)
	if most := now.Add(MaxQueue); at.After(most) {
		at, one.next = most, most
	}
	return at.Sub(now)
}
