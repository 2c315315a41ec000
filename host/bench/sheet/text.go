package sheet

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/bench"
)

// WriteText writes the figures as tables, each with its target and whether it is met.
func (s *Sheet) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; ✓ and ✗ say whether the target behind is met\n", s.Title)
	tables := slices.Clone(s.Tables)
	for _, f := range s.Figures {
		if !slices.Contains(tables, f.Table) {
			tables = append(tables, f.Table)
		}
	}
	for _, table := range tables {
		s.writeTable(&b, table)
	}
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	missed, targets := s.Missed()
	fmt.Fprintf(&b, "\n%s met, %d missed\n", bench.Count(targets-missed, "target"), missed)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeTable writes one table: a row for each size and name, a column for each figure's name.
func (s *Sheet) writeTable(b *strings.Builder, table string) {
	var columns, rows []string
	cells := map[string]map[string]string{}
	for _, f := range s.Figures {
		if f.Table != table {
			continue
		}
		row := f.Row
		if f.Size > 0 {
			row = fmt.Sprintf("%9s %s", bench.Thousands(uint64(f.Size)), f.Row)
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
func (f *Figure) cell() string {
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
func (u Unit) write(value float64) string {
	switch u {
	case Micros:
		return bench.Short(time.Duration(value * float64(time.Microsecond)))
	case Octets:
		return bench.Bytes(int(value))
	case Percent:
		return fmt.Sprintf("%.1f %%", value)
	case PerSecond:
		return bench.Thousands(uint64(value)) + " /s"
	case Times:
		if value >= 100 {
			return bench.Thousands(uint64(value)) + " ×"
		}
		return fmt.Sprintf("%.2f ×", value)
	default:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", value), "0"), ".")
	}
}
