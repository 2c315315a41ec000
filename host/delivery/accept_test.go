package delivery

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// Which events are stored: those that can start a turn (section 25 of the language).
func TestFates(t *testing.T) {
	at := time.Unix(1000, 0)
	tests := []struct {
		name  string
		event messenger.Event
		want  Fate
	}{
		{"text", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "a"}}, Kept},
		{"media", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Attachments: []messenger.Attachment{{Type: "image"}}}}, Kept},
		{"tap without text", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Tapped: true, QuickReply: "P"}}, Kept},
		{"empty message", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{}}, NoTurn},
		{"deleted message", messenger.Event{Kind: messenger.KindMessage, Message: &messenger.Message{Text: "a", Deleted: true}}, NoTurn},
		{"postback", messenger.Event{Kind: messenger.KindPostback, Postback: &messenger.Postback{Payload: "P"}}, Kept},
		{"referral", messenger.Event{Kind: messenger.KindReferral, Referral: &messenger.Referral{Ref: "R"}}, Kept},
		{"opt-in", messenger.Event{Kind: messenger.KindOptIn, OptIn: &messenger.OptIn{Ref: "R"}}, Kept},
		{"opt-in taken back", messenger.Event{Kind: messenger.KindOptIn, OptIn: &messenger.OptIn{Stopped: true}}, NoTurn},
		{"echo of another app", messenger.Event{Kind: messenger.KindEcho, Message: &messenger.Message{Text: "a", Metadata: "theirs"}}, Human},
		{"echo of ours", messenger.Event{Kind: messenger.KindEcho, Message: &messenger.Message{Text: "a", Metadata: intent("0123456789abcdef01234567", 0)}}, Echo},
		{"thread taken", messenger.Event{Kind: messenger.KindThreadControl, Control: &messenger.ThreadControl{Action: "take", New: "9"}}, Moved},
		{"delivery", messenger.Event{Kind: messenger.KindDelivery, Mark: &messenger.Mark{}}, NoTurn},
		{"read", messenger.Event{Kind: messenger.KindRead, Mark: &messenger.Mark{}}, NoTurn},
		{"reaction", messenger.Event{Kind: messenger.KindReaction, Reaction: &messenger.Reaction{}}, NoTurn},
		{"edit", messenger.Event{Kind: messenger.KindEdit, Edit: &messenger.Edit{}}, NoTurn},
		{"account linking", messenger.Event{Kind: messenger.KindLinking, Linking: &messenger.Linking{}}, NoTurn},
		{"thread control", messenger.Event{Kind: messenger.KindThreadControl, Control: &messenger.ThreadControl{}}, NoTurn},
		{"unknown", messenger.Event{Kind: messenger.KindUnknown}, NoTurn},
		{"standby", messenger.Event{Kind: messenger.KindMessage, Standby: true, Message: &messenger.Message{Text: "a"}}, Standby},
		{"halves of events", messenger.Event{Kind: messenger.KindMessage}, NoTurn},
	}
	onStage(t, func(s *stage) {
		h := s.host()
		var batch []messenger.Event
		for _, tt := range tests {
			e := tt.event
			e.Page, e.Person, e.ID, e.At = page, ann, tt.name, at
			batch = append(batch, e)
		}
		nobody := messenger.Event{Kind: messenger.KindOptIn, Page: page, ID: "nobody", At: at, OptIn: &messenger.OptIn{UserRef: "U"}}
		s.accept(h, append(batch, nobody)...)
		for i, tt := range tests {
			if got := s.book.fates[i]; got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		}
		if got := s.book.fates[len(tests)]; got != Nobody {
			t.Errorf("event without a person: %s", got)
		}
		if n := len(s.book.taken); n != 6 {
			t.Errorf("%d turns were taken, want 6", n)
		}
		s.accept(h, batch[:3]...)
		for _, got := range s.book.fates[len(tests)+1:] {
			if got != Repeated {
				t.Errorf("repeated event: %s", got)
			}
		}
	})
}

// L-EV-8: events that the host does not know are logged and passed by; what came with them is heard.
func TestUnknownEventsAreLogged(t *testing.T) {
	var log strings.Builder
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.Logger = textLogger(&log) })
		envelope, err := messenger.Decode([]byte(`{"object":"page","entry":[{"id":"` + page + `","time":1,"messaging":[` +
			`{"sender":{"id":"` + ann + `"},"recipient":{"id":"` + page + `"},"timestamp":1,"hologram":{"depth":3}},` +
			`{"sender":{"id":"` + ann + `"},"recipient":{"id":"` + page + `"},"timestamp":2,"message":{"mid":"m","text":"a"}}]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		s.accept(h, envelope.Events...)
		s.heard(ann, "a")
	})
	if !strings.Contains(log.String(), `msg="event left aside"`) || !strings.Contains(log.String(), "kind=unknown") {
		t.Errorf("the log holds %q", log.String())
	}
}

// What no store takes is set aside, loudly, and what came with it is kept: to refuse the
// POST would bring it back for ever.
func TestAcceptSetsAsideWhatNoStoreTakes(t *testing.T) {
	id, _ := draw(store.Event{ID: "x", Key: store.Key{Page: page, Person: ann}})
	rows := []struct {
		name  string
		spoil func(*messenger.Event)
		want  Fate
	}{
		{"person", func(e *messenger.Event) { e.Person = "../" + ann }, Refused},
		{"page", func(e *messenger.Event) { e.Page = strings.Repeat("9", store.MaxName+1) }, Refused},
		{"id", func(e *messenger.Event) { e.ID = strings.Repeat("i", store.MaxID+1) }, Refused},
		{"text", func(e *messenger.Event) { e.Message.Text = strings.Repeat("t", store.MaxBody) }, Refused},
		{"echo of a person's", func(e *messenger.Event) {
			e.Kind, e.Person, e.Message.Metadata = messenger.KindEcho, "../"+ann, intent(id, 0)
		}, Echo},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				bad, good := s.message(ann, "bad"), s.message(ann, "good")
				row.spoil(&bad)
				s.accept(s.host(), bad, good)
				if want := []Fate{row.want, Kept}; !slices.Equal(s.book.fates, want) {
					t.Errorf("fates %v, want %v", s.book.fates, want)
				}
				s.saw(ann, "good")
			})
		})
	}
}

// What is not durable is not acknowledged, and may come again.
func TestAcceptFailsWithTheStore(t *testing.T) {
	onStage(t, func(s *stage) {
		var back atomic.Bool
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if !back.Load() && op == "accept" {
				return errCut
			}
			return nil
		}}
		h := s.host(func(c *Config) { c.Store = f })
		e := s.message(ann, "a")
		if err := h.Accept(s.t.Context(), []messenger.Event{e}); !errors.Is(err, errCut) {
			t.Errorf("error %v", err)
		}
		if len(s.book.fates) > 0 {
			t.Errorf("observer was told of %v", s.book.fates)
		}
		back.Store(true)
		s.accept(h, e)
		s.saw(ann, "a")
	})
}

func TestIsIntent(t *testing.T) {
	id, _ := draw(store.Event{ID: "x", Key: store.Key{Page: page, Person: ann}})
	tests := map[string]bool{
		intent(id, 0): true, intent(id, 17): true,
		"": false, id: false, id + ".": false, id + ".x": false, "x" + id + ".0": false,
		strings.ToUpper(id) + ".0": false, "intent-77": false,
	}
	for s, want := range tests {
		if got := IsIntent(s); got != want {
			t.Errorf("IsIntent(%q) = %t", s, got)
		}
	}
}
