package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// TestMissing: a host says which settings it misses, all of them, and why.
func TestMissing(t *testing.T) {
	_, err := New(t.Context(), Config{Dir: t.TempDir()})
	if err == nil {
		t.Fatal("a host without secrets was built")
	}
	for _, want := range []string{"FOOTLIGHT_APP_SECRET is not set", "FOOTLIGHT_VERIFY_TOKEN is not set", "FOOTLIGHT_PAGE_TOKEN is not set", "FOOTLIGHT_PAGE_TOKEN_FILE"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	_, err = New(t.Context(), Config{Dir: t.TempDir(), Page: Page{AppSecret: "hush", VerifyToken: "hush"}})
	if err == nil || strings.Contains(err.Error(), "APP_SECRET") || strings.Contains(err.Error(), "hush") {
		t.Errorf("error %v", err)
	}
}

// TestRefused: what a host cannot be built on is named, and nothing stays open.
func TestRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	dir := t.TempDir()
	write(t, dir, "default.topic", cafe)
	for _, row := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"a port in use", func(c *Config) { c.Addr = taken.Addr().String() }, "webhook server: listen tcp"},
		{"a store of no kind", func(c *Config) { c.Store = "mysql://x" }, "store: an address begins with bolt:, redis:// or rediss://"},
		{"a file of something else", func(c *Config) { c.Store = "bolt:" + filepath.ToSlash(filepath.Join(dir, "default.topic")) }, "default.topic"},
		{"no folder", func(c *Config) { c.Dir = filepath.Join(dir, "nowhere") }, "bot folder: there is no "},
		{"a Redis that is not there", func(c *Config) { c.Store = "redis://:hush@127.0.0.1:1/0" }, "open store: dial tcp 127.0.0.1:1"},
		{"a version of no form", func(c *Config) { c.GraphVersion = "latest" }, "latest"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := serviceConfig(t, dir)
			row.change(&c)
			_, err := New(t.Context(), c)
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "hush") {
				t.Fatalf("error %v, want one with %q and no secret", err, row.want)
			}
			again, err := New(t.Context(), serviceConfig(t, dir))
			if err != nil {
				t.Fatalf("after it nothing can be built: %v", err)
			}
			if err := again.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func serviceConfig(t testing.TB, dir string) Config {
	return Config{
		Dir: dir, Addr: "127.0.0.1:0", Store: "bolt:" + filepath.ToSlash(filepath.Join(t.TempDir(), "state.db")),
		CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache"),
		GraphURL: "http://127.0.0.1:1", // where nobody listens
		Page:     Page{AppSecret: "secret", VerifyToken: "verify", PageToken: "token"},
	}
}

// TestServing: a host tells how it is, and closes what it has in hand when told to stop.
func TestServing(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "default.topic", "+ (hi\n- x\n")
	h, err := New(t.Context(), serviceConfig(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) (int, string) {
		answer, err := client.Get("http://" + h.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	if status, body := get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "waiting for a version") {
		t.Errorf("a host without scripts: %d %s", status, body)
	}
	changes, unwatch := h.Bot().Watch()
	write(t, dir, "default.topic", cafe+table)
	write(t, dir, "table.topic", table)
	for h.Bot().Status().Generation == nil {
		<-changes
	}
	unwatch()
	if status, body := get("/readyz"); status != http.StatusOK || !strings.Contains(body, "generation ") {
		t.Errorf("a host with scripts: %d %s", status, body)
	}
	if status, body := get("/metrics"); status != http.StatusOK || !strings.Contains(body, "footlight_generation 1") || !strings.Contains(body, "footlight_scripts_broken 0") {
		t.Errorf("metrics: %d", status)
	}
	if status, _ := get("/healthz"); status != http.StatusOK {
		t.Errorf("health: %d", status)
	}

	// What is taken before the stop is kept; after it nobody is listening.
	request, err := http.NewRequest(http.MethodPost, "http://"+h.Addr()+"/webhook", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(messenger.HeaderSignature, messenger.Sign("secret", []byte(body)))
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("webhook: %d", answer.StatusCode)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
	if _, err := client.Get("http://" + h.Addr() + "/healthz"); err == nil {
		t.Error("somebody listens after the stop")
	}
	if err := h.Close(context.Background()); err != nil {
		t.Errorf("close: %v", err)
	}
}

// body is a webhook of a message to a Page.
const body = `{"object":"page","entry":[{"id":"1040","time":1,"messaging":[{"sender":{"id":"20000000000000001"},` +
	`"recipient":{"id":"1040"},"timestamp":1782900000123,"message":{"mid":"m_1","text":"hello"}}]}]}`

// TestAttachments: what the desk shows of pictures and cards.
func TestAttachments(t *testing.T) {
	file, _ := attachment([]byte(`{"type":"image","payload":{"url":"https://a.example/cat.jpg"}}`))
	if file == nil || file.Kind != "image" || file.URL != "https://a.example/cat.jpg" {
		t.Errorf("a picture: %+v", file)
	}
	_, cards := attachment([]byte(`{"type":"template","payload":{"elements":[{"title":"Tea","subtitle":"Green","image_url":"u","buttons":[{"title":"Order"}]}]}}`))
	if len(cards) != 1 || cards[0].Title != "Tea" || len(cards[0].Buttons) != 1 || cards[0].Buttons[0].Title != "Order" {
		t.Errorf("a card: %+v", cards)
	}
	for _, raw := range []string{"", "null", "{", "[]"} {
		if file, cards := attachment([]byte(raw)); file != nil && file.Kind != "" || cards != nil {
			t.Errorf("%q: %+v, %v", raw, file, cards)
		}
	}
	if got := buttons([]emulator.Button{{Title: "Shop", URL: "https://a.example"}}); len(got) != 1 || got[0].URL != "https://a.example" {
		t.Errorf("a link: %+v", got)
	}
}
