package delivery

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// eve has an id as the platform gives them.
const eve = "246801357913579"

// graph is the emulator as a client reaches it, without a network.
type graph struct{ http.Handler }

func (g graph) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Body == nil { // servers see a body always
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	g.ServeHTTP(answer, r)
	return answer.Result(), nil
}

// emulated puts the emulator, and a client of it, in the place of the phone. Eve has written to
// the Page, and so have others.
func (s *stage) emulated(others ...string) *emulator.Emulator {
	s.t.Helper()
	const secret, token = "app-secret-of-the-tests", "EAApagetokenofthetests"
	people := []emulator.Person{{ID: eve}}
	for _, id := range others {
		people = append(people, emulator.Person{ID: id})
	}
	e, err := emulator.New(emulator.Config{
		Seed: 1, Apps: []emulator.App{{ID: "7", Secret: secret}}, Pages: []emulator.Page{{ID: page, Token: token}}, People: people,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.dead = append(s.dead, e.Close)
	client, err := messenger.NewClient(messenger.Config{
		GraphURL: "http://graph.test", Page: page, PageToken: token, AppSecret: secret, HTTP: &http.Client{Transport: graph{e.Handler()}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.client = client
	for _, p := range people {
		if err := e.Act(s.t.Context(), emulator.Action{Page: page, Person: p.ID, Kind: "say", Text: "hi"}); err != nil {
			s.t.Fatal(err)
		}
	}
	return e
}

// bubbles are the texts that the Page wrote to eve, as she sees them.
func (s *stage) bubbles(e *emulator.Emulator) string {
	s.t.Helper()
	return s.told(e, eve)
}

// told are the texts that the Page wrote to a person.
func (s *stage) told(e *emulator.Emulator, person string) string {
	s.t.Helper()
	thread, err := e.Thread(page, person)
	if err != nil {
		s.t.Fatal(err)
	}
	texts := []string{}
	for _, b := range thread.Bubbles {
		if b.From == "page" {
			texts = append(texts, b.Text)
		}
	}
	return fmt.Sprint(texts)
}

// onlySends leaves out the marks, so that a fault meets a message.
type onlySends struct{ Client }

func (onlySends) SenderAction(context.Context, string, messenger.Action) error { return nil }
func (onlySends) Type(context.Context, string, string) error                   { return nil }
func (onlySends) MarkSeen(context.Context, []string) error                     { return nil }

// What an answer does to the reply "a|b" when it meets a, once.
type effect struct {
	saw     string // after two hours
	letters int    // what is given up
	paused  string // Pages, a moment after
}

var (
	repeats = effect{"[a b]", 0, "[]"}           // tried again
	skips   = effect{"[b]", 1, "[]"}             // the message is given up, those behind it go on
	stops   = effect{"[]", 2, "[]"}              // all for the person is given up
	pausing = effect{"[a b]", 0, "[100]"}        // the Page is paused
	freezes = effect{"[a b]", 0, "[100 101]"}    // all Pages of the app are
	held    = effect{saw: "[a b]", paused: "[]"} // held until another app gives control back
)

// Every row of the table of messenger.md section 5.3, against the emulator (rule 7 of section 9): what
// the person sees, what is given up, what is paused. Nothing is left in the queue.
func TestTableOfCodes(t *testing.T) {
	tests := []struct {
		code, subcode int
		want          effect
	}{
		{1, 0, repeats},
		{1, 99, repeats},
		{1, 1357046, repeats},
		{2, 0, repeats},
		{2, 2018344, skips},
		{3, 0, pausing},
		{4, 0, freezes},
		{4, 2018022, freezes},
		{4, 2018354, skips},
		{9, 2018352, repeats},
		{10, 0, pausing},
		{10, 2018233, pausing},
		{10, 1404170, pausing},
		{10, 1893015, stops},
		{10, 1893063, pausing},
		{10, 2018065, stops},
		{10, 2018108, stops},
		{10, 2018278, stops},
		{10, 2018336, stops},
		{10, 2534022, stops},
		{10, 2534077, pausing},
		{17, 0, freezes},
		{32, 0, pausing},
		{341, 0, freezes},
		{33, 0, stops},
		{100, 33, stops},
		{100, 0, skips},
		{100, 2018001, stops},
		{100, 2018008, repeats},
		{100, 2018014, skips},
		{100, 2018015, skips},
		{100, 2018034, skips},
		{100, 2018035, skips},
		{100, 2018040, skips},
		{100, 2018041, skips},
		{100, 2018053, skips},
		{100, 2018055, skips},
		{100, 2018098, skips},
		{100, 2018099, skips},
		{100, 2018047, skips},
		{100, 2018074, repeats},
		{100, 2018109, skips},
		{100, 2018145, skips},
		{100, 2018164, skips},
		{100, 2018294, repeats},
		{100, 2018320, skips},
		{100, 2018328, skips},
		{100, 2018173, skips},
		{100, 2018175, skips},
		{100, 2018182, skips},
		{100, 2018188, skips},
		{100, 2534013, skips},
		{100, 2534014, stops},
		{100, 2534015, skips},
		{100, 2534025, skips},
		{100, 2534029, pausing},
		{100, 2534037, skips},
		{101, 0, skips},
		{102, 0, pausing},
		{190, 0, pausing},
		{190, 458, pausing},
		{190, 459, pausing},
		{190, 460, pausing},
		{190, 463, pausing},
		{190, 464, pausing},
		{190, 467, pausing},
		{190, 492, pausing},
		{105, 0, skips},
		{194, 0, skips},
		{200, 0, pausing},
		{299, 0, pausing},
		{200, 1545041, repeats},
		{200, 2018021, skips},
		{200, 2018027, skips},
		{200, 2018028, stops},
		{10, 2018028, stops},
		{200, 2534041, pausing},
		{230, 0, pausing},
		{368, 0, pausing},
		{506, 0, skips},
		{551, 0, stops},
		{551, 1545041, repeats},
		{613, 0, pausing},
		{613, 1893016, stops},
		{613, 2018338, pausing},
		{613, 2534040, pausing},
		{1200, 0, repeats},
		{1200, 2018024, repeats},
		{2022, 0, pausing},
		{2200, 0, skips},
		{2500, 0, pausing},
		{10303, 0, skips},
		{2018144, 0, skips},
		{2018154, 0, skips},
		{2018163, 0, skips},
		{2018166, 0, skips},
		{2018171, 0, skips},
		{2018218, 0, stops},
		{2018234, 0, skips},
		{2018247, 0, skips},
		{2018300, 0, held},
		{10, 2018300, held},
		{2018321, 0, held},
		{10, 2018321, held},
		{2300052, 0, stops},
		{9000001, 0, skips},
		{80001, 0, pausing},
		{80006, 0, pausing},
		{80002, 0, pausing},
		{424242, 0, skips},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d,%d", tt.code, tt.subcode), func(t *testing.T) {
			onStage(t, func(s *stage) {
				e := s.emulated()
				if _, err := e.Arm(emulator.Fault{Endpoint: "messages", Recipient: eve, Nth: 1, Code: tt.code, Subcode: tt.subcode}); err != nil {
					t.Fatal(err)
				}
				h := s.host(rarely, func(c *Config) {
					c.Clients = func(string) (Client, bool) { return onlySends{s.client}, true }
					c.Siblings = func(string) []string { return []string{page, "101"} }
				})
				s.say(h, eve, "a|b")
				var got effect
				pages := []string{}
				for _, p := range s.pauses() {
					pages = append(pages, p.Page)
				}
				s.pass(2 * time.Hour)
				s.empty(eve)
				c, _ := s.conversation(eve)
				slices.Sort(pages)
				got.saw, got.letters, got.paused = s.bubbles(e), len(c.Letters), fmt.Sprint(pages)
				if got != tt.want {
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
				for _, l := range c.Letters {
					if look := LookAtLetter(l); l.Kind != LetterSend || look.Text != "a" && look.Text != "b" {
						t.Errorf("letter %+v holds %+v", l, look)
					}
				}
			})
		})
	}
}
