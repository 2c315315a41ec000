package turn

import (
	"context"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Kind is what reached the script (section 25 of the language).
type Kind string

// The kinds of events that can start a turn.
const (
	Text       Kind = "text"
	QuickReply Kind = "quick_reply"
	Postback   Kind = "postback"
	GetStarted Kind = "get_started"
	Media      Kind = "media"
	Referral   Kind = "referral"
	OptIn      Kind = "optin"
	Comment    Kind = "comment"  // Text: what was written in public
	Reminder   Kind = "reminder" // Text: the name of one that comes due; nobody did anything (L-REM-4)
)

// Event is one thing a person did.
type Event struct {
	Kind     Kind
	Text     string // of a text or media message, the payload of a quick reply or postback
	Media    []Attachment
	Referral *Ref // also beside a message or a postback
}

// Attachment is one attachment of a message.
type Attachment struct {
	Type      string // image, audio, video, file, location, sticker
	URL       string
	Lat, Long string // of a location
}

// Ref is where a person came from.
type Ref struct{ Param, Source, Type, AdID string }

// Person is who talks, as the platform tells it.
type Person struct {
	ID, PageID, Platform string
	Profile              map[string]string // _userFirstName … as far as known
}

// DefaultGetStarted is what a tap on Get Started stands for without a setting (L-EV-4).
const DefaultGetStarted = "get started"

// The texts that events without one stand for.
const (
	mediaText    = "__media__"
	referralText = "__referral__"
	commentText  = "__comment__"
	greetingText = "hi" // tried when Get Started matches nothing of its own (L-EV-4)
)

// bareClass is the sort class of triggers without any word: a match of class 8
// says no more than that something was said (L-SORT-4).
const bareClass = 8

// heard is a message on its way to the script.
type heard struct {
	raw   string
	forms message.Forms
}

// typed is what a person has typed. It is good until the stage hears the next.
func (s *stage) typed(raw string) heard {
	return heard{raw, s.scratch.Forms(s.runner.words, raw, s.runner.meta.Kept)}
}

// internal is a text that stands for something else that a person did. It is good
// until the stage hears the next.
func (s *stage) internal(raw string) heard {
	return heard{raw, s.scratch.InternalForms(s.runner.words, raw, s.runner.meta.Kept)}
}

// listen finds the text that an event stands for; ok is false when it starts no
// turn. Choices that waited for a number are used up.
func (r *Runner) listen(ctx context.Context, w *stage, e Event) (h heard, ok bool, err error) {
	choices := w.state.Choices
	if e.Kind != Referral && e.Kind != OptIn {
		w.state.Choices = nil
	}
	switch e.Kind {
	case Text:
		if label, ok := chosen(choices, e.Text); ok {
			return w.internal(label), true, nil
		}
		return w.typed(e.Text), true, nil
	case Media:
		if strings.TrimSpace(e.Text) != "" { // L-EV-1
			return w.typed(e.Text), true, nil
		}
		return w.internal(mediaText), true, nil
	case GetStarted:
		return r.started(ctx, w)
	case Referral, OptIn:
		return r.referred(ctx, w, e)
	case Comment:
		h := w.internal(commentText)
		known, err := r.knows(ctx, w, h)
		return h, known, err
	default:
		return w.internal(e.Text), true, nil
	}
}

// chosen finds the label behind a number of the list the bot showed (L-SC-7).
func chosen(choices []string, text string) (string, bool) {
	if len(choices) == 0 {
		return "", false
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > len(choices) {
		return "", false
	}
	return choices[n-1], true
}

// started is L-EV-4: the Get Started text, unless only a greeting finds a real trigger.
func (r *Runner) started(ctx context.Context, w *stage) (heard, bool, error) {
	first := w.internal(r.getStarted())
	if known, err := r.knows(ctx, w, first); known || err != nil {
		return first, true, err
	}
	second := w.internal(greetingText)
	known, err := r.knows(ctx, w, second)
	if known {
		return second, true, err
	}
	return w.internal(first.raw), true, err
}

// referred is L-EV-6: the first text that a real trigger waits for, else no turn.
func (r *Runner) referred(ctx context.Context, w *stage, e Event) (heard, bool, error) {
	texts := []string{referralText}
	if e.Referral != nil && e.Referral.Param != "" {
		texts = append(texts, e.Referral.Param)
	}
	for _, text := range append(texts, r.getStarted()) {
		h := w.internal(text)
		known, err := r.knows(ctx, w, h)
		if known || err != nil {
			w.state.Choices = nil
			return h, known, err
		}
	}
	return heard{}, false, nil
}

func (r *Runner) getStarted() string {
	if r.settings.GetStarted != "" {
		return r.settings.GetStarted
	}
	return DefaultGetStarted
}

// AwaitsComments tells whether a bot has a trigger for what people write in public.
func AwaitsComments(program *ir.Meta) bool {
	for n := range program.Triggers.Len() {
		if strings.Contains(program.Triggers.At(n).Text, commentText) {
			return true
		}
	}
	return false
}

// knows tells whether a trigger with words matches.
func (r *Runner) knows(ctx context.Context, w *stage, h heard) (bool, error) {
	n, err := r.script.Probe(ctx, w, h.forms)
	if err != nil || n == ir.None {
		return false, err
	}
	return r.meta.Triggers.At(n).Class != bareClass, nil
}
