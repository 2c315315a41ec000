package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

const (
	appID    = "2001"
	secret   = "the-app-secret-of-the-tests"
	verify   = "the-verify-token-of-the-tests"
	pageID   = "104290001"
	personID = "246801357913579"
	systemID = "9001"
)

// hurried is a clock on which whoever waits has waited already.
type hurried struct{ *clock.Virtual }

func (h hurried) At(t time.Time) (<-chan struct{}, func()) {
	if d := t.Sub(h.Now()); d > 0 {
		h.Advance(d)
	}
	return h.Virtual.At(t)
}

// town is an emulated platform, a host's front door, and a site between them.
type town struct {
	t     *testing.T
	graph *emulator.Emulator
	door  *door
	site  Site
	guide *guide
}

// door is the callback of a host.
type door struct {
	secret, verify string
	down           atomic.Bool
	status         int // of webhooks; 0: 200
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch {
	case d.down.Load():
		panic(http.ErrAbortHandler)
	case r.URL.Path == "/readyz":
		_, _ = io.WriteString(w, `{"ready":true,"checks":[]}`)
	case r.URL.Path != "/webhook":
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet && r.URL.Query().Get("hub.verify_token") != d.verify:
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodGet:
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	case messenger.Verify(d.secret, r.Header.Get(messenger.HeaderSignature), body) != nil:
		w.WriteHeader(http.StatusForbidden)
	case d.status != 0:
		w.WriteHeader(d.status)
	}
}

// guide agrees to everything, and answers what it has been told to.
type guide struct {
	answers map[string]string
	asked   func() // what happens when something is asked; nil: nothing
	refuse  string // id of a check to whose plan it does not agree
	write   func() // what happens when the link is shown; nil: nobody writes
	kept    map[string]string
	plans   map[string][]string
	found   []Finding
}

func (*guide) Begin(int, int, string) {}
func (g *guide) Found(f Finding)      { g.found = append(g.found, f) }
func (g *guide) Consent(f Finding) (bool, error) {
	g.plans[f.Check] = f.Plan
	return f.Check != g.refuse, nil
}

func (g *guide) Ask(q Question) (string, error) {
	if a, ok := g.answers[q.Name]; ok {
		if g.asked != nil {
			g.asked()
		}
		return a, nil
	}
	return "", ErrNobody
}

func (g *guide) Keep(secrets map[string]string) error { maps.Copy(g.kept, secrets); return nil }
func (g *guide) Write(string) (bool, error) {
	if g.write == nil {
		return false, nil
	}
	g.write()
	return true, nil
}

