// Package chronicle is the host's log of what happened to whom: it writes a line for each
// event, turn, send and receipt (rule 21 of messenger.md section 9), and reads such lines
// back. The lines of one talk hang together by ids: an event knows its turn, a turn
// its sends, a send its message, a receipt its messages. No line holds a text or names a person,
// unless that is asked for. No API of the host is promised.
package chronicle

import (
	"context"
	"log/slog"
	"strings"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/advice"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/trace"
)

// The messages of the lines.
const (
	lineHeard   = "heard"   // an event: mid, turn
	lineTurn    = "turn"    // what became of it: turn
	lineSend    = "send"    // a try of a send: turn, intent, mid
	lineReceipt = "receipt" // the platform tells what has arrived, or was read: mids, watermark
	lineLetter  = "letter"  // what was given up: turn, intent
	lineHanded  = "handed"  // who has the word since
)

// maxMarked is how many ids of messages stand in one line.
const maxMarked = 20

// Writer writes the chronicle. It is told by delivery what happens, and is safe for
// concurrent use.
type Writer struct {
	log   *slog.Logger
	texts bool
}

// NewWriter returns a Writer to a log; with texts its lines also hold what was said, and
// the ids of people.
func NewWriter(log *slog.Logger, texts bool) *Writer { return &Writer{log, texts} }

var _ delivery.Observer = (*Writer)(nil)

// about are the attributes of all lines of a conversation.
func (w *Writer) about(k store.Key, more int) []slog.Attr {
	attrs := make([]slog.Attr, 0, more+3)
	attrs = append(attrs, slog.String("page", k.Page), slog.String("conversation", delivery.Label(k)))
	if w.texts {
		attrs = append(attrs, slog.String("person", k.Person))
	}
	return attrs
}

// write writes a line as the log does, but does not look up who called: no handler tells it, and every turn writes several lines.
func (w *Writer) write(line string, attrs []slog.Attr) {
	ctx, handler := context.Background(), w.log.Handler()
	if !handler.Enabled(ctx, slog.LevelInfo) {
		return
	}
	r := slog.NewRecord(clock.Real{}.Now(), slog.LevelInfo, line, 0)
	r.AddAttrs(attrs...)
	_ = handler.Handle(ctx, r) // as slog.Logger does: who keeps the log sees what is missing
}

// Heard implements delivery.Observer.
func (w *Writer) Heard(e messenger.Event, f delivery.Fate) {
	k := store.Key{Page: e.Page, Person: e.Person}
	if e.Mark != nil {
		w.receipt(k, e)
		return
	}
	attrs := append(w.about(k, 6), slog.String("kind", string(e.Kind)), slog.String("fate", string(f)), slog.Int64("at", e.At.UnixMilli()))
	switch {
	case e.Message != nil:
		attrs = append(attrs, slog.String("mid", e.Message.ID))
	case e.Postback != nil && e.Postback.ID != "":
		attrs = append(attrs, slog.String("mid", e.Postback.ID))
	}
	switch f {
	case delivery.Kept, delivery.Repeated:
		attrs = append(attrs, slog.String("turn", delivery.TurnID(k, e.ID)))
	case delivery.Echo:
		if e.Message != nil && delivery.IsIntent(e.Message.Metadata) {
			attrs = append(attrs, slog.String("intent", e.Message.Metadata))
		}
	}
	if w.texts && e.Message != nil {
		attrs = append(attrs, slog.String("text", e.Message.Text))
	}
	w.write(lineHeard, attrs)
}

func (w *Writer) receipt(k store.Key, e messenger.Event) {
	attrs := append(w.about(k, 3), slog.String("kind", string(e.Kind)), slog.Int64("watermark", e.Mark.Watermark.UnixMilli()))
	if len(e.Mark.Messages) > 0 {
		attrs = append(attrs, slog.Any("mids", e.Mark.Messages[:min(len(e.Mark.Messages), maxMarked)]))
	}
	w.write(lineReceipt, attrs)
}

// Taken implements delivery.Observer.
func (w *Writer) Taken(t delivery.Taken) {
	attrs := append(w.about(t.Key, 9), slog.String("turn", t.ID), slog.String("outcome", t.Outcome()),
		slog.Int64("lag_ms", t.Lag.Milliseconds()), slog.Int64("took_us", t.Took.Microseconds()), slog.Int("sends", t.Sends))
	if t.Tries > 0 {
		attrs = append(attrs, slog.Int("tries", t.Tries))
	}
	for _, step := range t.Result.Trace {
		if step.Kind == trace.Matched {
			attrs = append(attrs, slog.String("file", step.File), slog.Int("line", step.Line))
			break
		}
	}
	if t.Err != nil {
		attrs = append(attrs, slog.String("error", t.Err.Error()))
	}
	if w.texts {
		attrs = append(attrs, slog.String("text", t.Result.Reply.Text))
	}
	w.write(lineTurn, attrs)
}

// Sent implements delivery.Observer.
func (w *Writer) Sent(s delivery.Sent) {
	turn, _, _ := strings.Cut(s.ID, ".")
	attrs := append(w.about(s.Key, 9), slog.String("turn", turn), slog.String("intent", s.ID), slog.String("outcome", string(s.Outcome)))
	if s.Message != "" {
		attrs = append(attrs, slog.String("mid", s.Message))
	}
	if s.Class != "" {
		attrs = append(attrs, slog.String("class", string(s.Class)))
	}
	if s.Tries > 0 {
		attrs = append(attrs, slog.Int("tries", s.Tries))
	}
	if s.Echo {
		attrs = append(attrs, slog.Bool("by_echo", true))
	} else {
		attrs = append(attrs, slog.Int64("lag_ms", s.Lag.Milliseconds()), slog.Int64("took_ms", s.Took.Milliseconds()))
	}
	if s.Err != nil {
		attrs = append(attrs, slog.String("error", s.Err.Error()))
		if a, ok := advice.On(s.Err); ok {
			attrs = append(attrs, explained(a)...)
		}
	}
	w.write(lineSend, attrs)
}

// explained says in plain words what a refusal of the platform means, and what helps.
func explained(a advice.Advice) []slog.Attr {
	return []slog.Attr{slog.String("means", a.Means), slog.String("cure", a.Cure)}
}

// Aside implements delivery.Observer.
func (w *Writer) Aside(k store.Key, l store.Letter) {
	attrs := append(w.about(k, 6), slog.String("kind", l.Kind), slog.String("reason", l.Reason))
	if found := advice.Find(l.Reason); len(found) > 0 {
		attrs = append(attrs, explained(found[0])...)
	}
	if delivery.IsIntent(l.ID) {
		turn, _, _ := strings.Cut(l.ID, ".")
		attrs = append(attrs, slog.String("turn", turn), slog.String("intent", l.ID))
	} else {
		attrs = append(attrs, slog.String("turn", delivery.TurnID(k, l.ID)))
	}
	w.log.LogAttrs(context.Background(), slog.LevelWarn, lineLetter, attrs...)
}

// Handed implements delivery.Observer.
func (w *Writer) Handed(h delivery.Handed) {
	attrs := append(w.about(h.Key, 3), slog.Bool("away", h.Away))
	if h.By != "" {
		attrs = append(attrs, slog.String("by", h.By))
	}
	if !h.Until.IsZero() {
		attrs = append(attrs, slog.Time("until", h.Until))
	}
	w.write(lineHanded, attrs)
}

// Paused implements delivery.Observer. The pause itself is told loudly where it is made.
func (*Writer) Paused(store.Pause) {}
