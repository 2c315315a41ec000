package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

func TestMain(m *testing.M) {
	// Two of fasthttp's goroutines outlive a server: the clock of the Date header, and a
	// cleaner that wakes every ten seconds to see whether it may end.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

const (
	secret = "app-secret-of-the-tests"
	token  = "verify token & of the tests"
)

// inbox keeps what it is given, or does what it is told.
type inbox struct {
	mu     sync.Mutex
	events []messenger.Event
	do     func(ctx context.Context) error
}

func (i *inbox) Accept(ctx context.Context, events []messenger.Event) error {
	if i.do != nil {
		return i.do(ctx)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.events = append(i.events, events...)
	return nil
}

// texts are the texts of the messages that were kept.
func (i *inbox) texts() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []string
	for _, e := range i.events {
		if e.Message != nil {
			out = append(out, e.Message.Text)
		}
	}
	return strings.Join(out, "|")
}

// house is a running server.
type house struct {
	t      testing.TB
	server *Server
	url    string
	log    *bytes.Buffer
	inbox  *inbox
}

func open(t testing.TB, change func(*Config), tune ...func(*Server)) *house {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return openAt(t, l, change, tune...)
}

// openAt has a server serve a listener, until the test ends.
func openAt(t testing.TB, l net.Listener, change func(*Config), tune ...func(*Server)) *house {
	t.Helper()
	h := &house{t: t, inbox: &inbox{}, log: &bytes.Buffer{}}
	c := Config{
		Apps: []App{{Secret: secret, VerifyToken: token}}, Inbox: h.inbox, Clock: clock.Real{},
		Metrics: prometheus.NewRegistry(), Log: slog.New(slog.NewTextHandler(&lockedWriter{w: h.log}, nil)),
	}
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range tune {
		f(s)
	}
	h.server, h.url = s, "http://"+l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return h
}

// lockedWriter lets the log be written from several requests.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// do makes a request and returns status and body.
func (h *house) do(method, path string, header map[string]string, body []byte) (int, string, http.Header) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, h.url+path, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, string(got), resp.Header
}

// post sends a signed webhook.
func (h *house) post(body string) (int, string) {
	h.t.Helper()
	status, answer, _ := h.do("POST", "/webhook", map[string]string{messenger.HeaderSignature: messenger.Sign(secret, []byte(body))}, []byte(body))
	return status, answer
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"no app secret", func(c *Config) { c.Apps[0].Secret = "" }, "app secret is not set"},
		{"no verify token", func(c *Config) { c.Apps[0].VerifyToken = "" }, "verify token is not set"},
		{"no inbox", func(c *Config) { c.Inbox = nil }, "are needed"},
		{"metrics taken", func(c *Config) {
			if _, err := newMeters(c.Metrics); err != nil {
				t.Fatal(err)
			}
		}, "metrics"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Apps: []App{{Secret: secret, VerifyToken: token}}, Inbox: &inbox{}, Clock: clock.Real{}, Metrics: prometheus.NewRegistry(), Log: slog.Default()}
			tt.edit(&c)
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestHealth(t *testing.T) {
	var broken error
	h := open(t, func(c *Config) {
		c.Ready = []Check{
			{"store", func(context.Context) (string, error) { return "bolt", broken }},
			{"bot", func(context.Context) (string, error) { return "welcome 1f3a", nil }},
		}
	})
	if status, body, _ := h.do("GET", "/healthz", nil, nil); status != 200 || body != `{"status":"alive"}` {
		t.Errorf("%d %s", status, body)
	}
	want := `{"ready":true,"checks":[{"name":"store","ok":true,"detail":"bolt"},{"name":"bot","ok":true,"detail":"welcome 1f3a"}]}`
	if status, body, _ := h.do("GET", "/readyz", nil, nil); status != 200 || body != want {
		t.Errorf("%d %s", status, body)
	}
	broken = errors.New("disk is full")
	want = `{"ready":false,"checks":[{"name":"store","ok":false,"error":"disk is full"},{"name":"bot","ok":true,"detail":"welcome 1f3a"}]}`
	if status, body, _ := h.do("GET", "/readyz", nil, nil); status != 503 || body != want {
		t.Errorf("%d %s", status, body)
	}
}

func TestMetrics(t *testing.T) {
	h := open(t, nil)
	h.post(`{"object":"page","entry":[{"id":"9","messaging":[{"sender":{"id":"7"},"message":{"mid":"a","text":"x"}},{"sender":{"id":"7"},"read":{"watermark":5}}]}]}`)
	h.do("POST", "/webhook", nil, []byte("{}"))
	_, body, _ := h.do("GET", "/metrics", nil, nil)
	for _, line := range []string{
		`footlight_webhook_posts_total{answer="accepted"} 1`,
		`footlight_webhook_posts_total{answer="bad_signature"} 1`,
		`footlight_webhook_posts_total{answer="unavailable"} 0`,
		`footlight_webhook_events_total{kind="message"} 1`,
		`footlight_webhook_events_total{kind="read"} 1`,
		`footlight_webhook_accept_seconds_count 1`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("missing %s", line)
		}
	}
}

func TestUnknownPath(t *testing.T) {
	if status, _, _ := open(t, nil).do("GET", "/admin", nil, nil); status != 404 {
		t.Errorf("status %d", status)
	}
}

// Shutdown lets a request under way end with its own answer.
func TestShutdownWaits(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	box := &inbox{do: func(context.Context) error { close(begun); <-goOn; return nil }}
	h := open(t, func(c *Config) { c.Inbox = box })
	answered := make(chan int, 1)
	go func() {
		status, _ := h.post(oneMessage)
		answered <- status
	}()
	<-begun
	down := make(chan error, 1)
	go func() { down <- h.server.Shutdown(context.Background()) }()
	close(goOn)
	if status := <-answered; status != 200 {
		t.Errorf("status %d", status)
	}
	if err := <-down; err != nil {
		t.Error(err)
	}
}

// An Inbox that was left behind is waited for, and named when it does not end.
func TestShutdownNamesABusyInbox(t *testing.T) {
	goOn := make(chan struct{})
	h := open(t, func(c *Config) {
		c.Inbox = &inbox{do: func(context.Context) error { <-goOn; return nil }}
	}, func(s *Server) { s.patience = time.Millisecond })
	if status, _ := h.post(oneMessage); status != 503 {
		t.Errorf("status %d", status)
	}
	http.DefaultClient.CloseIdleConnections()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.server.Shutdown(ctx); err == nil || !strings.Contains(err.Error(), "inbox is still busy") {
		t.Errorf("err = %v", err)
	}
	close(goOn) // the cleanup's Shutdown now succeeds
}

// A host that is told to stop while it is still starting stops.
func TestShutdownBeforeServe(t *testing.T) {
	s, err := New(Config{Apps: []App{{Secret: secret, VerifyToken: token}}, Inbox: &inbox{}, Clock: clock.Real{}, Metrics: prometheus.NewRegistry(), Log: slog.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(l); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("somebody listens")
	}
}
