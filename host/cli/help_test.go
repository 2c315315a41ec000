package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

func TestFold(t *testing.T) {
	long := strings.Repeat("abcdefghi ", 8)
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"a line that is full", long[:80-1] + " x", long[:80-1] + "\nx"},
		{"a paragraph", "one\ntwo", "one two"},
		{"paragraphs", "one\n\ntwo\n", "one\n\ntwo"},
		{"a file", "like this\n\n  a\n    b\n\nor not\nthat", "like this\n\n  a\n    b\n\nor not that"},
		{"a file behind words", "like\n  a\nor\nb", "like\n  a\nor b"},
		{"a word that is too long", "x " + strings.Repeat("y", 90) + " z", "x\n" + strings.Repeat("y", 90) + "\nz"},
		{"signs", strings.Repeat("é", 78) + " é é", strings.Repeat("é", 78) + " é\né"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fold(tt.text); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestHelpFits: no terminal breaks the help of a command; what can be copied from it may
// be longer.
func TestHelpFits(t *testing.T) {
	var out bytes.Buffer
	var look func(cmd *cobra.Command)
	look = func(cmd *cobra.Command) {
		out.Reset()
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			line = strings.TrimSuffix(line, "\n")
			copied := strings.Contains(cmd.Example, line) || strings.HasPrefix(line, "  ") && strings.Contains(cmd.Long, line)
			if n := utf8.RuneCountInString(line); n > columns && !copied {
				t.Errorf("%s --help: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
		for _, below := range cmd.Commands() {
			look(below)
		}
	}
	look(newRoot(shell.Environment{Out: &out, Err: &out}))
	if out.Len() == 0 {
		t.Error("nothing was looked at")
	}
}
