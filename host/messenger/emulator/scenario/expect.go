package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// expect waits for what the person sees next, in order:
//
//	expect "Hi!"               the next message has this text
//	expect image "https://…"   or audio, video, file, template; the URL, title or type may be left out
//	expect quick "Red" "Blue"  the quick replies of the message that was expected last
//	expect buttons "Go"        its buttons
//	expect typing              the bubble is there
//	expect nothing             no further message
func (l *line) expect() (func(*run) *Problem, *Problem) {
	if len(l.rest) == 0 || slices.ContainsFunc(l.rest, func(w word) bool { return w.key != "" }) {
		return nil, l.problem(`write, for instance: expect "Hi!"`, "expect wants what is seen next")
	}
	first := l.rest[0]
	if first.quoted {
		if len(l.rest) > 1 {
			return nil, l.problem("expect one message on each line", "expect takes one text")
		}
		return l.next(func(b emulator.Bubble) string {
			if b.Text != first.text {
				return fmt.Sprintf("%q is seen, not %q", b.Text, first.text)
			}
			return ""
		}), nil
	}
	var titles []string
	for _, w := range l.rest[1:] {
		titles = append(titles, w.text)
	}
	switch first.text {
	case "image", "audio", "video", "file", "template":
		return l.next(func(b emulator.Bubble) string { return differs(b, first.text, titles) }), nil
	case "quick":
		return l.under(titles, "quick replies", func(b emulator.Bubble) []emulator.Button { return b.QuickReplies }), nil
	case "buttons":
		return l.under(titles, "buttons", func(b emulator.Bubble) []emulator.Button { return b.Buttons }), nil
	case "typing":
		return l.wait(func(t emulator.Thread) string {
			if !t.Typing {
				return "nobody is typing"
			}
			return ""
		}), nil
	case "nothing":
		return l.nothing(), nil
	}
	return nil, l.problem(`put a text in quotes, or write image, audio, video, file, template, quick, buttons, typing or nothing`,
		"expect does not know %q", first.text)
}

// differs says how an attachment is not the one expected.
func differs(b emulator.Bubble, kind string, of []string) string {
	var a struct {
		Type    string
		Payload struct {
			URL          string
			TemplateType string `json:"template_type"`
			Text         string
			Elements     []struct{ Title, URL string }
		}
	}
	if err := json.Unmarshal(b.Attachment, &a); err != nil {
		return fmt.Sprintf("%q is seen, not a %s", b.Text, kind)
	}
	has := []string{a.Payload.URL, a.Payload.TemplateType, a.Payload.Text}
	for _, el := range a.Payload.Elements {
		has = append(has, el.Title, el.URL)
	}
	if a.Type != kind {
		return fmt.Sprintf("a %s is seen, not a %s", a.Type, kind)
	}
	for _, want := range of {
		if !slices.Contains(has, want) {
			return fmt.Sprintf("a %s of %q is seen, without %q", kind, strings.Join(slices.DeleteFunc(has, func(s string) bool { return s == "" }), " "), want)
		}
	}
	return ""
}

// after are the messages of the Page behind the one that was expected last.
func (r *run) after(t emulator.Thread) []emulator.Bubble {
	from := 1 + slices.IndexFunc(t.Bubbles, func(b emulator.Bubble) bool { return b.ID == r.seen[t.Person] })
	var out []emulator.Bubble
	for _, b := range t.Bubbles[from:] {
		if b.From == "page" {
			out = append(out, b)
		}
	}
	return out
}

// next waits for the next message, which must be right.
func (l *line) next(wrong func(emulator.Bubble) string) func(*run) *Problem {
	return func(r *run) *Problem {
		var got *emulator.Bubble
		problem := l.wait(func(t emulator.Thread) string {
			if all := r.after(t); len(all) > 0 {
				got = &all[0]
				return ""
			}
			return "nothing is seen"
		})(r)
		if problem != nil {
			return problem
		}
		r.seen[r.person] = got.ID
		if what := wrong(*got); what != "" {
			return l.problem("see what the bot's script says here", "%s", what)
		}
		return nil
	}
}

// under compares the titles below the message that was expected last.
func (l *line) under(titles []string, what string, of func(emulator.Bubble) []emulator.Button) func(*run) *Problem {
	return func(r *run) *Problem {
		t, err := r.Thread("", r.person)
		if err != nil {
			return l.failed(err)
		}
		i := slices.IndexFunc(t.Bubbles, func(b emulator.Bubble) bool { return b.ID == r.seen[r.person] })
		if i < 0 {
			return l.problem("expect its text first", "no message was expected before its %s", what)
		}
		var has []string
		for _, b := range of(t.Bubbles[i]) {
			has = append(has, b.Title)
		}
		if !slices.Equal(has, titles) {
			return l.problem("see what the bot's script says here", "the %s are %q, not %q", what, has, titles)
		}
		return nil
	}
}

// wait looks at the thread until nothing is wrong, for as long as patience lasts.
func (l *line) wait(wrong func(emulator.Thread) string) func(*run) *Problem {
	return func(r *run) *Problem {
		ctx, cancel := context.WithTimeout(r.ctx, r.patience)
		defer cancel()
		changes, stop := r.Watch()
		defer stop()
		for {
			t, err := r.Thread("", r.person)
			if err != nil {
				return l.failed(err)
			}
			what := wrong(t)
			if what == "" {
				return nil
			}
			select {
			case <-changes:
			case <-ctx.Done():
				return l.problem("see the call log for what the host did", "%s within %s", what, r.patience)
			}
		}
	}
}

// nothing looks for a while whether a further message comes.
func (l *line) nothing() func(*run) *Problem {
	return func(r *run) *Problem {
		if err := r.Settle(r.ctx); err != nil {
			return l.failed(err)
		}
		ctx, cancel := context.WithTimeout(r.ctx, r.quiet)
		defer cancel()
		changes, stop := r.Watch()
		defer stop()
		for {
			t, err := r.Thread("", r.person)
			if err != nil {
				return l.failed(err)
			}
			if all := r.after(t); len(all) > 0 {
				return l.problem("see what the bot's script says here", "%q is seen, where nothing is expected", all[0].Text)
			}
			select {
			case <-changes:
			case <-ctx.Done():
				return nil
			}
		}
	}
}
