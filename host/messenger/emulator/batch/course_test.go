package batch

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Each call begins when the one it waits for has its answer, and at once when it waits for none; behind a
// failure nothing runs; the batch is over with its last answer.
func TestCourse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "calls")
		items, late, fails := make([]Item, n), make([]time.Duration, n), make([]bool, n)
		begins, ends, runs := make([]time.Duration, n), make([]time.Duration, n), make([]bool, n)
		longest := time.Duration(0)
		for i := range items {
			items[i].Name = fmt.Sprint(i)
			late[i] = time.Duration(rapid.SampledFrom([]int{0, 0, 1, 2, 5}).Draw(t, "late"))
			fails[i] = rapid.IntRange(0, 5).Draw(t, "luck") == 0
			runs[i] = true
			if i > 0 && rapid.Bool().Draw(t, "waits") {
				after := rapid.IntRange(0, i-1).Draw(t, "for")
				items[i].After = fmt.Sprint(after)
				begins[i], runs[i] = ends[after], runs[after] && !fails[after]
			}
			ends[i] = begins[i]
			if runs[i] {
				ends[i] += late[i]
			}
			longest = max(longest, ends[i])
		}
		c := Begin(items, rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))))
		ran, now := make([]bool, n), time.Duration(0)
		for {
			i, _, wait := c.Next()
			if now += wait; i < 0 {
				break
			}
			if ran[i] || !runs[i] || now != begins[i] {
				t.Fatalf("call %d runs at %d (again: %t), want %t at %d", i, now, ran[i], runs[i], begins[i])
			}
			ran[i] = true
			c.End(i, !fails[i], []byte("{}"), late[i])
		}
		if now != longest {
			t.Fatalf("over at %d, want %d", now, longest)
		}
		for i := range items {
			if ran[i] != runs[i] {
				t.Fatalf("call %d ran: %t, want %t", i, ran[i], runs[i])
			}
		}
	})
}
