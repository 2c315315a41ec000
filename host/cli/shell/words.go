package shell

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/footlight-bots/footlight/host/script/source"
)

// Column is the width of what is shown of somebody or something, in cells.
const Column = 80

// Count is "1 topic", "2 topics".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Size is a number of bytes for people.
func Size(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return Count(n, "byte")
}

// Stamp is a moment, the same wherever it is read.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// Ago is when something was that is d past.
func Ago(d time.Duration) string { return Span(d) + " ago" }

// Due is when something comes that is d away.
func Due(d time.Duration) string {
	if d <= 0 {
		return "now"
	}
	return "in " + Span(d)
}

// Span is a time in the one or two units that matter.
func Span(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	days, hours, minutes, seconds := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%dd %dh", days, hours)
	case hours > 0:
		return fmt.Sprintf("%dh %dm", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm %ds", minutes, seconds)
	default:
		return fmt.Sprintf("%ds", seconds)
	}
}

// Harmless makes one harmless line of a text that came from outside.
func Harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Bidi_Control):
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "·"))
}

// Pad fills a text up to a width, in cells.
func Pad(s string, width int) string {
	s = Clip(Harmless(s), width)
	return s + strings.Repeat(" ", max(0, width-source.Cells(s)))
}

// Clip cuts a text that is wider than width cells, and shows that.
func Clip(s string, width int) string {
	if source.Cells(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && source.Cells(string(runes))+1 > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
