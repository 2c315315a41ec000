package diag

import "github.com/footlight-bots/footlight/host/script/source"

// AddNote adds a remark with a place of its own; the zero Span is none.
func (d *Diagnostic) AddNote(text string, at source.Span) {
	d.Notes = append(d.Notes, Note{Text: text, Span: at})
}
