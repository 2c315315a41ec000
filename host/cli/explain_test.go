package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/script/source"
)

// A code of ours, a number of Meta's or its words are explained in lines of 80 cells;
// what nobody knows is an error that says what can be asked.
func TestExplain(t *testing.T) {
	for _, row := range []struct {
		name, question string
		want           []string
		err            string
	}{
		{"ours", "E021", []string{"E021"}, ""},
		{"Meta's number", "190/463", []string{"Graph API error 190/463\n", "it means     The token was a short-lived one", "the cure     Run footlight deploy", "the host     pauses the Page"}, ""},
		{"Meta's words", "Message cannot be empty", []string{"Graph API error 2018034\n"}, ""},
		{"words of several", "Page request limit reached, Application request limit reached", []string{"Graph API error 4\n", "Graph API error 32\n"}, ""},
		{"nothing", "E999", nil, `explain: nothing is known of "E999"`},
	} {
		var out bytes.Buffer
		err := explain(&out, row.question)
		if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: error %v", row.name, err)
		}
		for _, want := range row.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", row.name, want, out.String())
			}
		}
		for line := range strings.Lines(out.String()) {
			if source.Cells(strings.TrimSuffix(line, "\n")) > shell.Column && row.name != "ours" {
				t.Errorf("%s: wider than %d cells: %s", row.name, shell.Column, line)
			}
		}
	}
}
