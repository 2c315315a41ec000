package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// columns is how wide a page of help may be, in characters: what every terminal shows.
const columns = 80

// fitHelp makes the help of all commands fit a terminal: paragraphs
// are folded, and flags explain themselves below each other. Lines that are indented are
// files and commands, and stay as they are.
func fitHelp(root *cobra.Command) {
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "FlagUsages ", fmt.Sprintf("FlagUsagesWrapped %d ", columns)))
	foldBelow(root)
}

// foldBelow folds what commands say of themselves.
func foldBelow(cmd *cobra.Command) {
	cmd.Long = fold(cmd.Long)
	for _, below := range cmd.Commands() {
		foldBelow(below)
	}
}

// fold breaks the paragraphs of a text anew.
func fold(text string) string {
	var out strings.Builder
	room := 0 // of the line that a paragraph stands in
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == ' ' {
			if room > 0 {
				out.WriteByte('\n')
			}
			out.WriteString(line + "\n")
			room = 0
			continue
		}
		for word := range strings.SplitSeq(line, " ") {
			n := utf8.RuneCountInString(word)
			switch {
			case room == 0:
				room = columns
			case n < room:
				out.WriteByte(' ')
				room--
			default:
				out.WriteByte('\n')
				room = columns
			}
			out.WriteString(word)
			room = max(room-n, 1)
		}
	}
	return strings.TrimSuffix(out.String(), "\n")
}
