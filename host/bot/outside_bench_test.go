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

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// BenchmarkTags is a turn whose reply has twenty tags of all kinds.
func BenchmarkTags(b *testing.B) {
	benchScript(b, "", "+ *\n- "+strings.Repeat("<get name> <set n=<star>> <add c=1> {formal}<get n>{/formal} <bot shop> ", 4)+"\n")
}

// BenchmarkRequests are turns that ask a server on this machine, beside one that
// asks nobody.
func BenchmarkRequests(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"temp":4,"days":[{"sky":"rain"},{"sky":"sun"}]}`)
	}))
	defer s.Close()
	const answer = "- {formal}<star>{/formal}: ${{temp}}, ${{days.1.sky}}\n"
	line := "$ GET " + s.URL + "/now?city=<star>\n"
	for _, tt := range []struct{ name, requests string }{
		{"none", ""},
		{"one", line},
		{"three at the same time", strings.Repeat(line, 3)},
		{"three in a row", line + strings.Repeat("$ GET "+s.URL+"/now?t=${{temp}}\n", 2)},
	} {
		b.Run(tt.name, func(b *testing.B) {
			benchScript(b, fmt.Sprintf("[http]\nhosts = [%q]\n", strings.TrimPrefix(s.URL, "http://")), "+ *\n"+tt.requests+answer)
		})
	}
}

// benchScript has a bot of one document hear the same message again and again.
func benchScript(b *testing.B, settings, script string) {
	stage := New(Config{
		Dir:    fstest.MapFS{"default.topic": {Data: []byte("! var shop = Tiny Teas\n" + script)}, "bot.toml": {Data: []byte(settings)}},
		Loader: Sandboxed{Runtime: openSandbox(b, b.TempDir())}, Clock: clock.Real{}, Log: slog.New(slog.DiscardHandler), Private: true,
	})
	if _, err := stage.Reload(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = stage.Close(b.Context()) }()
	in := turn.Input{Event: turn.Event{Kind: turn.Text, Text: "oslo"}, Session: session.State{Topic: "default"}, Person: turn.Person{ID: "1"}}
	b.ReportAllocs()
	for b.Loop() {
		r, err := stage.Turn(b.Context(), in)
		if err != nil || r.Reply.Text == "" {
			b.Fatalf("%q %v", r.Reply.Text, err)
		}
	}
}
