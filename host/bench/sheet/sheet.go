// Package sheet writes measured figures down: each with its unit, what it was to
// reach and whether it did, as tables for people or as JSON for machines. It measures
// nothing. No API of the host is promised.
package sheet

import (
	"encoding/json"
	"io"
	"time"
)

// Unit is what a figure counts.
type Unit string

// The units.
const (
	Micros    Unit = "µs"
	Octets    Unit = "B"
	Times     Unit = "×"
	Percent   Unit = "%"
	PerSecond Unit = "/s"
	Number    Unit = ""
)

// Bound is how a figure and its target compare.
type Bound string

// The bounds.
const (
	Free    Bound = "" // there is no target
	AtMost  Bound = "≤"
	AtLeast Bound = "≥"
)

// Figure is one thing that was measured.
type Figure struct {
	Table  string  `json:"table"`
	Size   int     `json:"size,omitempty"` // of what was measured; rows of a table begin with it
	Row    string  `json:"row"`
	Name   string  `json:"name"` // its column
	Value  float64 `json:"value"`
	Unit   Unit    `json:"unit,omitempty"`
	Bound  Bound   `json:"bound,omitempty"`
	Target float64 `json:"target,omitempty"`
	Met    *bool   `json:"met,omitempty"` // nil without a target
}

// Sheet is all figures of a run, in the order in which they were measured.
type Sheet struct {
	Title   string   `json:"title"`
	Tables  []string `json:"-"` // the order of the tables; others follow as they were measured
	Figures []Figure `json:"figures"`
	Notes   []string `json:"notes,omitempty"`
}

// Row is where figures are added: a row of a table.
type Row struct {
	Table string
	Size  int // of what is measured
	Name  string

	sheet *Sheet
}

// Row is the row of a name in a table; size 0 is not shown.
func (s *Sheet) Row(table string, size int, name string) Row { return Row{table, size, name, s} }

// Add writes a figure down.
func (r Row) Add(name string, value float64, u Unit, b Bound, target float64) {
	f := Figure{Table: r.Table, Size: r.Size, Row: r.Name, Name: name, Value: value, Unit: u, Bound: b}
	if b != Free {
		met := value <= target
		if b == AtLeast {
			met = value >= target
		}
		f.Target, f.Met = target, &met
	}
	r.sheet.Figures = append(r.sheet.Figures, f)
}

// Took writes a time down.
func (r Row) Took(name string, d time.Duration, b Bound, target time.Duration) {
	r.Add(name, micros(d), Micros, b, micros(target))
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// Find is the value of a figure.
func (s *Sheet) Find(table string, size int, row, name string) (float64, bool) {
	for _, f := range s.Figures {
		if f.Table == table && f.Size == size && f.Row == row && f.Name == name {
			return f.Value, true
		}
	}
	return 0, false
}

// Missed is how many figures have not reached their target, and of how many.
func (s *Sheet) Missed() (missed, targets int) {
	for _, f := range s.Figures {
		if f.Met == nil {
			continue
		}
		targets++
		if !*f.Met {
			missed++
		}
	}
	return missed, targets
}

// WriteJSON writes the sheet as one JSON object.
func (s *Sheet) WriteJSON(w io.Writer) error { return json.NewEncoder(w).Encode(s) }
