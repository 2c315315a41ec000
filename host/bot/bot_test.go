package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/direction"
)

// TestWaiting: before any version has compiled, turns say so, and no version is taken for one.
func TestWaiting(t *testing.T) {
	dir := folder{}
	dir.write("default.topic", "+ (hello\n- x\n")
	b := newBot(t, dir, &counting{})
	if _, err := ask(t.Context(), b); !errors.Is(err, ErrWaiting) {
		t.Errorf("before the first build: %v", err)
	}
	var refused *RefusedError
	if changed, err := b.Reload(t.Context()); !changed || !errors.As(err, &refused) {
		t.Fatalf("reload: %v, %v", changed, err)
	}
	if _, err := ask(t.Context(), b); !errors.Is(err, ErrWaiting) {
		t.Errorf("after a build with errors: %v", err)
	}
	if s := b.Status(); s.Generation != nil || !s.Broken || len(s.Problems) == 0 || s.Name != "sample" {
		t.Errorf("status %+v", s)
	}
	if _, ok := b.Settings(); ok {
		t.Error("there are settings in service without a generation")
	}
	dir.write("default.topic", says("Hi!"))
	reload(t, b)
	expect(t, b, "Hi!")
	if s := b.Status(); s.Generation.Number != 1 || s.Broken {
		t.Errorf("status %+v", s)
	}
}

// TestSwap: turns in flight finish on the version they began on, which is closed
// when the last of them has left, and not before.
func TestSwap(t *testing.T) {
	l := &counting{entered: make(chan struct{}), gate: make(chan struct{})}
	dir := folder{}
	dir.write("default.topic", says("old"))
	b := newBot(t, dir, l)
	reload(t, b)
	const turns = 3
	answers := make(chan string, turns)
	for range turns {
		go func() {
			text, err := ask(context.Background(), b)
			answers <- fmt.Sprintf("%s %v", text, err)
		}()
		<-l.entered
	}
	oldGate := l.gate
	l.entered, l.gate = nil, nil
	dir.write("default.topic", says("new"))
	reload(t, b)
	expect(t, b, "new")
	if open := l.open.Load(); open != 2 {
		t.Errorf("%d scripts are open while turns run on the old one, want 2", open)
	}
	for i := range turns {
		if open := l.open.Load(); open != 2 {
			t.Errorf("after %d turns %d scripts are open", i, open)
		}
		oldGate <- struct{}{}
		if got := <-answers; got != "old <nil>" {
			t.Errorf("a turn in flight got %q", got)
		}
	}
	if open := l.open.Load(); open != 1 {
		t.Errorf("%d scripts are open after the last turn has left, want 1", open)
	}
}

// TestClose: a bot that is closed answers no more, and its script is closed once.
func TestClose(t *testing.T) {
	l := &counting{}
	dir := folder{}
	dir.write("default.topic", says("Hi!"))
	b := newBot(t, dir, l)
	reload(t, b)
	if err := b.Close(t.Context()); err != nil || l.open.Load() != 0 {
		t.Errorf("close: %v, %d open", err, l.open.Load())
	}
	if err := b.Close(t.Context()); err != nil {
		t.Errorf("close again: %v", err)
	}
	if _, err := ask(t.Context(), b); !errors.Is(err, ErrWaiting) {
		t.Errorf("a turn after close: %v", err)
	}
}

