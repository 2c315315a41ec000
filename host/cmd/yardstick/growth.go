package main

import (
	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
)

// Brains between which the cost of a turn may only double.
const (
	smallBrain   = 1000
	largeBrain   = 100_000
	targetGrowth = 2
)

// growth compares the largest brain with a small one.
func growth(s *sheet.Sheet) {
	for _, f := range s.Figures {
		if f.Table != turnsTable(brain.Realistic) || f.Size != largeBrain || f.Name != median || f.Row == brain.Long {
			continue
		}
		if small, ok := s.Find(f.Table, smallBrain, f.Row, median); ok && small > 0 {
			s.Row(f.Table, f.Size, f.Row).Add("÷ 1,000", f.Value/small, sheet.Times, sheet.AtMost, targetGrowth)
		}
	}
}

// tables is the order in which they are shown.
func tables() []string {
	return []string{
		turnsTable(brain.Realistic), turnsTable(brain.Adversarial), turnsTable(brain.Keyword),
		breakingTable, buildTable, nativeTable, npmTable,
	}
}
