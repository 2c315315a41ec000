package app

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/advice"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// refusals are the steps of the latest turn that tell of messages that were not sent.
func refusals(s console.State) []console.TraceLine {
	if len(s.Traces) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Traces[len(s.Traces)-1].Lines), func(l console.TraceLine) bool { return l.Kind != refusedStep })
}

// What the platform refuses of an answer stands in plain words in the trace of its turn, with the
// number under which it is explained, and in the log (messenger.md section 5.5).
func TestSetbacks(t *testing.T) {
	for _, row := range []struct {
		name          string
		code, subcode int
	}{
		{"active access token", 2500, 0},
		{"attachment size", 100, 2018109},
		{"not admins, developers or testers", 200, 2018028},
		{"not admins, as code 10", 10, 2018028},
		{"password changed", 190, 460},
		{"too long", 100, 0},
		{"empty", 100, 2018034},
		{"public content access", 10, 0},
		{"public content access, with its subcode", 10, 2018233},
		{"unpublished", 551, 0},
		{"unpublished, with its subcode", 551, 1545041},
		{"unpublished, as code 10", 10, 2018108},
		{"window", 10, 2018278},
		{"window, of a news Page", 10, 2018065},
		{"rate", 613, 0},
		{"a moment's trouble", 1200, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			log := &lines{news: make(chan struct{}, 1)}
			d := perform(t, map[string]string{"default.topic": "+ *\n- Hello!\n"}, func(c *Config) { c.Log = slog.New(slog.NewJSONHandler(log, nil)) })
			d.settle()
			if _, err := d.emulator.Arm(emulator.Fault{Endpoint: "messages", Code: row.code, Subcode: row.subcode, Times: -1}); err != nil {
				t.Fatal(err)
			}
			d.ok(d.Say(t.Context(), "pizza"))
			var told []console.TraceLine
			d.until("a word about the refusal", func() bool { told = refusals(d.Snapshot()); return len(told) > 0 })
			a, ok := advice.Of(row.code, row.subcode)
			if !ok {
				t.Fatal("there is no advice")
			}
			if l := told[0]; l.Code != a.Name() || !strings.Contains(l.Text, a.Means) || !strings.Contains(l.Text, a.Cure) || !strings.Contains(l.Text, "The host ") {
				t.Errorf("%+v", l)
			}
			log.await(t, inJSON(t, "means", a.Means)+","+inJSON(t, "cure", a.Cure))
		})
	}
}

// inJSON is a text as a line of a log in JSON has it.
func inJSON(t *testing.T, name, text string) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return `"` + name + `":` + strings.TrimSpace(b.String())
}

// A refusal that was overcome says so; one of somebody else's message stays out; a refusal
// that nobody knows is told as it is.
func TestSetbackOvercome(t *testing.T) {
	d := &Desk{person: emulator.Person{ID: "1"}, setbacks: map[string][]setback{}}
	own := d.key()
	other := own
	other.Person = "2"
	lost := &messenger.APIError{Op: "send", Status: 400, Code: 1200}
	d.Sent(delivery.Sent{ID: "t.0", Key: own, Outcome: delivery.Delivered})
	d.Sent(delivery.Sent{ID: "t.1", Key: own, Outcome: delivery.Again, Class: messenger.ClassTransient, Err: lost})
	d.Sent(delivery.Sent{ID: "t.1", Key: own, Outcome: delivery.Again, Class: messenger.ClassTransient, Err: lost, Tries: 1})
	d.Sent(delivery.Sent{ID: "t.1", Key: own, Outcome: delivery.Delivered, Tries: 2})
	d.Sent(delivery.Sent{ID: "t.2", Key: own, Outcome: delivery.Dropped, Class: messenger.ClassWindow, Err: errors.New("the window has closed")})
	d.Sent(delivery.Sent{ID: "u.0", Key: other, Outcome: delivery.Dropped, Err: lost})
	list := d.setbacks["t"]
	if len(d.setbacks) != 1 || len(list) != 2 {
		t.Fatalf("%+v", d.setbacks)
	}
	if l := list[0].line; l.Code != "1200" || !strings.HasSuffix(l.Text, "\nIt arrived all the same, at try 3.") {
		t.Errorf("%+v", l)
	}
	if l := list[1].line; l.Code != "" || !strings.HasPrefix(l.Text, "not sent: the window has closed\nThe host drops") {
		t.Errorf("%+v", l)
	}
}
