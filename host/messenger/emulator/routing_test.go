package emulator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

const (
	secondApp   = "200000000000009"
	secondToken = "EAAsecond"
)

// twoApps is a Page with two apps: the first is its default one.
func twoApps(t *testing.T, change func(*Config)) *stage {
	t.Helper()
	s := newStage(t, func(c *Config) {
		c.Apps = append(c.Apps, App{ID: secondApp, Secret: "other"})
		if change != nil {
			change(c)
		}
	})
	token, err := s.IssueToken(testPage, secondApp)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.state.Tokens[secondToken] = s.state.Tokens[token]
	s.mu.Unlock()
	if r := s.graphAs(secondToken, "POST", "/me/subscribed_apps?subscribed_fields=messages,messaging_handovers,standby", ""); r.status != 200 {
		t.Fatalf("subscribe: %v", r.body)
	}
	return s
}

func (s *stage) control(token, verb, rest string) (code, subcode int) {
	s.t.Helper()
	return s.graphAs(token, "POST", "/me/"+verb+"_thread_control", `{"recipient":{"id":"`+testPSID+`"}`+rest+`}`).code()
}

func (s *stage) owner() string {
	s.t.Helper()
	return s.thread().Owner
}

// Who may pass, take, release, request and extend control, and what the apps hear
// (messenger.md §2.9).
func TestControlMoves(t *testing.T) {
	s := twoApps(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.took()
	for _, row := range []struct {
		name, token, verb, rest string
		code, subcode           int
		owner                   string
		event                   string // key of the event that follows
	}{
		{"another app may not take", secondToken, "take", ``, 2018171, 0, "", ""},
		{"pass to nobody", testToken, "pass", `,"target_app_id":"7"`, 100, 2018164, "", ""},
		{"pass", testToken, "pass", `,"target_app_id":"` + secondApp + `","metadata":"m"`, 0, 0, secondApp, "pass_thread_control"},
		{"pass what is another's", testToken, "pass", `,"target_app_id":"` + InboxApp + `"`, 2018300, 0, secondApp, ""},
		{"release what is another's", testToken, "release", ``, 2018300, 0, secondApp, ""},
		{"extend what is another's", testToken, "extend", `,"duration":60`, 2018300, 0, secondApp, ""},
		{"request", testToken, "request", `,"metadata":"please"`, 0, 0, secondApp, "request_thread_control"},
		{"extend for too long", secondToken, "extend", `,"duration":604801`, 100, 0, secondApp, ""},
		{"extend", secondToken, "extend", `,"duration":604800`, 0, 0, secondApp, ""},
		{"take", testToken, "take", ``, 0, 0, testApp, "take_thread_control"},
		{"pass to the inbox", testToken, "pass", `,"target_app_id":"` + InboxApp + `"`, 0, 0, InboxApp, "pass_thread_control"},
		{"take from the inbox", testToken, "take", ``, 0, 0, testApp, "take_thread_control"},
		{"release", testToken, "release", ``, 0, 0, "", "pass_thread_control"},
	} {
		code, subcode := s.control(row.token, row.verb, row.rest)
		if code != row.code || subcode != row.subcode || s.owner() != row.owner {
			t.Errorf("%s: %d/%d, owner %q", row.name, code, subcode, s.owner())
		}
		s.settle()
		got := s.events()
		if len(got) > 0 && got[0][row.event] == nil || len(got) == 0 && row.event != "" {
			t.Errorf("%s: events %v", row.name, got)
		}
	}
	if code, subcode := s.graph("POST", "/me/pass_thread_control", `{"recipient":{"id":"7"}}`).code(); code != 100 || subcode != 2018001 {
		t.Errorf("unknown person: %d/%d", code, subcode)
	}
}

// Control lapses 24 h after the last event, unless it was extended.
func TestControlLapses(t *testing.T) {
	s := twoApps(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.control(testToken, "pass", `,"target_app_id":"`+secondApp+`"`)
	s.control(secondToken, "extend", `,"duration":172800`)
	s.settle()
	s.advance(48 * time.Hour)
	if s.owner() != secondApp {
		t.Errorf("owner %q within the extension", s.owner())
	}
	s.advance(time.Second)
	if s.owner() != "" {
		t.Errorf("owner %q after the extension", s.owner())
	}
}

func TestThreadOwnerAndReceivers(t *testing.T) {
	s := twoApps(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	if r := s.graph("GET", "/me/thread_owner?recipient="+testPSID, ""); len(items(r.body, "data")) != 0 {
		t.Errorf("idle: %v", r.body)
	}
	s.control(testToken, "pass", `,"target_app_id":"`+secondApp+`"`)
	r := s.graph("GET", "/me/thread_owner?recipient="+testPSID, "")
	owner := value.Object(value.Object(items(r.body, "data")[0])["thread_owner"])
	if owner["app_id"] != secondApp || owner["expiration"].(float64) < float64(start.Add(24*time.Hour).Unix()) {
		t.Errorf("owner: %v", r.body)
	}
	r = s.graph("GET", "/me/secondary_receivers?fields=id,name", "")
	list := items(r.body, "data")
	if len(list) != 2 || value.Object(list[0])["id"] != InboxApp || value.Object(list[1])["id"] != secondApp {
		t.Errorf("receivers: %v", r.body)
	}
}

// A send can pass control, and an idle thread takes the app that answers.
func TestControlBySend(t *testing.T) {
	s := twoApps(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	send := func(token, rest string) result {
		return s.graphAs(token, "POST", "/me/messages", `{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":{"text":"x"}`+rest+`}`)
	}
	if r := send(testToken, `,"thread_control":{"control_type":"pass","app_id":"`+secondApp+`"}`); r.status != 200 || s.owner() != secondApp {
		t.Errorf("pass: %v, owner %q", r.body, s.owner())
	}
	if code, _ := send(testToken, "").code(); code != 2018300 {
		t.Errorf("sent by the app that passed control: %d", code)
	}
	for rest, want := range map[string]int{`{"control_type":"give"}`: 0, `{"control_type":"pass","app_id":"7"}`: 2018164} {
		if code, subcode := send(secondToken, `,"thread_control":`+rest).code(); code != 100 || subcode != want {
			t.Errorf("%s: %d/%d", rest, code, subcode)
		}
	}
	s.control(secondToken, "release", "")
	if r := send(secondToken, ""); r.status != 200 || s.owner() != secondApp {
		t.Errorf("an idle thread: %v, owner %q", r.body, s.owner())
	}
}

// "Zero configuration": all apps hear everything as messaging, and none can take.
func TestNoDefaultApp(t *testing.T) {
	s := twoApps(t, func(c *Config) { c.Pages[0].NoDefault = true; c.Apps[1].Callback = c.Callback })
	s.act(Action{Kind: "say", Text: "hi"})
	if got := fmt.Sprint(s.queueKeys()); got != "[messaging messaging]" {
		t.Errorf("delivered as %s", got)
	}
	if code, _ := s.control(testToken, "take", ""); code != 2018171 {
		t.Errorf("take: %d", code)
	}
	if r := s.graphAs(secondToken, "POST", "/me/subscribed_apps?subscribed_fields=messages,message_echoes,message_deliveries,standby", ""); r.status != 200 {
		t.Fatal(r.body)
	}
	s.mustSend(`{"text":"hello"}`)
	s.settle()
	if got := fmt.Sprint(s.queueKeys()); strings.Contains(got, "standby") {
		t.Errorf("echo and delivery came as %s", got)
	}
}

// Echo and delivery of a message go to the app that sent it as messaging, to the others as standby.
func TestEchoesOfOthers(t *testing.T) {
	s := twoApps(t, func(c *Config) { c.Apps[1].Callback = c.Callback + "/second" })
	if r := s.graphAs(secondToken, "POST", "/me/subscribed_apps?subscribed_fields=messages,message_echoes,message_deliveries,standby", ""); r.status != 200 {
		t.Fatal(r.body)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	s.took()
	s.mustSend(`{"text":"hello"}`)
	s.settle()
	heard := 0
	for _, a := range s.Attempts() {
		if body := string(a.Body); strings.Contains(body, "is_echo") || strings.Contains(body, "watermark") {
			if heard++; strings.Contains(body, `"standby":[`) != (a.App == secondApp) {
				t.Errorf("app %s heard %s", a.App, body)
			}
		}
	}
	if heard != 4 {
		t.Errorf("%d echoes and deliveries were heard, want two by each app", heard)
	}
}

// queueKeys are the lists in which the latest events came.
func (s *stage) queueKeys() []string {
	var out []string
	for _, post := range s.took() {
		for _, key := range []string{"messaging", "standby", "changes"} {
			if v, err := value.Decode(post.body); err == nil {
				for _, entry := range items(v, "entry") {
					if value.Object(entry)[key] != nil {
						out = append(out, key)
					}
				}
			}
		}
	}
	return out
}

// The person is handed to a human and back; meanwhile the bot listens only (§7).
func TestHumanInbox(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.act(Action{Kind: "human"})
	s.took()
	s.act(Action{Kind: "say", Text: "a human, please"})
	if got := fmt.Sprint(s.queueKeys()); got != "[standby]" {
		t.Errorf("delivered as %s", got)
	}
	if code, _ := s.send(`{"text":"x"}`).code(); code != 2018300 {
		t.Errorf("send: %d", code)
	}
	s.act(Action{Kind: "inbox", Text: "I am here"})
	if got := fmt.Sprint(s.queueKeys()); got != "[standby]" {
		t.Errorf("the human was heard as %s", got)
	}
	s.act(Action{Kind: "bot"})
	s.took()
	s.act(Action{Kind: "say", Text: "bot again"})
	if got := fmt.Sprint(s.queueKeys()); got != "[messaging]" {
		t.Errorf("delivered as %s", got)
	}
	if err := s.SetOwner(testPage, testPSID, Questions); err != nil {
		t.Fatal(err)
	}
	if code, _ := s.send(`{"text":"x"}`).code(); code != 2018321 {
		t.Errorf("while Meta's own questions control: %d", code)
	}
}

// A change of the default app is told by app_roles.
func TestDefaultApp(t *testing.T) {
	s := twoApps(t, nil)
	if err := s.Take(Measure{Kind: "default", App: secondApp}); err != nil {
		t.Fatal(err)
	}
	s.settle()
	roles := s.only("app_roles")
	if fmt.Sprint(roles[secondApp]) != "[primary_receiver]" || fmt.Sprint(roles[testApp]) != "[secondary_receiver]" {
		t.Errorf("roles: %v", roles)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	if got := fmt.Sprint(s.queueKeys()); got != "[standby]" {
		t.Errorf("the first app heard it as %s", got)
	}
}
