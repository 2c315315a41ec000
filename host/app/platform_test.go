package app

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// platform is a host as it runs for real, with the emulator in Meta's place: signed
// webhooks over HTTP one way, calls of the Graph API the other.
type platform struct {
	*emulator.Emulator
	t    *testing.T
	host *Host
	page string
}

// allFields are the webhook fields of every event that a Page can be told of.
var allFields = append(emulator.HostFields(),
	"message_edits", "messaging_feedback", "response_feedback", "messaging_game_plays", "send_cart", "feed")

// onPlatform opens a bot on the emulated platform; change may alter how the platform is.
func onPlatform(t *testing.T, files map[string]string, change func(*emulator.Config)) *platform {
	t.Helper()
	c := emulator.Config{
		Seed:   11,
		Apps:   []emulator.App{{Fields: allFields, RequireProof: true}},
		Pages:  []emulator.Page{{Fields: allFields}},
		Quotas: emulator.Quotas{SendsPerSecond: -1, ProfileCalls: -1, ConversationsPerSecond: -1},
	}
	if change != nil {
		change(&c)
	}
	e, err := emulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	graph := httptest.NewServer(e.Handler())
	t.Cleanup(graph.Close)
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	app, page := e.Apps()[0], e.Pages()[0]
	config := serviceConfig(t, dir)
	config.GraphURL, config.Reorder = graph.URL, "0s"
	config.Page = Page{ID: page.ID, AppID: app.ID, AppSecret: app.Secret, VerifyToken: "verify", PageToken: page.Token}
	config.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	h, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
		if err := h.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := e.SetCallback(app.ID, "http://"+h.Addr()+"/webhook"); err != nil {
		t.Fatal(err)
	}
	return &platform{Emulator: e, t: t, host: h, page: page.ID}
}

// newcomer is somebody who has never written to the Page.
func (p *platform) newcomer() string {
	p.t.Helper()
	who, err := p.AddPerson(emulator.Person{Page: p.page, FirstName: "Ada", LastName: "Byron", Phone: "+4930123", Email: "ada@example.org"})
	if err != nil {
		p.t.Fatal(err)
	}
	return who.ID
}

// act lets a person do something.
func (p *platform) act(person string, a emulator.Action) {
	p.t.Helper()
	a.Page, a.Person = p.page, person
	if err := p.Act(p.t.Context(), a); err != nil {
		p.t.Fatal(err)
	}
}

// heard is what the bot has said to a person; what a human wrote from the inbox is not.
func (p *platform) heard(person string) []emulator.Bubble {
	p.t.Helper()
	thread, err := p.Thread(p.page, person)
	if err != nil {
		p.t.Fatal(err)
	}
	app := p.Apps()[0].ID
	return slices.DeleteFunc(thread.Bubbles, func(b emulator.Bubble) bool { return b.From != "page" || b.App != app })
}

// until waits for a change of the platform after which something holds.
func (p *platform) until(what string, holds func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	changes, stop := p.Watch()
	defer stop()
	for !holds() {
		select {
		case <-changes:
		case <-ctx.Done():
			p.t.Fatalf("waited for %s", what)
		}
	}
}

// answered waits until the bot has said that many things, and returns all it has said.
func (p *platform) answered(person string, n int) []emulator.Bubble {
	p.t.Helper()
	var got []emulator.Bubble
	p.until("answers", func() bool {
		got = p.heard(person)
		return len(got) >= n
	})
	return got
}

// said checks all that the bot has said to a person. At the end the person asks for a
// sign of life, so that what should not be said has had its time.
func (p *platform) said(person string, want ...string) {
	p.t.Helper()
	p.act(person, emulator.Action{Kind: "say", Text: "are you there"})
	want = append(want, sign)
	var got []string
	p.until("a sign of life", func() bool {
		got = texts(p.heard(person))
		return len(got) > 0 && got[len(got)-1] == sign
	})
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Error(diff)
	}
}

// sign is what a bot answers when it is asked whether it is there.
const sign = "Still here."

const alive = "\n+ are you there\n- " + sign + "\n"

func texts(bubbles []emulator.Bubble) []string {
	out := make([]string, len(bubbles))
	for i, b := range bubbles {
		out[i] = strings.TrimSpace(b.Text)
	}
	return out
}
