package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/app"
)

// environment is a Getenv over a map.
func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func settingsFile(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, HostFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestPrecedence: a flag comes before the environment, that before footlight.toml,
// for every setting.
func TestPrecedence(t *testing.T) {
	for _, s := range settings {
		t.Run(s.env, func(t *testing.T) {
			secret := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(secret, []byte("from the file\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			inFile := "from the file"
			if s.secret {
				inFile = filepath.ToSlash(secret)
			}
			dir := settingsFile(t, s.key+` = "`+inFile+`"`)
			for _, row := range []struct {
				name, flag string
				env        map[string]string
				dir, want  string
			}{
				{"nothing", "", nil, t.TempDir(), ""},
				{"the file", "", nil, dir, "from the file"},
				{"the environment", "", map[string]string{s.env: "from the environment"}, dir, "from the environment"},
				{"a flag", "from a flag", map[string]string{s.env: "from the environment"}, dir, "from a flag"},
			} {
				var c app.Config
				*s.value(&c) = row.flag
				if err := ApplySettings(&c, environment(row.env), row.dir); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
				if got := *s.value(&c); got != row.want {
					t.Errorf("%s: %q, want %q", row.name, got, row.want)
				}
			}
		})
	}
}

// TestSecretFiles: NAME_FILE comes after NAME and before footlight.toml.
func TestSecretFiles(t *testing.T) {
	folder := t.TempDir()
	path := func(name, text string) string {
		p := filepath.Join(folder, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.ToSlash(p)
	}
	one, other, empty := path("one", " one \n"), path("other", "other"), path("empty", "\n")
	dir := settingsFile(t, `app_secret_file = "`+other+`"`)
	for _, row := range []struct {
		name      string
		env       map[string]string
		want, err string
	}{
		{"the file that the environment names", map[string]string{"FOOTLIGHT_APP_SECRET_FILE": one}, "one", ""},
		{"the value before its file", map[string]string{"FOOTLIGHT_APP_SECRET": "value", "FOOTLIGHT_APP_SECRET_FILE": one}, "value", ""},
		{"the file that footlight.toml names", nil, "other", ""},
		{"an empty file", map[string]string{"FOOTLIGHT_APP_SECRET_FILE": empty}, "", "FOOTLIGHT_APP_SECRET_FILE: " + empty + " is empty"},
		{"no such file", map[string]string{"FOOTLIGHT_APP_SECRET_FILE": empty + "x"}, "", "FOOTLIGHT_APP_SECRET_FILE: open "},
	} {
		t.Run(row.name, func(t *testing.T) {
			var c app.Config
			err := ApplySettings(&c, environment(row.env), dir)
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) {
					t.Errorf("error %v, want %s", err, row.err)
				}
				return
			}
			if err != nil || c.Page.AppSecret != row.want {
				t.Errorf("secret %q, %v", c.Page.AppSecret, err)
			}
		})
	}
}

// TestSettingsHelp: --help names every setting, in lines that fit a terminal.
func TestSettingsHelp(t *testing.T) {
	help := SettingsHelp()
	for _, s := range settings {
		if !strings.Contains(help, s.env+" ") {
			t.Errorf("%s is not named", s.env)
		}
	}
	for line := range strings.Lines(help) {
		if len([]rune(line)) > 81 {
			t.Errorf("too wide for 80 columns: %s", line)
		}
	}
}

// FuzzHostFile: any footlight.toml is settings or an error that names the file.
func FuzzHostFile(f *testing.F) {
	f.Add("addr = \"127.0.0.1:8080\"\npage_id = \"1\"")
	f.Add("app_secret = \"x\"")
	f.Add("[addr]\nx = 1")
	f.Add("[[app]]\nid = 1\n[[page]]\nid = \"1\"\ntoken = \"env:T\"")
	f.Add("[page]\nid = 1")
	f.Add("page = [{id = \"1\"}, {x = [1]}]")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(settingsFile(t, text), HostFile)
		file, err := readHostFile(path)
		if err != nil && !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("error %q does not name the file", err)
		}
		for key := range file.values {
			if !known(key) {
				t.Errorf("setting %q was let through", key)
			}
		}
		var c app.Config
		if err := ApplyBookings(&c, os.Getenv, filepath.Dir(path)); err == nil && len(c.Bookings) != len(file.pages) {
			t.Errorf("%d bookings of %d tables", len(c.Bookings), len(file.pages))
		}
	})
}
