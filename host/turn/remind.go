package turn

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// Bounds of reminders.
const (
	maxReminderYears = 1 // how far ahead a reminder may be (section 28 of the language)
	// reminderGap is the least time between a reminder and one that its script sets,
	// so that a reminder that sets itself cannot go on for ever in one instant.
	reminderGap = time.Second
	// maxReminderName is the length of a name in snake_case, in bytes.
	maxReminderName = 128
)

// act carries out the actions of a reply that change reminders (L-REM-1, L-REM-5).
// One that cannot be done becomes its error text, where it stands.
func (s *stage) act(tokens []reply.Token, earliest time.Time) []reply.Token {
	for i := range tokens {
		if tokens[i].Kind != reply.Shortcode {
			continue
		}
		var err error
		switch tokens[i].Text {
		case "reminder":
			err = s.plan(tokens[i].Args, earliest)
		case "reminderCancel":
			err = s.call(tokens[i].Args)
		default:
			continue
		}
		if err == nil {
			continue
		}
		problem := "[SHORTCODE_ERROR: " + err.Error() + "]"
		s.Trace(trace.Event{Kind: trace.Problem, Text: problem})
		tokens = slices.Clone(tokens)
		tokens[i] = reply.Token{Kind: reply.Error, Text: problem}
	}
	return tokens
}

// plan sets a reminder, in the place of one of the same name.
func (s *stage) plan(args []reply.Arg, earliest time.Time) error {
	if len(args) != 3 {
		return fmt.Errorf("reminder needs 3 arguments, not %d", len(args))
	}
	name, err := reminderName(args[0])
	if err != nil {
		return fmt.Errorf("reminder %w", err)
	}
	due, err := reminderTime(args[2].Text+args[2].JSON, s.now)
	if err != nil {
		return fmt.Errorf("reminder %s: %w", name, err)
	}
	if due.Before(earliest) { // in the past: at once (L-REM-2)
		due = earliest
	}
	content := reply.ReadContent(args[1])
	if size := len(content.String()); size > session.MaxReminderBytes {
		return fmt.Errorf("reminder %s: its content has %d bytes, more than %d", name, size, session.MaxReminderBytes)
	}
	if _, old := s.state.Reminders[name]; !old && len(s.state.Reminders) >= session.MaxReminders {
		return fmt.Errorf("reminder %s: %d reminders are set, which is the limit", name, session.MaxReminders)
	}
	s.ownReminders()
	s.state.Reminders[name] = session.Reminder{Due: due, Content: content}
	s.Trace(trace.Event{Kind: trace.Set, Name: session.ReminderPrefix + name, Text: millis(due), OK: true})
	return nil
}

// call cancels a reminder; one that is not set needs no cancelling.
func (s *stage) call(args []reply.Arg) error {
	if len(args) != 1 {
		return fmt.Errorf("reminderCancel needs 1 argument, not %d", len(args))
	}
	name, err := reminderName(args[0])
	if err != nil {
		return fmt.Errorf("reminderCancel %w", err)
	}
	s.forget(name)
	return nil
}

// forget removes a reminder.
func (s *stage) forget(name string) {
	if _, set := s.state.Reminders[name]; !set {
		return
	}
	s.ownReminders()
	delete(s.state.Reminders, name)
	s.Trace(trace.Event{Kind: trace.Set, Name: session.ReminderPrefix + name})
}

func (s *stage) ownReminders() {
	s.state.Reminders = maps.Clone(s.state.Reminders)
	if s.state.Reminders == nil {
		s.state.Reminders = map[string]session.Reminder{}
	}
}

func reminderName(a reply.Arg) (string, error) {
	written := a.Text + a.JSON
	name := snakeCase(written)
	if name == "" {
		return "", fmt.Errorf("needs a name made of letters or digits, not %q", written)
	}
	if len(name) > maxReminderName {
		return "", fmt.Errorf("has a name of %d bytes, more than %d", len(name), maxReminderName)
	}
	return name, nil
}

// snakeCase joins the words of a name with underscores (L-REM-1). A word begins
// after any sign, at a capital behind a small letter or digit, and at the last of
// several capitals before a small letter: HTTPServer is http_server.
func snakeCase(name string) string {
	var b strings.Builder
	var before rune // 0: no word is open
	letters := []rune(name)
	for i, r := range letters {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			before = 0
			continue
		}
		next := i+1 < len(letters) && unicode.IsLower(letters[i+1])
		starts := isCapital(r) && (!isCapital(before) || next)
		if b.Len() > 0 && (before == 0 || starts) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return b.String()
}

// isCapital tells whether a letter has a small form; some capitals, such as ℂ, have none.
func isCapital(r rune) bool { return unicode.IsUpper(r) && unicode.ToLower(r) != r }

// remind lets a reminder come due (L-REM-4): what was kept is a reply, though
// nobody has said anything. One that was cancelled or put off meanwhile, and one
// that may not be sent, starts no turn.
func (r *Runner) remind(ctx context.Context, w *stage, in Input) (Result, error) {
	name := in.Event.Text
	due, set := w.state.Reminders[name]
	if !set || due.Due.After(in.Now) {
		return Result{Session: w.state}, nil
	}
	w.Trace(trace.Event{Kind: trace.Reminder, Name: name})
	w.forget(name)
	silent := func(why string) (Result, error) {
		w.Trace(trace.Event{Kind: trace.Problem, Text: why})
		return Result{Session: w.state, Trace: r.locate(w.trace)}, nil
	}
	switch {
	case w.state.Muted:
		return silent("reminder " + name + " was not sent: the person has unsubscribed")
	case in.Closed:
		return silent("[PLATFORM_ERROR: reminder " + name + " was not sent: the messaging window is closed]")
	}
	tokens := []reply.Token{{Kind: reply.Text, Text: due.Content.String()}}
	if key := due.Content.Key(); key != "" {
		n := slices.Index(r.meta.Deferred, key)
		if n < 0 { // set by an earlier version of the scripts, and no longer part of them
			return silent("reminder " + name + " was not sent: the scripts no longer hold what it was to say")
		}
		var err error
		if tokens, err = r.script.Fire(ctx, w, n, due.Content.Texts()); err == nil {
			tokens = w.feeds(tokens)
		}
		if tokens, err = w.limited(tokens, err); err != nil {
			return Result{}, fmt.Errorf("turn: %w", err)
		}
	}
	finished := r.finish(w.act(tokens, in.Now.Add(reminderGap)))
	w.said(finished, in.Now)
	return Result{Session: w.state, Ran: true, Reply: finished, Trace: r.locate(w.trace)}, nil
}

// limited makes the reply of a turn that met a limit of section 28.
func (s *stage) limited(tokens []reply.Token, err error) ([]reply.Token, error) {
	if !errors.Is(err, world.ErrLimit) {
		return tokens, err
	}
	s.Trace(trace.Event{Kind: trace.Problem, Text: err.Error()})
	return []reply.Token{{Kind: reply.Error, Text: ir.ErrorTexts(s.runner.meta.Dialect).Recursion}}, nil
}

func (r *Runner) finish(tokens []reply.Token) reply.Reply {
	return reply.Finish(tokens, reply.Options{Person: r.words.Person, HideErrors: r.settings.HideErrors})
}
