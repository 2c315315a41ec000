package deployment

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// tables puts the Page of a premiere, and another one, into tables of footlight.toml. The tokens of
// both are not there yet.
func (p *premiere) tables(t *testing.T) (tea, cafe string) {
	t.Helper()
	app, page := p.graph.Apps()[0], p.graph.Pages()[0]
	if err := os.Mkdir("cafe", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("cafe/default.topic", []byte("+ *\n- Coffee?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.values["APP_SECRET"], p.values["VERIFY"] = app.Secret, "verify"
	delete(p.values, "FOOTLIGHT_APP_ID")
	delete(p.values, "FOOTLIGHT_APP_SECRET")
	text := "[[app]]\nid = \"" + app.ID + "\"\nsecret = \"env:APP_SECRET\"\nverify_token = \"env:VERIFY\"\n\n" +
		"[[page]]\nid = \"" + page.ID + "\"\ntoken = \"file:tokens/tea\"\ndir = \"tea\"\n\n" +
		"[[page]]\nid = \"4711\"\ntoken = \"env:CAFE_TOKEN\"\ndir = \"cafe\"\n"
	if err := os.WriteFile(shell.HostFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return page.ID, "4711"
}

// TestDeployTables: of the Pages of the tables the folder says which is meant; the token that is found goes where
// the table says, and the tables stay as they are.
func TestDeployTables(t *testing.T) {
	p := newPremiere(t)
	tea, _ := p.tables(t)
	before, err := os.ReadFile(shell.HostFile)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var f deployFlags
	f.host.Dir, f.host.PublicURL, f.yes = "tea", p.public, true
	if err := runDeploy(t.Context(), p.env(&out, "", false), f); err == nil || !strings.Contains(err.Error(), "stopped at") { // nobody serves
		t.Fatalf("%v\n%s", err, out.String())
	}
	token, err := os.ReadFile(filepath.Join("tokens", "tea"))
	if err != nil || len(token) < 10 || strings.Contains(out.String(), strings.TrimSpace(string(token))) {
		t.Errorf("token of %d bytes, %v", len(token), err)
	}
	after, err := os.ReadFile(shell.HostFile)
	if err != nil || !strings.HasSuffix(string(after), string(before)) || strings.Contains(string(after), "page_id") {
		t.Errorf("%v\n%s", err, after)
	}
	if _, err := os.Stat(filepath.Join(shell.PrivateFolder, "deploy-"+tea+".json")); err != nil {
		t.Error(err)
	}
}

// TestWhichPage: a Page that is not named, or not there, is asked for with those that are there.
func TestWhichPage(t *testing.T) {
	p := newPremiere(t)
	tea, cafe := p.tables(t)
	for _, row := range []struct{ name, page, dir, chosen, err string }{
		{"by its folder", "", "cafe", cafe, ""},
		{"by its id", tea, "", tea, ""},
		{"another folder on a Page", tea, "cafe", tea, ""},
		{"nothing", "", "", "", "which Page? Name one with --page: " + tea + " (tea), 4711 (cafe)"},
		{"another Page", "1", "", "", "footlight.toml has no [[page]] table of Page 1; it has " + tea},
		{"another folder", "", "bar", "", "no [[page]] table of footlight.toml plays bar"},
	} {
		var f deployFlags
		f.host.Page.ID, f.host.Dir = row.page, row.dir
		err := f.settle(p.env(&bytes.Buffer{}, "", false))
		if row.err == "" && (err != nil || f.host.Page.ID != row.chosen) || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: %q, %v", row.name, f.host.Page.ID, err)
		}
	}
}

// TestDoctorOfAll: without --page the doctor looks at all Pages, and tells them apart.
func TestDoctorOfAll(t *testing.T) {
	p := newPremiere(t)
	tea, cafe := p.tables(t)
	p.values["FOOTLIGHT_PUBLIC_URL"] = p.public
	if err := os.MkdirAll("tokens", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("tokens/tea", []byte(p.graph.Pages()[0].Token), 0o600); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	var f deployFlags
	if err := runDoctor(t.Context(), p.env(&shown, "", false), f, false); err == nil {
		t.Error("two Pages without webhooks are well")
	}
	for _, want := range []string{"Page " + tea + " (tea)", "Page " + cafe + " (cafe)"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("no %q:\n%s", want, shown.String())
		}
	}
	p.judge(t, shown.String())
	shown.Reset()
	f.json = true
	_ = runDoctor(t.Context(), p.env(&shown, "", false), f, false)
	var found []struct {
		Page     string
		State    string
		Findings []struct{ Check, State string }
	}
	if err := json.Unmarshal(shown.Bytes(), &found); err != nil || len(found) != 2 || found[0].State != "broken" || len(found[0].Findings) == 0 {
		t.Errorf("%v: %s", err, shown.String())
	}
	for _, c := range found[0].Findings {
		if c.Check == "token" && c.State != "fine" {
			t.Errorf("the token of the first Page: %+v\n%s", c, shown.String())
		}
	}
	for _, c := range found[1].Findings {
		if c.Check == "token" && c.State == "fine" {
			t.Error("a token that is not there is fine")
		}
	}
}
