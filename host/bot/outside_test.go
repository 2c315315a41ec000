package bot

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/turn"
)

// staged is a bot in service that asks a server.
func staged(t *testing.T, loader Loader, server, grants string, private bool) *Bot {
	t.Helper()
	script := "+ weather in *\n$ GET " + server + "/now?city=<star>\n- ${{sky}} in <star>\n"
	b := New(Config{
		Dir: fstest.MapFS{
			"default.topic": {Data: []byte(script)},
			"bot.toml":      {Data: []byte(grants)},
		},
		Loader: loader, Clock: clock.NewVirtual(time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)),
		Log: slog.New(slog.DiscardHandler), ShowErrors: true, Private: private,
	})
	if _, err := b.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(t.Context()) })
	return b
}

func told(t *testing.T, b *Bot, text string) string {
	t.Helper()
	r, err := b.Turn(t.Context(), turn.Input{Event: turn.Event{Kind: turn.Text, Text: text}, Person: turn.Person{ID: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, part := range r.Reply.Parts {
		texts = append(texts, part.Text)
	}
	return strings.Join(texts, " ")
}

func TestABotAsksGrantedHosts(t *testing.T) { // L-HTTP-9
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"sky":"rain at `+r.URL.Query().Get("city")+`"}`)
	}))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	granting := fmt.Sprintf("[http]\nhosts = [%q]\n", host)
	tests := []struct {
		name, toml string
		private    bool
		want       string
		warned     bool
	}{
		{"granted", granting, true, "rain at oslo in oslo", false},
		{"granted, but private", granting, false, "[REQ_RESPONSE_ERROR: the host lies in a private network]", false},
		{"another host is granted", "[http]\nhosts = [\"api.example.org\"]\n", true, "[REQ_RESPONSE_ERROR: host " + host + " is not granted to this bot]", true},
		{"nothing is granted", "", true, "[REQ_RESPONSE_ERROR: no host is granted to this bot]", true},
	}
	runtime := openSandbox(t, t.TempDir())
	for i, tt := range append(tests, tests...) {
		var loader Loader = Sandboxed{Runtime: runtime}
		if i >= len(tests) {
			loader = Interpreted{}
		}
		b := staged(t, loader, s.URL, tt.toml, tt.private)
		if got := told(t, b, "weather in Oslo"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		warned := false
		for _, d := range b.Status().Problems {
			warned = warned || d.Code == "W130"
		}
		if warned != tt.warned {
			t.Errorf("%s: warned is %v", tt.name, warned)
		}
	}
}

func TestBadGrantsAreNamed(t *testing.T) {
	_, err := ParseSettings("[http]\nhosts = [\"api.example.org\", \"https://a.example/x\"]\n")
	if err == nil || !strings.HasPrefix(err.Error(), "bot.toml: http.hosts: host \"https://a.example/x\"") {
		t.Errorf("error is %v", err)
	}
}
