package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// patience is how long a test waits for what must come. It is never waited for
// when all is well.
const patience = 60 * time.Second

// atOnce is how often Meta repeats a webhook that failed, before those behind it go:
// without end, so that events come in order however often a host dies.
const atOnce = 1 << 30

// theatre is a bot as it runs for real: processes of "footlight serve" on one
// store, webhooks spread over them, and the emulator in Meta's place.
type theatre struct {
	t        *testing.T
	emulator *emulator.Emulator
	graph    *httptest.Server // the Graph API
	front    *httptest.Server // takes webhooks, as a load balancer does
	dir      string           // of the bot
	store    string
	cache    string
	clock    string   // setting of the clock; empty: the machine's
	serve    []string // the command of a host; empty: it serves dir
	more     []string // settings beside the usual ones
	page     string
	person   string // the first of the people

	// at, if any, is told of what happens on the wire. It may kill hosts, and cut the line.
	at func(m moment, h *host) (cut bool)

	mu      sync.Mutex
	hosts   []*host       // that run
	all     []*host       // that ever ran
	changed chan struct{} // closed and replaced when hosts changes
	turn    int
}

// host is one process of "footlight serve".
type host struct {
	*process
	addr string
}

// scene is what a theatre is opened with.
type scene struct {
	store  string
	files  map[string]string
	pages  []emulator.Page // none: one
	people int             // 0: one, of the first Page; more Pages have one each
	meta   clock.Clock     // the platform's clock alone; nil: that of the hosts
	pace   int64           // how much faster the clock of all runs; 0: as the machine's
}

// open builds a theatre without hosts for the bot in files.
func open(t *testing.T, store string, files map[string]string) *theatre {
	t.Helper()
	return openScene(t, scene{store: store, files: files})
}

func openScene(t *testing.T, s scene) *theatre {
	t.Helper()
	th := &theatre{
		t: t, store: s.store, dir: t.TempDir(), changed: make(chan struct{}),
		cache: filepath.Join(os.TempDir(), "footlight-test-cache"),
	}
	for name, text := range s.files {
		if err := os.WriteFile(filepath.Join(th.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	th.front = httptest.NewServer(http.HandlerFunc(th.spread))
	t.Cleanup(th.front.Close)
	c := emulator.Config{
		Callback: th.front.URL + "/webhook", VerifyToken: "swordfish", Seed: 7, Pages: s.pages,
		Switches: emulator.Switches{RetriesAtOnce: atOnce}, Clock: s.meta,
	}
	if s.pace > 0 {
		pace := newBrisk(s.pace)
		c.Clock, th.clock = pace, pace.setting()
	}
	e, err := emulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	th.emulator = e
	t.Cleanup(e.Close)
	for range s.people - 1 {
		if _, err := e.AddPerson(emulator.Person{}); err != nil {
			t.Fatal(err)
		}
	}
	th.graph = httptest.NewServer(th.watched(e.Handler()))
	t.Cleanup(th.graph.Close)
	th.page, th.person = e.Pages()[0].ID, e.People()[0].ID
	t.Cleanup(th.close)
	return th
}

// close ends the hosts. Nothing that any of them wrote may hold a secret
// (messenger.md section 9, rule 15).
func (th *theatre) close() {
	for _, h := range th.running() {
		h.stop()
	}
	app := th.emulator.Apps()[0]
	secrets := map[string]string{"app secret": app.Secret, "verify token": app.VerifyToken}
	for _, page := range th.emulator.Pages() {
		secrets["token of Page "+page.ID] = page.Token
	}
	for _, h := range th.all {
		for what, secret := range secrets {
			if strings.Contains(h.log.String(), secret) {
				th.t.Errorf("host %s wrote the %s", h.addr, what)
			}
		}
		if th.t.Failed() {
			th.t.Logf("host %s:\n%s", h.addr, h.log)
		}
	}
}

func (th *theatre) running() []*host {
	th.mu.Lock()
	defer th.mu.Unlock()
	return slices.Clone(th.hosts)
}

// setHosts changes who runs.
func (th *theatre) setHosts(change func([]*host) []*host) {
	th.mu.Lock()
	defer th.mu.Unlock()
	th.hosts = change(th.hosts)
	close(th.changed)
	th.changed = make(chan struct{})
}

// settings is the environment of a host.
func (th *theatre) settings() []string {
	app, page := th.emulator.Apps()[0], th.emulator.Pages()[0]
	return append([]string{
		"FOOTLIGHT_ADDR=127.0.0.1:0", "FOOTLIGHT_STORE=" + th.store, "FOOTLIGHT_GRAPH_URL=" + th.graph.URL,
		"FOOTLIGHT_APP_ID=" + app.ID, "FOOTLIGHT_APP_SECRET=" + app.Secret, "FOOTLIGHT_VERIFY_TOKEN=" + app.VerifyToken,
		"FOOTLIGHT_PAGE_ID=" + page.ID, "FOOTLIGHT_PAGE_TOKEN=" + page.Token, "XDG_CACHE_HOME=" + th.cache,
		clockSetting + "=" + th.clock,
	}, th.more...)
}

// start starts one more host and waits until it listens.
func (th *theatre) start() *host {
	th.t.Helper()
	h := &host{}
	serve := th.serve
	if len(serve) == 0 {
		serve = []string{"serve", th.dir}
	}
	h.process = launch(th.t, th.dir, th.settings(), func(line string) bool {
		_, address, found := strings.Cut(line, "webhook   http://")
		h.addr = strings.TrimSuffix(address, "/webhook")
		return found
	}, serve...)
	if h.addr == "" {
		th.t.Fatalf("serve did not start:\n%s", h.log)
	}
	th.all = append(th.all, h)
	th.setHosts(func(hosts []*host) []*host { return append(hosts, h) })
	return h
}

// kill ends a host as a power cut would.
func (th *theatre) kill(h *host) {
	th.setHosts(func(hosts []*host) []*host {
		return slices.DeleteFunc(hosts, func(other *host) bool { return other == h })
	})
	h.kill()
}

// act lets a person do something, on a Page; the first of them when none is named.
func (th *theatre) act(a emulator.Action) {
	th.t.Helper()
	if a.Page == "" {
		a.Page = th.page
	}
	if a.Person == "" {
		a.Person = th.person
	}
	if err := th.emulator.Act(th.t.Context(), a); err != nil {
		th.t.Fatal(err)
	}
}

func (th *theatre) say(text string) { th.t.Helper(); th.act(emulator.Action{Kind: "say", Text: text}) }

// heard returns what the bot has said to the first person so far.
func (th *theatre) heard() []emulator.Bubble { th.t.Helper(); return th.heardBy(th.person) }

func (th *theatre) heardBy(person string) []emulator.Bubble {
	th.t.Helper()
	thread, err := th.emulator.Thread(th.page, person)
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

// until waits for something that a change of the emulator, or of who runs, brings about.
func (th *theatre) until(what string, done func() bool) {
	th.t.Helper()
	ctx, cancel := context.WithTimeoutCause(th.t.Context(), patience, errors.New("out of patience"))
	defer cancel()
	changes, stop := th.emulator.Watch()
	defer stop()
	for {
		th.mu.Lock()
		hosts := th.changed
		th.mu.Unlock()
		if done() {
			return
		}
		select {
		case <-changes:
		case <-hosts:
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
