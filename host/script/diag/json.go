package diag

import (
	"encoding/json"
	"io"
	"time"

	"github.com/footlight-bots/footlight/host/script/source"
)

// Record is a diagnostic for programs. Lines and columns count from 1, columns
// in characters; the end is behind the last character.
type Record struct {
	Code       Code              `json:"code"`
	Name       string            `json:"name,omitempty"`
	Severity   string            `json:"severity"`
	Message    string            `json:"message"`
	File       string            `json:"file,omitempty"`
	Range      *Range            `json:"range,omitempty"`
	Label      string            `json:"label,omitempty"`
	Suggestion *RecordSuggestion `json:"suggestion,omitempty"`
	Notes      []RecordNote      `json:"notes,omitempty"`
	Help       string            `json:"help,omitempty"`
}

// Range is a stretch of a file.
type Range struct {
	Start Point `json:"start"`
	End   Point `json:"end"`
}

// Point is a place in a file.
type Point struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// RecordSuggestion is a replacement.
type RecordSuggestion struct {
	Text  string `json:"text"`
	Range *Range `json:"range,omitempty"`
}

// RecordNote is a remark with a place of its own.
type RecordNote struct {
	Text  string `json:"text"`
	File  string `json:"file,omitempty"`
	Range *Range `json:"range,omitempty"`
}

// Tally is the last object of the JSON rendering.
type Tally struct {
	Errors       int   `json:"errors"`
	Warnings     int   `json:"warnings"`
	Files        int   `json:"files"`
	Milliseconds int64 `json:"milliseconds"`
}

// NewRecord makes a record of a diagnostic.
func NewRecord(d *Diagnostic) Record {
	e, _ := Lookup(string(d.Code))
	r := Record{
		Code: d.Code, Name: e.Name, Severity: d.Code.Severity(), Message: d.Message,
		File: file(d.Span), Range: rangeOf(d.Span), Label: d.Label, Help: d.Help,
	}
	if d.Suggestion != nil {
		r.Suggestion = &RecordSuggestion{d.Suggestion.Text, rangeOf(d.Suggestion.Span)}
	}
	for _, n := range d.Notes {
		r.Notes = append(r.Notes, RecordNote{n.Text, file(n.Span), rangeOf(n.Span)})
	}
	return r
}

func file(s source.Span) string {
	if s.IsZero() {
		return ""
	}
	return s.File.Path
}

func rangeOf(s source.Span) *Range {
	if s.IsZero() {
		return nil
	}
	point := func(offset int) Point {
		p := s.File.Position(offset)
		return Point{p.Line, p.Column}
	}
	return &Range{point(s.Start), point(s.End)}
}

// WriteJSON writes one object a line for each diagnostic, then {"summary": …}.
func WriteJSON(w io.Writer, list []Diagnostic, files int, took time.Duration) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range list {
		if err := out.Encode(NewRecord(&list[i])); err != nil {
			return err
		}
	}
	errors, warnings := count(list)
	return out.Encode(struct {
		Summary Tally `json:"summary"`
	}{Tally{errors, warnings, files, took.Milliseconds()}})
}
