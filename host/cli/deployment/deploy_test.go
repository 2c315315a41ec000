package deployment

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/script/source"
)

// loud is a buffer that is written and read at the same time, and rings at what is written.
type loud struct {
	mu      sync.Mutex
	all     bytes.Buffer
	written bell.Bell
}

func (l *loud) Write(p []byte) (int, error) {
	defer l.written.Ring()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *loud) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.all.String() }

// premiere is a clean platform (an app in development, nothing subscribed), a folder
// with a bot, and an empty folder in which commands run.
type premiere struct {
	graph  *emulator.Emulator
	values map[string]string // the environment
	public string
	addr   string
	bot    string
}

func newPremiere(t *testing.T) *premiere {
	t.Helper()
	t.Chdir(t.TempDir())
	graph, err := emulator.New(emulator.Config{
		Clock: clock.NewRunning(clock.Real{}), Seed: 3,
		Apps:   []emulator.App{{Name: "Tea", RequireProof: true, Development: true, Fields: []string{}}},
		Pages:  []emulator.Page{{Name: "Tea House", Fields: []string{}}},
		People: []emulator.Person{{FirstName: "Ann", Role: "tester"}},
		Quotas: emulator.Quotas{ProfileCalls: -1, ConversationsPerSecond: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(graph.Handler())
	t.Cleanup(func() { server.Close(); graph.Close() })
	user, err := graph.UserToken("")
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"tea/default.topic": "+ hello\n- One moment.\n\n+ __comment__\n- Thank you.\n\n+ *\n- Hello <get _userFirstName>!\n",
		"tea/bot.toml":      "[page]\ngreeting = \"Hi!\"\nmenu = [{title = \"Tea\", text = \"tea\"}]\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	app := graph.Apps()[0]
	return &premiere{graph: graph, addr: addr, public: "http://" + addr, bot: "tea", values: map[string]string{
		"FOOTLIGHT_GRAPH_URL": server.URL, "FOOTLIGHT_APP_ID": app.ID, "FOOTLIGHT_APP_SECRET": app.Secret, "FOOTLIGHT_USER_TOKEN": user,
		"XDG_CACHE_HOME": os.TempDir(),
	}}
}

func (p *premiere) env(out io.Writer, in string, keyboard bool) shell.Environment {
	return shell.Environment{In: strings.NewReader(in), Out: out, Err: out, Getenv: func(name string) string { return p.values[name] }, Keyboard: keyboard}
}

// secrets are what must never be shown.
func (p *premiere) secrets() []string {
	var list []string
	for _, name := range []string{"FOOTLIGHT_APP_SECRET", "FOOTLIGHT_USER_TOKEN"} {
		if s := p.values[name]; s != "" {
			list = append(list, s)
		}
	}
	for _, name := range []string{"page-token", "verify-token"} {
		if data, err := os.ReadFile(filepath.Join(shell.PrivateFolder, name)); err == nil {
			list = append(list, strings.TrimSpace(string(data)))
		}
	}
	return list
}

// judge looks at what a terminal has shown.
func (p *premiere) judge(t *testing.T, shown string) {
	t.Helper()
	for _, secret := range p.secrets() {
		if strings.Contains(shown, secret) {
			t.Errorf("a secret is shown:\n%s", shown)
		}
	}
	for line := range strings.Lines(shown) {
		if source.Cells(strings.TrimRight(line, "\n")) > shell.Column && !strings.HasPrefix(line, "{") {
			t.Errorf("wider than %d cells: %s", shell.Column, line)
		}
	}
}

// From a clean platform footlight deploy alone reaches a bot that talks; doctor finds it
// well, and tells when it is not; undeploy takes it away.
func TestDeployTalks(t *testing.T) {
	p := newPremiere(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out loud
	ended := make(chan error, 1)
	go func() {
		var f deployFlags
		f.host.Dir, f.host.PublicURL, f.host.Addr, f.yes, f.serve = p.bot, p.public, p.addr, true, true
		ended <- runDeploy(ctx, p.env(&out, "", false), f)
	}()
	changes, unwatch := p.graph.Watch()
	defer unwatch()
	shown, unheard := out.written.Watch()
	defer unheard()
	late := time.After(patience)
	for !strings.Contains(out.String(), "is on the Page \"Tea House\"") {
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v\n%s", err, out.String())
		case <-late:
			t.Fatalf("it takes too long:\n%s", out.String())
		case <-shown:
		}
	}
	ann, page := p.graph.People()[0].ID, p.graph.Pages()[0].ID
	if err := p.graph.Act(t.Context(), emulator.Action{Page: page, Person: ann, Kind: "say", Text: "good evening"}); err != nil {
		t.Fatal(err)
	}
	for heard := false; !heard; {
		thread, err := p.graph.Thread(page, ann)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range thread.Bubbles {
			heard = heard || b.From == "page" && b.Text == "Hello Ann!"
		}
		if !heard {
			select {
			case <-changes:
			case <-late:
				t.Fatalf("the bot does not answer: %+v", thread.Bubbles)
			}
		}
	}
	p.judge(t, out.String())
	if strings.Contains(out.String(), "restored") {
		t.Errorf("the host's watch takes part in the walk:\n%s", out.String())
	}
	if fields := p.graph.Pages()[0].Fields; !slices.Contains(fields, "feed") {
		t.Errorf("the script waits for comments, and the Page is subscribed to %v", fields)
	}

	var told bytes.Buffer
	var f deployFlags
	f.host.Dir, f.json = p.bot, true
	if err := runDoctor(t.Context(), p.env(&told, "", false), f, true); err != nil {
		t.Errorf("doctor: %v\n%s", err, told.String())
	}
	var read struct{ State deploy.State }
	if err := json.Unmarshal(told.Bytes(), &read); err != nil || read.State != deploy.Fine {
		t.Errorf("doctor: %v, %+v", err, read)
	}
	if err := p.graph.Take(emulator.Measure{Kind: "password"}); err != nil {
		t.Fatal(err)
	}
	told.Reset()
	f = deployFlags{}
	if err := runDoctor(t.Context(), p.env(&told, "", false), f, false); err == nil || !strings.Contains(told.String(), "changed their password") || !strings.Contains(told.String(), "footlight explain 190/460") {
		t.Errorf("doctor: %v\n%s", err, told.String())
	}
	p.judge(t, told.String())
	stop()
	if err := <-ended; err != nil {
		t.Errorf("serving: %v", err)
	}

	told.Reset()
	fresh, err := p.graph.UserToken("")
	if err != nil {
		t.Fatal(err)
	}
	p.values["FOOTLIGHT_USER_TOKEN"] = fresh
	f = deployFlags{yes: true}
	f.host.Dir = p.bot
	if err := runDeploy(t.Context(), p.env(&told, "", false), f); err == nil || !strings.Contains(err.Error(), `stopped at "callback"`) {
		t.Errorf("with a fresh user token, and no host: %v\n%s", err, told.String())
	}
	told.Reset()
	if err := runUndeploy(t.Context(), p.env(&told, "", false), deployFlags{yes: true, everywhere: true}); err != nil {
		t.Errorf("undeploy: %v\n%s", err, told.String())
	}
	p.judge(t, told.String())
	if a := p.graph.Apps()[0]; a.Callback != "" || len(p.graph.Pages()[0].Fields) > 0 {
		t.Errorf("after undeploy: %+v, %+v", a, p.graph.Pages()[0])
	}
	if _, err := os.Stat((&deployFlags{}).memoryFile()); err == nil {
		t.Error("after undeploy a walk is still remembered")
	}
	if list := p.graph.Unimplemented(); len(list) > 0 {
		t.Errorf("calls that the platform does not know: %+v", list)
	}
}

// Somebody at the keyboard is asked for what is missing, and agrees to each change; what
// they type is kept where only they can read it, and the next walk asks nothing.
func TestDeployAsks(t *testing.T) {
	p := newPremiere(t)
	typed := strings.Join([]string{p.values["FOOTLIGHT_APP_ID"], p.values["FOOTLIGHT_APP_SECRET"], p.public, p.values["FOOTLIGHT_USER_TOKEN"]}, "\n")
	id, secret := p.values["FOOTLIGHT_APP_ID"], p.values["FOOTLIGHT_APP_SECRET"]
	hidden := p.secrets()
	for _, name := range []string{"FOOTLIGHT_APP_ID", "FOOTLIGHT_APP_SECRET", "FOOTLIGHT_USER_TOKEN"} {
		delete(p.values, name)
	}
	var out bytes.Buffer
	var f deployFlags
	f.host.Dir = p.bot
	err := runDeploy(t.Context(), p.env(&out, "maybe\nyes\n"+typed+"\n\ny\n", true), f)
	if err == nil || !strings.Contains(err.Error(), `stopped at "callback"; after the cure`) {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, s := range hidden {
		if strings.Contains(out.String(), s) {
			t.Errorf("a secret is shown:\n%s", out.String())
		}
	}
	if got, _ := os.ReadFile(filepath.Join(shell.PrivateFolder, "app-secret")); strings.TrimSpace(string(got)) != secret {
		t.Error("the app's secret was not kept")
	}
	settings, _ := os.ReadFile(shell.HostFile)
	for _, want := range []string{`app_id = "` + id + `"`, `app_secret_file = ".footlight/app-secret"`, `page_token_file = ".footlight/page-token"`, `public_url = "` + p.public + `"`} {
		if !strings.Contains(string(settings), want) {
			t.Errorf("no %s in\n%s", want, settings)
		}
	}
	out.Reset()
	if err := runDeploy(t.Context(), p.env(&out, "", true), f); err == nil || !strings.Contains(err.Error(), `stopped at "callback"`) || strings.Contains(out.String(), "needed") {
		t.Errorf("the second time: %v\n%s", err, out.String())
	}
	p.judge(t, out.String())
}

// With nobody to ask nothing is changed, and the last line says what to do.
func TestDeployAlone(t *testing.T) {
	p := newPremiere(t)
	for _, row := range []struct {
		name string
		f    deployFlags
		want string
	}{
		{"nobody agrees", deployFlags{}, `stopped at "verify token": nobody has agreed`},
		{"dry", deployFlags{dryRun: true}, ""},
		{"JSON", deployFlags{dryRun: true, json: true}, ""},
	} {
		var out bytes.Buffer
		row.f.host.Dir, row.f.host.PublicURL = p.bot, p.public
		err := runDeploy(t.Context(), p.env(&out, "", false), row.f)
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v\n%s", row.name, err, out.String())
		}
		if row.f.json && !json.Valid(out.Bytes()) {
			t.Errorf("%s: no JSON: %s", row.name, out.String())
		}
		if _, err := os.Stat(shell.HostFile); err == nil {
			t.Errorf("%s: settings were written", row.name)
		}
		if shown := out.String(); row.f.dryRun && (strings.Contains(shown, "state.db: ") || strings.Contains(shown, "cannot be asked") || strings.Count(shown, "no store") > 1) {
			t.Errorf("%s: there is no store yet, which is nothing to worry about:\n%s", row.name, shown)
		}
	}
	for _, c := range p.graph.Calls() {
		if c.Method != "GET" {
			t.Errorf("%s %s", c.Method, c.Path)
		}
	}
}

// Who breaks off at a question ends the command at once, and is told how to go on.
func TestDeployBrokenOff(t *testing.T) {
	p := newPremiere(t)
	ctx, stop := context.WithCancel(t.Context())
	silence, hush := io.Pipe()
	defer func() { _ = hush.Close() }()
	var out loud
	env := p.env(&out, "", true)
	env.In = silence
	var f deployFlags
	f.host.Dir, f.host.PublicURL = p.bot, p.public
	ended := make(chan error, 1)
	shown, unheard := out.written.Watch()
	defer unheard()
	go func() { ended <- runDeploy(ctx, env, f) }()
	for late := time.After(patience); !strings.Contains(out.String(), "Do that?"); {
		select {
		case <-late:
			t.Fatalf("nothing is asked:\n%s", out.String())
		case <-shown:
		}
	}
	stop()
	if err := <-ended; err == nil || err.Error() != "stopped; run the same again, and it goes on" {
		t.Errorf("%v", err)
	}
}
