package dialogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/reply"
)

// marks are the kinds of structure that a test can ask for.
var marks = []string{"quick", "typing", "image", "audio", "video", "file"}

func checkMark(kind string) error {
	if slices.Contains(marks, kind) {
		return nil
	}
	return fmt.Errorf("[%s] is not known; the kinds are [%s]", kind, strings.Join(marks, "], ["))
}

// mark compares structure: of the bubble expected just before, or of the next one.
func (p *performance) mark(s ChatStep) *ChatFailure {
	if p.last == nil {
		part, ok := p.next()
		if !ok {
			return &ChatFailure{Want: s.Text[1:], Got: "nothing"}
		}
		p.take(part, s)
	} else {
		p.script = append(p.script, s.Text)
	}
	got := structure(*p.last, s.Value)
	if s.Args[0] == "*" && got != "" || got == normalList(s.Args[0]) {
		return nil
	}
	if got == "" {
		got = "none"
	}
	return &ChatFailure{Want: strings.TrimSpace(s.Text[1:]), Got: got}
}

// normalList is "a|b | c" with one blank around each bar.
func normalList(text string) string {
	items := strings.Split(text, "|")
	for i, item := range items {
		items[i] = strings.Trim(strings.TrimSpace(item), `"`)
	}
	return strings.Join(items, " | ")
}

// structure is what a part has of a kind, as a test would write it.
func structure(part reply.Part, kind string) string {
	switch kind {
	case "quick":
		return strings.Join(part.Labels(), " | ")
	case "typing":
		if part.Delay == 0 {
			return "none"
		}
		return ""
	}
	for _, call := range part.Shortcodes {
		if call.Name == kind && len(call.Args) > 0 {
			return call.Args[0].Text
		}
	}
	return ""
}