// TestBrokenSave: a save with errors, or with settings nobody can read, changes
// nothing in service and is told of.
func TestBrokenSave(t *testing.T) {
	loadFails := errors.New("no memory")
	for _, row := range []struct {
		name, file, text string
		load             error
		fault            string
		problem          string
	}{
		{name: "an error in a script", file: "default.topic", text: "+ hello\n- Go. {topic=nowhere}\n", problem: `topic "nowhere" does not exist`},
		{name: "settings", file: SettingsFile, text: "errors = 1", fault: "bot.toml: line 1: errors must be a text in quotes"},
		{name: "what cannot be loaded", file: "default.topic", text: says("new"), load: loadFails, fault: "load the compiled script: no memory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := &counting{}
			dir := folder{}
			dir.write("default.topic", says("Hi!"))
			b := newBot(t, dir, l)
			reload(t, b)
			before := dir[row.file]
			dir.write(row.file, row.text)
			l.fails = row.load
			if changed, err := b.Reload(t.Context()); !changed || err == nil {
				t.Errorf("reload: %v, %v", changed, err)
			}
			expect(t, b, "Hi!")
			s := b.Status()
			if !s.Broken || s.Generation.Number != 1 || s.Fault != row.fault {
				t.Errorf("status: broken %v, generation %d, fault %q", s.Broken, s.Generation.Number, s.Fault)
			}
			if row.problem != "" && (len(s.Problems) == 0 || s.Problems[len(s.Problems)-1].Message != row.problem && s.Problems[0].Message != row.problem) {
				t.Errorf("problems %v", s.Problems)
			}
			l.fails = nil
			if before == nil {
				delete(dir, row.file)
			} else {
				dir[row.file] = before
			}
			reload(t, b)
			if s := b.Status(); s.Broken || s.Fault != "" || l.open.Load() != 1 {
				t.Errorf("after the repair: broken %v, fault %q, %d open", s.Broken, s.Fault, l.open.Load())
			}
		})
	}
}

// TestSkip: with errors = "skip" a program with errors is put in service (L-BOT-7).
func TestSkip(t *testing.T) {
	dir := folder{}
	dir.write(SettingsFile, `errors = "skip"`)
	dir.write("default.topic", says("Hi!")+"\n+ (x\n- y\n")
	b := newBot(t, dir, &counting{})
	reload(t, b)
	expect(t, b, "Hi!")
	if s := b.Status(); s.Broken || len(s.Problems) == 0 {
		t.Errorf("status %+v", s)
	}
}

// TestNoScript: a folder without documents is no bot, and says how to begin one.
func TestNoScript(t *testing.T) {
	dir := folder{}
	dir.write("notes.txt", "+ hello")
	dir.write(".hidden/a.topic", says("no"))
	dir.write("_draft.topic", says("no"))
	b := newBot(t, dir, &counting{})
	if _, err := b.Reload(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no script in this folder") {
		t.Errorf("error %v", err)
	}
	dir.write("default.topic", says("Hi!"))
	reload(t, b)
	expect(t, b, "Hi!")
}

// TestSameContent: what is in service already is left alone, whatever was touched
// beside the documents.
func TestSameContent(t *testing.T) {
	l := &counting{}
	dir := folder{}
	dir.write("default.topic", says("Hi!"))
	b := newBot(t, dir, l)
	if !reload(t, b) {
		t.Error("the first build is a change")
	}
	changes, stop := b.Watch()
	defer stop()
	dir.write("tea.chat", "test: milk")
	dir.write("_draft.topic", says("no"))
	dir.write(".git/x.topic", says("no"))
	dir.write("default.topic", says("Hi!"))
	if reload(t, b) {
		t.Error("a save of the same content was taken for a change")
	}
	select {
	case <-changes:
		t.Error("watchers were told of nothing")
	default:
	}
	if n := l.loads.Load(); n != 1 {
		t.Errorf("%d loads", n)
	}
}

// saving is a Loader during which somebody saves.
type saving struct {
	counting
	saves []func()
}

func (s *saving) Load(ctx context.Context, built *compile.Result) (Script, error) {
	if len(s.saves) > 0 {
		s.saves[0]()
		s.saves = s.saves[1:]
	}
	return s.counting.Load(ctx, built)
}

// TestSavedWhileBuilt: a folder that is saved while it is built is built again, so that half of a script never goes
// on stage; one that never rests goes on stage all the same.
func TestSavedWhileBuilt(t *testing.T) {
	dir, l := folder{}, &saving{}
	b := newBot(t, dir, l)
	dir.write("default.topic", "+ *\n- half\n")
	l.saves = []func(){func() { dir.write("default.topic", says("whole")) }}
	reload(t, b)
	expect(t, b, "whole")
	if g := b.Status().Generation; g.Number != 1 || l.open.Load() != 1 {
		t.Errorf("generation %d, %d scripts are open", g.Number, l.open.Load())
	}
	if changed := reload(t, b); changed {
		t.Error("what is on stage was built again")
	}
	n := 0
	for range 2 * maxUnsteady {
		l.saves = append(l.saves, func() { n++; dir.write("default.topic", says(fmt.Sprint(n))) })
	}
	dir.write("default.topic", says("restless"))
	reload(t, b)
	expect(t, b, fmt.Sprint(maxUnsteady-1))
	if l.open.Load() != 1 {
		t.Errorf("%d scripts are open", l.open.Load())
	}
}

