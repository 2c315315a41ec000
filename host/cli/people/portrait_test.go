package people

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/script/source"
)

var seen = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// TestPortrait: what is kept of somebody stands in 80 columns, and nothing that somebody
// wrote can do anything to the terminal.
func TestPortrait(t *testing.T) {
	p := person.Portrait{
		Page: "104290001", Person: "24680135791357", At: seen, Topic: "tea", Turns: 3,
		Since: seen.Add(-49 * time.Hour), Heard: seen.Add(-90 * time.Second),
		Window:    person.Window{Open: true, Closes: seen.Add(24*time.Hour - 90*time.Second)},
		Variables: []person.Variable{{Name: "drink", Value: "tea"}, {Name: "note", Value: "\x1b[31mred\nline\u202e" + strings.Repeat("雨", 60)}, {Name: "_platform", Value: "facebook"}},
		Inputs:    []string{"tea", "hi"}, Replies: []string{"One tea."}, Plugins: []string{"weather"},
		Events:    []person.Waiting{{At: seen.Add(-time.Second), Kind: "message", Text: "and cake"}},
		Sends:     []person.Waiting{{At: seen.Add(5 * time.Second), Kind: "text", Text: "Here you are!", Tries: 2}},
		Hold:      seen.Add(10 * time.Second),
		Reminders: []person.Reminder{{Name: "pot", Due: seen.Add(26 * time.Hour), Text: "The pot."}},
		Letters:   []person.Letter{{At: seen.Add(-time.Hour), Kind: "send", What: "text", Text: "lost", Reason: "class M, code 100/2018109"}},
		Paused:    &person.Paused{Page: "104290001", Reason: "new menu"},
	}
	var out bytes.Buffer
	writePortrait(&out, p)
	want := `person 24680135791357 on page 104290001
  topic              tea
  turns              3
  first message      2026-11-23 11:00:00Z
  last message       2026-11-25 11:58:30Z, 1m 30s ago
  window             open until 2026-11-26 11:58:30Z, 23h 58m left
  page               paused until it is resumed: new menu

variables
  drink              tea
  note               ·[31mred line·雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨…

variables of the host
  _platform          facebook
  plug-ins           weather keep something; user export shows it

history: 2 messages, 1 answer, newest first
  bot                One tea.
  person             tea
  person             hi

heard, not answered yet: 1
  1s ago             message and cake

waits to be sent: 1
  held back          until 2026-11-25 12:00:10Z, after a failure
  in 5s              text (tried 2 times) Here you are!

reminders: 1
  in 1d 2h           pot, 2026-11-26 14:00:00Z: The pot.

given up: 1
  1h 0m ago          send, text: class M, code 100/2018109
                     lost
                     The file is too large: images may have 8 MB, everything
                     else 25 MB. Make the file smaller, and put it at the same
                     address.
`
	if out.String() != want {
		t.Errorf("shown:\n%s\nwant:\n%s", out.String(), want)
	}
	for line := range strings.Lines(out.String()) {
		if source.Cells(strings.TrimSuffix(line, "\n")) > shell.Column {
			t.Errorf("too wide: %s", line)
		}
	}
	out.Reset()
	writePortrait(&out, person.Portrait{Page: "1", Person: "2", At: seen, Human: true, Away: seen.Add(time.Hour), Muted: true, Heard: seen.Add(-25 * time.Hour), Window: person.Window{Closes: seen.Add(-time.Hour)}})
	for _, want := range []string{"a human has the thread until 2026-11-25 13:00:00Z", "closed since", "has unsubscribed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
}
