package world

import (
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

func TestNumber(t *testing.T) { // L-COND-5
	for text, want := range map[string]float64{"5": 5, " -2.5 ": -2.5, "+0": 0, "007": 7} {
		if got, ok := Number(text); !ok || got != want {
			t.Errorf("Number(%q) = %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", ".5", "5.", "1e3", "--1", "+-1", "0x1", "1 2", "٣", "undefined", "-"} {
		if got, ok := Number(text); ok {
			t.Errorf("Number(%q) = %v, want none", text, got)
		}
	}
}

func TestCompare(t *testing.T) {
	tests := []struct {
		rule        string
		op          ir.CompareOp
		left, right string
		want        bool
	}{
		{"L-COND-4", ir.Equal, "Ann", "Ann", true},
		{"L-COND-4", ir.Equal, "Ann", "ann", false},
		{"L-COND-4", ir.Equal, "", "undefined", true},
		{"L-COND-4", ir.NotEqual, "undefined", "", false},
		{"L-COND-4", ir.NotEqual, "0", "", true},
		{"L-COND-4", ir.Equal, "1", "1.0", false},
		{"L-COND-5", ir.Less, "9", "10", true},
		{"L-COND-5", ir.LessEqual, "10", "10.0", true},
		{"L-COND-5", ir.Greater, "17.6", "17.5", true},
		{"L-COND-5", ir.GreaterEqual, "-3", "-2", false},
		{"L-COND-5", ir.Greater, "ten", "1", false},
		{"L-COND-5", ir.Less, "1", "ten", false},
	}
	for _, tt := range tests {
		if got := Compare(tt.op, tt.left, tt.right); got != tt.want {
			t.Errorf("%s: Compare(%v, %q, %q) = %v", tt.rule, tt.op, tt.left, tt.right, got)
		}
	}
}

func TestMillis(t *testing.T) { // L-DELAY-2
	for text, want := range map[string]int{"2": 2000, "0.5": 500, "0.0004": 0, "500": 120_000, "-1": 0, "soon": 0, "": 0} {
		if got := Millis(text); got != want {
			t.Errorf("Millis(%q) = %d, want %d", text, got, want)
		}
	}
}
