package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/console"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Fiber's engine keeps a clock for the Date header and lets its workers idle out.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

const cafe = `+ (hi|hello) [*]
- Welcome! Tea or coffee? ^buttons(Tea, Coffee)

+ (tea|coffee)
- <set drink=<star>> One <star>, coming up. <delay seconds=60> Here you are! {topic=table}

+ *
- I only know tea and coffee.
`

const table = "+ *\n- Enjoy! {topic=default}\n"

// desk is a running stage with somebody in front of it.
type desk struct {
	*Desk
	t   *testing.T
	dir string
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// play opens a stage for the bot in files and runs it until the test ends.
func perform(t *testing.T, files map[string]string, alter ...func(*Config)) *desk {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	c := Config{Dir: dir, Addr: "127.0.0.1:0", ConsoleAddr: "127.0.0.1:0", CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")}
	for _, change := range alter {
		change(&c)
	}
	s, err := NewStage(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	started, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func() { close(started) }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	select {
	case <-started:
	case err := <-ended:
		ended <- err
		t.Fatalf("run ended: %v", err)
	}
	return &desk{Desk: s.Desk, t: t, dir: dir}
}

// until waits for a change after which something holds.
func (d *desk) until(what string, holds func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	changes, stop := d.Watch()
	defer stop()
	for !holds() {
		select {
		case <-changes:
		case <-ctx.Done():
			d.t.Fatalf("waited for %s; the picture is %+v", what, d.Snapshot())
		}
	}
}

// settle waits until all that was said is answered.
func (d *desk) settle() console.State {
	d.t.Helper()
	d.until("an idle desk", func() bool {
		idle, err := d.Idle(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		return idle
	})
	return d.Snapshot()
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// said is what stands in the thread, the bot's with a mark.
func said(s console.State) []string {
	var out []string
	for _, b := range s.Thread {
		mark := ""
		if b.From == console.FromBot {
			mark = "< "
		}
		out = append(out, mark+b.Text)
	}
	return out
}

func (d *desk) thread(want ...string) console.State {
	d.t.Helper()
	state := d.settle()
	if diff := cmp.Diff(want, said(state)); diff != "" {
		d.t.Errorf("thread: %s", diff)
	}
	return state
}

// TestTalk takes one person through all that can be done at a desk.
func TestTalk(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": cafe, "table.topic": table, "bot.toml": `name = "Cafe"`})
	welcome := "< Welcome! Tea or coffee?"
	state := d.thread("Get Started", welcome)
	if replies := state.Thread[1].QuickReplies; len(replies) != 2 || replies[0].Title != "Tea" {
		t.Errorf("quick replies %+v", replies)
	}

	d.ok(d.Say(t.Context(), "pizza"))
	d.thread("Get Started", welcome, "pizza", "< I only know tea and coffee.")
	if err := d.Tap(t.Context(), "Beer"); err == nil {
		t.Error("a button that nobody sees was tapped")
	}
	d.ok(d.Say(t.Context(), "hello"))
	d.settle()
	d.ok(d.Tap(t.Context(), "Tea"))
	state = d.thread("Get Started", welcome, "pizza", "< I only know tea and coffee.", "hello", welcome, "Tea", "< One tea, coming up.")
	if state.Topic != "table" || !slices.Contains(state.Variables, console.Variable{Name: "drink", Value: "tea"}) {
		t.Errorf("topic %q, variables %v", state.Topic, state.Variables)
	}

	// What waits is told of, and comes when its time is skipped to.
	if state.Pending == nil || state.Pending.Count != 1 {
		t.Fatalf("pending %+v", state.Pending)
	}
	d.ok(d.Skip(t.Context()))
	state = d.settle()
	if last := state.Thread[len(state.Thread)-1]; last.Text != "Here you are!" || state.Pending != nil {
		t.Errorf("after the skip %q, pending %+v", last.Text, state.Pending)
	}
	if err := d.Skip(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing waits") {
		t.Errorf("a skip of nothing: %v", err)
	}

	// Somebody new remembers nothing.
	d.ok(d.Reset(t.Context()))
	state = d.thread("Get Started", welcome)
	if state.Topic != "default" || slices.ContainsFunc(state.Variables, func(v console.Variable) bool { return v.Name == "drink" }) {
		t.Errorf("after the reset: topic %q, variables %v", state.Topic, state.Variables)
	}
	if len(state.Traces) != 1 {
		t.Errorf("%d traces of somebody new", len(state.Traces))
	}
}

// TestEvents: what a person can do beside talking reaches the bot.
func TestEvents(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": "+ hi\n- Hi.\n\n+ special offer\n- The offer.\n\n+ *\n- What?\n"})
	d.settle()
	d.ok(d.Event(t.Context(), "postback", "special offer"))
	d.settle()
	d.ok(d.Event(t.Context(), "get_started", ""))
	state := d.settle()
	var bot []string
	for _, line := range said(state) {
		if strings.HasPrefix(line, "< ") {
			bot = append(bot, line)
		}
	}
	if diff := cmp.Diff([]string{"< Hi.", "< The offer.", "< Hi."}, bot); diff != "" {
		t.Error(diff)
	}
	for _, kind := range []string{"image", "referral"} {
		payload := "autumn"
		if kind == "image" {
			payload = "https://pictures.example/cat.jpg"
		}
		d.ok(d.Event(t.Context(), kind, payload))
		d.settle()
	}
	if err := d.Event(t.Context(), "wink", ""); err == nil || !strings.Contains(err.Error(), `"wink" is nothing a person can do here`) {
		t.Errorf("an unknown event: %v", err)
	}
}

// TestSnapshot: every answer is explained, down to file and line.
func TestSnapshot(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": cafe, "table.topic": table, "bot.toml": `name = "Cafe"`})
	state := d.settle()
	if state.Bot != "Cafe" || state.Person == "" || !state.Generation.OK || state.Generation.Number != 1 {
		t.Errorf("bot %q, person %q, generation %+v", state.Bot, state.Person, state.Generation)
	}
	want := []console.Topic{
		{Name: "default", File: "default.topic", Line: 1, Triggers: []console.Trigger{
			{Text: "(hi|hello) [*]", File: "default.topic", Line: 1}, {Text: "(tea|coffee)", File: "default.topic", Line: 4}, {Text: "*", File: "default.topic", Line: 7},
		}},
		{Name: "table", File: "table.topic", Line: 1, Triggers: []console.Trigger{{Text: "*", File: "table.topic", Line: 1}}},
	}
	if diff := cmp.Diff(want, state.Topics); diff != "" {
		t.Errorf("topics: %s", diff)
	}
	last := state.Thread[len(state.Thread)-1]
	if w := last.Why; w == nil || w.File != "default.topic" || w.Line != 1 || w.Turn != state.Traces[0].Turn {
		t.Errorf("why %+v", last.Why)
	}
	lines := state.Traces[0].Lines
	if len(lines) == 0 || !slices.ContainsFunc(lines, func(l console.TraceLine) bool { return l.File == "default.topic" && l.Line == 1 }) {
		t.Errorf("trace %+v", lines)
	}
	if text, ok := d.Source("default.topic"); !ok || text != cafe {
		t.Errorf("source of default.topic: %v, %q", ok, text)
	}
	for _, path := range []string{"nowhere.topic", "bot.toml", "../default.topic", "/etc/passwd", ""} {
		if _, ok := d.Source(path); ok {
			t.Errorf("%q was shown", path)
		}
	}
}

// TestBrokenSave: a broken save is told of while the last good version answers,
// and so is one of the settings.
func TestBrokenSave(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": cafe, "table.topic": table})
	d.settle()
	write(t, d.dir, "table.topic", "+ *\n- Enjoy! {topic=nowhere}\n")
	d.until("a problem", func() bool { return !d.Snapshot().Generation.OK })
	state := d.Snapshot()
	i := slices.IndexFunc(state.Problems, func(p console.Problem) bool { return p.Code == "E021" })
	if i < 0 || state.Problems[i].File != "table.topic" || !strings.Contains(state.Problems[i].Frame, "╭─ table.topic:2:") || state.Generation.Number != 1 {
		t.Errorf("generation %+v, problems %+v", state.Generation, state.Problems)
	}
	d.ok(d.Say(t.Context(), "pizza"))
	d.thread("Get Started", "< Welcome! Tea or coffee?", "pizza", "< I only know tea and coffee.")
	write(t, d.dir, "table.topic", table+"+ again\n- Yes.\n")
	d.until("a new generation", func() bool { s := d.Snapshot(); return s.Generation.OK && s.Generation.Number == 2 })
	write(t, d.dir, "bot.toml", "errors = 1")
	d.until("a fault", func() bool { return !d.Snapshot().Generation.OK })
	if p := d.Snapshot().Problems; len(p) == 0 || p[0].File != "bot.toml" || !strings.Contains(p[0].Message, "errors must be a text") {
		t.Errorf("problems %+v", p)
	}
}

// TestWaiting: a bot without any version keeps what it hears and answers once
// there is one.
func TestWaiting(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": "+ (hi\n- x\n"})
	if idle, err := d.Idle(t.Context()); err != nil || idle {
		t.Errorf("a tap that nobody can answer is settled: %v, %v", idle, err)
	}
	write(t, d.dir, "default.topic", cafe)
	write(t, d.dir, "table.topic", table)
	d.thread("Get Started", "< Welcome! Tea or coffee?")
}

// TestVanishedTopic: who stands in a topic that a save has removed goes on in the root topic with the next message
// (L-TOP-4); a delayed message and a reminder that wait keep the words of the version that said them.
func TestVanishedTopic(t *testing.T) {
	d := perform(t, map[string]string{
		"default.topic": "+ come\n- In a minute. {topic=corner}^reminder(r, \"Old reminder.\", 2 hours)<delay seconds=120 nocancel> Old word.\n\n+ *\n- Old root.\n",
		"corner.topic":  "+ *\n- Corner.\n",
	})
	d.thread("Get Started", "< Old root.")
	d.ok(d.Say(t.Context(), "come"))
	d.settle()
	d.ok(d.Say(t.Context(), "where am i"))
	d.thread("Get Started", "< Old root.", "come", "< In a minute.", "where am i", "< Corner.")
	write(t, d.dir, "default.topic", "+ come\n- New minute.\n\n+ *\n- New root.\n")
	d.ok(os.Remove(filepath.Join(d.dir, "corner.topic")))
	d.until("the new version", func() bool { s := d.Snapshot(); return s.Generation.OK && len(s.Topics) == 1 })
	d.ok(d.Say(t.Context(), "and now"))
	d.settle()
	d.ok(d.Skip(t.Context()))
	d.settle()
	d.ok(d.Skip(t.Context()))
	state := d.thread("Get Started", "< Old root.", "come", "< In a minute.", "where am i", "< Corner.", "and now", "< New root.", "< Old word.", "< Old reminder.")
	if state.Topic != "default" {
		t.Errorf("the person stands in %q", state.Topic)
	}
}
