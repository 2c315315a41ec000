package bench

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/dialogue/chat"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// Talk is what one person says, in order. Everybody begins as somebody new.
type Talk struct {
	Topic   string // where the person stands at first; empty: the root topic
	Vars    map[string]any
	BotVars map[string]string
	Says    []turn.Event
}

// Lines reads messages as people write them down: one on each line. A line that is #,
// or begins with # and a blank, is a comment; an empty line brings somebody new.
func Lines(text string) []Talk {
	var talks []Talk
	fresh := true
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "":
			fresh = true
		case line == "#" || strings.HasPrefix(line, "# "):
		default:
			if fresh {
				talks, fresh = append(talks, Talk{}), false
			}
			last := &talks[len(talks)-1]
			last.Says = append(last.Says, turn.Event{Kind: turn.Text, Text: line})
		}
	}
	return talks
}

// Samples are the messages in "//?" lines of a bot, each said by somebody new in the
// topic of its trigger.
func Samples(folder fs.FS, s bot.Settings) ([]Talk, error) {
	program, _, err := link.Build(folder, s.Link(), nil)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	var talks []Talk
	for _, topic := range program.Topics {
		for _, t := range topic.Triggers {
			for _, sample := range t.Samples {
				talks = append(talks, Talk{Topic: topic.Name, Says: []turn.Event{{Kind: turn.Text, Text: sample.Value}}})
			}
		}
	}
	return talks, nil
}

// Tests are what people say and tap in conversation tests. What else happens there is
// left out, and so are tests that begin with a saved state or are skipped.
func Tests(files []chat.File) []Talk {
	var talks []Talk
	for _, f := range files {
		for _, test := range f.Tests {
			if test.Skip != "" || test.Start.State != "" {
				continue
			}
			talk := Talk{Topic: test.Start.Topic, Vars: map[string]any{}, BotVars: map[string]string{}}
			for _, v := range test.Start.Vars {
				talk.Vars[v.Name] = v.Value
			}
			for _, v := range test.Start.BotVars {
				talk.BotVars[v.Name] = v.Value
			}
			for i := range test.Steps {
				talk.Says = append(talk.Says, said(&test.Steps[i])...)
			}
			if len(talk.Says) > 0 {
				talks = append(talks, talk)
			}
		}
	}
	return slices.Clip(talks)
}

// said is what a step says.
func said(s *chat.Step) []turn.Event {
	switch {
	case s.Kind == chat.Say:
		return []turn.Event{{Kind: turn.Text, Text: s.Text}}
	case s.Kind == chat.Event && s.Text == "tap":
		return []turn.Event{{Kind: turn.QuickReply, Text: s.Args[0]}}
	}
	return nil
}