// TestEmptied: a script that was emptied, and not written yet, takes no bot off the stage.
func TestEmptied(t *testing.T) {
	dir, l := folder{}, &counting{}
	b := newBot(t, dir, l)
	dir.write("default.topic", says("still here"))
	reload(t, b)
	dir.write("default.topic", "")
	if _, err := b.Reload(t.Context()); err == nil || !strings.Contains(err.Error(), "no trigger is left") {
		t.Errorf("an emptied script: %v", err)
	}
	expect(t, b, "still here")
	if s := b.Status(); !s.Broken || s.Fault == "" || l.open.Load() != 1 {
		t.Errorf("status %+v, %d scripts are open", s, l.open.Load())
	}
	dir.write("default.topic", says("written"))
	reload(t, b)
	expect(t, b, "written")
}

// TestReport: a swap tells what it changed in names of topics.
func TestReport(t *testing.T) {
	dir := folder{}
	dir.write("default.topic", says("{topic=shop} {topic=quiz}"))
	dir.write("shop.topic", "+ tea\n- Tea.\n")
	dir.write("quiz.topic", "+ yes\n- Yes.\n")
	b := newBot(t, dir, &counting{})
	reload(t, b)
	if got := b.Status().Report.String(); got != "4 triggers" {
		t.Errorf("first report %q", got)
	}
	dir.write("default.topic", says("{topic=shop} {topic=bar}"))
	dir.write("shop.topic", "+ tea\n- Tea.\n+ cake\n- Cake.\n")
	dir.write("bar.topic", "+ beer\n- Beer.\n")
	delete(dir, "quiz.topic")
	reload(t, b)
	want := Report{Added: []string{"bar"}, Removed: []string{"quiz"}, Changed: []TopicChange{{Topic: "default", Changed: Triggers{1, []string{"hello"}}}, {Topic: "shop", Added: Triggers{1, []string{"cake"}}}}, Edited: []string{"default.topic", "shop.topic"}, Triggers: 5}
	if diff := cmp.Diff(want, b.Status().Report); diff != "" {
		t.Error(diff)
	}
	if got := b.Status().Report.String(); got != "+ topic bar  - topic quiz  ~ topic default (~ hello)  ~ topic shop (+ cake)" {
		t.Errorf("report %q", got)
	}
	for _, row := range []struct{ name, file, text, want string }{
		{"a reply", "bar.topic", "+ beer\n- Cheers.\n", "~ topic bar (~ beer)"},
		{"comments, blanks and order", "shop.topic", "// sweets\n\n+ cake\n- Cake.\n\n+ tea\n  - Tea.\n", "~ shop.topic"},
		{"several", "shop.topic", "+ scone\n- Scone.\n+ bun\n- Bun.\n+ cake\n- Cakes.\n", "~ topic shop (+2 -1 ~1 triggers)"},
		{"settings", SettingsFile, `name = "Bar"`, "+ setting name"},
		{"definitions", "bar.topic", "! array mild = beer|ale\n+ beer\n- Cheers.\n", "~ bar.topic (definitions)"},
	} {
		dir.write(row.file, row.text)
		reload(t, b)
		if got := b.Status().Report.String(); got != row.want {
			t.Errorf("%s: report %q, want %q", row.name, got, row.want)
		}
	}
}

