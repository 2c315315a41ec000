package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Rule 22 of messenger.md section 9: an address in what somebody wrote, sent or clicked is text. The host asks nobody there,
// also when a script puts it into a request, and ids in it open nobody else's conversation.
func TestWhatPeopleSendIsNotFollowed(t *testing.T) {
	var asked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(elsewhere.Close)
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	p := onPlatform(t, map[string]string{
		"bot.toml":      "hide_errors = false\n[http]\nhosts = [\"" + elsewhere.URL + "\"]\n",
		"default.topic": "+ fetch it\n$ GET " + elsewhere.URL + "/d\n- Fetched.\n\n+ fetch *\n$ GET https://<star>/\n- Fetched.\n\n+ my tea is *\n- <set tea=<star>>Noted.\n\n+ which tea [*]\n- You drink <get tea>.\n\n+ *\n- Thanks.\n" + alive,
	}, nil)
	ada, bob := p.newcomer(), p.newcomer()
	p.act(bob, emulator.Action{Kind: "say", Text: "my tea is green"})
	p.answered(bob, 1)
	acts := []emulator.Action{
		{Kind: "say", Text: "look at " + elsewhere.URL + "/a"},
		{Kind: "attachment", Type: "image", URL: elsewhere.URL + "/b.png"},
		{Kind: "attachment", Type: "file", URL: elsewhere.URL + "/c.pdf"},
		{Kind: "say", Text: "fetch " + host},
		{Kind: "say", Text: "fetch it"},
		{Kind: "say", Text: "which tea " + bob},
	}
	for _, a := range acts {
		p.act(ada, a)
	}
	p.act(ada, emulator.Action{Kind: "say", Text: "are you there"})
	var got []string
	p.until("a sign of life", func() bool {
		got = texts(p.heard(ada))
		return len(got) > 0 && got[len(got)-1] == sign
	})
	if !slices.Contains(got, "You drink undefined.") {
		t.Errorf("ada was told %q", got)
	}
	for _, why := range []string{"is not granted to this bot", "lies in a private network"} { // both requests were on their way
		if !slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, why) }) {
			t.Errorf("no request was refused because the host %s: ada was told %q", why, got)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("somebody was asked %d times: %q", n, got)
	}
}
