package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// TestPageList: each Page of the settings is listed with its bot, and one that is paused with the reason.
func TestPageList(t *testing.T) {
	t.Chdir(t.TempDir())
	const settings = "store = \"bolt:state.db\"\n[[app]]\nid = \"9\"\nsecret = \"env:S\"\nverify_token = \"env:V\"\n[[page]]\nid = \"1001\"\ndir = \"scripts/tea\"\ntoken = \"env:TEA\"\n[[page]]\nid = \"1002\"\nbot = \"cafe\"\ntoken = \"env:CAFE\"\n"
	if err := os.WriteFile("footlight.toml", []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(bolt.Options{Path: "state.db"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ args, want string }{
		{"page list", "1001  tea  sends\n1002  cafe  sends\n"},
		{"page pause 1002 --reason spring", "page 1002 is paused"},
		{"page list", "1001  tea  sends\n1002  cafe  until it is resumed\n  spring\n"},
		{"page list --json", `"bot":"cafe"`},
	} {
		show(t, row.args, row.want)
	}
	const alone = "store = \"bolt:state.db\"\npage_id = \"1002\"\n" // a host of one Page has no tables
	for _, row := range []struct{ settings, args, want string }{
		{alone, "page list", "1002  until it is resumed\n  spring\n"},
		{alone, "page resume", "page 1002 sends again"},
		{alone, "page list", "1002  sends\nno Page is paused\n"},
		{alone + "bot = \"cafe\"\n", "page list", "1002  cafe  sends\n"},
	} {
		if err := os.WriteFile("footlight.toml", []byte(row.settings), 0o600); err != nil {
			t.Fatal(err)
		}
		show(t, row.args, row.want)
	}
}

// show runs a command and looks for a text in what it shows.
func show(t *testing.T, args, want string) {
	t.Helper()
	var out bytes.Buffer
	env := shell.Environment{In: strings.NewReader(""), Out: &out, Err: &out, Getenv: environment(nil)}
	if code := Main(strings.Fields(args), env); code != 0 || !strings.Contains(strings.ReplaceAll(out.String(), `": "`, `":"`), want) {
		t.Errorf("footlight %s: %d %q, want %q", args, code, out.String(), want)
	}
}
