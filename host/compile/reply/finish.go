package reply

import (
	"strings"
	"time"
)

// MaxParts is the largest number of parts of a reply; the rest is dropped
// (section 28 of the language).
const MaxParts = 20

// Options are the settings that a finished reply depends on.
type Options struct {
	Person     func(string) string // applies the person substitutions (L-TAG-9); nil: there are none
	HideErrors bool                // leave error texts out (L-ERR-2)
}

// usual is how many items, or pieces of an argument, have room before any is allocated.
const usual = 8

// Finish cuts the tokens of a turn into parts and cleans their texts: step 10 of
// L-TURN-1. Tokens are not changed.
func Finish(tokens []Token, o Options) Reply {
	var room [usual]item
	items := resolve(room[:0], tokens, o.Person)
	c := cutter{hide: o.HideErrors}
	from := 0
	for i := range items {
		if it := &items[i]; it.kind == Send || it.kind == Delay {
			c.cut(items[from:i])
			c.pause(it)
			from = i + 1
		}
	}
	c.cut(items[from:])
	if c.reply.Silent {
		return Reply{Actions: c.reply.Actions, Silent: true}
	}
	return c.reply
}

// cutter makes parts of items.
type cutter struct {
	reply    Reply
	delay    time.Duration // in front of the next part
	noCancel bool          // of the last delay (L-DELAY-5)
	hide     bool
}

// pause takes what stands between two parts.
func (c *cutter) pause(it *item) {
	if it.kind == Delay {
		c.noCancel = it.noCancel
		c.delay += time.Duration(it.millis) * time.Millisecond
	}
}

// cut makes a part of the items between two cuts. When there is nothing to show its
// delay comes to that of the next (L-DELAY-1, L-TEXT-2).
func (c *cutter) cut(items []item) {
	p := Part{Delay: c.delay, NoCancel: c.noCancel}
	for i := range items {
		switch it := &items[i]; it.kind {
		case Error:
			p.Problem = p.Problem || !c.hide
		case NoReply:
			c.reply.Silent = true
		case Shortcode:
			call := Call{Name: it.call.Text, Args: it.call.Args, Data: it.call.Data}
			if isAction(call.Name) {
				c.reply.Actions = append(c.reply.Actions, call)
			} else {
				p.Shortcodes = append(p.Shortcodes, call)
			}
		}
	}
	p.Text = clean(joined(items, p.Problem))
	if p.Text == "" && !shows(p.Shortcodes) {
		return
	}
	c.delay = 0
	if len(c.reply.Parts) == MaxParts {
		c.reply.Dropped++
		return
	}
	c.reply.Parts = append(c.reply.Parts, p)
	heard := p.Text
	if p.Problem {
		heard = clean(joined(items, false))
	}
	c.hear(heard)
}

// hear keeps the text of a part without error texts, at most MaxParts times.
func (c *cutter) hear(text string) {
	switch {
	case text == "":
		return
	case c.reply.Text == "":
		c.reply.Text = text
	default:
		c.reply.Text += " " + text
	}
	c.reply.Last = text
}

// joined is the text of items up to a cut, with or without error texts. One that
// stands alone is taken as it is.
func joined(items []item, errors bool) string {
	only, count, size := "", 0, 0
	for i := range items {
		if it := &items[i]; it.text != "" && (it.kind == Text || errors && it.kind == Error) {
			only = it.text
			count++
			size += len(it.text)
		}
	}
	if count < 2 {
		return only
	}
	var b strings.Builder
	b.Grow(size)
	for i := range items {
		if it := &items[i]; it.kind == Text || errors && it.kind == Error {
			b.WriteString(it.text)
		}
	}
	return b.String()
}

// isAction tells the shortcodes that belong to the turn, not to a part (L-SC-4).
func isAction(name string) bool {
	switch name {
	case "notifyAgent", "reminder", "reminderCancel", "unsubscribe":
		return true
	}
	return false
}

// shows tells whether a part with these shortcodes is more than its text: all but
// ^metadata count (L-SC-6).
func shows(calls []Call) bool {
	for _, call := range calls {
		if call.Name != "metadata" {
			return true
		}
	}
	return false
}

// clean is L-TEXT-1: runs of blanks and tabs become one blank, blanks beside a
// line break and white space at both ends go.
func clean(text string) string {
	if isClean(text) {
		return text
	}
	return cleaned(text)
}

// cleaned is clean for a text of any kind.
func cleaned(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	owed, atBreak := false, false // a blank is owed before the next character; a line break came last
	for _, r := range strings.TrimSpace(text) {
		switch r {
		case ' ', '\t':
			owed = !atBreak
			continue
		case '\n':
			owed, atBreak = false, true
		default:
			if owed {
				b.WriteByte(' ')
			}
			owed, atBreak = false, false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isClean tells whether clean would change nothing.
func isClean(text string) bool {
	if len(strings.TrimSpace(text)) != len(text) {
		return false
	}
	for i := range len(text) {
		switch text[i] {
		case '\t':
			return false
		case ' ', '\n': // something follows: no text without white space at its end ends with either
			if next := text[i+1]; next == ' ' || text[i] == ' ' && next == '\n' {
				return false
			}
		}
	}
	return true
}
