package chat

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/footlight-bots/footlight/host/trace"
)

// Summary counts outcomes.
type Summary struct{ Passed, Failed, Skipped int }

// Count counts outcomes.
func Count(outcomes []Outcome) Summary {
	var s Summary
	for _, o := range outcomes {
		switch {
		case o.Skipped:
			s.Skipped++
		case o.Failed != nil:
			s.Failed++
		default:
			s.Passed++
		}
	}
	return s
}

// String is the closing line of a run.
func (s Summary) String() string {
	text := fmt.Sprintf("%d passed, %d failed", s.Passed, s.Failed)
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	return text
}

// Name is where a test stands and how it is called: "tea.chat:4  says hello".
func (o Outcome) Name() string { return fmt.Sprintf("%s:%d  %s", o.File, o.Test.Line, o.Test.Name) }

// maxTraceLines is how much of a turn's explanation a failure shows.
const maxTraceLines = 12

// WriteFailure explains a failed test: the talk so far, what was expected, what
// came, why, and how to run it again. folder is that of the bot.
func WriteFailure(w io.Writer, folder string, o Outcome) error {
	f := o.Failed
	var b strings.Builder
	o.File = path.Join(folder, o.File)
	fmt.Fprintf(&b, "FAIL %s\n", o.Name())
	for _, line := range f.Talk {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	fmt.Fprintf(&b, "  line %d: %s\n", f.Line, f.Step)
	fmt.Fprintf(&b, "    want %s\n    got  %s\n", f.Want, f.Got)
	if mark := difference(f.Want, f.Got); mark != "" {
		fmt.Fprintf(&b, "         %s\n", mark)
	}
	for i, line := range trace.Lines(f.Trace) {
		if i == maxTraceLines {
			b.WriteString("  …\n")
			break
		}
		head := "trace"
		if i > 0 {
			head = "     "
		}
		text := fmt.Sprintf("  %s  %s%s   %s", head, strings.Repeat("  ", line.Indent), line.Text, line.Place())
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	fmt.Fprintf(&b, "  again  %s      seed %d\n\n", o.Again(folder), o.Seed)
	_, err := io.WriteString(w, b.String())
	return err
}

// Again is the command that runs a test once more.
func (o Outcome) Again(folder string) string {
	if folder == "" {
		folder = "."
	}
	return fmt.Sprintf("footlight test %s --run %s", shellWord(folder), shellWord("^"+escapePattern(o.Test.Name)+"$"))
}

// escapePattern makes a text match itself as a pattern, and stays readable.
func escapePattern(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`\.+*?()|[]{}^$`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// shellWord writes a word for the command line.
func shellWord(text string) string {
	plain := func(r rune) bool {
		return r == '/' || r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// difference marks what of got is not as wanted, when the two are alike enough
// for a mark to help.
func difference(want, got string) string {
	a, b := []rune(want), []rune(got)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if head+tail == 0 {
		return ""
	}
	return strings.Repeat(" ", head) + strings.Repeat("~", max(1, len(b)-head-tail))
}
