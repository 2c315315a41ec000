package workshop

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/turn"
)

// Fault is one thing in which a case came out otherwise than expected.
type Fault struct {
	Of        string // "text", "error", "effects" …
	Want, Got string
}

// Judge compares what a case came to with what was expected.
func (p *Played) Judge(ctx context.Context, want Expectation) ([]Fault, error) {
	var faults []Fault
	differ := func(of, want, got string) {
		if want != got {
			faults = append(faults, Fault{of, want, got})
		}
	}
	if len(p.Mistakes) > 0 {
		return []Fault{{"tag", "a tag that the plug-in can answer", p.Mistakes[0].Message}}, nil
	}
	if p.Unwritten != "" {
		faults = append(faults, Fault{"http", "an answer of the network; add", p.Unwritten})
	}
	switch {
	case want.Error != nil:
		differ("error", *want.Error, p.Problem())
	case p.Unwritten == "": // which would be its reason
		differ("error", "", p.Problem())
	}
	if want.Text != nil {
		differ("text", *want.Text, p.Text())
	}
	if want.Effects != nil {
		differ("effects", strings.Join(want.Effects, "\n"), strings.Join(p.Effects(), "\n"))
	}
	if want.Log != nil {
		differ("log", strings.Join(want.Log, "\n"), strings.Join(p.Log(), "\n"))
	}
	for _, name := range slices.Sorted(maps.Keys(want.Vars)) {
		differ("variable "+name, want.Vars[name], p.Vars[name])
	}
	for _, key := range slices.Sorted(maps.Keys(want.About)) {
		differ("about "+key, want.About[key], p.about[key])
	}
	for _, key := range slices.Sorted(maps.Keys(want.State)) {
		got, err := p.values.Value(ctx, p.shelf, key)
		if err != nil {
			return nil, err
		}
		differ("state "+key, want.State[key], got)
	}
	return faults, nil
}

// Text is what the directions say, all together.
func (p *Played) Text() string {
	var b strings.Builder
	for _, call := range p.Calls {
		for _, e := range call.Effects {
			if e.Token != nil && e.Token.Kind == reply.Text {
				b.WriteString(e.Token.Text)
			}
		}
	}
	return b.String()
}

// Problem is why the first direction failed that did; empty when none has.
func (p *Played) Problem() string {
	for _, call := range p.Calls {
		if call.Problem != "" {
			return call.Problem
		}
	}
	return ""
}

// Log is the lines of all directions, each with its level in front.
func (p *Played) Log() []string {
	var lines []string
	for _, call := range p.Calls {
		for _, line := range call.Log {
			lines = append(lines, line.Level+": "+line.Text)
		}
	}
	return lines
}

// Effects is what the directions do beyond saying something, in order and in words.
func (p *Played) Effects() []string {
	var list []string
	for _, call := range p.Calls {
		for _, e := range call.Effects {
			if text := inWords(e); text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}

// inWords is an effect as people read it; a text is none.
func inWords(e turn.Effect) string {
	switch {
	case e.Set != "":
		return "set " + e.Set + "=" + e.Value
	case e.Unset != "":
		return "clear " + e.Unset
	case e.Topic != "":
		return "topic " + e.Topic
	case e.Keep != nil:
		return "keep " + e.Keep.Key + "=" + e.Keep.Value
	case e.Token == nil:
		return ""
	}
	switch t := e.Token; t.Kind {
	case reply.Send:
		return "cut"
	case reply.NoReply:
		return "silence"
	case reply.Delay:
		text := "delay " + (time.Duration(t.Millis) * time.Millisecond).String()
		if t.NoCancel {
			text += " keep"
		}
		return text
	case reply.Shortcode:
		args := make([]string, len(t.Args))
		for i, a := range t.Args {
			if args[i] = a.JSON; a.JSON == "" {
				args[i] = strconv.Quote(a.Text)
			}
		}
		return fmt.Sprintf("%s(%s)", t.Text, strings.Join(args, ", "))
	}
	return ""
}
