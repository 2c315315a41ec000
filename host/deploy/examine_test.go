package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// store is what a host keeps.
type store struct {
	reason  string
	until   time.Time
	reasons []string
	err     error
}

func (s *store) Pause(context.Context, string) (string, time.Time, error) {
	return s.reason, s.until, s.err
}
func (s *store) Resume(context.Context, string) error              { s.reason = ""; return s.err }
func (s *store) Withdraw(context.Context, string) error            { s.reason = Withdrawn; return s.err }
func (s *store) GivenUp(context.Context, string) ([]string, error) { return s.reasons, s.err }

// TestNoStoreYet: before a host has made its store nothing is wrong with it, and no file is told of.
func TestNoStoreYet(t *testing.T) {
	r := newRound(Site{Host: &store{err: fmt.Errorf("store: no file state.db: %w", fs.ErrNotExist)}})
	for _, f := range []Finding{lookPause(t.Context(), r), lookGivenUp(t.Context(), r)} {
		if f.State != Skipped || f.Found != "not looked at: there is no store yet (--store names one elsewhere)" {
			t.Errorf("%+v", f)
		}
	}
}

// TestTalkWithoutTime: a platform that does not say when somebody wrote last keeps nobody from finding out whether the bot
// may answer.
func TestTalkWithoutTime(t *testing.T) {
	graph := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/conversations") {
			_, _ = io.WriteString(w, `{"data":[{"participants":{"data":[{"id":"246801357913579","name":"Ann"}]}}]}`)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	}))
	defer graph.Close()
	r := newRound(Site{GraphURL: graph.URL, PageToken: "token", PageID: pageID})
	defer r.close()
	if f := lookTalk(t.Context(), r); f.State != Fine || f.Found != "Messenger takes messages to whoever wrote last" {
		t.Errorf("%+v", f)
	}
}

