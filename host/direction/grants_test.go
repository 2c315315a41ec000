package direction

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWrongGrants(t *testing.T) {
	tests := []struct {
		name   string
		grants Grants
		want   string
	}{
		{"unknown capability", Grants{Grant: []string{"fly"}}, `grant: "fly" is no capability; there are log, clock`},
		{"granted one by one", Grants{Grant: []string{"http"}}, `grant: http is granted one by one: write hosts = ["…"]`},
		{"name of a secret", Grants{Secrets: []string{"key"}}, `secrets: "key" is no name of a secret`},
		{"empty variable", Grants{Read: []string{""}}, "a name is empty"},
		{"variable of the host", Grants{Write: []string{"_id"}}, "write: _id belongs to the host"},
		{"topic", Grants{Write: []string{"topic"}}, "write: topic belongs to the host"},
		{"list as setting", Grants{Config: map[string]any{"a": []any{}}}, "config.a is a list or a table"},
		{"host with a path", Grants{Hosts: []string{"a.example/x"}}, "a grant is a host and has no path"},
		{"time", Grants{Time: "3s"}, `time: "3s" is no time from 1ms to 2s, such as 500ms`},
		{"memory", Grants{Memory: "64MiB"}, `memory: "64MiB" is no size up to 16 MiB`},
		{"response", Grants{Response: "1GB"}, `response: "1GB" is no size up to 10 MiB`},
	}
	for _, tt := range tests {
		if err := tt.grants.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	good := Grants{
		Grant: []string{"log", "state"}, Hosts: []string{"https://*.example.org"}, Secrets: []string{"API_KEY2"}, Read: []string{"*", "_platform"},
		Write: []string{"city"}, Config: map[string]any{"a": "x", "b": int64(2), "c": true, "d": 1.5}, Time: "500ms", Memory: "4MiB", Response: "64KiB",
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}

func TestCovers(t *testing.T) {
	g := Grants{Hosts: []string{"*.example.org"}, Secrets: []string{"KEY"}, Read: []string{"*"}, Write: []string{"city"}, Config: map[string]any{"unit": "c"}, Grant: []string{"log"}}
	for _, tt := range []struct {
		capability, item string
		want             bool
	}{
		{"http", "api.example.org", true},
		{"http", "*.example.org", true},
		{"http", "example.com", false},
		{"secret", "KEY", true},
		{"secret", "OTHER", false},
		{"config", "unit", true},
		{"config", "size", true},
		{"read", "city", true},
		{"read", "_platform", false}, // those of the host have to be named
		{"write", "city", true},
		{"write", "name", false},
		{"log", "", true},
		{"clock", "", false},
	} {
		if got := g.covers(tt.capability, tt.item); got != tt.want {
			t.Errorf("covers(%s, %s) = %v", tt.capability, tt.item, got)
		}
	}
	if (Grants{}).has("http") || !g.has("http") || (Grants{}).has("log") {
		t.Error("has")
	}
}

// TestSettings: settings are granted by themselves; those that are not written are told
// with the line that would set them.
func TestSettings(t *testing.T) {
	m := &Manifest{Wants: []Want{{Capability: "config", Items: []string{"zone", "units"}, Reason: "to know"}}}
	p := &Plugin{Name: "sky", Manifest: m, grants: Grants{Config: map[string]any{"zone": "+01:00"}}}
	var lines []string
	for _, w := range p.Wishes() {
		lines = append(lines, strings.Join(w.Items, " ")+" "+w.State()+" "+w.Cure)
	}
	if diff := cmp.Diff([]string{"zone granted ", `units not set config = {units = "…"}`}, lines); diff != "" {
		t.Error(diff)
	}
	if missing := p.grants.missing(m.Wants); missing != nil {
		t.Errorf("missing are %+v", missing)
	}
}

// TestWishes: what is wanted is told with its reason, and what is not granted with the
// line that would grant it (L-EXT-3).
func TestWishes(t *testing.T) {
	m, err := Parse([]byte(weather))
	if err != nil {
		t.Fatal(err)
	}
	p := &Plugin{Name: "sky", Manifest: m, grants: Grants{Hosts: []string{"api.example.org"}}}
	var lines []string
	for _, w := range p.Wishes() {
		lines = append(lines, strings.Join(append([]string{w.Capability}, w.Items...), " ")+map[bool]string{true: " granted", false: ": " + w.Cure}[w.Granted])
	}
	if diff := cmp.Diff([]string{"http api.example.org granted", `http *.example.net: hosts = ["*.example.net"]`, `log: grant = ["log"]`}, lines); diff != "" {
		t.Error(diff)
	}
	links := p.Links()
	if len(links) != 3 || !links[1].Block || links[0].Block || len(links[0].Parameters) != 4 || !links[0].Parameters[0].Required {
		t.Errorf("links are %+v", links)
	}
	want := `http *.example.net ("to ask for the weather")`
	if len(links[0].Missing) != 2 || links[0].Missing[0].What != want || links[0].Missing[0].Cure != `add it to [plugins.sky] of bot.toml: hosts = ["*.example.net"].` {
		t.Errorf("missing is %+v", links[0].Missing)
	}
}

func TestTimeAndSize(t *testing.T) {
	if d, err := (Grants{Time: "1s"}).time(500 * time.Millisecond); err != nil || d != 500*time.Millisecond {
		t.Errorf("a grant gives no more than the manifest asks for: %s, %v", d, err)
	}
	if d, err := (Grants{Time: "10ms"}).time(time.Second); err != nil || d != 10*time.Millisecond {
		t.Errorf("%s, %v", d, err)
	}
	for text, want := range map[string]int{"": 7, "5B": 5, "2KiB": 2048, "1 MiB": 1 << 20} {
		if n, err := sizeWithin(text, 7, 1<<20); err != nil || n != want {
			t.Errorf("%q is %d, %v", text, n, err)
		}
	}
	for _, text := range []string{"0B", "-1KiB", "2MiB", "KiB", "9999999999999999999MiB", "12"} {
		if _, err := sizeWithin(text, 7, 1<<20); err == nil {
			t.Errorf("%q is a size", text)
		}
	}
}
