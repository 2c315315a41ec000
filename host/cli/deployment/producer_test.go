package deployment

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// patience is how long a test waits for what must come, on the slowest of machines.
const patience = 3 * time.Minute

// bareDesk is a desk at which nobody sits.
type bareDesk struct{ console.Desk }

func (bareDesk) Snapshot() console.State                 { return console.State{Bot: "tea"} }
func (bareDesk) Watch() (<-chan struct{}, func())        { return nil, func() {} }
func (bareDesk) Say(context.Context, string) error       { return nil }
func (bareDesk) Source(string) (text string, found bool) { return "", false }

// office is a console with a producer, seen through HTTP as a browser sees it.
type office struct {
	*premiere
	t        *testing.T
	producer *Producer
	base     string
	forgery  string
	log      *loud
	seen     strings.Builder // all that was ever shown
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{premiere: newPremiere(t), t: t, log: &loud{}}
	o.producer = NewProducer(o.env(o.log, "", false), o.bot, o.addr)
	c, err := console.New(console.Config{Desk: bareDesk{}, Producer: o.producer, Logger: shell.NewLogger(o.env(o.log, "", false), o.log, -4)})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := c.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- c.Serve(ln) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := o.producer.Close(); err != nil {
			t.Error(err)
		}
	})
	o.base = "http://" + ln.Addr().String()
	_, page := o.get("/")
	m := regexp.MustCompile(`footlight-forgery" content="([^"]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no forgery token")
	}
	o.forgery = m[1]
	return o
}

func (o *office) get(path string) (status int, body string) {
	o.t.Helper()
	res, err := http.Get(o.base + path)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	o.seen.Write(data)
	return res.StatusCode, string(data)
}

// post acts as the page does; an empty answer means that it was done.
func (o *office) post(path string, body any) string {
	o.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, o.base+path, bytes.NewReader(data))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Footlight-Forgery", o.forgery)
	req.Header.Set("Origin", o.base)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	o.seen.Write(said)
	return string(said)
}

// until waits for a state of the walk.
func (o *office) until(holds func(console.Walk, console.Checkup) bool) (walk console.Walk, checkup console.Checkup) {
	o.t.Helper()
	changed, stop := o.producer.Watch()
	defer stop()
	for late := time.After(patience); ; {
		_, body := o.get("/api/state")
		var state struct {
			Walk    console.Walk
			Checkup console.Checkup
		}
		if err := json.Unmarshal([]byte(body), &state); err != nil {
			o.t.Fatal(err)
		}
		if holds(state.Walk, state.Checkup) {
			return state.Walk, state.Checkup
		}
		select {
		case <-changed:
		case <-late:
			o.t.Fatalf("it never came to that: %s", body)
		}
	}
}

// walk starts a walk and answers what it asks, until it ends.
func (o *office) walk(order console.Order, answers map[string]string) console.Walk {
	o.t.Helper()
	if said := o.post("/api/walk", order); said != "" {
		o.t.Fatal(said)
	}
	for {
		w, _ := o.until(func(w console.Walk, _ console.Checkup) bool {
			return w.Ask != nil || w.Stand != console.Walking && w.Stand != console.Waiting
		})
		if w.Ask == nil {
			return w
		}
		a := console.Answer{ID: w.Ask.ID, Agree: w.Ask.Kind == console.Consent, Text: answers[w.Ask.Name]}
		if w.Ask.Kind == console.Detail && a.Text == "" {
			o.t.Fatalf("asked for %s", w.Ask.Name)
		}
		if said := o.post("/api/walk/answer", a); said != "" {
			o.t.Fatal(said)
		}
	}
}

// last is what the walk found last.
func last(w console.Walk) deploy.Finding {
	if len(w.Findings) == 0 {
		return deploy.Finding{}
	}
	return w.Findings[len(w.Findings)-1]
}

// discreet looks for secrets in all that was ever shown, logged, and written into files
// that others may read.
func (o *office) discreet(more ...string) {
	o.t.Helper()
	for _, secret := range append(o.secrets(), more...) {
		if strings.Contains(o.seen.String(), secret) {
			o.t.Error("a secret was shown")
		}
		if strings.Contains(o.log.String(), secret) {
			o.t.Error("a secret was logged")
		}
		_ = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if info, err := entry.Info(); bytes.Contains(data, []byte(secret)) && (err != nil || info.Mode().Perm() != 0o600 || filepath.Dir(path) != shell.PrivateFolder) {
				o.t.Errorf("%s holds a secret", path)
			}
			return nil
		})
	}
}

// frontDoor is the callback of a host that somebody else runs.
type frontDoor struct {
	secret string
	verify atomic.Pointer[string]
	shut   atomic.Bool
}

func (d *frontDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch {
	case d.shut.Load():
		panic(http.ErrAbortHandler)
	case r.URL.Path != "/webhook":
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet && r.URL.Query().Get("hub.verify_token") != *d.verify.Load():
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodGet:
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	case messenger.Verify(d.secret, r.Header.Get(messenger.HeaderSignature), body) != nil:
		w.WriteHeader(http.StatusForbidden)
	}
}

// host lets somebody else's host answer at the public address.
func (o *office) host(t *testing.T) *frontDoor {
	t.Helper()
	d := &frontDoor{secret: o.values["FOOTLIGHT_APP_SECRET"]}
	verify := "the-verify-token-of-the-tests"
	d.verify.Store(&verify)
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	o.values["FOOTLIGHT_VERIFY_TOKEN"], o.public = verify, server.URL
	return d
}

func (o *office) take(m emulator.Measure) {
	o.t.Helper()
	if err := o.graph.Take(m); err != nil {
		o.t.Fatal(err)
	}
}

// From a clean platform the console alone reaches a bot that talks: what is typed there is
// kept where only its owner can read it, and shown nowhere.
func TestConsoleDeploys(t *testing.T) {
	o := newOffice(t)
	o.producer.busy = "" // nobody has the address
	typed := map[string]string{}
	for _, name := range []string{deploy.NameAppID, deploy.NameAppSecret, deploy.NameUserToken} {
		typed[name] = o.values[name]
		delete(o.values, name)
	}
	typed[deploy.NamePublicURL] = o.public
	order := console.Order{Serve: true, Addr: o.addr}
	w := o.walk(order, typed)
	if w.Stand != console.Done || w.PageName != "Tea House" || w.Serving != o.addr || len(w.Notes) == 0 {
		t.Fatalf("%+v", w)
	}
	if len(w.Findings) != len(w.Steps) {
		t.Errorf("%d findings, %d steps", len(w.Findings), len(w.Steps))
	}
	ann, page := o.graph.People()[0].ID, o.graph.Pages()[0].ID
	changes, unwatch := o.graph.Watch()
	defer unwatch()
	if err := o.graph.Act(t.Context(), emulator.Action{Page: page, Person: ann, Kind: "say", Text: "good evening"}); err != nil {
		t.Fatal(err)
	}
	for late := time.After(patience); ; {
		thread, err := o.graph.Thread(page, ann)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(thread.Bubbles, func(b emulator.Bubble) bool { return b.From == "page" && b.Text == "Hello Ann!" }) {
			break
		}
		select {
		case <-changes:
		case <-late:
			t.Fatalf("the bot does not answer: %+v", thread.Bubbles)
		}
	}
	// Again: it asks for nothing, and changes nothing.
	calls := len(o.graph.Calls())
	if w = o.walk(console.Order{}, nil); w.Stand != console.Done || w.Serving != o.addr {
		t.Errorf("the second time: %+v", w)
	}
	for _, c := range o.graph.Calls()[calls:] {
		if c.Method != http.MethodGet && !strings.HasSuffix(c.Path, "/messages") {
			t.Errorf("the second time: %s %s", c.Method, c.Path)
		}
	}
	for path, want := range map[string]string{"/api/code.svg": "<svg ", "/api/code.png?ref=poster": "\x89PNG"} {
		if status, body := o.get(path); status != http.StatusOK || !strings.HasPrefix(body, want) {
			t.Errorf("%s: %d, %.40q", path, status, body)
		}
	}
	if status, body := o.get("/api/code.svg?ref=two%20words"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "ref") {
		t.Errorf("%d %s", status, body)
	}
	if said := o.post("/api/walk/dismiss", nil); said != "" {
		t.Error(said)
	}
	if w, _ = o.until(func(w console.Walk, _ console.Checkup) bool { return w.Serving == "" }); len(w.Cautions) > 0 {
		t.Errorf("dismissed: %v", w.Cautions)
	}
	o.discreet(typed[deploy.NameAppSecret], typed[deploy.NameUserToken])
}

// Each refusal of the platform stops the walk with its advice, and after the cure the walk
// goes on to its end (rows of messenger.md sections 2.1, 4.4, 5.5).
func TestConsoleRefusals(t *testing.T) {
	scopes := func(names ...string) emulator.Measure { return emulator.Measure{Kind: "grant", Scopes: names} }
	for _, row := range []struct {
		name        string
		provoke     func(*office, *frontDoor)
		at, code    string
		found, cure string
		mend        func(*office, *frontDoor)
	}{
		{
			"wrong kind of token", func(o *office, _ *frontDoor) {
				o.values["FOOTLIGHT_USER_TOKEN"] = o.values["FOOTLIGHT_APP_ID"] + "|" + o.values["FOOTLIGHT_APP_SECRET"]
			},
			deploy.PageToken, "", "neither a user's nor a Page's", "User Token", func(o *office, _ *frontDoor) { o.values["FOOTLIGHT_USER_TOKEN"] = o.fresh() },
		},
		{
			"no role on the Page", func(o *office, _ *frontDoor) { o.take(emulator.Measure{Kind: "role"}) },
			deploy.PageToken, "190/492", "no role on any Page", "full control", func(o *office, _ *frontDoor) {
				o.take(emulator.Measure{Kind: "role", Tasks: []string{"MESSAGING", "MODERATE"}})
			},
		},
		{
			"missing permission", func(o *office, _ *frontDoor) { o.take(scopes("pages_show_list", "pages_manage_metadata")) },
			deploy.Permissions, "230", "missing: pages_messaging", "add pages_messaging", func(o *office, _ *frontDoor) {
				o.take(scopes("pages_show_list", "pages_manage_metadata", "pages_messaging"))
				o.values["FOOTLIGHT_USER_TOKEN"] = o.fresh()
			},
		},
		{
			"unreachable callback", func(_ *office, d *frontDoor) { d.shut.Store(true) },
			deploy.Callback, "2200", "does not answer", "footlight serve", func(_ *office, d *frontDoor) { d.shut.Store(false) },
		},
		{
			"wrong verify token", func(_ *office, d *frontDoor) { other := "another"; d.verify.Store(&other) },
			deploy.Callback, "2200", "does not know our verify token", "same verify token", func(o *office, d *frontDoor) {
				right := o.values["FOOTLIGHT_VERIFY_TOKEN"]
				d.verify.Store(&right)
			},
		},
		{
			"development mode", func(o *office, _ *frontDoor) {
				bo, err := o.graph.AddPerson(emulator.Person{FirstName: "Bo"})
				if err != nil {
					o.t.Fatal(err)
				}
				if err := o.graph.Act(o.t.Context(), emulator.Action{Page: o.graph.Pages()[0].ID, Person: bo.ID, Kind: "say", Text: "hi"}); err != nil {
					o.t.Fatal(err)
				}
			},
			deploy.Talk, "2018028", "people with a role on the app only", "Advanced Access", func(o *office, _ *frontDoor) { o.take(emulator.Measure{Kind: "live"}) },
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := newOffice(t)
			d := o.host(t)
			row.provoke(o, d)
			// What is missing still when it stops is asked for; who has nothing new to give says so by an empty answer.
			w := o.reluctant(console.Order{Public: o.public})
			f := last(w)
			if w.Stand != console.Stopped || f.Check != row.at || f.Code != row.code || !strings.Contains(f.Found, row.found) || !strings.Contains(f.Cure, row.cure) {
				t.Fatalf("%s at %+v", w.Stand, f)
			}
			if f.Code != "" {
				if status, body := o.get("/api/explain?code=" + f.Code); status != http.StatusOK || !strings.Contains(body, "the cure") {
					t.Errorf("explain %s: %d %s", f.Code, status, body)
				}
			}
			row.mend(o, d)
			if w = o.reluctant(console.Order{}); w.Stand != console.Done {
				t.Errorf("after the cure: %s at %+v", w.Stand, last(w))
			}
			o.discreet()
		})
	}
}

func (o *office) fresh() string {
	o.t.Helper()
	token, err := o.graph.UserToken("")
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

// reluctant walks, agrees to every change but to being asked for another token.
func (o *office) reluctant(order console.Order) console.Walk {
	o.t.Helper()
	if said := o.post("/api/walk", order); said != "" {
		o.t.Fatal(said)
	}
	for {
		w, _ := o.until(func(w console.Walk, _ console.Checkup) bool {
			return w.Ask != nil || w.Stand != console.Walking && w.Stand != console.Waiting
		})
		if w.Ask == nil {
			return w
		}
		agree := w.Ask.Kind == console.Consent && !slices.ContainsFunc(w.Ask.Plan, func(line string) bool { return strings.HasPrefix(line, "ask for") })
		if said := o.post("/api/walk/answer", console.Answer{ID: w.Ask.ID, Agree: agree}); said != "" {
			o.t.Fatal(said)
		}
	}
}

// The doctor's page has what footlight doctor --json writes, byte for byte.
func TestConsoleDoctor(t *testing.T) {
	o := newOffice(t)
	o.host(t)
	if status, _ := o.get("/api/doctor"); status != http.StatusNotFound {
		t.Errorf("before anybody has looked: %d", status)
	}
	for _, way := range []string{"nothing is set up", "all is set up", "the token is dead"} {
		switch way {
		case "all is set up":
			if w := o.walk(console.Order{Public: o.public}, nil); w.Stand != console.Done {
				t.Fatalf("%+v", w)
			}
		case "the token is dead":
			o.take(emulator.Measure{Kind: "password"})
		}
		_, before := o.until(func(console.Walk, console.Checkup) bool { return true })
		if said := o.post("/api/doctor", struct{}{}); said != "" {
			t.Fatal(said)
		}
		_, c := o.until(func(_ console.Walk, c console.Checkup) bool { return !c.Running && c.At.After(before.At) })
		if c.Fault != "" || c.Report == nil {
			t.Fatalf("%s: %+v", way, c)
		}
		_, got := o.get("/api/doctor")
		var want bytes.Buffer
		f := deployFlags{json: true}
		f.host.Dir = o.bot
		_ = runDoctor(t.Context(), o.env(&want, "", false), f, false) // its error says what the report says
		if got != want.String() {
			t.Errorf("%s: the console has\n%s\nthe terminal\n%s", way, got, want.String())
		}
		if way == "the token is dead" && (c.Report.State != deploy.Broken || !strings.Contains(got, "190/460")) {
			t.Errorf("%s: %s", way, got)
		}
	}
	o.discreet()
}

// A dry run changes nothing and asks nothing; a walk that is called off can be begun again;
// what is not asked cannot be answered.
func TestConsoleCallsOff(t *testing.T) {
	o := newOffice(t)
	o.host(t)
	w := o.walk(console.Order{Public: o.public, DryRun: true}, nil)
	if w.Stand != console.Looked || !slices.ContainsFunc(w.Findings, func(f deploy.Finding) bool { return f.State == deploy.Planned }) {
		t.Errorf("dry run: %+v", w)
	}
	if _, err := os.Stat(shell.HostFile); err == nil {
		t.Error("a dry run has kept settings")
	}
	for range 2 {
		if said := o.post("/api/walk", console.Order{Public: o.public}); said != "" {
			t.Fatal(said)
		}
		w, _ = o.until(func(w console.Walk, _ console.Checkup) bool { return w.Ask != nil })
		if said := o.post("/api/walk", console.Order{}); !strings.Contains(said, "under way already") {
			t.Errorf("a second walk: %s", said)
		}
		if said := o.post("/api/walk/answer", console.Answer{ID: "another"}); !strings.Contains(said, "not asked any more") {
			t.Errorf("a wrong answer: %s", said)
		}
		asked := w.Ask.ID
		if said := o.post("/api/walk/off", struct{}{}); said != "" {
			t.Error(said)
		}
		if w, _ = o.until(func(w console.Walk, _ console.Checkup) bool { return w.Stand == console.Off }); w.Ask != nil || w.Now != "" {
			t.Errorf("called off: %+v", w)
		}
		if said := o.post("/api/walk/answer", console.Answer{ID: asked, Agree: true}); !strings.Contains(said, "not asked any more") {
			t.Errorf("a late answer: %s", said)
		}
	}
	if said := o.post("/api/walk/answer", map[string]any{"text": 1, "id": "x"}); strings.Contains(said, "number") || said == "" {
		t.Errorf("an answer that cannot be read: %s", said)
	}
	if said := o.post("/api/walk", console.Order{Public: strings.Repeat("x", 5000)}); !strings.Contains(said, "public: more than") {
		t.Errorf("a long setting: %s", said)
	}
	if err := os.WriteFile(shell.HostFile, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w = o.walk(console.Order{}, nil); w.Stand != console.Failed || !strings.Contains(w.Fault, shell.HostFile) {
		t.Errorf("settings that cannot be read: %+v", w)
	}
}

// TestConsoleLetsWatch: the health watch of a host that a walk has started waits for the walk to be over, and no longer.
func TestConsoleLetsWatch(t *testing.T) {
	for _, err := range []error{nil, context.Canceled} {
		p := &Producer{env: (&premiere{}).env(io.Discard, "", false), dir: t.TempDir()}
		watched := 0
		p.stage = &served{over: func() { watched++ }}
		p.change(func(w *console.Walk) { w.Stand = console.Walking })
		if watched > 0 {
			t.Error("it watches while somebody walks")
		}
		if p.end(deploy.Outcome{}, err, false); watched != 1 {
			t.Errorf("a walk that ended with %v has let it watch %d times", err, watched)
		}
	}
}

// A host that cannot start here says why, and what helps.
func TestConsoleServes(t *testing.T) {
	o := newOffice(t)
	w := o.walk(console.Order{Public: o.public, Serve: true, Addr: strings.TrimPrefix(o.base, "http://")}, nil)
	if f := last(w); w.Stand != console.Stopped || f.Check != deploy.Callback || !strings.Contains(f.Found, "does not start here") || f.Cure == "" {
		t.Fatalf("%s at %+v", w.Stand, f)
	}
	if w.Settings.Addr == "" || w.Earlier == nil || w.Earlier.Check != deploy.Callback {
		t.Errorf("%+v, %+v", w.Settings, w.Earlier)
	}
	// The next start remembers where this one stopped.
	p := NewProducer(o.env(o.log, "", false), o.bot, "")
	defer func() { _ = p.Close() }()
	if e := p.Walk().Earlier; e == nil || e.Check != deploy.Callback || p.Walk().Stand != console.Idle {
		t.Errorf("%+v", p.Walk())
	}
	if got := fmt.Sprintln(p.place("", ""), p.place("a", "b"), (&Producer{busy: "b"}).place("", "b")); got != "127.0.0.1:8080 a 127.0.0.1:8080\n" {
		t.Error(got)
	}
}
