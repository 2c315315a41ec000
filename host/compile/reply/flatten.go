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
	var room [usual]item
	items := resolve(room[:0], tokens, person)
	var parts []string
	from := 0
	for i := range items {
		if kind := items[i].kind; kind == Send || kind == Delay {
			parts = appendTrimmed(parts, joined(items[from:i], true))
			from = i + 1
		}
	}
	if from == 0 {
		return joined(items, true)
	}
	return strings.Join(appendTrimmed(parts, joined(items[from:], true)), " ")
}

func appendTrimmed(parts []string, text string) []string {
	if text = strings.TrimSpace(text); text != "" {
		parts = append(parts, text)
	}
	return parts
}
