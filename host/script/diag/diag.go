// Package diag is what authors are told: diagnostics as values with a code, a
// place and a cure, the registry of codes, and three renderings (terminal, JSON,
// GitHub annotations). Making and rendering are apart, so that the terminal and
// the browser show the same value. No API of the host is promised.
package diag

import "github.com/footlight-bots/footlight/host/script/source"

// Diagnostic is one finding (L-DIAG-1).
type Diagnostic struct {
	Code       Code
	Message    string // one line, lower case, names the thing
	Span       source.Span
	Label      string      // text behind the marker
	Suggestion *Suggestion // nil without
	Notes      []Note
	Help       string // why it matters, how to solve it
}

// Code is a code of section 29 of the language, such as "E021" or "W104".
type Code string

// IsError tells whether the code is an error; warnings are all others.
func (c Code) IsError() bool { return len(c) > 0 && c[0] == 'E' }

// Suggestion is a replacement that would mend the fault.
type Suggestion struct {
	Text string
	Span source.Span
}

// Note is a further remark with a place of its own.
type Note struct {
	Text string // renderings put " at file:line" behind it when it has a place
	Span source.Span
}