// Whatever keeps a bot from answering is found, with its meaning and its cure, and nothing
// is changed by looking ("my bot does not respond", messenger.md section 5.5).
func TestExamine(t *testing.T) {
	for _, row := range []struct {
		name    string
		provoke func(*town, *store)
		check   string
		state   State
		code    string
		found   string
	}{
		{"all is well", func(*town, *store) {}, Talk, Fine, "", "takes messages"},
		{"the app is subscribed elsewhere", func(w *town, _ *store) {
			if err := w.graph.SetCallback(appID, "http://127.0.0.1:9/webhook"); err != nil {
				w.t.Fatal(err)
			}
		}, AppSubscription, Broken, "", "Meta sends webhooks to "},
		{"the Page's subscription is gone", func(w *town, _ *store) { w.unsubscribe() }, Subscription, Broken, "", "not subscribed to the Page"},
		{"the Page shows something else", func(w *town, _ *store) { w.site.Foyer.Greeting = "Hello" }, SetUp, Warning, "", "greeting: not as bot.toml says"},
		{"the token has died", func(w *town, _ *store) { w.take(emulator.Measure{Kind: "password"}) }, PageToken, Broken, "190/460", "code 190/460"},
		{"the Page is not published", func(w *town, _ *store) { w.take(emulator.Measure{Kind: "unpublish"}) }, Page, Broken, "551", "not published"},
		{"nobody answers the callback", func(w *town, _ *store) { w.door.down.Store(true) }, Callback, Broken, "2200", "does not answer"},
		{"a human has the thread", func(w *town, _ *store) {
			if err := w.graph.SetOwner(pageID, personID, "263902037430900"); err != nil {
				w.t.Fatal(err)
			}
		}, Talk, Warning, "", "a human or another app"},
		{"the window has closed", func(w *town, _ *store) { w.site.Clock.(hurried).Advance(25 * time.Hour) }, Talk, Fine, "", "rests since"},
		{"the person is not there", func(w *town, _ *store) {
			p := w.graph.People()[0]
			p.Unavailable = 551
			if err := w.graph.UpdatePerson(p); err != nil {
				w.t.Fatal(err)
			}
		}, Talk, Warning, "551", "code 551"},
		{"a Graph version that has ended", func(w *town, _ *store) { w.site.GraphVersion = "v20.0" }, Version, Warning, "", "ended on 24 September 2026"},
		{"a Graph version that ends soon", func(w *town, _ *store) {
			w.site.GraphVersion = "v21.0"
			w.site.Clock.(hurried).Advance(60 * 24 * time.Hour)
		}, Version, Warning, "", "ends on 21 January 2027"},
		{"our clock is behind", func(w *town, _ *store) { w.site.Clock = shifted{w.site.Clock, -3 * time.Minute} }, Clock, Warning, "", "it is 3m0s behind Meta's"},
		{"our clock is ahead", func(w *town, _ *store) { w.site.Clock = shifted{w.site.Clock, 31 * time.Second} }, Clock, Warning, "", "it is 31s ahead of Meta's"},
		{"our clock is a little off", func(w *town, _ *store) { w.site.Clock = shifted{w.site.Clock, 29 * time.Second} }, Clock, Fine, "", "agrees"},
		{"the disk is full", func(w *town, _ *store) { w.stored(Stored{File: "state.db", Free: 63 << 20}, nil) }, Storage, Broken, "", "63 MiB are free on the disk of state.db"},
		{"the disk is nearly full", func(w *town, _ *store) { w.stored(Stored{File: "state.db", Free: 900 << 20}, nil) }, Storage, Warning, "", "900 MiB are free"},
		{"no store yet", func(w *town, _ *store) { w.stored(Stored{File: "state.db", Free: 2 << 30, New: true}, nil) }, Storage, Fine, "", "2048 MiB are free where state.db is going to be"},
		{"no store yet, and no room", func(w *town, _ *store) { w.stored(Stored{File: "state.db", New: true}, nil) }, Storage, Broken, "", "0 MiB are free where state.db is going to be"},
		{"the disk has room", func(w *town, _ *store) { w.stored(Stored{File: "state.db", Free: 2 << 30}, nil) }, Storage, Fine, "", "2048 MiB are free"},
		{"Redis may lose something", func(w *town, _ *store) { w.stored(Stored{Doubts: []string{"appendonly is off."}}, nil) }, Storage, Warning, "", "appendonly is off"},
		{"Redis loses nothing", func(w *town, _ *store) { w.stored(Stored{}, nil) }, Storage, Fine, "", "keeps"},
		{"the place of the store cannot be looked at", func(w *town, _ *store) { w.stored(Stored{}, errors.New("no such folder")) }, Storage, Skipped, "", "no such folder"},
		{"the Page is paused", func(_ *town, s *store) { s.reason = "send x: graph api: send: code 190/460: x" }, Pause, Broken, "190/460", "the Page is paused"},
		{"messages were given up", func(_ *town, s *store) {
			s.reasons = []string{"class M: graph api: send: code 100/2018034: x", "class M: graph api: send: code 100/2018109: x"}
		}, GivenUp, Warning, "2018109", "2 within a day"},
		{"the store cannot be asked", func(_ *town, s *store) { s.err = errors.New("no file") }, Pause, Skipped, "", "no file"},
		{"the scripts have errors", func(w *town, _ *store) {
			w.site.Scripts = func(context.Context) (int, error) { return 2, nil }
		}, Scripts, Broken, "", "2 errors"},
		{"there is no bot", func(w *town, _ *store) {
			w.site.Scripts = func(context.Context) (int, error) { return 0, errors.New("no script") }
		}, Scripts, Broken, "", "no script"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, s := newTown(t), &store{}
			w.walk()
			w.say(personID, "hi")
			w.site.Host, w.site.UserToken = s, ""
			row.provoke(w, s)
			calls := len(w.graph.Calls())
			list := Examine(t.Context(), w.site)
			f := find(list, row.check)
			if f.State != row.state || f.Code != row.code || !strings.Contains(f.Found, row.found) || (row.state == Broken || row.state == Warning) && (f.Means == "" || f.Cure == "") {
				t.Errorf("%+v", f)
			}
			if worst := Worst(list); row.state != Skipped && row.name != "the window has closed" && worst != row.state {
				t.Errorf("worst is %s: %+v", worst, list)
			}
			for _, c := range w.graph.Calls()[calls:] {
				if c.Method != "GET" && c.Endpoint != "messages" {
					t.Errorf("%s %s", c.Method, c.Path)
				}
			}
		})
	}
}

