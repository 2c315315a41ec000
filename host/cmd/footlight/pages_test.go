package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// talk is the conversation of one person with one Page, whose bot counts what it hears.
type talk struct {
	th           *theatre
	page, person string
	asked        int
}

// heard is what the person has heard. What was on its way when the host died may come twice.
func (k *talk) heard() (out []string) {
	k.th.t.Helper()
	thread, err := k.th.emulator.Thread(k.page, k.person)
	if err != nil {
		k.th.t.Fatal(err)
	}
	seen := map[string]bool{"": true}
	for _, b := range thread.Bubbles {
		if b.From != "page" || seen[b.Metadata] {
			continue
		}
		seen[b.Metadata] = true
		out = append(out, b.Text)
	}
	return out
}

func (k *talk) say() {
	k.th.t.Helper()
	k.th.act(emulator.Action{Page: k.page, Person: k.person, Kind: "say", Text: "hello"})
	k.asked++
}

// answer is the answer to what was said last, once all is answered.
func (k *talk) answer() (text string) {
	k.th.t.Helper()
	k.th.until(fmt.Sprintf("%d answers on Page %s", k.asked, k.page), func() bool {
		heard := k.heard()
		if len(heard) < k.asked {
			return false
		}
		text = heard[len(heard)-1]
		return true
	})
	return text
}

// counts is a bot that says what it has, and how often it was asked.
func counts(what string) string { return "+ *\n- <add n=1>" + what + " <get n>." }

// openPages builds a theatre of two Pages, tea and cafe, each with a bot in a folder of its name.
func openPages(t *testing.T, store string) (th *theatre, tea, cafe *talk) {
	t.Helper()
	th = openScene(t, scene{store: store, pages: []emulator.Page{{ID: "1001", Name: "tea"}, {ID: "1002", Name: "cafe"}}})
	app := th.emulator.Apps()[0]
	table := fmt.Sprintf("[[app]]\nid = %q\nsecret = \"env:APP_SECRET\"\nverify_token = \"file:verify\"\n", app.ID)
	th.save(t, "verify", app.VerifyToken)
	th.more = []string{"APP_SECRET=" + app.Secret, "FOOTLIGHT_APP_ID=", "FOOTLIGHT_APP_SECRET=", "FOOTLIGHT_VERIFY_TOKEN=", "FOOTLIGHT_PAGE_ID=", "FOOTLIGHT_PAGE_TOKEN="}
	for i, what := range []string{"Tea", "Coffee"} {
		p := th.emulator.Pages()[i]
		th.save(t, filepath.Join("bots", p.Name, "default.topic"), counts(what))
		th.save(t, "token-"+p.Name, p.Token)
		table += fmt.Sprintf("\n[[page]]\nid = %q\ntoken = \"file:token-%s\"\ndir = \"bots/%s\"\n", p.ID, p.Name, p.Name)
	}
	th.save(t, "footlight.toml", table)
	th.serve = []string{"serve"}
	talks := map[string]*talk{}
	for _, p := range th.emulator.People() {
		talks[p.Page] = &talk{th: th, page: p.Page, person: p.ID}
	}
	return th, talks["1001"], talks["1002"]
}

// save writes a file of the folder in which hosts are started.
func (th *theatre) save(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(th.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// metrics is what a host measures.
func (h *host) metrics(t *testing.T) string {
	t.Helper()
	answer, err := http.Get("http://" + h.addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// turns is how many turns a host has taken.
func (h *host) turns(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(h.metrics(t)) {
		if count, ok := strings.CutPrefix(line, `footlight_turns_total{outcome="taken"} `); ok {
			return count
		}
	}
	return "0"
}

// TestTwoPagesOfOneHost: each Page of footlight.toml is answered by its own bot. A host that is killed while both have
// something to answer goes on with both where they were; a folder that is changed changes its own bot and no other.
func TestTwoPagesOfOneHost(t *testing.T) {
	stages(t, func(t *testing.T, store string, _ int) {
		t.Parallel()
		th, tea, cafe := openPages(t, store)
		first := th.start()
		for range 2 {
			tea.say()
		}
		cafe.say()
		tea.answer()
		cafe.answer()
		tea.say()
		cafe.say()
		th.kill(first)
		second := th.start()
		tea.say()
		tea.answer()
		cafe.answer()
		if diff := cmp.Diff([]string{"Tea 1.", "Tea 2.", "Tea 3.", "Tea 4."}, tea.heard()); diff != "" {
			t.Errorf("tea, over the kill: %s", diff)
		}
		if diff := cmp.Diff([]string{"Coffee 1.", "Coffee 2."}, cafe.heard()); diff != "" {
			t.Errorf("cafe, over the kill: %s", diff)
		}

		th.save(t, filepath.Join("bots", "cafe", "default.topic"), counts("Cake"))
		last := ""
		for late := time.Now().Add(patience); !strings.HasPrefix(last, "Cake"); last = cafe.answer() {
			if time.Now().After(late) {
				t.Fatalf("the changed folder is not played: %q", last)
			}
			cafe.say()
		}
		if want := fmt.Sprintf("Cake %d.", cafe.asked); last != want {
			t.Errorf("after the change: %q, want %q", last, want)
		}
		tea.say()
		if got := tea.answer(); got != "Tea 5." {
			t.Errorf("after a change of the other's folder: %q", got)
		}
		metrics := second.metrics(t)
		for _, want := range []string{`footlight_generation{bot="tea"} 1`, `footlight_generation{bot="cafe"} 2`} {
			if !strings.Contains(metrics, want) {
				t.Errorf("no %s", want)
			}
		}
	})
}