// newTown is a clean platform: an app in development to whose webhooks nobody listens, a
// Page that knows nothing of it, and somebody with a role on both.
func newTown(t *testing.T) *town {
	t.Helper()
	now := hurried{clock.NewVirtual(time.Date(2026, 11, 1, 19, 0, 0, 0, time.UTC))}
	graph, err := emulator.New(emulator.Config{
		Clock: now.Virtual, Seed: 1,
		Apps:   []emulator.App{{ID: appID, Secret: secret, Name: "Tea", RequireProof: true, Development: true, Fields: []string{}}},
		Pages:  []emulator.Page{{ID: pageID, Name: "Tea House", Fields: []string{}}},
		Users:  []emulator.User{{}, {ID: systemID, System: true}},
		People: []emulator.Person{{ID: personID, FirstName: "Ann", Role: "tester"}, {ID: "246801357913580", FirstName: "Bo"}},
		Quotas: emulator.Quotas{ProfileCalls: -1, ConversationsPerSecond: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(graph.Handler())
	d := &door{secret: secret, verify: verify}
	host := httptest.NewServer(d)
	t.Cleanup(func() { host.Close(); server.Close(); graph.Close() })
	user, err := graph.UserToken("")
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, graph: graph, door: d, guide: &guide{kept: map[string]string{}, plans: map[string][]string{}}, site: Site{
		GraphURL: server.URL, AppID: appID, AppSecret: secret, VerifyToken: verify, UserToken: user, Public: host.URL, Clock: now,
		Foyer: &foyer.Page{View: foyer.View{Greeting: "Hi!", Menu: []foyer.MenuItem{{Title: "Tea", Text: "tea"}}}},
	}}
	return w
}

// walk walks, as far as it comes, and takes over what a command would keep.
func (w *town) walk() Outcome {
	w.t.Helper()
	w.guide.found = nil
	out, err := Walk(w.t.Context(), w.site, w.guide, false)
	if err != nil {
		w.t.Fatal(err)
	}
	if token := w.guide.kept[NamePageToken]; token != "" {
		w.site.PageToken, w.site.PageID = token, out.PageID
	}
	w.site.Ours, w.site.Said = out.Ours, out.Said
	return out
}

func (w *town) take(m emulator.Measure) {
	w.t.Helper()
	if err := w.graph.Take(m); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) say(person, text string) {
	w.t.Helper()
	if err := w.graph.Act(w.t.Context(), emulator.Action{Page: pageID, Person: person, Kind: "say", Text: text}); err != nil {
		w.t.Fatal(err)
	}
}

func find(list []Finding, id string) Finding {
	if i := slices.IndexFunc(list, func(f Finding) bool { return f.Check == id }); i >= 0 {
		return list[i]
	}
	return Finding{}
}

// From a clean platform to a Page that is set up, and again without a change: every step
// looks before it acts.
func TestWalk(t *testing.T) {
	w := newTown(t)
	out := w.walk()
	if out.Stopped != "" || out.PageID != pageID || out.PageName != "Tea House" {
		t.Fatalf("stopped at %q: %+v", out.Stopped, out.Findings)
	}
	for id, want := range map[string]State{
		Credentials: Fine, Scripts: Skipped, App: Fine, PageToken: Changed, Permissions: Fine, Page: Fine, Callback: Fine,
		AppSubscription: Changed, Subscription: Changed, SetUp: Changed, Running: Fine, Talk: Warning,
	} {
		if got := find(out.Findings, id); got.State != want {
			t.Errorf("%s: %+v, want %s", id, got, want)
		}
	}
	if got := strings.Join(w.guide.plans[SetUp], "\n"); got != "Get Started button\n  + a button Get Started (GET_STARTED)\ngreeting\n  + \"Hi!\"\nmenu\n  + \"Tea\" says \"tea\"" {
		t.Errorf("the difference that was shown:\n%s", got)
	}
	told := w.graph.Apps()[0]
	if told.Callback != w.site.Public+"/webhook" || len(told.Fields) != len(messenger.HostFields()) {
		t.Errorf("the app: %+v", told)
	}
	calls := len(w.graph.Calls())
	out = w.walk()
	for _, f := range out.Findings {
		if f.State == Changed || f.State == Broken {
			t.Errorf("the second time: %+v", f)
		}
	}
	for _, c := range w.graph.Calls()[calls:] {
		if c.Method != http.MethodGet {
			t.Errorf("the second time: %s %s", c.Method, c.Path)
		}
	}
	if got := w.graph.Unimplemented(); len(got) > 0 {
		t.Errorf("calls that the platform does not know: %+v", got)
	}
}

// Each refusal of the platform stops the walk with its own advice, and after the cure it
// goes on to the end (issue of every row: messenger.md sections 4.4, 4.5, 5.5).
func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		name    string
		provoke func(*town)
		at      string // id of the check at which it stops
		code    string
		found   string
		cure    string
		mend    func(*town)
	}{
		{
			"a user token in place of the Page's", func(w *town) { w.site.PageToken, w.site.UserToken = w.site.UserToken, "" },
			PageToken, "2500", "this is a user token", "FOOTLIGHT_USER_TOKEN", func(w *town) { w.site.UserToken, w.site.PageToken = w.site.PageToken, "" },
		},
		{
			"a system user's token in place of the Page's", func(w *town) { w.site.PageToken, w.site.UserToken = w.system(), "" },
			PageToken, "2500", "a token of a system user", "FOOTLIGHT_USER_TOKEN", func(w *town) { w.site.UserToken, w.site.PageToken = w.site.PageToken, "" },
		},
		{
			"the app's token in place of the Page's", func(w *town) { w.site.PageToken, w.site.UserToken = appID+"|"+secret, "" },
			PageToken, "2500", `token of kind "APP"`, "Graph API Explorer", func(w *town) { w.site.PageToken, w.site.UserToken = "", w.user() },
		},
		{
			"a token of another Page", func(w *town) { w.site.PageID, w.site.UserToken = "999", w.graph.Pages()[0].Token },
			PageToken, "", "belongs to Page " + pageID + ", not to 999", "get the right token", func(w *town) { w.site.PageID = pageID },
		},
		{
			"an expired user token", func(w *town) { w.kill(463) },
			PageToken, "190/463", "code 190/463", "footlight deploy", func(w *town) { w.site.UserToken = w.user() },
		},
		{
			"no role on the Page", func(w *town) { w.site.PageID = pageID; w.take(emulator.Measure{Kind: "role"}) },
			PageToken, "190/492", "no role on", "full control", func(w *town) {
				w.take(emulator.Measure{Kind: "role", Tasks: []string{"MESSAGING", "MODERATE"}})
			},
		},
		{
			"a role that is too small", func(w *town) { w.take(emulator.Measure{Kind: "role", Tasks: []string{"MESSAGING"}}) },
			PageToken, "190/492", "you lack the task MODERATE", "full control", func(w *town) {
				w.take(emulator.Measure{Kind: "role", Tasks: []string{"MESSAGING", "MODERATE"}})
			},
		},
		{
			"a personal profile in place of a Page", func(w *town) { w.site.PageID = w.graph.Users()[0].ID },
			PageToken, "190/492", "your Pages are Tea House", "full control", func(w *town) { w.site.PageID = "" },
		},
		{
			"a missing permission", func(w *town) {
				w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_show_list", "pages_manage_metadata"}})
			},
			Permissions, "230", "missing: pages_messaging", "add pages_messaging", func(w *town) {
				w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_show_list", "pages_manage_metadata", "pages_messaging"}})
			},
		},
		{
			"a permission missing to list Pages", func(w *town) { w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_messaging"}}) },
			PageToken, "200", "missing: pages_show_list", "add pages_show_list", func(w *town) {
				w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_show_list", "pages_manage_metadata", "pages_messaging"}})
			},
		},
		{
			"a wrong app secret", func(w *town) { w.site.AppSecret = "another" },
			App, "101", "does not know app 2001 with this secret", "Copy both again", func(w *town) { w.site.AppSecret = secret },
		},
		{
			"an unpublished Page", func(w *town) { w.take(emulator.Measure{Kind: "unpublish"}) },
			Page, "551", "is not published", "Publish it", func(w *town) { w.take(emulator.Measure{Kind: "publish"}) },
		},
		{
			"a callback that nobody answers", func(w *town) { w.door.down.Store(true) },
			Callback, "2200", "/webhook does not answer", "footlight serve", func(w *town) { w.door.down.Store(false) },
		},
		{
			"a wrong verify token", func(w *town) { w.door.verify = "another" },
			Callback, "2200", "does not know our verify token", "same verify token", func(w *town) { w.door.verify = verify },
		},
		{
			"a host with another app secret", func(w *town) { w.door.secret = "another" },
			Callback, "", "refuses our signature", "FOOTLIGHT_APP_SECRET", func(w *town) { w.door.secret = secret },
		},
		{
			"a host that takes no webhooks", func(w *town) { w.door.status = http.StatusBadGateway },
			Callback, "", "answers webhooks with 502", "log of the host", func(w *town) { w.door.status = 0 },
		},
		{
			"somebody else at the address", func(w *town) { w.site.Public += "/elsewhere" },
			Callback, "2200", "answers with 404", "pass /webhook on", func(w *town) { w.site.Public = strings.TrimSuffix(w.site.Public, "/elsewhere") },
		},
		{
			"an app in development, and somebody without a role", func(w *town) {
				w.say("246801357913580", "hi")
			},
			Talk, developmentMode, "people with a role on the app only", "Advanced Access", func(w *town) { w.take(emulator.Measure{Kind: "live"}) },
		},
		{
			"a restricted Page", func(w *town) { w.say(personID, "hi"); w.take(emulator.Measure{Kind: "restrict", Code: 1893063}) },
			Talk, "1893063", "10/1893063", "Support Inbox", func(w *town) { w.take(emulator.Measure{Kind: "restrict"}) },
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newTown(t)
			row.provoke(w)
			out := w.walk()
			last := out.Findings[len(out.Findings)-1]
			if out.Stopped != row.at || last.Code != row.code || !strings.Contains(last.Found, row.found) || !strings.Contains(last.Cure, row.cure) || last.Means == "" {
				t.Fatalf("stopped at %q with %+v", out.Stopped, last)
			}
			for _, f := range out.Findings {
				for _, hidden := range []string{secret, verify, w.site.UserToken, w.site.PageToken} {
					if hidden != "" && strings.Contains(fmt.Sprint(f), hidden) {
						t.Errorf("a secret is shown: %+v", f)
					}
				}
			}
			row.mend(w)
			if out = w.walk(); out.Stopped != "" {
				t.Errorf("after the cure it stops at %q: %+v", out.Stopped, out.Findings[len(out.Findings)-1])
			}
		})
	}
}