// Each text of messenger.md section 5.5 that Messenger can answer a message with is found
// by the doctor, with its meaning and its cure.
func TestExamineExplains(t *testing.T) {
	for _, row := range []struct {
		name          string
		code, subcode int
		state         State
		means         string
	}{
		{"active access token", 2500, 0, Broken, "of the wrong kind"},
		{"attachment size", 100, 2018109, Broken, "too large"},
		{"not admins, developers or testers", 200, 2018028, Broken, "development mode"},
		{"not admins, as code 10", 10, 2018028, Broken, "development mode"},
		{"password changed", 190, 460, Broken, "changed their password"},
		{"too long", 100, 0, Broken, "a text too long"},
		{"empty", 100, 2018034, Broken, "neither a text nor a picture"},
		{"public content access", 10, 0, Broken, "belongs to another Page"},
		{"public content access, with its subcode", 10, 2018233, Broken, "belongs to another Page"},
		{"unpublished", 551, 0, Warning, "the Page is not published"},
		{"unpublished, with its subcode", 551, 1545041, Warning, ""},
		{"unpublished, as code 10", 10, 2018108, Warning, ""},
		{"window", 10, 2018278, Warning, "24 hours ago"},
		{"window, of a news Page", 10, 2018065, Warning, ""},
		{"rate", 613, 0, Warning, "Too many calls"},
		{"a moment's trouble", 1200, 0, Warning, ""},
	} {
		w := newTown(t)
		w.walk()
		w.say(personID, "hi")
		if _, err := w.graph.Arm(emulator.Fault{Endpoint: "messages", Code: row.code, Subcode: row.subcode}); err != nil {
			t.Fatal(err)
		}
		f := find(Examine(t.Context(), w.site), Talk)
		if f.State != row.state || !strings.Contains(f.Means, row.means) || f.Means == "" || f.Cure == "" {
			t.Errorf("%s: %+v", row.name, f)
		}
	}
}

// shifted is a clock that is wrong.
type shifted struct {
	clock.Clock
	by time.Duration
}

func (s shifted) Now() time.Time { return s.Clock.Now().Add(s.by) }

func (w *town) stored(s Stored, err error) {
	w.site.Stored = func(context.Context) (Stored, error) { return s, err }
}

func (w *town) unsubscribe() {
	w.t.Helper()
	r := newRound(w.site)
	defer r.close()
	client, err := r.onPage()
	if err == nil {
		err = client.Unsubscribe(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// After the cure the walk lets the Page speak again: what was kept is not lost.
func TestResume(t *testing.T) {
	w := newTown(t)
	s := &store{reason: "code 190/460"}
	w.site.Host = s
	if out := w.walk(); out.Stopped != "" || find(out.Findings, Pause).State != Changed || s.reason != "" {
		t.Errorf("%+v", out.Findings)
	}
}

// The QR code has a white margin, and its picture and its text show the same.
func TestQR(t *testing.T) {
	code, err := QR(Link(pageID, "poster"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range code {
		for _, dark := range []bool{code[0][i], code[i][quiet-1], code[i][len(code)-1]} {
			if dark {
				t.Fatal("the margin is not white")
			}
		}
	}
	if !code[quiet][quiet] || code[quiet+1][quiet+1] || !code[quiet+2][quiet+2] {
		t.Error("there is no finder pattern in the corner")
	}
	lines := strings.Split(strings.TrimSuffix(code.Text(false), "\n"), "\n")
	for y := range code {
		for x := range code {
			glyph := []rune(lines[y/2])[x]
			light := glyph == '█' || glyph == '▀' && y%2 == 0 || glyph == '▄' && y%2 == 1
			if light == code[y][x] {
				t.Fatalf("module %d, %d is drawn %q", x, y, glyph)
			}
		}
	}
	if n := len([]rune(lines[0])); n > 80 {
		t.Errorf("it is %d cells wide", n)
	}
	raw, err := code.PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for y := range code {
		for x := range code {
			r, _, _, _ := picture.At(x*minQRPixels+1, y*minQRPixels+1).RGBA()
			if (r == 0) != code[y][x] {
				t.Fatalf("module %d, %d of the picture is wrong", x, y)
			}
		}
	}
	if _, err := QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that fits no code was taken")
	}
}

// What is remembered is read back; another Page's is not believed, and a broken file is named.
func TestMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "deploy.json")
	if m, err := Recall(path); err != nil || !cmp.Equal(m, Memory{}) {
		t.Errorf("without a file: %+v, %v", m, err)
	}
	want := Memory{Page: pageID, Ours: []foyer.Property{foyer.Menu}, Stopped: Callback, At: time.Unix(1, 0).UTC()}
	if err := want.Keep(path); err != nil {
		t.Fatal(err)
	}
	got, err := Recall(path)
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if !cmp.Equal(got.Of("1"), Memory{}) || !cmp.Equal(got.Of(""), want) || !cmp.Equal(got.Of(pageID), want) {
		t.Error("whose memory it is does not count")
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v", info.Mode())
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Recall(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken file: %v", err)
	}
}
