package diag

import (
	"fmt"
	"strings"
)

// Reference is the registry as a page of Markdown: what "footlight explain" says,
// for all codes at once.
func Reference() string {
	markdown := strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`)
	var b strings.Builder
	b.WriteString("# Diagnostics\n\nMade from the registry by `make gen`; `footlight explain CODE` prints one of them.\n\n")
	b.WriteString("| Code | Name | Meaning |\n|---|---|---|\n")
	for _, e := range Codes() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", e.Code, strings.ToLower(string(e.Code)), e.Name, markdown.Replace(e.Meaning))
	}
	for _, e := range Codes() {
		fmt.Fprintf(&b, "\n## %s\n\n", e.Code)
		text, _ := Explain(string(e.Code))
		_, text, _ = strings.Cut(text, "\n\n") // the heading says the first line
		fmt.Fprintf(&b, "**%s**: ", e.Name)
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "    ") { // examples stand as they are
				line = markdown.Replace(line)
			}
			b.WriteString(line)
		}
	}
	return b.String()
}