func (w *town) user() string { return w.tokenOf("") }

// system is the token of a system user.
func (w *town) system() string { return w.tokenOf(systemID) }

func (w *town) tokenOf(user string) string {
	w.t.Helper()
	token, err := w.graph.UserToken(user)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *town) kill(cause int) {
	w.t.Helper()
	if err := w.graph.KillToken(w.site.UserToken, cause); err != nil {
		w.t.Fatal(err)
	}
}

// A token that has died is replaced with a fresh user token, and only that is changed.
func TestReauthenticate(t *testing.T) {
	w := newTown(t)
	w.walk()
	w.take(emulator.Measure{Kind: "password"})
	w.site.UserToken = ""
	if out := w.walk(); out.Stopped != PageToken || find(out.Findings, PageToken).Code != "190/460" {
		t.Fatalf("%+v", out.Findings)
	}
	w.site.UserToken = w.user()
	out := w.walk()
	if out.Stopped != "" || find(out.Findings, PageToken).State != Changed || find(out.Findings, Subscription).State != Fine {
		t.Errorf("%+v", out.Findings)
	}
}

// A token of a system user connects a Page as it is: it needs no exchange, and no password ends it.
func TestSystemUser(t *testing.T) {
	w := newTown(t)
	w.site.UserToken = w.system()
	if out := w.walk(); out.Stopped != "" || find(out.Findings, PageToken).State != Changed || w.guide.kept[NamePageToken] == "" {
		t.Fatalf("stopped at %q: %+v", out.Stopped, out.Findings)
	}
	w.take(emulator.Measure{Kind: "password"})
	w.site.PageToken, w.site.UserToken = w.guide.kept[NamePageToken], ""
	if f := find(w.walk().Findings, PageToken); f.State != Fine {
		t.Errorf("after somebody's password changed: %+v", f)
	}
}

