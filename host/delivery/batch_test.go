package delivery

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// unhurried is a client whose calls take a moment, so that messages gather behind the first.
type unhurried struct {
	onlySends
	batches *int
}

func (u unhurried) Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	time.Sleep(time.Millisecond) // of the bubble's clock
	return u.onlySends.Send(ctx, psid, m)
}

func (u unhurried) SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	*u.batches++
	return u.onlySends.SendAll(ctx, parcels)
}

// What misfortune of a batch, and of single messages in it, comes to, against the emulator: each person sees each message once,
// unless it was refused for good; only what has the scope of the Page pauses it (rules 6 and 7 of messenger.md section 9).
func TestBatchesThatFail(t *testing.T) {
	const bob, cat, dan = "246801357913580", "246801357913581", "246801357913582"
	people := []string{eve, bob, cat, dan} // eve's goes first and alone
	for _, row := range []struct {
		name   string
		fault  emulator.Fault
		saw    string // by the four, after two hours
		paused int    // Pages, a moment after
	}{
		{"nothing", emulator.Fault{}, "[hi] [hi] [hi] [hi]", 0},
		{"arrived, and 1/1357046", emulator.Fault{Endpoint: "batch", Code: 1, Subcode: 1357046, Deliver: true}, "[hi] [hi] [hi] [hi]", 0},
		{"arrived, and 500", emulator.Fault{Endpoint: "batch", Code: 2, Status: 500, Deliver: true}, "[hi] [hi] [hi] [hi]", 0},
		{"arrived, and garbage", emulator.Fault{Endpoint: "batch", Kind: "garbage", Deliver: true}, "[hi] [hi] [hi] [hi]", 0},
		{"gateway", emulator.Fault{Endpoint: "batch", Kind: "html", Status: 502}, "[hi] [hi] [hi] [hi]", 0},
		{"dead token", emulator.Fault{Endpoint: "batch", Code: 190}, "[hi] [hi] [hi] [hi]", 1},
		{"app limit", emulator.Fault{Endpoint: "batch", Code: 4}, "[hi] [hi] [hi] [hi]", 2},
		{"Page limit", emulator.Fault{Endpoint: "batch", Code: 32}, "[hi] [hi] [hi] [hi]", 1},
		{"rate", emulator.Fault{Endpoint: "batch", Code: 613}, "[hi] [hi] [hi] [hi]", 1},
		{"no batches", emulator.Fault{Endpoint: "batch", Code: 100}, "[hi] [hi] [hi] [hi]", 0},
		{"one without an answer, arrived", emulator.Fault{Endpoint: "messages", Recipient: cat, Kind: "reset", Deliver: true}, "[hi] [hi] [hi] [hi]", 0},
		{"one without an answer, not arrived", emulator.Fault{Endpoint: "messages", Recipient: cat, Kind: "reset"}, "[hi] [hi] [hi] [hi]", 0},
		{"window of one", emulator.Fault{Endpoint: "messages", Recipient: cat, Code: 10, Subcode: 2018278}, "[hi] [hi] [] [hi]", 0},
		{"one not available", emulator.Fault{Endpoint: "messages", Recipient: cat, Code: 551}, "[hi] [hi] [] [hi]", 0},
		{"one mistaken", emulator.Fault{Endpoint: "messages", Recipient: cat, Code: 100, Subcode: 2018109}, "[hi] [hi] [] [hi]", 0},
		{"one for later", emulator.Fault{Endpoint: "messages", Recipient: cat, Code: 1200}, "[hi] [hi] [hi] [hi]", 0},
		{"one meets the rate", emulator.Fault{Endpoint: "messages", Recipient: cat, Code: 613}, "[hi] [hi] [hi] [hi]", 1},
		{"one tells of usage", emulator.Fault{Endpoint: "messages", Recipient: cat, Kind: "usage", Times: 1}, "[hi] [hi] [hi] [hi]", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				e := s.emulated(people[1:]...)
				if row.fault.Endpoint != "" {
					if _, err := e.Arm(row.fault); err != nil {
						t.Fatal(err)
					}
				}
				batches := 0
				h := s.host(rarely, func(c *Config) {
					c.Clients = func(string) (Client, bool) { return unhurried{onlySends{s.client}, &batches}, true }
					c.Siblings = func(string) []string { return []string{page, "101"} }
					c.Calls = 1
				})
				for _, person := range people {
					s.say(h, person, "hi")
				}
				s.pass(3 * time.Millisecond)
				if batches == 0 {
					t.Fatal("no messages went together")
				}
				if got := len(s.pauses()); got != row.paused {
					t.Errorf("%d Pages are paused, want %d", got, row.paused)
				}
				s.pass(2 * time.Hour)
				var saw []string
				for _, person := range people {
					s.empty(person)
					saw = append(saw, s.told(e, person))
				}
				if got := fmt.Sprintf("%s %s %s %s", saw[0], saw[1], saw[2], saw[3]); got != row.saw {
					t.Errorf("they saw %s, want %s", got, row.saw)
				}
			})
		})
	}
}
