package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/script/source"
)

// column is the width of what is shown of a person, in cells, and nameColumn that of names
// at the left of it.
const (
	column     = 80
	nameColumn = 18
)

// writePortrait shows what is kept of somebody, in lines of 80 cells.
func writePortrait(w io.Writer, p person.Portrait) {
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintln(w, clip("  "+pad(name, nameColumn)+" "+harmless(fmt.Sprintf(format, args...)), column))
	}
	heading := func(format string, args ...any) { _, _ = fmt.Fprintln(w, clip(fmt.Sprintf(format, args...), column)) }
	heading("person %s on page %s", p.Person, p.Page)
	switch {
	case p.Human && !p.Away.IsZero():
		line("topic", "a human has the thread until %s; the bot is silent", stamp(p.Away))
	case p.Human:
		line("topic", "a human has the thread; the bot is silent")
	case p.Topic == "":
		line("topic", "default")
	default:
		line("topic", "%s", p.Topic)
	}
	line("turns", "%d", p.Turns)
	if !p.Since.IsZero() {
		line("first message", "%s", stamp(p.Since))
	}
	if !p.Heard.IsZero() {
		line("last message", "%s, %s", stamp(p.Heard), ago(p.At.Sub(p.Heard)))
	}
	line("window", "%s", window(p))
	if p.Muted {
		line("muted", "has unsubscribed; nothing is sent until they write again")
	}
	if p.Paused != nil {
		until := "until it is resumed"
		if !p.Paused.Until.IsZero() {
			until = "until " + stamp(p.Paused.Until)
		}
		line("page", "paused %s: %s", until, p.Paused.Reason)
	}
	writeMemory(heading, line, p)
	writeWork(heading, line, p)
}

type liner = func(name, format string, args ...any)

// writeMemory shows variables and history.
func writeMemory(heading func(string, ...any), line liner, p person.Portrait) {
	own, hosts := 0, 0
	for _, v := range p.Variables {
		if strings.HasPrefix(v.Name, "_") {
			if hosts++; hosts == 1 {
				heading("\nvariables of the host")
			}
		} else if own++; own == 1 {
			heading("\nvariables")
		}
		line(v.Name, "%s", v.Value)
	}
	if len(p.Plugins) > 0 {
		line("plug-ins", "%s keep something; user export shows it", strings.Join(p.Plugins, ", "))
	}
	if n := max(len(p.Inputs), len(p.Replies)); n > 0 {
		heading("\nhistory: %s, %s, newest first", count(len(p.Inputs), "message"), count(len(p.Replies), "answer"))
		for i := range n {
			if i < len(p.Replies) {
				line("bot", "%s", p.Replies[i])
			}
			if i < len(p.Inputs) {
				line("person", "%s", p.Inputs[i])
			}
		}
	}
}

// writeWork shows what waits, and what was given up.
func writeWork(heading func(string, ...any), line liner, p person.Portrait) {
	if len(p.Events) > 0 {
		heading("\nheard, not answered yet: %d", len(p.Events))
		for _, e := range p.Events {
			line(ago(p.At.Sub(e.At)), "%s %s", e.Kind, e.Text)
		}
	}
	if len(p.Sends) > 0 {
		heading("\nwaits to be sent: %d", len(p.Sends))
		if !p.Hold.IsZero() {
			line("held back", "until %s, after a failure", stamp(p.Hold))
		}
		for _, s := range p.Sends {
			note := ""
			if s.Tries > 0 {
				note = fmt.Sprintf(" (tried %s)", times(s.Tries))
			}
			line(due(s.At.Sub(p.At)), "%s%s %s", s.Kind, note, s.Text)
		}
	}
	if len(p.Reminders) > 0 {
		heading("\nreminders: %d", len(p.Reminders))
		for _, r := range p.Reminders {
			line(due(r.Due.Sub(p.At)), "%s, %s: %s", r.Name, stamp(r.Due), r.Text)
		}
	}
	if len(p.Letters) > 0 {
		heading("\ngiven up: %d", len(p.Letters))
		for _, l := range p.Letters {
			line(ago(p.At.Sub(l.At)), "%s, %s: %s", l.Kind, l.What, l.Reason)
			if l.Text != "" {
				line("", "%s", l.Text)
			}
			if found := messenger.FindAdvice(l.Reason); len(found) > 0 {
				for _, part := range wrap(found[0].Means+" "+found[0].Cure, column-nameColumn-3) {
					line("", "%s", part)
				}
			}
		}
	}
}

func window(p person.Portrait) string {
	switch left := p.Window.Closes.Sub(p.At); {
	case p.Window.Closes.IsZero():
		return "never opened: the person has not written"
	case p.Window.Open:
		return fmt.Sprintf("open until %s, %s left", stamp(p.Window.Closes), span(left))
	default:
		return fmt.Sprintf("closed since %s; the person must write first", stamp(p.Window.Closes))
	}
}

// writeRequests shows requests to be forgotten, those that need somebody first.
func writeRequests(w io.Writer, list []person.Request) {
	if len(list) == 0 {
		_, _ = fmt.Fprintln(w, "nobody has asked to be forgotten")
		return
	}
	for _, state := range []person.State{person.Review, person.Open, person.Done} {
		for _, r := range list {
			if r.State != state {
				continue
			}
			switch state {
			case person.Review:
				_, _ = fmt.Fprintf(w, "%s  %s  needs you: app-scoped user %s\n  %s\n", r.Code, stamp(r.At), harmless(r.User), harmless(r.Why))
			case person.Open:
				_, _ = fmt.Fprintf(w, "%s  %s  the host sees to it; tried %s\n", r.Code, stamp(r.At), times(r.Tries))
			default:
				_, _ = fmt.Fprintf(w, "%s  %s  done %s, %s erased\n", r.Code, stamp(r.At), stamp(r.Closed), count(r.People, "conversation"))
			}
		}
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// stamp is a moment, the same wherever it is read.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func ago(d time.Duration) string { return span(d) + " ago" }

// due is when something comes that is d away.
func due(d time.Duration) string {
	if d <= 0 {
		return "now"
	}
	return "in " + span(d)
}

// span is a time in the one or two units that matter.
func span(d time.Duration) string {
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

// harmless makes one harmless line of a text that came from outside.
func harmless(s string) string {
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

// pad fills a text up to a width, in cells.
func pad(s string, width int) string {
	s = clip(harmless(s), width)
	return s + strings.Repeat(" ", max(0, width-source.Cells(s)))
}

// clip cuts a text that is wider than width cells, and shows that.
func clip(s string, width int) string {
	if source.Cells(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && source.Cells(string(runes))+1 > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
