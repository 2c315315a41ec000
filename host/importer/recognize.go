package importer

import (
	"strings"
	"unicode"
)

// isScript tells whether lines are those of a script: one at least begins with + and
// has an answer below it, or defines something.
func isScript(lines []string) bool {
	trigger := false
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if len(line) < 3 {
			continue
		}
		switch words := strings.Fields(line); {
		case line[0] == '+':
			trigger = true
		case trigger && (line[0] == '-' || line[0] == '@' || line[0] == '*'):
			return true
		case line[0] == '!' && len(words) > 3 && strings.Contains(line, "="):
			switch words[1] {
			case "version", "global", "var", "array", "sub", "person":
				return true
			}
		case line[0] == '>' && len(words) > 2 && words[1] == "object":
			return true
		}
	}
	return false
}

// hasBlocks tells whether a script opens topics or the begin block by itself.
func hasBlocks(lines []string) bool {
	for _, line := range lines {
		if words := strings.Fields(strings.TrimSpace(line)); len(words) > 1 && words[0] == ">" && (words[1] == "topic" || words[1] == "begin") {
			return true
		}
	}
	return false
}

// beyondASCII tells whether a text has letters that RiveScript hears only in its
// UTF-8 mode (L-NORM-4).
func beyondASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) >= 0
}
