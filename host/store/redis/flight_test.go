package redis

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Who comes alone does not wait; who comes among many waits for its share of those who were there of late, but not long
// unless a group is about to land; and no group grows without bounds.
func TestGather(t *testing.T) {
	for _, tt := range []struct {
		name    string
		tower   tower
		waiting []int           // items of the callers that wait already
		late    []time.Duration // further callers, µs
		lands   time.Duration   // when the first group in flight does, µs; 0: not
		group   int
		took    time.Duration
		closed  bool
		left    int
	}{
		{name: "alone", waiting: []int{1}, group: 1},
		{name: "all who wait", waiting: []int{1, 1, 1, 1}, group: 4},
		{name: "a share of those around", tower: tower{around: 6}, waiting: []int{1}, late: []time.Duration{100, 300, 500}, group: 3, took: 300, left: 1},
		{name: "beside a group", tower: tower{flights: 1, aboard: 3, around: 6}, waiting: []int{1}, late: []time.Duration{100, 300, 500}, group: 3, took: 300, left: 1},
		{name: "not for long", tower: tower{around: 64}, waiting: []int{1}, late: []time.Duration{100, 2000}, group: 2, took: 1000, left: 1},
		{name: "until a group lands", tower: tower{flights: 1, aboard: 60, around: 64}, waiting: []int{1}, late: []time.Duration{100, 2000}, lands: 1500, group: 2, took: 1500, left: 1},
		{name: "no more than maxFlights", tower: tower{flights: maxFlights, aboard: 2, around: 2}, waiting: []int{1}, late: []time.Duration{100}, lands: 500, group: 2, took: 500},
		{name: "full", tower: tower{flights: 1, aboard: 99, around: 99}, waiting: []int{maxFlight, 1}, group: 1, left: 1},
		{name: "closed", tower: tower{around: 9}, closed: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := &queue{store: &Store{stop: make(chan struct{})}, come: make(chan *caller), landed: make(chan int, maxFlights)}
				over := make(chan struct{})
				come := func(after time.Duration, items int) {
					time.Sleep(after)
					select {
					case q.come <- &caller{items: make([]*item, items)}:
					case <-over:
					}
				}
				for _, items := range tt.waiting {
					go come(0, items)
					synctest.Wait()
				}
				for _, after := range tt.late {
					go come(after*time.Microsecond, 1)
				}
				if tt.lands > 0 {
					time.AfterFunc(tt.lands*time.Microsecond, func() { q.landed <- tt.tower.aboard })
				}
				if tt.closed {
					close(q.store.stop)
				}
				patience := time.NewTimer(boarding)
				defer patience.Stop()
				began := time.Now()
				group, open := q.gather(&tt.tower, patience)
				if took := time.Since(began); len(group) != tt.group || took != tt.took*time.Microsecond || open == tt.closed {
					t.Errorf("%d together after %s, open: %v", len(group), took, open)
				}
				time.Sleep(time.Second)
				left := 0
				for {
					select {
					case <-q.come:
						left++
						continue
					default:
					}
					break
				}
				if left != tt.left {
					t.Errorf("%d still wait", left)
				}
				close(over)
			})
		})
	}
}

// Of callers that come again as soon as they are answered, two groups fly in turn, and each has half of them.
func TestTower(t *testing.T) {
	t0 := tower{around: 64}
	t0.takeOff(64) // all came at once
	if t0.clears(31, true, false) || !t0.clears(32, false, false) {
		t.Error("the second group does not wait for its half")
	}
	t0.land(64)
	t0.takeOff(32)
	t0.takeOff(32)
	if t0.clears(64, true, true) {
		t.Errorf("a third group takes off beside %d", t0.flights)
	}
	t0.land(32)
	if t0.around != 64 || t0.aboard != 32 {
		t.Errorf("%+v", t0)
	}
	for range 20 { // only one is left
		t0.land(t0.aboard)
		t0.takeOff(1)
	}
	t0.land(1)
	if !t0.clears(1, false, false) {
		t.Errorf("the last one waits: %+v", t0)
	}
}

// Close comes to its end, and everybody is answered, also when callers come together while as many groups are in flight
// as there may be.
func TestCloseInFlight(t *testing.T) {
	logging.Disable() // as Open does
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		client := redis.NewClient(&redis.Options{
			Addr: "127.0.0.1:1", MaxRetries: -1, MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
			Dialer: func(context.Context, string, string) (net.Conn, error) {
				<-gate
				return nil, errors.New("the server is away")
			},
		})
		together, err := client.AsyncAutoPipeline()
		if err != nil {
			t.Fatal(err)
		}
		s := &Store{client: client, together: together, stop: make(chan struct{})}
		q := s.queue(commitScript, func([]*item, int64) call { return call{} })
		var callers []*caller
		for range maxFlights + 1 {
			c, err := q.board(t.Context(), 0, []*item{{}}, 0)
			if err != nil {
				t.Fatal(err)
			}
			callers = append(callers, c)
			time.Sleep(2 * boarding)
		}
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		close(gate)
		select {
		case err := <-closed:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Hour):
			t.Fatal("Close does not return")
		}
		for _, c := range callers {
			if heard, err := c.wait(); !heard || err == nil {
				t.Errorf("a caller was told %v, %v", heard, err)
			}
		}
	})
}
