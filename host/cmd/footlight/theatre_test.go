package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// patience is how long a test waits for what must come. It is never waited for
// when all is well.
const patience = 60 * time.Second

// theatre is a bot as it runs for real: processes of "footlight serve" on one
// store, webhooks spread over them, and the emulator in Meta's place.
type theatre struct {
	t        *testing.T
	emulator *emulator.Emulator
	graph    *httptest.Server
	front    *httptest.Server // takes webhooks, as a load balancer does
	dir      string           // of the bot
	store    string
	cache    string
	page     string
	person   string

	mu    sync.Mutex
	hosts []*host
	turn  atomic.Uint64
}

// host is one process.
type host struct {
	cmd  *exec.Cmd
	addr string
	log  *output
	done chan struct{}
}

// output keeps what a process writes, for when the test fails.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// open builds a theatre without hosts for the bot in files.
func open(t *testing.T, store string, files map[string]string) *theatre {
	t.Helper()
	th := &theatre{t: t, store: store, dir: t.TempDir(), cache: filepath.Join(os.TempDir(), "footlight-test-cache")}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(th.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	th.front = httptest.NewServer(http.HandlerFunc(th.spread))
	t.Cleanup(th.front.Close)
	e, err := emulator.New(emulator.Config{
		Callback: th.front.URL + "/webhook", VerifyToken: "swordfish", Seed: 7,
		Switches: emulator.Switches{RetriesAtOnce: -1, RetryGaps: []time.Duration{20 * time.Millisecond}},
	})
	if err != nil {
		t.Fatal(err)
	}
	th.emulator = e
	t.Cleanup(e.Close)
	th.graph = httptest.NewServer(e.Handler())
	t.Cleanup(th.graph.Close)
	th.page, th.person = e.Pages()[0].ID, e.People()[0].ID
	t.Cleanup(func() {
		for _, h := range th.running() {
			h.stop()
			if t.Failed() {
				t.Logf("host %s:\n%s", h.addr, h.log)
			}
		}
	})
	return th
}

// spread hands a webhook to one host after the other.
func (th *theatre) spread(w http.ResponseWriter, r *http.Request) {
	hosts := th.running()
	if len(hosts) == 0 {
		http.Error(w, "no host", http.StatusBadGateway)
		return
	}
	h := hosts[th.turn.Add(1)%uint64(len(hosts))]
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: h.addr})
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.WriteHeader(http.StatusBadGateway) // the host has just died
	}
	proxy.ServeHTTP(w, r)
}

func (th *theatre) running() []*host {
	th.mu.Lock()
	defer th.mu.Unlock()
	return slices.Clone(th.hosts)
}

// start starts one more host and waits until it listens.
func (th *theatre) start() *host {
	th.t.Helper()
	app, page := th.emulator.Apps()[0], th.emulator.Pages()[0]
	h := &host{log: &output{}, done: make(chan struct{})}
	h.cmd = exec.Command(os.Args[0], "serve", th.dir)
	h.cmd.Dir = th.dir
	h.cmd.Env = append(os.Environ(), asProgram+"=1",
		"FOOTLIGHT_ADDR=127.0.0.1:0", "FOOTLIGHT_STORE="+th.store, "FOOTLIGHT_GRAPH_URL="+th.graph.URL,
		"FOOTLIGHT_APP_ID="+app.ID, "FOOTLIGHT_APP_SECRET="+app.Secret, "FOOTLIGHT_VERIFY_TOKEN="+app.VerifyToken,
		"FOOTLIGHT_PAGE_ID="+page.ID, "FOOTLIGHT_PAGE_TOKEN="+page.Token, "XDG_CACHE_HOME="+th.cache,
	)
	h.cmd.Stderr = h.log
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		th.t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		th.t.Fatal(err)
	}
	lines := bufio.NewScanner(io.TeeReader(out, h.log))
	for h.addr == "" && lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "webhook   http://"); found {
			h.addr = strings.TrimSuffix(address, "/webhook")
		}
	}
	go func() {
		_, _ = io.Copy(h.log, out)
		_ = h.cmd.Wait()
		close(h.done)
	}()
	if h.addr == "" {
		<-h.done
		th.t.Fatalf("serve did not start:\n%s", h.log)
	}
	th.mu.Lock()
	th.hosts = append(th.hosts, h)
	th.mu.Unlock()
	return h
}

// kill ends a host as a power cut would.
func (th *theatre) kill(h *host) {
	th.forget(h)
	_ = h.cmd.Process.Kill()
	<-h.done
}

func (th *theatre) forget(h *host) {
	th.mu.Lock()
	defer th.mu.Unlock()
	th.hosts = slices.DeleteFunc(th.hosts, func(other *host) bool { return other == h })
}

// stop ends a host as an operator does.
func (h *host) stop() {
	_ = h.cmd.Process.Signal(os.Interrupt)
	select {
	case <-h.done:
	case <-time.After(patience):
		_ = h.cmd.Process.Kill()
		<-h.done
	}
}

// act lets the person do something.
func (th *theatre) act(a emulator.Action) {
	th.t.Helper()
	a.Page, a.Person = th.page, th.person
	if err := th.emulator.Act(th.t.Context(), a); err != nil {
		th.t.Fatal(err)
	}
}

func (th *theatre) say(text string) { th.t.Helper(); th.act(emulator.Action{Kind: "say", Text: text}) }

// heard returns what the bot has said to the person so far.
func (th *theatre) heard() []emulator.Bubble {
	thread, err := th.emulator.Thread(th.page, th.person)
	if err != nil {
		th.t.Fatal(err)
	}
	return slices.DeleteFunc(thread.Bubbles, func(b emulator.Bubble) bool { return b.From != "page" })
}

// await waits until the bot has said n things.
func (th *theatre) await(n int) []emulator.Bubble {
	th.t.Helper()
	var got []emulator.Bubble
	th.until(fmt.Sprintf("%d messages of the bot", n), func() bool {
		got = th.heard()
		return len(got) >= n
	})
	return got
}

// until waits for something that a change of the emulator brings about.
func (th *theatre) until(what string, done func() bool) {
	th.t.Helper()
	ctx, cancel := context.WithTimeoutCause(th.t.Context(), patience, errors.New("out of patience"))
	defer cancel()
	changes, stop := th.emulator.Watch()
	defer stop()
	for !done() {
		select {
		case <-changes:
		case <-ctx.Done():
			th.t.Fatalf("waited for %s: %v; the bot has said %q", what, context.Cause(ctx), texts(th.heard()))
		}
	}
}

func texts(bubbles []emulator.Bubble) []string {
	out := make([]string, len(bubbles))
	for i, b := range bubbles {
		out[i] = b.Text
	}
	return out
}
