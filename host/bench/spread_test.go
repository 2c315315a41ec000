package bench

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSpread: a share is at most 1/64 above that of the sorted times, never below.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, math.MaxInt64), func(n int64) time.Duration { return time.Duration(n) }), 1, 50).Draw(t, "times")
		small := rapid.Int64Range(0, 62).Draw(t, "shift")
		share := rapid.SampledFrom([]float64{0, 0.01, 0.5, 0.99, 1}).Draw(t, "share")
		var one, other Spread
		for i := range times {
			times[i] >>= small
			if i%2 == 0 {
				one.Add(times[i])
			} else {
				other.Add(times[i])
			}
		}
		one.Merge(&other)
		slices.Sort(times)
		exact := times[max(int(share*float64(len(times))+0.5), 1)-1]
		if got := one.Share(share); got < exact || got-exact > exact/64 {
			t.Errorf("share %v is %d, exactly %d", share, got, exact)
		}
		if one.Max() != times[len(times)-1] || one.Count() != uint64(len(times)) {
			t.Errorf("max %d, count %d", one.Max(), one.Count())
		}
	})
	var none Spread
	if none.Share(0.5) != 0 || none.Max() != 0 {
		t.Error("a spread without times has some")
	}
}
