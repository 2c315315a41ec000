package syntax

import (
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// Limits of section 28 of the language that reading has to hold.
const (
	// MaxPattern is the length of a trigger, continuations joined, in code points.
	MaxPattern = 1000
	// MaxNesting is how deep tags, groups and blocks may stand in each other.
	MaxNesting = 100
	// MaxWeight is the highest {weight} of a trigger or reply.
	MaxWeight = 1<<31 - 1
)

// Parse reads one document, whatever the dialect of its bot. It always returns
// a document, in which everything that could be understood has its place.
func Parse(file *source.File) (*Document, []diag.Diagnostic) {
	p := &parser{doc: &Document{File: file, Topic: topicOf(file.Path)}}
	p.encoding()
	s := &scanner{file: file, reporter: &p.reporter}
	p.document(s.scan())
	p.doc.Allows = s.allows
	return p.doc, p.found
}

// ParseTemplate reads a text that may hold tags, as a reply does: an entry of
// an array that replies pick from.
func ParseTemplate(t Text) (*Template, []diag.Diagnostic) {
	var r reporter
	text := source.NewPassage(t.Span)
	p := newTemplateParser(text, &r, false)
	return p.template(0, text.Len()), r.found
}

// reporter collects what is found.
type reporter struct {
	found []diag.Diagnostic
}

func (r *reporter) report(code diag.Code, at source.Span, message, label string) *diag.Diagnostic {
	r.found = append(r.found, diag.Diagnostic{Code: code, Message: message, Span: at, Label: label})
	return &r.found[len(r.found)-1]
}

// encoding reports bytes that are not UTF-8, once a line (E025).
func (p *parser) encoding() {
	last := 0
	for _, s := range p.doc.File.Invalid() {
		if line := s.Line(); line != last {
			last = line
			p.report("E025", s, "this line holds bytes that are not UTF-8", "read as U+FFFD; save the file as UTF-8")
		}
	}
}
