package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/footlight-bots/footlight/host/clock"
)

// followed is a bot whose folder on disk is watched.
type followed struct {
	*Bot
	t     *testing.T
	dir   string
	clock *clock.Running
	deaf  bool // until waits for what the system tells, and not for recheck
}

func follow(t *testing.T, files map[string]string) *followed {
	t.Helper()
	f := &followed{t: t, dir: filepath.Join(t.TempDir(), "bot")}
	f.mkdir(".")
	for name, text := range files {
		f.write(name, text)
	}
	return followDir(t, f.dir)
}

// followDir is follow with a folder that is there.
func followDir(t *testing.T, path string) *followed {
	t.Helper()
	f := &followed{t: t, dir: path, clock: clock.NewRunning(clock.Real{})}
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
	within := patience
	if f.deaf {
		within = recheck - settle
	}
	ctx, cancel := context.WithTimeout(f.t.Context(), within)
	defer cancel()
	nudge := time.NewTicker(recheck / 10)
	defer nudge.Stop()
	for !holds(f.Status()) {
		select {
		case <-changes:
		case <-nudge.C:
			if !f.deaf {
				f.clock.Advance(recheck)
			}
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

// TestFollowSwitched: a folder that is reached by a link is followed to wherever the link leads, at once: that
// is how many a deployment changes all files in one step.
func TestFollowSwitched(t *testing.T) {
	for _, row := range []struct{ name, link, dir string }{
		{"the folder itself", "current", "current"}, {"a folder above", "current", "current/bots/tea"},
	} {
		t.Run(row.name, func(t *testing.T) {
			base := t.TempDir()
			release := func(name, text string) {
				dir := filepath.Join(base, name, strings.TrimPrefix(row.dir, row.link))
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "default.topic"), []byte(says(text)), 0o600); err != nil {
					t.Fatal(err)
				}
				next := filepath.Join(base, "next")
				if err := errors.Join(os.Symlink(name, next), os.Rename(next, filepath.Join(base, row.link))); err != nil {
					t.Fatal(err)
				}
			}
			release("1", "one")
			f := followDir(t, filepath.Join(base, filepath.FromSlash(row.dir)))
			f.deaf = true
			f.answers("one")
			for _, text := range []string{"two", "three"} {
				release(text, text)
				f.answers(text)
				f.write("default.topic", says(text+" again"))
				f.answers(text + " again")
			}
		})
	}
}

// TestFollowMany: a branch that is checked out changes many files at once; that is a few versions, and not one
// for each file.
func TestFollowMany(t *testing.T) {
	f := follow(t, map[string]string{"default.topic": says("one")})
	f.answers("one")
	const many = 200
	for i := range many {
		f.write(fmt.Sprintf("t%03d.topic", i), "+ *\n- x\n")
	}
	f.write("default.topic", says("two"))
	f.answers("two")
	f.until("all topics", func(s Status) bool { return !s.Broken && len(s.Generation.Program.Topics) == many+1 })
	if n := f.Status().Generation.Number; n > many/2 { // few where files are written quickly
		t.Errorf("%d versions", n)
	}
}

// TestQuiet: when a folder is read. A network folder tells of no change, and is read now and then.
func TestQuiet(t *testing.T) {
	for _, row := range []struct {
		name   string
		events []time.Duration // when the system tells of changes
		want   time.Duration
	}{
		{"nothing is told", nil, recheck},
		{"one change", []time.Duration{time.Second}, time.Second + settle},
		{"a save in two steps", []time.Duration{0, settle / 2}, settle/2 + settle},
		{"no end of changes", func() (list []time.Duration) {
			for at := time.Duration(0); at < 2*unrest; at += settle / 2 {
				list = append(list, at)
			}
			return list
		}(), unrest},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := outlook{Watcher: &fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)}, clock: clock.Real{}}
				began := time.Now()
				go func() {
					for _, at := range row.events {
						select {
						case <-time.After(time.Until(began.Add(at))):
						case <-t.Context().Done():
							return
						}
						select {
						case o.Events <- fsnotify.Event{Name: "default.topic"}:
						case <-t.Context().Done():
							return
						}
					}
				}()
				if !o.quiet(t.Context()) {
					t.Error("it says that the time is over")
				}
				if got := time.Since(began); got != row.want {
					t.Errorf("after %s, want %s", got, row.want)
				}
			})
		})
	}
}

// TestConcerns: what happens beside a link does not matter.
func TestConcerns(t *testing.T) {
	o := outlook{links: map[string]bool{"/srv/current": true}}
	for name, want := range map[string]bool{
		"/srv/current": true, "/srv/other": false, "/srv/7/default.topic": true, "/srv/7/deep": true,
	} {
		if got := o.concerns(filepath.FromSlash(name)); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
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
