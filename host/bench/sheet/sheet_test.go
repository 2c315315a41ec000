package sheet

import (
	"strings"
	"testing"
	"time"
)

// TestWriteText: tables stand in the order of their first figures, every figure beside its target.
func TestWriteText(t *testing.T) {
	s := Sheet{Title: "a run", Notes: []string{"a note"}}
	s.Row("speed", 1000, "exact").Took("p50", 4*time.Microsecond, AtMost, 5*time.Microsecond)
	s.Row("speed", 0, "all").Took("p99", 40*time.Microsecond, AtMost, 25*time.Microsecond)
	s.Row("rates", 0, "redis").Add("turns", 3100, PerSecond, AtLeast, 3000)
	s.Row("rates", 0, "redis").Add("of bare", 0.5, Times, Free, 0)
	var b strings.Builder
	if err := s.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `a run; ✓ and ✗ say whether the target behind is met

speed
                   p50                  p99
      1,000 exact  4.00 µs ✓ ≤ 5.00 µs
  all                                   40.0 µs ✗ ≤ 25.0 µs

rates
         turns                  of bare
  redis  3,100 /s ✓ ≥ 3,000 /s  0.50 ×

a note

2 targets met, 1 missed
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// TestFind: a figure is found by where it stands, and only there.
func TestFind(t *testing.T) {
	var s Sheet
	s.Row("a", 1, "x").Add("n", 7, Number, Free, 0)
	if v, ok := s.Find("a", 1, "x", "n"); !ok || v != 7 {
		t.Errorf("found %v, %v", v, ok)
	}
	if _, ok := s.Find("a", 2, "x", "n"); ok {
		t.Error("found what is not there")
	}
	if missed, targets := s.Missed(); missed != 0 || targets != 0 {
		t.Errorf("%d of %d targets missed where there are none", missed, targets)
	}
}
