package trace

import (
	"fmt"
	"strings"
	"time"
)

// Line is one line of the explanation of a turn, for people to read.
type Line struct {
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Indent int    `json:"indent,omitempty"` // depth in the chain of redirects
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// Lines explains the events of a turn, one line an event. Redirects indent what
// comes of them.
func Lines(events []Event) []Line {
	lines := make([]Line, 0, len(events))
	depth := 0
	for _, e := range events {
		lines = append(lines, Line{Kind: e.Kind.String(), Text: e.describe(), Indent: depth, File: e.File, Line: e.Line})
		if e.Kind == Alias || e.Kind == Redirect {
			depth++
		}
	}
	return lines
}

// Place is where the line points to, such as "order.topic:12", or empty.
func (l Line) Place() string {
	if l.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", l.File, l.Line)
}

func (e Event) describe() string {
	switch e.Kind {
	case Input:
		return fmt.Sprintf("heard %q", e.Text)
	case Topic:
		if e.Name != "" {
			return "in topic " + e.Text + ", for topic " + e.Name + " is gone"
		}
		return "in topic " + e.Text
	case Matched:
		if len(e.Captures) == 0 {
			return "+ " + e.Text
		}
		return fmt.Sprintf("+ %s   <star> = %s", e.Text, strings.Join(quoted(e.Captures), ", "))
	case Unmatched:
		return fmt.Sprintf("no trigger matches %q", e.Text)
	case Condition:
		result := "no"
		if e.OK {
			result = "yes"
		}
		return fmt.Sprintf("%q %s %q? %s", e.Left, e.Text, e.Right, result)
	case Reply:
		return fmt.Sprintf("reply %d of %d", e.N+1, e.Of)
	case Alias, Redirect:
		return fmt.Sprintf("go to %q", e.Text)
	case Set:
		if !e.OK {
			return fmt.Sprintf("<set %s>: cleared", e.Name)
		}
		return fmt.Sprintf("<set %s> = %q", e.Name, e.Text)
	case Request:
		name := ""
		if e.Name != "" {
			name = " (" + e.Name + ")"
		}
		if !e.OK {
			return fmt.Sprintf("asked %s%s: no answer", e.Text, name)
		}
		return fmt.Sprintf("asked %s%s: %d", e.Text, name, e.N)
	case Direction:
		return e.direction()
	case Note:
		return fmt.Sprintf("<%s> logs %s: %s", e.Name, e.Left, e.Text)
	case Reminder:
		return fmt.Sprintf("reminder %s is due", e.Name)
	case Macro:
		if !e.OK {
			return fmt.Sprintf("<call>%s</call> failed: %s", e.Name, e.Text)
		}
		return fmt.Sprintf("<call>%s</call> gave %q", e.Name, e.Text)
	case Log:
		return fmt.Sprintf("<call>%s</call> logs %s", e.Name, e.Text)
	case Switch:
		return "to topic " + e.Text
	default:
		return e.Text
	}
}

// direction tells of a direction of a plug-in: what it was given, what came of it and
// what it cost, as far as that is known.
func (e Event) direction() string {
	tag := e.Name
	if e.Left != "" {
		tag += " " + e.Left
	}
	text := fmt.Sprintf("<%s> gave %q", tag, e.Text)
	if !e.OK {
		text = fmt.Sprintf("<%s> failed: %s", tag, e.Text)
	}
	if e.Fuel > 0 {
		text += fmt.Sprintf("   %d steps, %d KiB, %s", e.Fuel, e.Memory>>10, e.Took.Round(time.Microsecond))
	}
	return text
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}
