package reply

import "strings"

// Flatten is what tokens count for in argument position (L-EVAL-6): their text.
// Texts of several parts are joined with one blank; an error counts with its
// text; shortcodes and <noreply> do not count. Person applies the person
// substitutions; nil leaves texts as they are.
func Flatten(tokens []Token, person func(string) string) string {
	if len(tokens) == 1 && (tokens[0].Kind == Text || tokens[0].Kind == Error) {
		return tokens[0].Text
	}
	var parts []string
	var b strings.Builder
	cut := false
	for _, it := range resolve(tokens, person) {
		switch it.kind {
		case Text, Error:
			b.WriteString(it.text)
		case Send, Delay:
			cut = true
			parts = appendTrimmed(parts, b.String())
			b.Reset()
		}
	}
	if !cut {
		return b.String()
	}
	return strings.Join(appendTrimmed(parts, b.String()), " ")
}

func appendTrimmed(parts []string, text string) []string {
	if text = strings.TrimSpace(text); text != "" {
		parts = append(parts, text)
	}
	return parts
}
