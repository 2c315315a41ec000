package delivery

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// Messenger.md section 9, rule 4: webhooks that come shuffled within the window, batched, and
// more than once, on two hosts, are heard in the order of their time stamps.
func TestShuffledWebhooks(t *testing.T) {
	for seed := range uint64(12) {
		onStage(t, func(s *stage) {
			draw := rand.New(rand.NewPCG(seed, 0))
			window := func(c *Config) { c.Reorder = 100 * time.Millisecond }
			hosts := []*host{s.host(window), s.host(window)}
			var want []string
			type parcel struct {
				at     time.Duration
				events []messenger.Event
			}
			var parcels []parcel
			for i := range 12 {
				e := s.message(ann, fmt.Sprint(i))
				at := time.Duration(i) * 15 * time.Millisecond
				e.At = s.start.Add(at)
				want = append(want, fmt.Sprint(i))
				for range 1 + draw.IntN(2) {
					late := at + time.Duration(draw.IntN(100))*time.Millisecond
					parcels = append(parcels, parcel{late, []messenger.Event{e}})
				}
			}
			for now := time.Duration(0); now < 400*time.Millisecond; now += 5 * time.Millisecond {
				var batch []messenger.Event
				for _, p := range parcels {
					if p.at >= now && p.at < now+5*time.Millisecond {
						batch = append(batch, p.events...)
					}
				}
				s.pass(5 * time.Millisecond)
				if len(batch) > 0 {
					draw.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
					s.accept(hosts[draw.IntN(2)], batch...)
				}
			}
			s.pass(time.Second)
			s.heard(ann, want...)
			s.empty(ann)
		})
	}
}

// An event that is as old as the window by the platform's own stamp waits no longer, and
// one from the future no longer than the window.
func TestReorderWindow(t *testing.T) {
	const window = 100 * time.Millisecond
	for _, tt := range []struct {
		name string
		age  time.Duration
		want string
	}{
		{"fresh", 0, "a@0.1"},
		{"on its way for a while", 60 * time.Millisecond, "a@0.04"},
		{"retried", time.Hour, "a"},
		{"ahead of our clock", -time.Hour, "a@0.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				h := s.host(rarely, func(c *Config) { c.Reorder = window })
				e := s.message(ann, "a")
				e.At = e.At.Add(-tt.age)
				s.accept(h, e)
				s.pass(time.Second)
				s.saw(ann, tt.want)
			})
		})
	}
}
