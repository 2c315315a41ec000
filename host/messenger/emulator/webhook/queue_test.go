package webhook

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func numbered(n int) *Queue {
	q := &Queue{}
	for i := range n {
		q.Add(Item{Body: json.RawMessage(fmt.Sprint(i))})
	}
	return q
}

func TestQueueIsBounded(t *testing.T) {
	q := numbered(maxQueue)
	if q.Add(Item{}) || q.Len() != maxQueue {
		t.Errorf("%d events wait, want %d at most", q.Len(), maxQueue)
	}
	if n := q.Forget(); n != maxQueue || q.Len() != 0 || !q.Add(Item{}) {
		t.Errorf("forgot %d events, %d are left", n, q.Len())
	}
}

// Every event is taken once; no more than disorder go before one that came earlier.
func TestTakeKeepsWithinItsDisorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "events")
		d := Delivery{Batch: rapid.IntRange(0, 7).Draw(t, "batch"), Reorder: rapid.IntRange(0, 5).Draw(t, "reorder")}
		q, random := numbered(n), rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var order []int
		for q.Len() > 0 {
			batch := q.Take(d, random)
			if len(batch) == 0 || len(batch) > max(1, d.Batch) {
				t.Fatalf("a batch of %d", len(batch))
			}
			for _, it := range batch {
				var i int
				if err := json.Unmarshal(it.Body, &i); err != nil {
					t.Fatal(err)
				}
				order = append(order, i)
			}
		}
		if len(order) != n {
			t.Fatalf("%d of %d events came out: %v", len(order), n, order)
		}
		for at, i := range order {
			overtaken := 0
			for _, j := range order[:at] {
				if j == i {
					t.Fatalf("event %d came twice: %v", i, order)
				}
				if j > i {
					overtaken++
				}
			}
			if overtaken > d.Reorder {
				t.Fatalf("%d went before event %d, want %d at most: %v", overtaken, i, d.Reorder, order)
			}
		}
	})
}

// F3: the first gap follows the repeats at once, and the last one repeats.
func TestRepeatsComeRound(t *testing.T) {
	r := Retry{AtOnce: 2, Gaps: []time.Duration{10 * time.Second, time.Minute}}
	q, p, now := &Queue{}, &Parcel{Elements: []string{"1"}}, start
	p.Tries = 3 // the first and two at once
	for n, gap := range []time.Duration{10 * time.Second, time.Minute, time.Minute} {
		if f := q.Fail(p, now, r); f != (Failure{}) {
			t.Fatalf("failure %d: %+v", n, f)
		}
		if due := q.Due(); !due.Equal(now.Add(gap)) {
			t.Errorf("failure %d: due after %s, want %s", n, due.Sub(now), gap)
		}
		now = now.Add(gap)
		if q.TakeDue(now.Add(-1)) != nil || q.TakeDue(now) != p || !q.Due().IsZero() {
			t.Fatalf("failure %d: the parcel did not come round at its time", n)
		}
		p.Tries++
	}
}

// F2: after 15 minutes an alert, once; after an hour the end of the subscription, or
// in the generic way after 36 h the end of the update.
func TestFailuresAddUp(t *testing.T) {
	gaps := []time.Duration{time.Minute}
	q, p := numbered(3), &Parcel{Elements: []string{"a", "b"}, Tries: 1}
	fail := func(after time.Duration, generic bool) Failure {
		f := q.Fail(p, start.Add(after), Retry{Gaps: gaps, Generic: generic})
		q.TakeDue(start.Add(after + time.Minute))
		return f
	}
	if f := fail(0, false); f != (Failure{}) {
		t.Errorf("at first: %+v", f)
	}
	if f := fail(15*time.Minute, false); f != (Failure{Alert: start}) {
		t.Errorf("after 15 min: %+v", f)
	}
	if f := fail(16*time.Minute, false); f != (Failure{}) {
		t.Errorf("after 16 min: %+v", f)
	}
	if f := fail(time.Hour, false); f != (Failure{Disabled: true, Lost: 5}) || q.Len() != 0 {
		t.Errorf("after 1 h: %+v, %d left", f, q.Len())
	}
	if f := fail(2*time.Hour, true); f != (Failure{}) {
		t.Errorf("after a new start: %+v", f)
	}
	if f := fail(36*time.Hour, true); f != (Failure{Alert: start.Add(2 * time.Hour), Dropped: true, Lost: 2}) {
		t.Errorf("after 36 h: %+v", f)
	}
	q.Succeed()
	if f := fail(37*time.Hour, false); !f.Alert.IsZero() || f.Disabled {
		t.Errorf("after a success: %+v", f)
	}
}
