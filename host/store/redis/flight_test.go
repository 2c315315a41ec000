package redis

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who comes alone does not wait; who comes among many waits for as many as there were before, but not long,
// and no group grows without bounds.
func TestGather(t *testing.T) {
	for _, tt := range []struct {
		name    string
		want    int
		waiting []int // items of the callers that wait already
		late    []time.Duration
		group   int
		took    time.Duration
		closed  bool
		left    int
	}{
		{name: "alone", want: 1, group: 1},
		{name: "all who wait", want: 1, waiting: []int{1, 1, 1}, group: 4},
		{name: "as many as before", want: 3, late: []time.Duration{100, 300, 500}, group: 3, took: 300, left: 1},
		{name: "not for long", want: 64, late: []time.Duration{100, 2000}, group: 2, took: 1000, left: 1},
		{name: "full", want: 1, waiting: []int{maxFlight, 1}, group: 2, left: 1},
		{name: "closed", want: 2, group: 1, closed: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := &queue{store: &Store{stop: make(chan struct{})}, come: make(chan *caller)}
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
				if tt.closed {
					close(q.store.stop)
				}
				began := time.Now()
				group := q.gather(&caller{items: make([]*item, 1)}, tt.want, time.After(boarding))
				if took := time.Since(began); len(group) != tt.group || took != tt.took*time.Microsecond {
					t.Errorf("%d together after %s", len(group), took)
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
