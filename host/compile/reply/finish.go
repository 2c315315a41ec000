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

// Finish cuts the tokens of a turn into parts and cleans their texts: step 10 of
// L-TURN-1. Tokens are not changed.
func Finish(tokens []Token, o Options) Reply {
	c := cutter{hide: o.HideErrors}
	for _, it := range resolve(tokens, o.Person) {
		c.take(it)
	}
	c.cut(0)
	if c.reply.Silent {
		return Reply{Actions: c.reply.Actions, Silent: true}
	}
	if extra := len(c.reply.Parts) - MaxParts; extra > 0 {
		c.reply.Parts, c.reply.Dropped = c.reply.Parts[:MaxParts], extra
		c.spoken = c.spoken[:MaxParts]
	}
	var heard []string
	for _, text := range c.spoken {
		if text != "" {
			heard = append(heard, text)
			c.reply.Last = text
		}
	}
	c.reply.Text = strings.Join(heard, " ")
	return c.reply
}

// cutter makes parts of items.
type cutter struct {
	reply    Reply
	spoken   []string // of each part: its text without error texts
	part     Part     // the current one; its Text is made when it ends
	text     strings.Builder
	spoke    strings.Builder // text without error texts
	noCancel bool            // of the last delay (L-DELAY-5)
	hide     bool
}

func (c *cutter) take(it item) {
	switch it.kind {
	case Text:
		c.text.WriteString(it.text)
		c.spoke.WriteString(it.text)
	case Error:
		if !c.hide {
			c.text.WriteString(it.text)
			c.part.Problem = true
		}
	case Shortcode:
		call := Call{Name: it.call.Text, Args: it.call.Args, Data: it.call.Data}
		if isAction(call.Name) {
			c.reply.Actions = append(c.reply.Actions, call)
		} else {
			c.part.Shortcodes = append(c.part.Shortcodes, call)
		}
	case Send:
		c.cut(0)
	case Delay:
		c.noCancel = it.noCancel
		c.cut(time.Duration(it.millis) * time.Millisecond)
	case NoReply:
		c.reply.Silent = true
	}
}

// cut ends the current part. The next one comes after the given delay, and after
// that of the current one if that is empty (L-DELAY-1, L-TEXT-2).
func (c *cutter) cut(delay time.Duration) {
	p := c.part
	p.Text = clean(c.text.String())
	if p.Text == "" && !shows(p.Shortcodes) {
		delay += p.Delay
	} else {
		c.reply.Parts = append(c.reply.Parts, p)
		c.spoken = append(c.spoken, clean(c.spoke.String()))
	}
	c.text.Reset()
	c.spoke.Reset()
	c.part = Part{Delay: delay, NoCancel: c.noCancel}
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
	if !strings.ContainsAny(text, " \t\n") {
		return strings.TrimSpace(text)
	}
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
