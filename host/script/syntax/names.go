package syntax

import (
	"strings"
	"unicode"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

const topicNameHelp = `topic names are made of a-z, 0-9, "_" and "-"; those beginning with "__" or "dex-" are reserved.`

// ValidTopic tells whether a lower-cased name can be the name of a topic (L-TOP-1).
func ValidTopic(name string) bool {
	if name == "" || strings.HasPrefix(name, "__") || strings.HasPrefix(name, "dex-") {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// lower is the simple lower case of each character, without locale.
func lower(s string) string { return strings.Map(unicode.ToLower, s) }

func quote(s string) string { return `"` + s + `"` }

// fields splits a stretch at white space and keeps the places.
func fields(at source.Span) []Text {
	var out []Text
	text := at.Text()
	start := -1
	for i, r := range text + " " {
		switch blank := unicode.IsSpace(r); {
		case !blank && start < 0:
			start = i
		case blank && start >= 0:
			out = append(out, Text{Value: text[start:i], Span: at.File.Span(at.Start+start, at.Start+i)})
			start = -1
		}
	}
	return out
}

// suggest offers the nearest of some names as a replacement.
func suggest(d *diag.Diagnostic, written Text, names ...string) {
	if near := diag.Nearest(written.Value, names); near != "" {
		d.Label = diag.DidYouMean(near)
		d.Suggestion = &diag.Suggestion{Text: near, Span: written.Span}
	}
}

// isNameRune tells whether r can stand in the name of an array: a letter, a digit or "_".
func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// arrayName is the longest array name that s begins with.
func arrayName(s string) string {
	for i, r := range s {
		if !isNameRune(r) {
			return s[:i]
		}
	}
	return s
}

// ValidArray tells whether all of s is an array name (L-DEF-4).
func ValidArray(s string) bool { return s != "" && arrayName(s) == s }
