package link

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/diag"
)

// TestHostsThatAreNotGranted: W130 for each literal host that the settings leave out.
func TestHostsThatAreNotGranted(t *testing.T) {
	const bot = `+ a
$ GET https://api.example.org/x?q=<star>
$ GET https://other.example/<star>
- x
+ b
$ GET https://<get host>/x
$ GET https://api.example.org<get rest>
$ GET https://user:word@third.example:8080
- x
+ c
// allow W130
$ GET https://fourth.example/
- x
+ d
$ NO https://other.example/
- x
> begin
+ request
$ GET https://fifth.example/
- {ok}
< begin
`
	granted := func(address string) bool { return address == "https://api.example.org" }
	_, list := BuildFiles(Files(map[string][]byte{"default.topic": []byte(bot)}), Settings{Granted: granted}, nil)
	var got []string
	for _, d := range list.All() {
		if d.Code == diag.Code("W130") {
			got = append(got, d.Message)
		}
	}
	want := "other.example is not granted to this bot; third.example:8080 is not granted to this bot; fifth.example is not granted to this bot"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	_, list = BuildFiles(Files(map[string][]byte{"default.topic": []byte(bot)}), Settings{}, nil)
	for _, d := range list.All() {
		if d.Code == diag.Code("W130") {
			t.Errorf("without settings: %s", d.Message)
		}
	}
}

// TestPermissionsThatAreNotGranted: W130 where a direction is used first whose plug-in
// wants more than it gets (L-EXT-3).
func TestPermissionsThatAreNotGranted(t *testing.T) {
	const bot = "+ a\n- <sky> <tide>\n+ b\n- <sky> <calm>\n"
	wants := []Permission{{What: "http sky.example, to look up", Cure: "add hosts"}}
	directions := []Direction{{Plugin: "air", Name: "sky", Missing: wants}, {Plugin: "air", Name: "calm", Missing: wants}, {Plugin: "sea", Name: "tide"}}
	_, list := BuildFiles(Files(map[string][]byte{"default.topic": []byte(bot)}), Settings{}, directions)
	var got []string
	for _, d := range list.All() {
		if d.Code == diag.Code("W130") {
			got = append(got, d.Message+" at "+d.Span.Text()+"; "+d.Help)
		}
	}
	want := "<sky> wants http sky.example, to look up, which is not granted to it at <sky>; add hosts"
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
