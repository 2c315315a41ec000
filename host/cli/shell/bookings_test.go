package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/app"
)

// TestBookings: Pages with their bots stand in tables, secrets where the tables say.
func TestBookings(t *testing.T) {
	dir := settingsFile(t, `addr = ":1"

[[app]]
id = 2001
secret = "file:app secret" # by its place from here
verify_token = "env:VERIFY"

[[ page ]]
id = "1001"
token = "env:TEA"
dir = "bots/tea"
human_for = "30m"

[[page]]
id = 1002
token = "env:CAFE"
bot = "cafe"
app = "2001"
human_word = "#bot"
fallback = "off"
sends_per_second = 5
`)
	if err := os.WriteFile(filepath.Join(dir, "app secret"), []byte("s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := app.Config{Addr: ":2"}
	env := environment(map[string]string{"VERIFY": "v", "TEA": "t1", "CAFE": "t2"})
	if err := ApplySettings(&c, env, dir); err != nil {
		t.Fatal(err)
	}
	if err := ApplyBookings(&c, env, dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, HostFile)
	want := app.Config{
		Addr: ":2",
		Apps: []app.App{{Where: file + ":3: app 2001", ID: "2001", Secret: "s", VerifyToken: "v"}},
		Bookings: []app.Booking{
			{Where: file + ":8: page 1001", Page: "1001", Token: "t1", App: "2001", Dir: filepath.Join(dir, "bots", "tea"), HumanFor: "30m"},
			{Where: file + ":14: page 1002", Page: "1002", Token: "t2", App: "2001", Bot: "cafe", HumanWord: "#bot", Fallback: "off", SendsPerSecond: "5"},
		},
	}
	if diff := cmp.Diff(want.Bookings, c.Bookings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Apps, c.Apps); diff != "" || c.Addr != ":2" {
		t.Error(diff, c.Addr)
	}
}

// TestBookingFaults: what is wrong with the tables is told with its line, all of it at once, and no secret is
// repeated.
func TestBookingFaults(t *testing.T) {
	const meta = "[[app]]\nid = 1\nsecret = \"env:S\"\nverify_token = \"env:S\"\n"
	single := map[string]string{"FOOTLIGHT_PAGE_ID": "1"}
	for _, row := range []struct {
		name string
		text string
		env  map[string]string
		want []string
	}{
		{"a secret in the file", meta + "[[page]]\nid = 7\ntoken = \"EAAhush\"", nil, []string{`:5: page 7: token must say where the secret lies: "env:NAME_OF_A_VARIABLE"`, "get a new one"}},
		{"a variable that is not set", meta + "[[page]]\nid = 7\ntoken = \"env:TEA\"", nil, []string{":5: page 7: token: TEA is not set"}},
		{"a file that is not there", meta + "[[page]]\nid = 7\ntoken = \"file:/nowhere/tea\"", nil, []string{":5: page 7: token: open /nowhere/tea"}},
		{"a file without a path", meta + "[[page]]\nid = 7\ntoken = \"file:\"", nil, []string{":5: page 7: token must say"}},
		{"two faults", meta + "[[page]]\nid = 7\ntoken = \"env:TEA\"\n[[page]]\nid = 8\ntoken = \"env:CAFE\"", nil, []string{":5: page 7: token: TEA", ":8: page 8: token: CAFE"}},
		{"an unknown setting", meta + "[[page]]\nid = 7\ncolour = 1", nil, []string{`:5: page 7: setting "colour" is not known; the settings of [[page]] are id, dir`}},
		{"a list for a text", meta + "[[page]]\nid = 7\nbot = []", nil, []string{":5: page 7: bot must be a text in quotes"}},
		{"one table only", "[page]\nid = 7", nil, []string{"page is a list of tables: write [[page]]"}},
		{"no app", "[[page]]\nid = 7", nil, []string{"it names no app: write an [[app]] table"}},
		{"no Pages", meta, nil, []string{":1: app 1: an app without Pages"}},
		{"an app of the environment too", meta + "[[page]]\nid = 7", map[string]string{"FOOTLIGHT_APP_ID": "1"}, []string{"it has [[app]] tables, and FOOTLIGHT_APP_ID"}},
		{"a Page of the environment too", meta + "[[page]]\nid = 7", single, []string{"it has [[page]] tables, and FOOTLIGHT_PAGE_ID"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := settingsFile(t, row.text)
			env := map[string]string{"S": "s"}
			for k, v := range row.env {
				env[k] = v
			}
			var c app.Config
			err := ApplySettings(&c, environment(env), dir)
			if err == nil {
				err = ApplyBookings(&c, environment(env), dir)
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("a secret is repeated: %v", err)
			}
		})
	}
}