// A dry run changes nothing, and tells what it would change as far as it can see.
func TestDryRun(t *testing.T) {
	w := newTown(t)
	out, err := Walk(t.Context(), w.site, w.guide, true)
	if err != nil || find(out.Findings, PageToken).State != Planned || find(out.Findings, Subscription).State != Skipped || find(out.Findings, AppSubscription).State != Planned {
		t.Errorf("%v, %+v", err, out.Findings)
	}
	for _, c := range w.graph.Calls() {
		if c.Method != http.MethodGet {
			t.Errorf("%s %s", c.Method, c.Path)
		}
	}
	if len(w.guide.kept)+len(w.guide.plans) > 0 {
		t.Error("somebody was asked, or something kept")
	}
}

// Without consent nothing is changed, and what is not needed does not stop the walk.
func TestConsent(t *testing.T) {
	w := newTown(t)
	w.guide.refuse = SetUp
	if out := w.walk(); out.Stopped != "" || find(out.Findings, SetUp).State != Warning {
		t.Errorf("%+v", out.Findings)
	}
	w.guide.refuse = Subscription
	w.take(emulator.Measure{Kind: "live"})
	w.site.PageToken, w.site.UserToken = w.graph.Pages()[0].Token, ""
	client, _ := messenger.NewClient(messenger.Config{GraphURL: w.site.GraphURL, Page: pageID, PageToken: w.site.PageToken, AppSecret: secret})
	defer client.Close()
	if err := client.Unsubscribe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := w.walk(); out.Stopped != Subscription {
		t.Errorf("stopped at %q", out.Stopped)
	}
}

