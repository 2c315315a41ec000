package shell

import (
	"fmt"
	"io"
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
)

// labelColumn is the width of the labels before a paragraph, in cells.
const labelColumn = 12

// Paragraph writes a text with a label at its left, in lines of column cells.
func Paragraph(w io.Writer, indent int, label, text string) {
	margin := strings.Repeat(" ", indent)
	for i, line := range Wrap(Harmless(text), Column-indent-labelColumn-1) {
		if i > 0 {
			label = ""
		}
		_, _ = fmt.Fprintln(w, strings.TrimRight(margin+Pad(label, labelColumn)+" "+line, " "))
	}
}

// Wrap breaks a text between words, so that no line has more cells than width unless a
// single word has.
func Wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case source.Cells(line)+1+source.Cells(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
