package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// A scenario runs against the emulator of the command, and ends it; what is wrong
// tells file, line and cure (emulator.md §8).
func TestEmulatorScenario(t *testing.T) {
	for _, row := range []struct{ name, source, out, err string }{
		{"comes true", "as ada\nsay \"hi\"\nadvance 1h\nexpect nothing\n", "ok       4  expect nothing", ""},
		{"does not", "expect \"Hi!\"\n", "fail     1  expect", "talk.scenario, line 1: nothing is seen within 50ms; see"},
		{"cannot be read", "dance\nsettle\nsing\n", "", `talk.scenario, line 3: "sing" is no verb; use one of`},
	} {
		file := filepath.Join(t.TempDir(), "talk.scenario")
		if err := os.WriteFile(file, []byte(row.source), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := runEmulator(t.Context(), shell.Environment{Out: &out, Err: &out, Getenv: environment(nil)}, emulatorFlags{
			addr: "127.0.0.1:0", scenario: file, seed: 7, patience: 50 * time.Millisecond,
		})
		if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: error %v", row.name, err)
		}
		if !strings.Contains(out.String(), row.out) {
			t.Errorf("%s: output %s", row.name, out.String())
		}
	}
	if err := runEmulator(t.Context(), shell.Environment{}, emulatorFlags{scenario: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a scenario that is not there: no error")
	}
}

// TestEmulatorEnds: a chat page that is open keeps nobody from ending it.
func TestEmulatorEnds(t *testing.T) {
	e, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var out bytes.Buffer
	err = serveEmulator(t.Context(), shell.Environment{Out: &out}, e, "127.0.0.1:0", func(ctx context.Context) error {
		address, _, _ := strings.Cut(strings.TrimPrefix(out.String(), "graph API at "), ",")
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/control/watch", nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		_, err = io.ReadFull(resp.Body, make([]byte, 1)) // it follows
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A file says with what the emulator begins, and how it behaves (emulator.md §5, §10).
func TestEmulatorWorld(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, row := range []struct{ name, world, scenario, out, err string }{
		{
			"two Pages", `{"pages":[{"id":"100000000000001"},{"id":"100000000000002"}],"people":[{"page":"100000000000002","first_name":"ada"}]}`,
			"as ada\nsay \"hi\"\n", "ada is there to chat", "",
		},
		{"a name that nobody knows", `{"switches":{"F99":1}}`, "settle\n", "", `town.json: world: switches: json: unknown field "F99"`},
		{"what cannot be", `{"pages":[{"id":"x"}]}`, "settle\n", "", `page id "x"`},
	} {
		var out bytes.Buffer
		err := runEmulator(t.Context(), shell.Environment{Out: &out, Err: &out, Getenv: environment(nil)}, emulatorFlags{
			addr: "127.0.0.1:0", scenario: put("talk.scenario", row.scenario), world: put("town.json", row.world), patience: 50 * time.Millisecond,
		})
		if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: error %v", row.name, err)
		}
		if !strings.Contains(out.String(), row.out) {
			t.Errorf("%s: output %s", row.name, out.String())
		}
	}
	if err := runEmulator(t.Context(), shell.Environment{}, emulatorFlags{world: filepath.Join(dir, "none")}); err == nil {
		t.Error("a world that is not there: no error")
	}
}