// What is missing is asked for and kept, a verify token made up; with nobody to ask the
// walk stops and says where it is found.
func TestCredentials(t *testing.T) {
	w := newTown(t)
	full := w.site
	w.site.AppID, w.site.AppSecret, w.site.UserToken, w.site.VerifyToken = "", "", "", ""
	out := w.walk()
	if f := out.Findings[0]; out.Stopped != Credentials || !strings.Contains(f.Found, "the app's id (FOOTLIGHT_APP_ID)") || !strings.Contains(f.Cure, "App secret, Show") {
		t.Errorf("%+v", f)
	}
	w.guide.answers = map[string]string{NameAppID: appID, NameAppSecret: secret, NameUserToken: full.UserToken}
	out = w.walk()
	if made := w.guide.kept[NameVerifyToken]; len(made) < 20 || w.guide.kept[NameAppSecret] != secret || w.guide.kept[NameUserToken] != "" {
		t.Errorf("kept: %d settings", len(w.guide.kept))
	}
	if out.Stopped != Callback { // our door does not know the new verify token
		t.Errorf("stopped at %q: %+v", out.Stopped, out.Findings)
	}
	w.site.Public = "http://tea.example"
	w.site.GraphURL = ""
	if f := lookCredentials(t.Context(), newRound(full)); f.State != Fine {
		t.Errorf("%+v", f)
	}
	full.GraphURL = ""
	if f := lookCredentials(t.Context(), newRound(full)); f.State != Broken || !strings.Contains(f.Found, "https addresses only") {
		t.Errorf("Meta's own Graph API, and http: %+v", f)
	}
}

