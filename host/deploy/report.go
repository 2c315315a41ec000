package deploy

import (
	"encoding/json"
	"io"
)

// Report is what an examination found, as programs read it.
type Report struct {
	State    State     `json:"state"` // the worst of the findings: fine, warning or broken
	Findings []Finding `json:"findings"`
}

// NewReport sums up what was found.
func NewReport(found []Finding) Report { return Report{State: Worst(found), Findings: found} }

// Count is how many findings are in a state.
func (r Report) Count(s State) int {
	n := 0
	for _, f := range r.Findings {
		if f.State == s {
			n++
		}
	}
	return n
}

// WriteJSON writes an answer for programs: indented, one line at its end, and characters as they are.
func WriteJSON(w io.Writer, answer any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(answer)
}
