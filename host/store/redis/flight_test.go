package redis

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Who comes alone does not wait; who comes among many waits for its share of those who were there of late, but not long
// unless a group is about to land; and no group grows without bounds.
func TestBoard(t *testing.T) {
	for _, tt := range []struct {
		name  string
		tower tower
		come  []passenger
		gone  time.Duration // when the last of them gives up, µs; 0: it does not
		lands time.Duration // when the first group in flight does, µs; 0: not
		group int           // the first that takes off; 0: none does
		took  time.Duration // µs
		left  int
	}{
		{name: "alone", come: []passenger{{0, 1}}, group: 1},
		{name: "a share of those around", tower: tower{around: 6}, come: []passenger{{0, 1}, {100, 1}, {300, 1}, {500, 1}}, group: 3, took: 300, left: 1},
		{name: "beside a group", tower: tower{flights: 1, aboard: 3, around: 6}, come: []passenger{{0, 1}, {100, 1}, {300, 1}, {500, 1}}, group: 3, took: 300, left: 1},
		{name: "not for long", tower: tower{around: 64}, come: []passenger{{0, 1}, {100, 1}, {2000, 1}}, group: 2, took: 1000, left: 1},
		{name: "until a group lands", tower: tower{flights: 1, aboard: 60, around: 64}, come: []passenger{{0, 1}, {100, 1}, {2000, 1}}, lands: 1500, group: 2, took: 1500, left: 1},
		{name: "no more than maxFlights", tower: tower{flights: maxFlights, aboard: 2, around: 2}, come: []passenger{{0, 1}, {100, 1}}, lands: 500, group: 2, took: 500},
		{name: "full", tower: tower{flights: 1, aboard: 99, around: 99}, come: []passenger{{0, maxFlight}, {0, 1}}, group: 1, left: 1},
		{name: "no more than has room", tower: tower{flights: maxFlights, aboard: 2, around: 9}, come: []passenger{{0, 1}, {100, maxFlight}, {200, 1}}, lands: 500, group: 2, took: 500, left: 1},
		{name: "who waits behind a full one is late in its turn", tower: tower{flights: maxFlights, aboard: 2, around: 9}, come: []passenger{{0, maxFlight}, {100, 1}}, lands: 500, group: 1, took: 500, left: 1},
		{name: "given up", tower: tower{around: 6}, come: []passenger{{0, 1}, {100, 1}}, gone: 500, group: 1, took: 1000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := (&Store{together: &redis.AutoPipeliner{}}).grounded()
				q.tower = tt.tower
				var hands sync.WaitGroup
				last := len(tt.come) - 1
				for i, p := range tt.come {
					ctx, cancel := context.WithCancel(t.Context())
					if i == last && tt.gone > 0 {
						time.AfterFunc(tt.gone*time.Microsecond, cancel)
					}
					hands.Go(func() {
						defer cancel()
						time.Sleep(p.after * time.Microsecond)
						c, err := q.board(ctx, 0, make([]*item, p.items), 0)
						if err != nil {
							t.Error(err)
							return
						}
						if i == last && tt.gone > 0 {
							_, _ = q.wait(c)
						}
					})
					synctest.Wait() // one after the other
				}
				if tt.lands > 0 {
					time.AfterFunc(tt.lands*time.Microsecond, func() { q.land(tt.tower.aboard) })
				}
				began := time.Now()
				group := <-q.off
				if took := time.Since(began); len(group) != tt.group || took != tt.took*time.Microsecond {
					t.Errorf("%d together after %s", len(group), took)
				}
				hands.Wait()
				q.mu.Lock()
				defer q.mu.Unlock()
				if len(q.waiting) != tt.left || q.items != tt.left {
					t.Errorf("%d still wait, with %d items", len(q.waiting), q.items)
				}
			})
		})
	}
}

// passenger is a caller that comes after a time, µs, with so many items.
type passenger struct {
	after time.Duration
	items int
}

// grounded is a queue without planes.
func (s *Store) grounded() *queue {
	together := s.together
	s.together = nil
	q := s.queue(commitScript, func([]*item, int64) call { return call{} })
	s.together = together
	return q
}

// Whoever waits behind a group that was full takes off once it has waited long enough, or beside nobody.
func TestBehindAFullGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := (&Store{together: &redis.AutoPipeliner{}}).grounded()
		q.tower = tower{flights: maxFlights, aboard: 99, around: 99}
		for _, items := range []int{maxFlight, 1} {
			if _, err := q.board(t.Context(), 0, make([]*item, items), 0); err != nil {
				t.Fatal(err)
			}
		}
		q.land(50)
		<-q.off
		q.land(49)
		q.land(1)
		began := time.Now()
		if group := <-q.off; len(group) != 1 || time.Since(began) != boarding {
			t.Errorf("%d after %s", len(group), time.Since(began))
		}
	})
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
		s := &Store{client: client, together: together}
		q := s.queue(commitScript, func([]*item, int64) call { return call{} })
		s.commits = []*queue{q}
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
			if heard, err := q.wait(c); !heard || err == nil {
				t.Errorf("a caller was told %v, %v", heard, err)
			}
		}
	})
}
