package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/bench"
	"github.com/footlight-bots/footlight/host/bench/brain"
)

// unit is what a figure counts.
type unit string

const (
	micros  unit = "µs"
	octets  unit = "B"
	times   unit = "×"
	percent unit = "%"
	number  unit = ""
)

// bound is how a figure and its target compare.
type bound string

const (
	free    bound = "" // there is no target
	atMost  bound = "≤"
	atLeast bound = "≥"
)

// figure is one thing that was measured.
type figure struct {
	Table    string  `json:"table"`
	Triggers int     `json:"triggers,omitempty"`
	Class    string  `json:"class"`
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     unit    `json:"unit,omitempty"`
	Bound    bound   `json:"bound,omitempty"`
	Target   float64 `json:"target,omitempty"`
	Met      *bool   `json:"met,omitempty"` // nil without a target
}

// sheet is all figures of a run.
type sheet struct {
	Seed    uint64   `json:"seed"`
	Dialect string   `json:"dialect"`
	Figures []figure `json:"figures"`
	Notes   []string `json:"notes,omitempty"`
}

// place is where figures stand: a row of a table.
type place struct {
	sheet    *sheet
	table    string
	triggers int
	class    string
}

// add writes a figure down.
func (p place) add(name string, value float64, u unit, b bound, target float64) {
	f := figure{Table: p.table, Triggers: p.triggers, Class: p.class, Name: name, Value: value, Unit: u, Bound: b}
	if b != free {
		met := value <= target
		if b == atLeast {
			met = value >= target
		}
		f.Target, f.Met = target, &met
	}
	p.sheet.Figures = append(p.sheet.Figures, f)
}

// took writes a time down.
func (p place) took(name string, d time.Duration, b bound, target time.Duration) {
	p.add(name, micro(d), micros, b, micro(target))
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// find is the value of a figure.
func (s *sheet) find(table string, triggers int, class, name string) (float64, bool) {
	for _, f := range s.Figures {
		if f.Table == table && f.Triggers == triggers && f.Class == class && f.Name == name {
			return f.Value, true
		}
	}
	return 0, false
}

// Brains between which the cost of a turn may only double.
const (
	smallBrain   = 1000
	largeBrain   = 100_000
	targetGrowth = 2
)

// growth compares the largest brain with a small one.
func (s *sheet) growth() {
	for _, f := range s.Figures {
		if f.Table != turnsTable(brain.Realistic) || f.Triggers != largeBrain || f.Name != median || f.Class == brain.Long {
			continue
		}
		if small, ok := s.find(f.Table, smallBrain, f.Class, median); ok && small > 0 {
			place{s, f.Table, f.Triggers, f.Class}.add("÷ 1,000", f.Value/small, times, atMost, targetGrowth)
		}
	}
}

func (s *sheet) writeJSON(w io.Writer) error { return json.NewEncoder(w).Encode(s) }

// writeText writes the figures as tables, each with its target and whether it is met.
func (s *sheet) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, dialect %s; the quietest of %d rounds; ✓ and ✗ say whether the target behind is met\n", s.Seed, s.Dialect, rounds)
	met, missed := 0, 0
	for _, f := range s.Figures {
		if f.Met != nil && *f.Met {
			met++
		} else if f.Met != nil {
			missed++
		}
	}
	for _, t := range []string{turnsTable(brain.Realistic), turnsTable(brain.Adversarial), turnsTable(brain.Keyword), breakingTable, buildTable, nativeTable, npmTable} {
		s.writeTable(&b, t)
	}
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	fmt.Fprintf(&b, "\n%s met, %d missed\n", bench.Count(met, "target"), missed)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeTable writes one table: a row for each brain and class, a column for each name.
func (s *sheet) writeTable(b *strings.Builder, table string) {
	var columns, rows []string
	cells := map[string]map[string]string{}
	for _, f := range s.Figures {
		if f.Table != table {
			continue
		}
		row := f.Class
		if f.Triggers > 0 {
			row = fmt.Sprintf("%9s %s", bench.Thousands(uint64(f.Triggers)), f.Class)
		}
		if !slices.Contains(columns, f.Name) {
			columns = append(columns, f.Name)
		}
		if cells[row] == nil {
			rows = append(rows, row)
			cells[row] = map[string]string{}
		}
		cells[row][f.Name] = f.cell()
	}
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", table)
	lines := append([]string{""}, rows...)
	align(lines)
	for _, name := range columns {
		column := []string{name}
		for _, row := range rows {
			column = append(column, cells[row][name])
		}
		align(column)
		for i := range lines {
			lines[i] += "  " + column[i]
		}
	}
	for _, line := range lines {
		fmt.Fprintf(b, "  %s\n", strings.TrimRight(line, " "))
	}
}

// align fills lines with blanks until all are as long as the longest.
func align(lines []string) {
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	for i, line := range lines {
		lines[i] += strings.Repeat(" ", width-utf8.RuneCountInString(line))
	}
}

// cell is a figure as a table shows it.
func (f *figure) cell() string {
	text := f.Unit.write(f.Value)
	if f.Met == nil {
		return text
	}
	mark := "✗"
	if *f.Met {
		mark = "✓"
	}
	return fmt.Sprintf("%s %s %s %s", text, mark, f.Bound, f.Unit.write(f.Target))
}

// write writes a value with its unit.
func (u unit) write(value float64) string {
	switch u {
	case micros:
		return bench.Short(time.Duration(value * float64(time.Microsecond)))
	case octets:
		return bench.Bytes(int(value))
	case percent:
		return fmt.Sprintf("%.1f %%", value)
	case times:
		if value >= 100 {
			return bench.Thousands(uint64(value)) + " ×"
		}
		return fmt.Sprintf("%.2f ×", value)
	default:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", value), "0"), ".")
	}
}
