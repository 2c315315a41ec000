package state

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

var now = time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)

func platform(t *testing.T, with Start) *State {
	t.Helper()
	s := New(1)
	if err := s.Populate(with, now); err != nil {
		t.Fatal(err)
	}
	return s
}

// What a start leaves out is filled in, the same with the same seed.
func TestPopulate(t *testing.T) {
	s, twin := platform(t, Start{}), platform(t, Start{})
	p, who, err := s.Pair("", "")
	if err != nil || p.App != s.Apps[0].ID || who.Page != p.ID || s.Talker(who.Conversation) != who {
		t.Errorf("page %+v, person %+v, error %v", p, who, err)
	}
	if made := s.Tokens[p.Token]; made == nil || made.User != s.Users[0] || made.Kind != PageToken {
		t.Errorf("the Page's token is %+v", made)
	}
	if p.Token != twin.Pages[0].Token || who.MID() != twin.People[0].MID() {
		t.Error("the same seed gave another platform")
	}
}

func TestPopulateRefuses(t *testing.T) {
	for _, row := range []struct {
		name, want string
		with       Start
	}{
		{"an app's id", "app id", Start{Apps: []world.App{{ID: "x"}}}},
		{"a callback", "absolute", Start{Callback: "host"}},
		{"a Page of no app", "not among the apps", Start{Pages: []world.Page{{App: "7"}}}},
		{"two Pages of one id", "used once", Start{Pages: []world.Page{{ID: "7"}, {ID: "7"}}}},
		{"two Pages of one token", "another's", Start{Pages: []world.Page{{Token: "t"}, {Token: "t"}}}},
		{"a short id of a person", "15 to 17", Start{People: []world.Person{{ID: "7"}}}},
		{"tasks on no Page", "not among the Pages", Start{Users: []world.User{{Tasks: map[string][]string{"7": nil}}}}},
	} {
		if err := New(1).Populate(row.with, now); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// A user token makes the same Page token as long as that lives.
func TestTokens(t *testing.T) {
	s := platform(t, Start{})
	by, p := s.Tokens[s.Users[0].Token], s.Pages[0]
	first := s.Derive(by, p, now)
	if again := s.Derive(by, p, now); again != first {
		t.Error("the same user token made two Page tokens")
	}
	if r := s.Tokens[first].Fault(now.Add(ShortLife)); r == nil || r.Subcode != 463 {
		t.Errorf("after its life: %+v", r)
	}
	s.SetTasks(s.Users[0], p, nil)
	if r := s.Tokens[first].Fault(now); r == nil || r.Subcode != 492 {
		t.Errorf("without a role: %+v", r)
	}
	if by.Fault(now) != nil {
		t.Error("the user token died with the role on a Page")
	}
	if r := by.Permit("pages_messaging", ""); r != nil {
		t.Errorf("a permission of every bot: %+v", r)
	}
	if r := by.Permit("ads_read", ""); r == nil || r.Code != 200 {
		t.Errorf("a permission that was not granted: %+v", r)
	}
}

func TestProves(t *testing.T) {
	s := platform(t, Start{Apps: []world.App{{Secret: "s", RequireProof: true}}})
	secret := s.Pages[0].Token
	made := s.Tokens[secret]
	second := func(after time.Duration) string { return strconv.FormatInt(now.Add(after).Unix(), 10) }
	for _, row := range []struct {
		name, proof, at string
		right           bool
	}{
		{"right", Proof("s", secret), "", true},
		{"right, with a time", Proof("s", secret+"|"+second(0)), second(0), true},
		{"of another time", Proof("s", secret+"|"+second(0)), second(time.Second), false},
		{"as old as it may be", Proof("s", secret+"|"+second(-proofLife)), second(-proofLife), true},
		{"too old", Proof("s", secret+"|"+second(-proofLife-time.Second)), second(-proofLife - time.Second), false},
		{"with a time that is none", Proof("s", secret+"|soon"), "soon", false},
		{"of another secret", Proof("x", secret), "", false},
		{"missing", "", "", false},
	} {
		if r := made.Proves(secret, row.proof, row.at, now); (r == nil) != row.right {
			t.Errorf("%s: %+v", row.name, r)
		}
	}
}

func TestConsents(t *testing.T) {
	o := NewOptIn(OneTime, "7", now)
	if o.Fault(OneTime, now) != nil || o.Fault(Checkbox, now) == nil || (*OptIn)(nil).Fault(OneTime, now) == nil {
		t.Error("a consent counts for its own kind, and for no other")
	}
	if o.Fault(OneTime, now.Add(tokenLife+time.Second)) == nil {
		t.Error("it outlived its time")
	}
	stopped := NewOptIn(Notifications, "7", now)
	stopped.Stopped = true
	if r := stopped.Fault(Notifications, now); r == nil || r.Subcode != 1893015 {
		t.Errorf("stopped: %+v", r)
	}
}

func TestLinking(t *testing.T) {
	s := platform(t, Start{})
	p, who := s.Pages[0], s.People[0]
	p.OpenLogin(who, "https://bot.example/login?a=b", "k", now)
	if !strings.Contains(who.Opened, "a=b") || !strings.Contains(who.Opened, "account_linking_token=k") {
		t.Errorf("opened %s", who.Opened)
	}
	if id, ok := p.Linking("k", now.Add(linkingLife)); !ok || id != who.ID {
		t.Errorf("within its life: %q, %t", id, ok)
	}
	if _, ok := p.Linking("k", now.Add(linkingLife+time.Second)); ok {
		t.Error("it outlived its time")
	}
}

// How a number is written does not matter.
func TestPhoned(t *testing.T) {
	s := platform(t, Start{People: []world.Person{{Phone: "+49 30 123"}, {}}})
	for number, want := range map[string]*Person{"+4930123": s.People[0], "49 (30) 1-23": s.People[0], "": nil, "+": nil, "+493012": nil} {
		if got := s.Pages[0].Phoned(number); got != want {
			t.Errorf("%q: %+v", number, got)
		}
	}
}

// Tries to link an account are forgotten when their time is over, and the oldest when there are too many.
func TestLinkingsAreBounded(t *testing.T) {
	s := platform(t, Start{})
	p, who, err := s.Pair("", "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxLinkings + 1 {
		p.OpenLogin(who, "https://bot.example/login", strconv.Itoa(i), now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(p.linkings) != maxLinkings {
		t.Errorf("%d are remembered", len(p.linkings))
	}
	for token, want := range map[string]bool{"0": false, "1": true, strconv.Itoa(maxLinkings): true} {
		if _, ok := p.Linking(token, now); ok != want {
			t.Errorf("%s is remembered: %v", token, ok)
		}
	}
	p.OpenLogin(who, "https://bot.example/login", "late", now.Add(2*linkingLife))
	if len(p.linkings) != 1 {
		t.Errorf("%d are remembered whose time is over", len(p.linkings)-1)
	}
}
