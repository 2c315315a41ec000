package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Rule 14 of messenger.md section 9: a host to which Meta sends nothing any more
// subscribes again by itself, and operators see it.
func TestServingRestoresSubscriptions(t *testing.T) {
	graph, err := emulator.New(emulator.Config{Seed: 5, Pages: []emulator.Page{{Fields: []string{}}}})
	if err != nil {
		t.Fatal(err)
	}
	meta := httptest.NewServer(graph.Handler())
	defer func() { meta.Close(); graph.Close() }()
	dir := t.TempDir()
	write(t, dir, "default.topic", cafe)
	c := serviceConfig(t, dir)
	told, page := graph.Apps()[0], graph.Pages()[0]
	c.GraphURL = meta.URL
	c.Page = Page{ID: page.ID, AppID: told.ID, AppSecret: told.Secret, VerifyToken: "verify", PageToken: page.Token}
	h, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	changes, unwatch := graph.Watch()
	defer unwatch()
	late := time.After(30 * time.Second)
	for !slices.Contains(graph.Pages()[0].Fields, "messages") {
		select {
		case <-changes:
		case <-late:
			t.Fatal("it does not subscribe")
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) string {
		answer, err := client.Get("http://" + h.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	for !strings.Contains(get("/readyz"), "app's webhooks: the app is subscribed to nothing") { // nobody has told us our address
		select {
		case <-late:
			t.Fatalf("readyz: %s", get("/readyz"))
		default:
		}
	}
	metrics := get("/metrics")
	for _, want := range []string{`footlight_health_repairs_total{check="page_subscription"} 1`, `footlight_health{check="app_subscription"} 2`, `footlight_health{check="page_subscription"} 0`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s", want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := h.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