// Several Pages: the one that is meant is asked for.
func TestChoose(t *testing.T) {
	pages := []messenger.Owned{{ID: "1", Name: "A"}, {ID: "2", Name: "B"}}
	r := newRound(Site{})
	if _, err := r.choose(pages, &guide{}); err == nil || findingOf(err).Cure != "Name it with --page, or set FOOTLIGHT_PAGE_ID." {
		t.Errorf("nobody to ask: %v", err)
	}
	if p, err := r.choose(pages, &guide{answers: map[string]string{NamePageID: " 2\n"}}); err != nil || p.Name != "B" {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := r.choose(pages, &guide{answers: map[string]string{NamePageID: "3"}}); err == nil {
		t.Error("a Page that is not among them was taken")
	}
}

// The walk waits for somebody to write, and sees the bot answer; a bot that does not
// answer is noticed.
func TestAwait(t *testing.T) {
	for _, answers := range []bool{true, false} {
		w := newTown(t)
		w.guide.write = func() {
			w.say(personID, "hi")
			if answers {
				client, _ := messenger.NewClient(messenger.Config{GraphURL: w.site.GraphURL, Page: pageID, PageToken: w.graph.Pages()[0].Token, AppSecret: secret})
				defer client.Close()
				if _, err := client.Send(t.Context(), personID, messenger.Outgoing{Text: "Hello!"}); err != nil {
					t.Error(err)
				}
			}
		}
		f := find(w.walk().Findings, Talk)
		if answers && (f.State != Fine || f.Found != "the bot has answered Ann") || !answers && (f.State != Warning || !strings.Contains(f.Found, "no answer of the bot")) {
			t.Errorf("answers %v: %+v", answers, f)
		}
	}
}

// The test message goes to whoever wrote last, once.
func TestTestMessage(t *testing.T) {
	w := newTown(t)
	w.say(personID, "hi")
	w.site.TestMessage = "It works."
	for range 2 {
		if out := w.walk(); out.Stopped != "" {
			t.Fatalf("%+v", out.Findings)
		}
	}
	thread, err := w.graph.Thread(pageID, personID)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, b := range thread.Bubbles {
		if b.Text == "It works." {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it arrived %d times", n)
	}
}

// Undo takes away what the walk has set, and leaves the app's webhooks unless it is told to.
func TestUndo(t *testing.T) {
	w, s := newTown(t), &store{}
	w.site.Host = s
	w.walk()
	for _, row := range []struct {
		dry, everywhere bool
		want            map[string]State
	}{
		{true, true, map[string]State{SetUp: Planned, Subscription: Planned, AppSubscription: Planned}},
		{false, false, map[string]State{SetUp: Changed, Subscription: Changed}},
		{false, true, map[string]State{SetUp: Fine, Subscription: Fine, AppSubscription: Changed}},
	} {
		found, err := Undo(t.Context(), w.site, w.guide, row.everywhere, row.dry)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]State{}
		for _, f := range found {
			got[f.Check] = f.State
		}
		if !maps.Equal(got, row.want) {
			t.Errorf("dry %v, everywhere %v: %v, want %v", row.dry, row.everywhere, got, row.want)
		}
	}
	if w.graph.Apps()[0].Callback != "" || s.reason != Withdrawn {
		t.Errorf("the app still has a callback, or running hosts are not told: %q", s.reason)
	}
	if out := w.walk(); out.Stopped != "" || s.reason != "" {
		t.Errorf("put on the Page again, it is still paused: %q", s.reason)
	}
}

// TestUndoUntold: that the host could not be told stops nothing from being taken away, and does not go unsaid: it would
// bring the bot back. Where there is no store there is no host.
func TestUndoUntold(t *testing.T) {
	for _, row := range []struct {
		name         string
		err          error
		first, again State
	}{
		{"the store cannot be reached", errors.New("down"), Broken, Fine},
		{"there is no store", fmt.Errorf("store: %w", fs.ErrNotExist), Changed, Fine},
	} {
		w := newTown(t)
		w.walk()
		w.site.Host = &store{err: row.err}
		for _, want := range []State{row.first, row.again} {
			found, err := Undo(t.Context(), w.site, w.guide, false, false)
			if f := find(found, Subscription); err != nil || f.State != want || f.State == Broken && (!strings.Contains(f.Found, "not told: down") || f.Cure == "") {
				t.Errorf("%s: %+v, %v, want it %s", row.name, f, err, want)
			}
			if fields := w.graph.Pages()[0].Fields; len(fields) > 0 {
				t.Errorf("%s: the Page is still subscribed to %v", row.name, fields)
			}
		}
	}
}

// A guide that fails, and a context that ends, end the walk with an error.
func TestWalkEnds(t *testing.T) {
	w := newTown(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Walk(ctx, w.site, w.guide, false); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