// TestReportOfPlugins: a swap tells which plug-ins came and went, and what is new in those
// that stayed.
func TestReportOfPlugins(t *testing.T) {
	plugin := func(name, version, tag string, sum byte) *direction.Plugin {
		return &direction.Plugin{Name: name, Sum: [32]byte{sum}, Manifest: &direction.Manifest{Version: version, Directions: []direction.Declaration{{Name: tag}}}}
	}
	before := []*direction.Plugin{plugin("dice", "1", "roll", 1), plugin("gone", "1", "x", 1), plugin("sky", "1", "sky", 1), plugin("same", "1", "same", 1), plugin("tea", "1.0", "tea", 1)}
	after := []*direction.Plugin{plugin("dice", "1", "throw", 2), plugin("new", "1", "y", 1), plugin("sky", "1", "sky", 2), plugin("same", "1", "same", 1), plugin("tea", "1.1", "tea", 2)}
	want := "~ plug-in dice (manifest)  + plug-in new  ~ plug-in sky  ~ plug-in tea 1.0 → 1.1  - plug-in gone"
	if got := (Report{Plugins: comparePlugins(before, after)}).String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := comparePlugins(after, after); got != nil {
		t.Errorf("nothing has changed, and it says %v", got)
	}
}

// TestName: bot.toml names the bot, the folder does without.
func TestName(t *testing.T) {
	dir := folder{}
	dir.write("default.topic", says("Hi!"))
	dir.write(SettingsFile, `name = "Tiny Teas"`)
	b := newBot(t, dir, &counting{})
	reload(t, b)
	if name := b.Status().Name; name != "Tiny Teas" {
		t.Errorf("name %q", name)
	}
	if s, ok := b.Settings(); !ok || s.Name != "Tiny Teas" {
		t.Errorf("settings %+v, %v", s, ok)
	}
	delete(dir, SettingsFile)
	reload(t, b)
	if name := b.Status().Name; name != "sample" {
		t.Errorf("name without bot.toml %q", name)
	}
}

// TestManyReloads: over a thousand versions on the real sandbox, goroutines and
// memory stay flat: nothing of an old version is kept.
func TestManyReloads(t *testing.T) {
	reloads := 1_000
	if testing.Short() {
		reloads = 100
	}
	dir := folder{}
	b := newBot(t, dir, Sandboxed{Runtime: openSandbox(t, "")})
	measure := func() (goroutines int, heap uint64) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	var goroutines int
	var heap uint64
	for i := range reloads {
		answer := fmt.Sprintf("version %d", i)
		dir.write("default.topic", says(answer))
		reload(t, b)
		if i%50 == 0 {
			expect(t, b, answer)
		}
		if i == reloads/10 {
			goroutines, heap = measure()
		}
	}
	after, memory := measure()
	if after > goroutines+2 {
		t.Errorf("%d goroutines became %d", goroutines, after)
	}
	const allowed = 8 << 20
	if memory > heap+allowed {
		t.Errorf("%d bytes of heap became %d", heap, memory)
	}
	t.Logf("%d reloads: heap %d kB, then %d kB", reloads, heap>>10, memory>>10)
}

// TestHashLaw: two folders have the same hash exactly when their documents, settings and material are the same,
// whatever else lies beside them: conversation tests, the sources of plug-ins, what is hidden, what editors leave.
func TestHashLaw(t *testing.T) {
	name := rapid.SampledFrom([]string{"a.topic", "b.topic", "sub/a.topic", "c.rive", SettingsFile, "stage.png", "sub/song.mp3"})
	beside := rapid.SampledFrom([]string{"tea.chat", "plugins/dice/main.go", "_old.topic", ".git/config", "a.topic~", "#b.topic#"})
	text := rapid.SampledFrom([]string{"", "x", "xx", "+ a\n"})
	files := rapid.MapOf(name, text)
	rapid.Check(t, func(t *rapid.T) {
		one, other := files.Draw(t, "one"), files.Draw(t, "other")
		hash := func(files map[string]string) string {
			dir := folder{beside.Draw(t, "beside"): {Data: []byte(rapid.String().Draw(t, "what"))}}
			for name, text := range files {
				dir.write(name, text)
			}
			found, err := new(scout).look(fstest.MapFS(dir), time.Unix(1, 0))
			if err != nil {
				t.Fatal(err)
			}
			return found.hash()
		}
		if same := hash(one) == hash(other); same != cmp.Equal(one, other) {
			t.Fatalf("%v and %v: same hash %v", one, other, same)
		}
	})
}
