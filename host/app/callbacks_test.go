package app

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/person"
)

const rememberer = `+ my tea is *
- <set tea=<star>>Noted.

+ which tea
- You drink <get tea>.
`

// Rules 17 and 18 against the platform itself: whoever asks to be forgotten is found by the
// id that the app has of them, and only whoever connected the Page can disconnect it.
func TestPlatformCallbacks(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": rememberer + alive}, nil)
	told := func(kind, about string) string {
		t.Helper()
		got, err := p.Tell(t.Context(), emulator.Telling{Kind: strings.Replace(kind, "ise", "ize", 1), User: about, URL: "http://" + p.host.Addr() + "/" + kind})
		if err != nil || got.Status != 200 {
			t.Fatalf("%s: %+v, %v", kind, got, err)
		}
		var answer struct {
			Code string `json:"confirmation_code"`
		}
		if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Code
	}
	ada, bob := p.newcomer(), p.newcomer()
	for _, who := range []string{ada, bob} {
		p.act(who, emulator.Action{Kind: "say", Text: "my tea is green"})
		p.answered(who, 1)
	}
	c := &called{p.host, t}
	if r := c.closes(told("deletion", ada)); r.State != person.Done {
		t.Fatalf("request %+v", r)
	}
	p.act(ada, emulator.Action{Kind: "say", Text: "which tea"})
	p.said(ada, "Noted.", "You drink undefined.")
	p.act(bob, emulator.Action{Kind: "say", Text: "which tea"})
	p.said(bob, "Noted.", "You drink green.")

	told("deauthorise", bob)
	if _, speaks := p.host.client(p.page); !speaks {
		t.Fatal("a person who removed the app has silenced the Page")
	}
	told("deauthorise", p.Users()[0].ID)
	if _, speaks := p.host.client(p.page); speaks {
		t.Fatal("the Page speaks on, though whoever connected it has removed the app")
	}
	if state, err := p.host.pageState(t.Context()); err != nil || !strings.Contains(state, "get a new Page token") {
		t.Errorf("state %q, %v", state, err)
	}
}
