package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// entries are the page ids of the entries of one POST.
func entries(t *testing.T, body []byte) []string {
	t.Helper()
	var envelope struct{ Entry []struct{ ID string } }
	if err := json.Unmarshal(body, &envelope); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range envelope.Entry {
		out = append(out, e.ID)
	}
	return out
}

// Events of several Pages share a POST, in entries of their own (messenger.md §2.2).
func TestMixedPages(t *testing.T) {
	const elsewhere, other = "100000000000009", "3000000000000009"
	s := newStage(t, func(c *Config) {
		c.Apps[0].Delivery = Delivery{Mixed: true, Batch: 10, Hold: true}
		c.Pages = append(c.Pages, Page{ID: elsewhere})
		c.People = append(c.People, Person{ID: other, Page: elsewhere})
	})
	for _, who := range []string{testPSID, other, testPSID} {
		s.act(Action{Kind: "say", Text: "x", Person: who})
	}
	if err := s.SetDelivery(testApp, Delivery{Mixed: true, Batch: 10}); err != nil {
		t.Fatal(err)
	}
	s.settle()
	posts := s.took()
	if len(posts) != 1 || fmt.Sprint(entries(t, posts[0].body)) != fmt.Sprint([]string{testPage, elsewhere, testPage}) {
		t.Fatalf("%d POSTs, the first with %s", len(posts), posts[0].body)
	}
	if got := s.Attempts()[0].Page; got != testPage+","+elsewhere {
		t.Errorf("attempt of %s", got)
	}
}

// An action's own options touch its events alone.
func TestOwnDelivery(t *testing.T) {
	s := newStage(t, nil)
	own := func(text string, d *Delivery) { s.act(Action{Kind: "say", Text: text, Delivery: d}) }
	texts := func() string {
		var b strings.Builder
		for _, ev := range s.events() {
			b.WriteString(value.Text(value.Object(ev["message"])["text"]))
		}
		return b.String()
	}
	own("a", nil)
	own("b", &Delivery{Drop: true})
	own("c", &Delivery{Duplicate: 2})
	own("d", &Delivery{Hold: true})
	own("e", nil)
	if got := texts(); got != "accce" {
		t.Errorf("events %s", got)
	}
	s.Release()
	s.settle()
	if got := texts(); got != "d" {
		t.Errorf("released: %s", got)
	}
	own("f", &Delivery{Signature: "missing", Odd: "no_timestamp"})
	own("g", nil)
	posts := s.took()
	if posts[0].header.Get("X-Hub-Signature-256") != "" || strings.Contains(string(posts[0].body), "timestamp") ||
		posts[1].header.Get("X-Hub-Signature-256") == "" || !strings.Contains(string(posts[1].body), "timestamp") {
		t.Errorf("headers %v and %v", posts[0].header, posts[1].header)
	}
	if err := s.Act(t.Context(), Action{Kind: "say", Text: "x", Delivery: &Delivery{Odd: "square"}}); err == nil {
		t.Error("an unknown shape: no error")
	}
}

// With several POSTs under way, each person's events still come in order.
func TestParallelDelivery(t *testing.T) {
	const people = 12
	var mu sync.Mutex
	last := map[string]string{}
	met := make(chan struct{}) // closed once a second POST comes while the first waits
	second := sync.OnceFunc(func() { close(met) })
	posts := 0
	s := newStage(t, func(c *Config) {
		c.Apps[0].Delivery = Delivery{Parallel: 4, Hold: true}
		for i := range people {
			c.People = append(c.People, Person{ID: fmt.Sprintf("30000000000001%02d", i)})
		}
		c.Client = &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			posts++
			n := posts
			mu.Unlock()
			if n == 1 {
				<-met
			} else {
				second()
			}
			var envelope struct {
				Entry []struct {
					Messaging []struct {
						Sender  struct{ ID string }
						Message struct{ Text string }
					}
				}
			}
			err := json.NewDecoder(r.Body).Decode(&envelope)
			mu.Lock()
			defer mu.Unlock()
			for _, entry := range envelope.Entry {
				for _, ev := range entry.Messaging {
					if ev.Message.Text <= last[ev.Sender.ID] {
						t.Errorf("person %s: %q after %q", ev.Sender.ID, ev.Message.Text, last[ev.Sender.ID])
					}
					last[ev.Sender.ID] = ev.Message.Text
				}
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, err
		})}
	})
	for i := range 9 {
		for n := range people {
			s.act(Action{Kind: "say", Text: fmt.Sprintf("m%d", i), Person: fmt.Sprintf("30000000000001%02d", n)})
		}
	}
	if err := s.SetDelivery(testApp, Delivery{Parallel: 4}); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if len(last) != people {
		t.Errorf("%d people were heard", len(last))
	}
}

// trip is a transport that needs no network.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// One seed, one run: what other apps, people and queues do changes neither the ids of
// a person's messages nor the misfortunes of a queue.
func TestSeed(t *testing.T) {
	run := func(seed uint64, crowd bool) string {
		s := newStage(t, func(c *Config) {
			c.Seed = seed
			c.Apps[0].Delivery = Delivery{DuplicateChance: 0.5, Reorder: 3, Hold: true}
			c.Apps = append(c.Apps, App{ID: "9", Secret: "s"})
			c.Pages = append(c.Pages, Page{ID: "100000000000009", App: "9"})
			c.People = append(c.People, Person{ID: "3000000000000009", Page: "100000000000009"})
		})
		for i := range 20 {
			if crowd {
				s.act(Action{Kind: "say", Text: "x", Person: "3000000000000009"})
			}
			s.act(Action{Kind: "say", Text: fmt.Sprint(i)})
		}
		if err := s.SetDelivery(testApp, Delivery{DuplicateChance: 0.5, Reorder: 3}); err != nil {
			t.Fatal(err)
		}
		s.settle()
		var b strings.Builder
		for _, ev := range s.events() {
			m := value.Object(ev["message"])
			fmt.Fprintln(&b, m["mid"], m["text"])
		}
		return b.String()
	}
	if run(1, false) != run(1, true) {
		t.Error("a crowd elsewhere changed the run")
	}
	if run(1, false) == run(2, false) {
		t.Error("the seed changes nothing")
	}
}

// Slow bodies pass the limit of the callback, and count as failed; those that are not too slow arrive.
func TestSlowBodyFails(t *testing.T) {
	for slow, want := range map[time.Duration]string{4 * time.Second: "", 6 * time.Second: "no answer within 5 s"} {
		synctest.Test(t, func(t *testing.T) {
			e, err := New(Config{
				Callback: "http://host.example/webhook", Switches: Switches{RetriesAtOnce: -1},
				Client: &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
					_, err := io.ReadAll(r.Body)
					return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, err
				})},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			if err := e.Act(t.Context(), Action{Kind: "say", Text: "x", Delivery: &Delivery{SlowBody: int(slow / time.Millisecond)}}); err != nil {
				t.Fatal(err)
			}
			if err := e.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a := e.Attempts()[0]; a.OK != (want == "") || !strings.Contains(a.Error, want) || a.Took != min(slow, 5*time.Second) {
				t.Errorf("a body that takes %s: %+v", slow, a)
			}
		})
	}
}
