package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// ensemble is a host of several Pages on the emulated platform: two apps, the first with the Pages
// tea and cafe, the second with chai, which plays the bot of tea too, and with zoo, which nobody has booked.
type ensemble struct {
	*platform
	config Config
	dirs   map[string]string // of bots
	log    *lines
}

func onStages(t *testing.T, bots map[string]string) *ensemble {
	t.Helper()
	e, err := emulator.New(emulator.Config{
		Seed: 12,
		Apps: []emulator.App{{ID: "2001", VerifyToken: "verify-1"}, {ID: "2002", VerifyToken: "verify-2"}},
		Pages: []emulator.Page{
			{ID: "1001", Name: "tea", App: "2001"},
			{ID: "1002", Name: "cafe", App: "2001"},
			{ID: "1003", Name: "chai", App: "2002"},
			{ID: "1004", Name: "zoo", App: "2002"},
		},
		Quotas: emulator.Quotas{SendsPerSecond: -1, ProfileCalls: -1, ConversationsPerSecond: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	graph := httptest.NewServer(e.Handler())
	t.Cleanup(graph.Close)
	s := &ensemble{platform: &platform{Emulator: e, t: t}, dirs: map[string]string{}, log: &lines{news: make(chan struct{}, 1)}}
	for name, text := range bots {
		s.dirs[name] = filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(s.dirs[name], 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, s.dirs[name], "default.topic", text)
	}
	s.config = serviceConfig(t, "")
	s.config.GraphURL, s.config.Reorder, s.config.Page = graph.URL, "0s", Page{}
	s.config.Log = slog.New(slog.NewTextHandler(s.log, nil))
	for i, a := range e.Apps() {
		s.config.Apps = append(s.config.Apps, App{Where: fmt.Sprint("app ", i), ID: a.ID, Secret: a.Secret, VerifyToken: a.VerifyToken})
	}
	for i, p := range e.Pages()[:3] {
		s.config.Bookings = append(s.config.Bookings, Booking{
			Where: fmt.Sprint("page ", i), Page: p.ID, Token: p.Token, App: p.App, Dir: s.dirs[[]string{"tea", "cafe", "tea"}[i]],
		})
	}
	return s
}

// open starts the host.
func (s *ensemble) open() {
	s.t.Helper()
	h, err := New(s.t.Context(), s.config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.host = h
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			s.t.Errorf("run: %v", err)
		}
		if err := h.Close(context.Background()); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
	for _, a := range s.Apps() {
		if err := s.SetCallback(a.ID, "http://"+h.Addr()+"/webhook"); err != nil {
			s.t.Fatal(err)
		}
	}
}

// meet brings a newcomer to a Page.
func (s *ensemble) meet(page string) (person string) {
	s.t.Helper()
	who, err := s.AddPerson(emulator.Person{Page: page, FirstName: "Ada"})
	if err != nil {
		s.t.Fatal(err)
	}
	return who.ID
}

// ask has a newcomer say something to a Page and returns the first answer.
func (s *ensemble) ask(page, text string) string {
	s.t.Helper()
	return s.first(page, s.meet(page), text)
}

// first has somebody say something for the first time and returns the first answer.
func (s *ensemble) first(page, person, text string) string {
	s.t.Helper()
	if err := s.Act(s.t.Context(), emulator.Action{Page: page, Person: person, Kind: "say", Text: text}); err != nil {
		s.t.Fatal(err)
	}
	answer := ""
	s.until("an answer on "+page, func() bool {
		thread, err := s.Thread(page, person)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, b := range thread.Bubbles {
			if b.From == "page" && answer == "" {
				answer = strings.TrimSpace(b.Text)
			}
		}
		return answer != ""
	})
	return answer
}

// get reads a path of the host.
func (s *ensemble) get(path string) (int, string) {
	s.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + s.host.Addr() + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// TestSeveralPages: each Page is answered by its bot, with its own token, under its app; a bot on two
// Pages knows different people; one bot is changed and the others go on.
func TestSeveralPages(t *testing.T) {
	s := onStages(t, map[string]string{"tea": "+ hello\n- Tea on <get _pageID>?\n\n+ *\n- No tea.\n", "cafe": "+ hello\n- Coffee?\n"})
	s.open()
	for page, want := range map[string]string{"1001": "Tea on", "1002": "Coffee?", "1003": "Tea on"} {
		if got := s.ask(page, "hello"); !strings.HasPrefix(got, want) {
			t.Errorf("Page %s: %q, want %q", page, got, want)
		}
	}
	if n := s.host.Bots(); n != 2 {
		t.Errorf("%d bots", n)
	}
	write(t, s.dirs["tea"], "default.topic", "+ *\n- Green tea.\n")
	s.log.await(t, `msg="on stage" bot=tea generation=2`)
	for page, want := range map[string]string{"1001": "Green tea.", "1002": "Coffee?", "1003": "Green tea."} {
		if got := s.ask(page, "hello"); got != want {
			t.Errorf("Page %s after the change: %q, want %q", page, got, want)
		}
	}
	_, metrics := s.get("/metrics")
	for _, want := range []string{`footlight_generation{bot="tea"} 2`, `footlight_generation{bot="cafe"} 1`, `footlight_health{bot="tea",check="app"}`, `footlight_reloads_total{bot="cafe",result="good"} 1`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(metrics, "100") && strings.Contains(metrics, `"1001"`) {
		t.Error("a Page is named in a label")
	}
}

// TestSeveralBroken: a bot that does not build keeps its own messages waiting and nobody else's, and the host
// stays ready; with its mended script it answers what has waited.
func TestSeveralBroken(t *testing.T) {
	s := onStages(t, map[string]string{"tea": "+ (hello\n- x\n", "cafe": "+ hello\n- Coffee?\n"})
	s.open()
	if got := s.ask("1002", "hello"); got != "Coffee?" {
		t.Errorf("%q", got)
	}
	if status, body := s.get("/readyz"); status != http.StatusOK || !strings.Contains(body, "1 of 2 bots on stage; tea: ") {
		t.Errorf("%d %s", status, body)
	}
	if broken := s.host.Broken(); len(broken) != 1 || broken[0].Dir != s.dirs["tea"] {
		t.Errorf("broken: %v", broken)
	}
	write(t, s.dirs["tea"], "default.topic", "+ hello\n- Tea?\n")
	if got := s.ask("1001", "hello"); got != "Tea?" {
		t.Errorf("%q", got)
	}
}

// TestSeveralDoors: an app tells of its own Pages and of no others, whoever else it knows; what is not kept is
// counted and told. Each app has its own verify token.
func TestSeveralDoors(t *testing.T) {
	s := onStages(t, map[string]string{"tea": "+ *\n- Tea.\n", "cafe": "+ *\n- Coffee.\n"})
	s.open()
	post := func(secret, page, mid string) int {
		t.Helper()
		text := strings.NewReplacer("1040", page, "m_1", mid).Replace(body)
		q, err := http.NewRequest(http.MethodPost, "http://"+s.host.Addr()+"/webhook", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set(messenger.HeaderSignature, messenger.Sign(secret, []byte(text)))
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	one, two := s.config.Apps[0].Secret, s.config.Apps[1].Secret
	for _, row := range []struct {
		name, secret, page string
		status             int
	}{
		{"its own Page", one, "1001", 200},
		{"its own other Page", two, "1003", 200},
		{"another app's Page", two, "1002", 200},
		{"a Page that nobody has booked", two, "1004", 200},
		{"a secret of nobody", "guess", "1001", 403},
	} {
		if got := post(row.secret, row.page, "m_"+strings.ReplaceAll(row.name, " ", "_")); got != row.status {
			t.Errorf("%s: %d", row.name, got)
		}
	}
	if _, metrics := s.get("/metrics"); !strings.Contains(metrics, "footlight_webhook_strange_events_total 2") {
		t.Error("what was not kept is not counted")
	}
	s.log.await(t, "event of a Page that is not served")
	for _, row := range []struct {
		token  string
		status int
	}{{"verify-1", 200}, {"verify-2", 200}, {"verify-3", 403}, {"", 400}} {
		if got, _ := s.get("/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + row.token); got != row.status {
			t.Errorf("verify token %q: %d", row.token, got)
		}
	}
}

// TestBooked: bookings that cannot be meant are refused at once, with where they stand.
func TestBooked(t *testing.T) {
	tea := filepath.Join(t.TempDir(), "tea")
	if err := os.Mkdir(tea, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"a Page twice", func(c *Config) { c.Bookings[1].Page = "1" }, "toml:9: Page 1 is there twice; it was named first at toml:5"},
		{"an app twice", func(c *Config) { c.Apps = append(c.Apps, c.Apps[0]) }, "app 7 is there twice"},
		{"no id", func(c *Config) { c.Bookings[0].Page = "" }, "toml:5: id is missing"},
		{"no token", func(c *Config) { c.Bookings[0].Token = "" }, "toml:5: token is missing"},
		{"no bot", func(c *Config) { c.Bookings[0].Dir = "" }, "toml:5: name either the bot's folder with dir"},
		{"two bots", func(c *Config) { c.Bookings[0].Bot = "tea" }, "toml:5: name either"},
		{"no folder", func(c *Config) { c.Bookings[0].Dir += "x" }, "toml:5: dir: bot folder: there is no "},
		{"a name that none can have", func(c *Config) { c.Bookings[0].Dir, c.Bookings[0].Bot, c.Publishers = "", "a b", "" }, "toml:5: bot"},
		{"an unknown app", func(c *Config) { c.Bookings[0].App = "8" }, "toml:5: there is no app 8"},
		{"no app", func(c *Config) { c.Bookings[0].App = "" }, "toml:5: app is missing"},
		{"an app without a secret", func(c *Config) { c.Apps[0].Secret = "" }, "toml:1: secret is missing"},
		{"a time that is none", func(c *Config) { c.Bookings[0].HumanFor = "1s" }, "toml:5: FOOTLIGHT_HUMAN_FOR is"},
		{"a folder as well", func(c *Config) { c.Dir = tea }, "leave the folder out"},
		{"published by nobody", func(c *Config) { c.Bookings[0].Dir, c.Bookings[0].Bot = "", "tea" }, "FOOTLIGHT_PUBLISHERS is not set"},
	} {
		c := serviceConfig(t, "")
		c.Page = Page{}
		c.Apps = []App{{Where: "toml:1", ID: "7", Secret: "hush", VerifyToken: "hush"}}
		c.Bookings = []Booking{{Where: "toml:5", Page: "1", Token: "hush", App: "7", Dir: tea}, {Where: "toml:9", Page: "2", Token: "hush", App: "7", Dir: tea}}
		row.change(&c)
		h, err := New(t.Context(), c)
		if err == nil {
			_ = h.Close(t.Context())
			t.Errorf("%s: no error", row.name)
		} else if !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// TestNames: bots are called as their folders are, as far as these tell them apart.
func TestNames(t *testing.T) {
	c := Config{Bookings: []Booking{{Dir: "/a/tea"}, {Bot: "tea"}, {Dir: "/b/tea"}, {Dir: "/b/tea/"}, {Dir: "/b/cafe"}, {Bot: "tea"}}}
	if diff := cmp.Diff([]string{"a/tea", "tea", "b/tea", "b/tea", "cafe", "tea"}, c.names()); diff != "" {
		t.Error(diff)
	}
}

// TestSeveralRest: bots that have no room rest, and answer all the same; what people had told them is known, and a
// script that was changed meanwhile is played as it is now.
func TestSeveralRest(t *testing.T) {
	s := onStages(t, map[string]string{"tea": "+ *\n- <set n=7>Tea.\n", "cafe": "+ *\n- Coffee.\n"})
	s.config.MaxLoaded = "1"
	s.open()
	for _, row := range []struct{ page, want string }{{"1001", "Tea."}, {"1002", "Coffee."}, {"1001", "Tea."}, {"1003", "Tea."}, {"1002", "Coffee."}} {
		if got := s.ask(row.page, "hello"); got != row.want {
			t.Errorf("Page %s: %q", row.page, got)
		}
	}
	tea := s.host.plays[0]
	s.until("rest", func() bool {
		if !tea.resting() {
			s.ask("1002", "hello") // something changes
		}
		return tea.resting()
	})
	if status, body := s.get("/readyz"); status != http.StatusOK || !strings.Contains(body, "1 of 2 bots on stage, 1 at rest") {
		t.Errorf("%d %s", status, body)
	}
	write(t, s.dirs["tea"], "default.topic", "+ *\n- Green tea.\n")
	if got := s.ask("1001", "hello"); got != "Green tea." {
		t.Errorf("%q", got)
	}
	if _, metrics := s.get("/metrics"); !strings.Contains(metrics, `footlight_reloads_total{bot="tea",result="failed"} 0`) || !strings.Contains(metrics, "footlight_bots_loaded ") {
		t.Error("metrics")
	}
}
