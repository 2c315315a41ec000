package bot

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// followed is a bot whose folder on disk is watched.
type followed struct {
	*Bot
	t     *testing.T
	dir   string
	clock *clock.Running
}

func follow(t *testing.T, files map[string]string) *followed {
	t.Helper()
	f := &followed{t: t, dir: filepath.Join(t.TempDir(), "bot"), clock: clock.NewRunning(clock.Real{})}
	f.mkdir(".")
	for name, text := range files {
		f.write(name, text)
	}
	dir, err := Folder(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	f.Bot = New(Config{Dir: dir, Name: "sample", Loader: Interpreted{}, Clock: f.clock, Log: slog.New(slog.DiscardHandler)})
	reload(t, f.Bot)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- f.Follow(ctx, f.dir) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("follow: %v", err)
		}
		if err := f.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return f
}

func (f *followed) do(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *followed) path(name string) string { return filepath.Join(f.dir, name) }

func (f *followed) mkdir(name string) { f.t.Helper(); f.do(os.MkdirAll(f.path(name), 0o755)) }

func (f *followed) write(name, text string) {
	f.t.Helper()
	f.do(os.WriteFile(f.path(name), []byte(text), 0o600))
}

// until waits for a status. The clock is put forward now and then, so that what a
// file system does not tell of is found without sitting through recheck.
func (f *followed) until(what string, holds func(Status) bool) {
	f.t.Helper()
	changes, stop := f.Watch()
	defer stop()
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	nudge := time.NewTicker(recheck / 10)
	defer nudge.Stop()
	for !holds(f.Status()) {
		select {
		case <-changes:
		case <-nudge.C:
			f.clock.Advance(recheck)
		case <-ctx.Done():
			f.t.Fatalf("waited for %s; status %+v", what, f.Status())
		}
	}
}

func (f *followed) answers(want string) {
	f.t.Helper()
	f.until(want, func(s Status) bool {
		text, err := ask(f.t.Context(), f.Bot)
		return !s.Broken && err == nil && text == want
	})
}

// TestFollow walks one watcher through all that a folder may go through.
func TestFollow(t *testing.T) {
	f := follow(t, map[string]string{"default.topic": says("one")})
	f.answers("one")

	f.write("default.topic", says("written"))
	f.answers("written")

	f.write("default.topic~", says("renamed"))
	f.do(os.Rename(f.path("default.topic~"), f.path("default.topic")))
	f.answers("renamed")

	f.mkdir("more/deep")
	f.write("more/deep/shop.topic", "+ *\n- Tea?\n")
	f.until("a topic in a new folder", func(s Status) bool { return !s.Broken && strings.Contains(s.Report.String(), "+ topic shop") })
	f.write("more/deep/shop.topic", "+ *\n- Tea?\n+ no\n- Oh.\n")
	f.until("a change in a new folder", func(s Status) bool { return strings.Contains(s.Report.String(), "~ topic shop") })

	f.do(os.RemoveAll(f.path("more")))
	f.until("a topic that is gone", func(s Status) bool { return strings.Contains(s.Report.String(), "- topic shop") })

	for _, text := range []string{"\x00\xff\xfe", "+ ((((", "> object x javascript\n" + strings.Repeat("{", 1000), "- \n^\n% \n* => \n"} {
		f.write("default.topic", "+ (never closed\n- x\n"+text)
		f.until("a broken save", func(s Status) bool { return s.Broken })
		f.write("default.topic", says("mended "+string(rune('a'+len(text)%26))))
		f.answers("mended " + string(rune('a'+len(text)%26)))
	}

	f.write(SettingsFile, "name = ")
	f.until("settings nobody can read", func(s Status) bool { return s.Broken && strings.HasPrefix(s.Fault, "bot.toml:") })
	f.do(os.Remove(f.path(SettingsFile)))
	f.until("no settings", func(s Status) bool { return !s.Broken })

	f.do(os.Remove(f.path("default.topic")))
	f.until("a folder without scripts", func(s Status) bool { return s.Broken && strings.Contains(s.Fault, "there is no script") })
	f.write("default.topic", says("again"))
	f.answers("again")
}

// TestFollowVanished: a folder that vanishes and comes back, as it was or changed,
// is followed on, and the last good version answers meanwhile.
func TestFollowVanished(t *testing.T) {
	f := follow(t, map[string]string{"default.topic": says("one")})
	for range 2 {
		f.do(os.Rename(f.dir, f.dir+".away"))
		f.until("a folder that is gone", func(s Status) bool { return s.Broken && s.Fault != "" })
		expect(t, f.Bot, "one")
		f.do(os.Rename(f.dir+".away", f.dir))
		f.until("the folder as it was", func(s Status) bool { return !s.Broken && s.Fault == "" })
		expect(t, f.Bot, "one")
	}
	f.do(os.RemoveAll(f.dir))
	f.until("a folder that is gone", func(s Status) bool { return s.Broken })
	f.mkdir(".")
	f.write("default.topic", says("two"))
	f.answers("two")
	f.write("default.topic", says("three"))
	f.answers("three")
}

// TestFollowLink: a document that is a symbolic link, as in a mounted volume, is
// seen to change.
func TestFollowLink(t *testing.T) {
	store := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(store, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("1", says("one"))
	write("2", says("two"))
	f := follow(t, map[string]string{"other.topic": "+ *\n- x\n"})
	f.do(os.Symlink(filepath.Join(store, "1"), f.path("default.topic")))
	f.answers("one")
	f.do(os.Remove(f.path("default.topic")))
	f.do(os.Symlink(filepath.Join(store, "2"), f.path("default.topic")))
	f.answers("two")
}

// TestNoFolder: there must be a folder to begin with.
func TestNoFolder(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for name, want := range map[string]string{
		nowhere:         "bot folder: there is no " + nowhere + "; name the folder that holds the *.topic files",
		"watch_test.go": "bot folder: watch_test.go is a file; name the folder that holds the *.topic files",
	} {
		if _, err := Folder(name); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
