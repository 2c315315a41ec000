//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// outage is a busy conversation of two hosts on one Redis, to which something happens that
// is not the death of a host.
func outage(t *testing.T, seed uint64, server *redistest.Server) *doom {
	t.Helper()
	th := openScene(t, scene{store: server.URL(), files: map[string]string{"default.topic": counting}, people: speakers, pace: hurry})
	if err := th.emulator.SetDelivery(th.emulator.Apps()[0].ID, emulator.Delivery{Batch: 3, DuplicateChance: 0.2}); err != nil {
		t.Fatal(err)
	}
	d := newDoom(th, rand.NewPCG(seed, 99), 2)
	for range 2 {
		th.start()
	}
	return d
}

// eachSeed goes through the seeds of the tests that kill.
func eachSeed(t *testing.T, name string, play func(t *testing.T, seed uint64)) {
	for i := range *killSeeds {
		seed := uint64(i + 1)
		if *killSeed != 0 {
			seed = *killSeed
		}
		t.Run(fmt.Sprintf("%s/seed %d", name, seed), func(t *testing.T) {
			t.Parallel()
			play(t, seed)
		})
		if *killSeed != 0 {
			return
		}
	}
}

// TestKilledRedis kills redis-server (kill -9) in the middle of a conversation and starts it again on its
// data. With appendfsync always whatever it acknowledged is on disk. With everysec it is with the
// kernel, which outlives the process, but for what a slow disk held up: that may be lost, so nothing is when the server
// dies here. In both ways everybody hears what they have to hear.
func TestKilledRedis(t *testing.T) {
	for _, fsync := range []string{"always", "everysec"} {
		eachSeed(t, fsync, func(t *testing.T, seed uint64) {
			server := redistest.New(t, redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", fsync}})
			d := outage(t, seed, server)
			d.strike = func(*host) {
				if fsync == "everysec" {
					server.Settle()
				}
				server.Kill()
				server.Restart()
			}
			d.converse(false)
		})
	}
}

// TestStoppedHost stops a host (SIGSTOP) for longer than its leases last, so that the other takes over
// what it had in hand, and lets it go on. What it then still believes to hold it cannot
// change any more: nobody hears anything twice but the one message that it was sending when it was stopped.
func TestStoppedHost(t *testing.T) {
	eachSeed(t, "redis", func(t *testing.T, seed uint64) {
		d := outage(t, seed, redistest.New(t, redistest.Options{}))
		d.wake = true
		pace := clockOf(d.th.clock)
		d.strike = func(h *host) {
			if err := h.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Error(err)
			}
			d.hands.Go(func() {
				_ = clock.Sleep(t.Context(), pace, 2*delivery.LeaseFor+time.Second)
				if err := h.cmd.Process.Signal(syscall.SIGCONT); err != nil {
					t.Error(err)
				}
			})
		}
		d.converse(false)
	})
}
