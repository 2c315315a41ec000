package people

import (
	"fmt"
	"io"
	"strings"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/messenger/advice"
	"github.com/footlight-bots/footlight/host/person"
)

// nameColumn is the width of names at the left of what is shown of a person, in cells.
const nameColumn = 18

// writePortrait shows what is kept of somebody, in lines of 80 cells.
func writePortrait(w io.Writer, p person.Portrait) {
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintln(w, shell.Clip("  "+shell.Pad(name, nameColumn)+" "+shell.Harmless(fmt.Sprintf(format, args...)), shell.Column))
	}
	heading := func(format string, args ...any) {
		_, _ = fmt.Fprintln(w, shell.Clip(fmt.Sprintf(format, args...), shell.Column))
	}
	heading("person %s on page %s", p.Person, p.Page)
	switch {
	case p.Human && !p.Away.IsZero():
		line("topic", "a human has the thread until %s; the bot is silent", shell.Stamp(p.Away))
	case p.Human:
		line("topic", "a human has the thread; the bot is silent")
	case p.Topic == "":
		line("topic", "default")
	default:
		line("topic", "%s", p.Topic)
	}
	line("turns", "%d", p.Turns)
	if !p.Since.IsZero() {
		line("first message", "%s", shell.Stamp(p.Since))
	}
	if !p.Heard.IsZero() {
		line("last message", "%s, %s", shell.Stamp(p.Heard), shell.Ago(p.At.Sub(p.Heard)))
	}
	line("window", "%s", window(p))
	if p.Muted {
		line("muted", "has unsubscribed; nothing is sent until they write again")
	}
	if p.Paused != nil {
		until := "until it is resumed"
		if !p.Paused.Until.IsZero() {
			until = "until " + shell.Stamp(p.Paused.Until)
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
		heading("\nhistory: %s, %s, newest first", shell.Count(len(p.Inputs), "message"), shell.Count(len(p.Replies), "answer"))
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
			line(shell.Ago(p.At.Sub(e.At)), "%s %s", e.Kind, e.Text)
		}
	}
	if len(p.Sends) > 0 {
		heading("\nwaits to be sent: %d", len(p.Sends))
		if !p.Hold.IsZero() {
			line("held back", "until %s, after a failure", shell.Stamp(p.Hold))
		}
		for _, s := range p.Sends {
			note := ""
			if s.Tries > 0 {
				note = fmt.Sprintf(" (tried %s)", times(s.Tries))
			}
			line(shell.Due(s.At.Sub(p.At)), "%s%s %s", s.Kind, note, s.Text)
		}
	}
	if len(p.Reminders) > 0 {
		heading("\nreminders: %d", len(p.Reminders))
		for _, r := range p.Reminders {
			line(shell.Due(r.Due.Sub(p.At)), "%s, %s: %s", r.Name, shell.Stamp(r.Due), r.Text)
		}
	}
	if len(p.Letters) > 0 {
		heading("\ngiven up: %d", len(p.Letters))
		for _, l := range p.Letters {
			line(shell.Ago(p.At.Sub(l.At)), "%s, %s: %s", l.Kind, l.What, l.Reason)
			if l.Text != "" {
				line("", "%s", l.Text)
			}
			if found := advice.Find(l.Reason); len(found) > 0 {
				for _, part := range shell.Wrap(found[0].Means+" "+found[0].Cure, shell.Column-nameColumn-3) {
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
		return fmt.Sprintf("open until %s, %s left", shell.Stamp(p.Window.Closes), shell.Span(left))
	default:
		return fmt.Sprintf("closed since %s; the person must write first", shell.Stamp(p.Window.Closes))
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
				_, _ = fmt.Fprintf(w, "%s  %s  needs you: app-scoped user %s\n  %s\n", r.Code, shell.Stamp(r.At), shell.Harmless(r.User), shell.Harmless(r.Why))
			case person.Open:
				_, _ = fmt.Fprintf(w, "%s  %s  the host sees to it; tried %s\n", r.Code, shell.Stamp(r.At), times(r.Tries))
			default:
				_, _ = fmt.Fprintf(w, "%s  %s  done %s, %s erased\n", r.Code, shell.Stamp(r.At), shell.Stamp(r.Closed), shell.Count(r.People, "conversation"))
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
