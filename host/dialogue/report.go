package dialogue

import (
	"fmt"
	"io"
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

// maxTraceLines is how much of a turn's explanation a failure shows.
const maxTraceLines = 12

// WriteFailure explains a failed test: the talk so far, what was expected, what
// came, why, and how to run it again.
func WriteFailure(w io.Writer, o Outcome) {
	f := o.Failed
	fmt.Fprintf(w, "FAIL %s:%d  %s\n", o.Chat, o.Test.Line, o.Test.Name)
	for _, line := range f.Talk {
		fmt.Fprintf(w, "  %s\n", line)
	}
	fmt.Fprintf(w, "  line %d: %s\n", f.Step.Line, f.Step.Text)
	fmt.Fprintf(w, "    want %s\n    got  %s\n", f.Want, f.Got)
	if mark := difference(f.Want, f.Got); mark != "" {
		fmt.Fprintf(w, "         %s\n", mark)
	}
	for i, line := range trace.Lines(f.Trace) {
		if i == maxTraceLines {
			fmt.Fprintln(w, "  …")
			break
		}
		head := "trace"
		if i > 0 {
			head = "     "
		}
		text := fmt.Sprintf("  %s  %s%s   %s", head, strings.Repeat("  ", line.Indent), line.Text, line.Place())
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	fmt.Fprintf(w, "  seed  %d\n\n", o.Seed)
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
