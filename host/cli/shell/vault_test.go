package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Secrets go to the file that is named for them, the rest to footlight.toml, whose other
// lines stay, with the tables behind them; what the environment holds with another value is told.
func TestVault(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, HostFile)
	if err := os.WriteFile(file, []byte("# mine\npage_id = \"1\" # old\naddr = \":1\"\n[[page]]\nid = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "own-token")
	v := Vault{Dir: dir, Getenv: environment(map[string]string{"FOOTLIGHT_PAGE_TOKEN_FILE": own, "FOOTLIGHT_VERIFY_TOKEN": "other", "FOOTLIGHT_PAGE_ID": "2"})}
	shadowed, err := v.Keep(map[string]string{"FOOTLIGHT_PAGE_ID": "2", "FOOTLIGHT_PAGE_TOKEN": "t", "FOOTLIGHT_VERIFY_TOKEN": "v"})
	if err != nil || len(shadowed) != 1 || shadowed[0] != "FOOTLIGHT_VERIFY_TOKEN" {
		t.Errorf("%v, %v", shadowed, err)
	}
	if got, _ := os.ReadFile(file); string(got) != "# mine\npage_id = \"2\"\naddr = \":1\"\nverify_token_file = \".footlight/verify-token\"\n[[page]]\nid = 1\n" {
		t.Errorf("%s", got)
	}
	if got, _ := os.ReadFile(own); string(got) != "t\n" {
		t.Errorf("%q", got)
	}
	info, err := os.Stat(filepath.Join(dir, PrivateFolder, "verify-token"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, PrivateFolder, ".gitignore")); string(got) != "*\n" {
		t.Errorf("%q", got)
	}
	if _, err := v.Keep(map[string]string{"FOOTLIGHT_COLOUR": "red"}); err == nil {
		t.Error("a setting that there is not was kept")
	}
}

// A setting takes the place of the one of its name and stands before all tables, whatever texts and lists of several lines hold.
func TestSetLine(t *testing.T) {
	for _, row := range []struct{ name, before, after string }{
		{"an empty file", "", "addr = \":1\"\n"},
		{"no end of line", "a = 1", "a = 1\naddr = \":1\"\n"},
		{"a header in a text", "a = \"\"\"\n[page]\n\"\"\"\n[page]\nb = 1\n", "a = \"\"\"\n[page]\n\"\"\"\naddr = \":1\"\n[page]\nb = 1\n"},
		{"a header in a text without escapes", "a = '''\n [[page]]\n'''\n", "a = '''\n [[page]]\n'''\naddr = \":1\"\n"},
		{"a list in a list", "a = [\n  [1],\n  [2]\n]\n[t]\n", "a = [\n  [1],\n  [2]\n]\naddr = \":1\"\n[t]\n"},
		{"its name in a text", "a = \"\"\"\naddr = 1\n\"\"\"\naddr = \"x\"\n", "a = \"\"\"\naddr = 1\n\"\"\"\naddr = \":1\"\n"},
		{"a value of several lines", "addr = \"\"\"\n:2\"\"\"\nb = 1\n", "addr = \":1\"\nb = 1\n"},
		{"its name in a table", "[t]\naddr = \"x\"\n", "addr = \":1\"\n[t]\naddr = \"x\"\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), HostFile)
			if err := os.WriteFile(path, []byte(row.before), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := setLine(path, "addr", ":1"); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != row.after {
				t.Errorf("%q, %v, want %q", got, err, row.after)
			}
		})
	}
}

// A file in which a text is not closed keeps all that it has: the error says where it is broken.
func TestSetLineBrokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footlight.toml")
	const broken = "addr = \":1\npublic_url = \"https://bot.example\"\n"
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := setLine(path, "addr", ":2"); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("%v does not say where it is broken", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != broken {
		t.Errorf("the file has %q (%v)", got, err)
	}
}
