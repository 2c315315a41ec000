package link

import (
	"regexp"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// window is how long after a message of the person Messenger takes answers.
const window = 24 * time.Hour

// span of time as reminders write it (L-REM-2).
var duration = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s+(second|minute|hour|day|week)s?$`)

var unitOf = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
}

// reminder reports a reminder that surely comes after the window (W113).
func (l *linker) reminder(n *syntax.Node) {
	text, literal := n.Shortcode.Args[2].Literal()
	m := duration.FindStringSubmatch(text)
	if !literal || m == nil {
		return
	}
	number, err := strconv.ParseFloat(m[1], 64)
	if err == nil && number*float64(unitOf[m[2]]) > float64(window) {
		l.outside(n.Shortcode.Args[2].Span, "this reminder comes after Messenger's window of 24 hours")
	}
}

// delays reports a reply whose delays add up to more than the window (W113).
func (l *linker) delays(t *syntax.Template) {
	total := 0.0
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if n.Kind != syntax.DelayNode {
			continue
		}
		for _, a := range n.Attributes {
			if a.Name != "seconds" || a.Value == nil {
				continue
			}
			text, _ := a.Value.Literal()
			seconds, _ := syntax.Number(text)
			total += min(max(seconds, 0), syntax.MaxDelay)
		}
		if total > window.Seconds() {
			l.outside(n.Span, "the delays of this reply pass Messenger's window of 24 hours")
			return
		}
	}
}

func (l *linker) outside(at source.Span, message string) {
	l.add("W113", at, message, "nothing is sent after it", "unless the person has written again by then.")
}
