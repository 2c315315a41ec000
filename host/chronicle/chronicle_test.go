package chronicle

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

var ann = store.Key{Page: "104290001", Person: "24680135791357"}

// talk writes the chronicle of a message and its answer, of another message, and of receipts.
func talk(texts bool) *bytes.Buffer {
	var out bytes.Buffer
	w := NewWriter(slog.New(slog.NewJSONHandler(&out, nil)), texts)
	at := time.Now()
	event := messenger.Event{Kind: messenger.KindMessage, Page: ann.Page, Person: ann.Person, ID: "message|m_1", At: at, Message: &messenger.Message{ID: "m_1", Text: "hush hush"}}
	id := delivery.TurnID(ann, event.ID)
	w.Heard(event, delivery.Kept)
	w.Taken(delivery.Taken{ID: id, Key: ann, Name: event.ID, Sends: 1, Lag: 120 * time.Millisecond, Result: turn.Result{
		Ran: true, Reply: reply.Reply{Text: "my lips are sealed"}, Trace: []trace.Event{{Kind: trace.Matched, Text: "hush *", File: "default.topic", Line: 3}},
	}})
	w.Sent(delivery.Sent{ID: id + ".0", Key: ann, Outcome: delivery.Again, Class: messenger.ClassTransient, Err: errors.New("not sent")})
	w.Sent(delivery.Sent{ID: id + ".0", Key: ann, Outcome: delivery.Delivered, Message: "m_2", Tries: 1})
	w.Heard(messenger.Event{Kind: messenger.KindEcho, Page: ann.Page, Person: ann.Person, At: at, Message: &messenger.Message{ID: "m_2", Metadata: id + ".0", Text: "my lips are sealed"}}, delivery.Echo)
	other := event
	other.ID, other.Message = "message|m_3", &messenger.Message{ID: "m_3", Text: "hush again"}
	w.Heard(other, delivery.Kept)
	mark := func(kind messenger.Kind, at time.Time, mids ...string) {
		w.Heard(messenger.Event{Kind: kind, Page: ann.Page, Person: ann.Person, Mark: &messenger.Mark{Messages: mids, Watermark: at}}, delivery.NoTurn)
	}
	mark(messenger.KindDelivery, at, "m_2")
	mark(messenger.KindRead, at.Add(-time.Minute))
	mark(messenger.KindRead, at.Add(time.Second))
	mark(messenger.KindRead, at.Add(time.Minute))
	w.Aside(ann, store.Letter{ID: id + ".0", Kind: delivery.LetterSend, Reason: "class M"})
	w.Handed(delivery.Handed{Key: ann, Away: true, By: "263902037430900", Until: at.Add(time.Hour)})
	return &out
}

// Rule 21: whatever of it is asked for, all that belongs to a message is found, and nothing else.
func TestFollow(t *testing.T) {
	id := delivery.TurnID(ann, "message|m_1")
	want := []string{
		"heard    message, kept  m_1  turn " + id,
		"turn     taken  sends: 1, 120 ms after the event  default.topic:3  turn " + id,
		"send     again  class T  " + id + ".0  not sent",
		"send     delivered  try 2  m_2  " + id + ".0",
		"heard    echo, echo  m_2  " + id + ".0",
		"receipt  arrived",
		"receipt  was read",
		"letter   send  " + id + ".0  class M",
	}
	log := talk(false).String()
	for _, name := range []string{"m_1", "m_2", id, id + ".0"} {
		var r Reader
		if err := r.Read(strings.NewReader("footlight starts\n{\"level\":\"INFO\"}\n" + log)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range r.About(name) {
			_, rest, _ := strings.Cut(line.String(), "  ")
			got = append(got, rest)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var r Reader
	if err := r.Read(strings.NewReader(log)); err != nil || len(r.About("m_9")) != 0 {
		t.Errorf("of nothing: %v, %v", r.About("m_9"), err)
	}
	if all := r.About(delivery.Label(ann)); len(all) != r.Len() {
		t.Errorf("of the conversation: %d lines of %d", len(all), r.Len())
	}
	if err := r.Read(strings.NewReader(strings.Repeat("x", maxLogLine+1))); err == nil || !strings.Contains(err.Error(), "no log of footlight serve") {
		t.Errorf("an endless line: %v", err)
	}
}

// Rule 15: texts and ids of people are in no line unless that is asked for.
func TestPrivate(t *testing.T) {
	private := []string{"hush hush", "my lips are sealed", "hush *", ann.Person}
	quiet, loud := talk(false).String(), talk(true).String()
	for i, text := range private {
		if strings.Contains(quiet, text) {
			t.Errorf("%q is in the log:\n%s", text, quiet)
		}
		if i != 2 && !strings.Contains(loud, text) {
			t.Errorf("%q is not in the log, though it was asked for:\n%s", text, loud)
		}
	}
}

// FuzzRead: no log breaks the reader, and what it finds can be shown.
func FuzzRead(f *testing.F) {
	f.Add(talk(true).String())
	f.Add(`{"conversation":"x","msg":"heard","time":"T","mid":"m"}` + "\n" + `{"conversation":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		var r Reader
		if r.Read(strings.NewReader(text)) != nil {
			return
		}
		for _, line := range r.lines {
			_ = fmt.Sprint(line)
			if found := r.About(line.Conversation); len(found) == 0 {
				t.Errorf("a line of conversation %q is not found by it", line.Conversation)
			}
		}
	})
}

// A refusal of the platform is told in plain words beside its number, in the line of the
// try and in that of the letter (messenger.md section 5.5).
func TestPlainWords(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(slog.New(slog.NewTextHandler(&out, nil)), false)
	err := &messenger.APIError{Op: "send", Status: 400, Code: 190, Subcode: 460}
	w.Sent(delivery.Sent{ID: "t.0", Key: ann, Outcome: delivery.Blocked, Class: messenger.ClassPage, Err: err})
	w.Aside(ann, store.Letter{ID: "t.1", Kind: delivery.LetterSend, Reason: "class M: graph api: send: code 100/2018109"})
	for _, want := range []string{"changed their password, and so all their tokens have died", "footlight page resume", "images may have 8 MB", "Make the file smaller"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
