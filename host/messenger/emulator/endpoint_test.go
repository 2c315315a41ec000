package emulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func TestPersonas(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	r := s.graph("POST", "/me/personas", `{"name":"Vera","profile_picture_url":"https://a.b/c.png"}`)
	id := value.Text(r.body["id"])
	if id == "" {
		t.Fatalf("made: %v", r.body)
	}
	if r := s.graph("GET", "/"+id, ""); r.body["name"] != "Vera" || r.body["profile_picture_url"] != "https://a.b/c.png" {
		t.Errorf("one: %v", r.body)
	}
	if r := s.graph("GET", "/me/personas", ""); len(items(r.body, "data")) != 1 {
		t.Errorf("all: %v", r.body)
	}
	speak := func(rest string) result {
		return s.graph("POST", "/me/messages", `{"recipient":{"id":"`+testPSID+`"},"persona_id":"`+id+`",`+rest+`}`)
	}
	for rest, want := range map[string]int{`"sender_action":"typing_on"`: 0, `"sender_action":"mark_seen"`: 100, `"messaging_type":"RESPONSE","message":{"text":"x"}`: 0} {
		if code, _ := speak(rest).code(); code != want {
			t.Errorf("%s: %d", rest, code)
		}
	}
	speak(`"sender_action":"typing_on"`)
	if v := s.thread(); !v.Typing || v.TypingAs == nil || v.TypingAs.Name != "Vera" {
		t.Errorf("typing as %+v", v.TypingAs)
	}
	if r := s.graph("DELETE", "/"+id, ""); r.body["success"] != true {
		t.Errorf("deleted: %v", r.body)
	}
	if got := s.thread().Bubbles[1].Persona; got == nil || got.Name != "Vera" {
		t.Errorf("an old message lost its persona: %+v", got)
	}
	if code, _ := speak(`"messaging_type":"RESPONSE","message":{"text":"x"}`).code(); code != 100 {
		t.Errorf("sent under a deleted persona: %d", code)
	}
	for _, bad := range []string{`{"profile_picture_url":"https://a.b/c.png"}`, `{"name":"` + long(51) + `","profile_picture_url":"https://a.b/c.png"}`, `{"name":"x"}`} {
		if code, _ := s.graph("POST", "/me/personas", bad).code(); code != 100 {
			t.Errorf("%.60s: %d", bad, code)
		}
	}
	if code, subcode := s.graph("DELETE", "/7", "").code(); code != 100 || subcode != 33 {
		t.Errorf("unknown: %d/%d", code, subcode)
	}
}

// A batch: answers in the order of its items, whatever order they ran in; null for what
// was not run or is quiet; each item in the log (messenger.md §3.10).
func TestBatch(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].RequireProof = true })
	s.act(Action{Kind: "say", Text: "hi"})
	proof := "&appsecret_proof=" + state.Proof(testSecret, testToken)
	send := func(text, more string) string {
		body := url.Values{
			"recipient": {`{"id":"` + testPSID + `"}`}, "messaging_type": {"RESPONSE"}, "message": {`{"text":"` + text + `"}`},
		}.Encode()
		return `{"method":"POST","relative_url":"v26.0/me/messages","body":"` + body + `"` + more + `}`
	}
	run := func(items ...string) []any {
		t.Helper()
		req, _ := http.NewRequestWithContext(t.Context(), "POST", s.url+"/?include_headers=false"+proof,
			strings.NewReader(url.Values{"batch": {"[" + strings.Join(items, ",") + "]"}, "access_token": {testToken}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body := make([]byte, 1<<16)
		n, _ := resp.Body.Read(body)
		v, err := value.Decode(body[:n])
		list, ok := value.List(v)
		if err != nil || !ok {
			t.Fatalf("answer %s", body[:n])
		}
		return list
	}
	got := run(send("a", `,"name":"a"`), send("b", `,"depends_on":"a"`), `{"method":"GET","relative_url":"me?fields=name"}`, `{"method":"GET","relative_url":"me/insights"}`)
	if got[0] != nil || value.Text(value.Object(got[1])["code"]) != "200" || !strings.Contains(value.Text(value.Object(got[2])["body"]), `"name"`) ||
		value.Text(value.Object(got[3])["code"]) != "400" || value.Object(got[2])["headers"] != nil {
		t.Errorf("answers %v", got)
	}
	if b := s.thread().Bubbles; len(b) != 3 || b[1].Text != "a" || b[2].Text != "b" {
		t.Errorf("seen: %+v", b)
	}
	named := run(`{"method":"GET","relative_url":"me?fields=id","name":"page","omit_response_on_success":false}`, `{"method":"GET","relative_url":"{result=page:$.id}?fields=name"}`)
	if !strings.Contains(value.Text(value.Object(named[1])["body"]), `"name"`) {
		t.Errorf("a call with the answer to another: %v", named)
	}
	if got := run(send("", `,"name":"a"`), send("c", `,"depends_on":"a","name":"c"`), send("d", `,"depends_on":"c"`)); got[0] == nil || got[1] != nil || got[2] != nil {
		t.Errorf("behind a failure: %v", got)
	}
	s.arm(Fault{Endpoint: "messages", Kind: "reset", Deliver: true})
	if got := run(send("e", "")); got[0] != nil || len(s.thread().Bubbles) != 4 {
		t.Errorf("without an answer: %v", got)
	}
	s.arm(Fault{Endpoint: "batch", Code: 1, Subcode: 1357046, Deliver: true})
	if code, subcode := s.graph("POST", "/", `{"batch":[`+strings.ReplaceAll(send("f", ""), "v26.0/", "")+`],"appsecret_proof":"`+state.Proof(testSecret, testToken)+`"}`).code(); code != 1 || subcode != 1357046 || len(s.thread().Bubbles) != 5 {
		t.Errorf("arrived whole, answered %d/%d, %d bubbles", code, subcode, len(s.thread().Bubbles))
	}
	shuffled := false
	for range 20 {
		var many []string
		for i := range 6 {
			many = append(many, send(fmt.Sprint(i), ""))
		}
		before := len(s.thread().Bubbles)
		run(many...)
		order := ""
		for _, b := range s.thread().Bubbles[before:] {
			order += b.Text
		}
		shuffled = shuffled || order != "012345"
	}
	if !shuffled {
		t.Error("items that wait for nothing always ran in order")
	}
}

// The user-level menu stands before the Page's (messenger.md §4.1).
func TestUserMenu(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Quotas.MenuCalls = 8 })
	s.act(Action{Kind: "say", Text: "hi"})
	menu := func(title string) string {
		return `"persistent_menu":[{"locale":"default","call_to_actions":[{"type":"postback","title":"` + title + `","payload":"P"}]}]`
	}
	own := `{"psid":"` + testPSID + `",` + menu("Mine") + `}`
	if _, subcode := s.graph("POST", "/me/custom_user_settings", own).code(); subcode != 2018145 {
		t.Errorf("without Get Started: %d", subcode)
	}
	s.graph("POST", "/me/messenger_profile", `{"get_started":{"payload":"GO"},`+menu("Page's")+`}`)
	if got := s.thread().Menu; len(got) != 1 || got[0].Title != "Page's" {
		t.Errorf("menu: %+v", got)
	}
	if r := s.graph("POST", "/me/custom_user_settings", own); r.body["result"] != "success" {
		t.Errorf("set: %v", r.body)
	}
	if got := s.thread().Menu; len(got) != 1 || got[0].Title != "Mine" {
		t.Errorf("menu: %+v", got)
	}
	s.act(Action{Kind: "tap", Text: "Mine"})
	r := s.graph("GET", "/me/custom_user_settings?psid="+testPSID, "")
	one := value.Object(items(r.body, "data")[0])
	if one["user_level_persistent_menu"] == nil || one["page_level_persistent_menu"] == nil {
		t.Errorf("read: %v", r.body)
	}
	if code, _ := s.graph("DELETE", "/me/custom_user_settings?psid="+testPSID, "").code(); code != 100 {
		t.Errorf("deleted without params: %d", code)
	}
	s.graph("DELETE", "/me/custom_user_settings?psid="+testPSID+`&params=["persistent_menu"]`, "")
	if got := s.thread().Menu; got[0].Title != "Page's" {
		t.Errorf("menu after deleting: %+v", got)
	}
	if code, _ := s.graph("POST", "/me/custom_user_settings", `{"psid":"`+testPSID+`"}`).code(); code != 100 {
		t.Errorf("without a menu: %d", code)
	}
	if code, subcode := s.graph("GET", "/me/custom_user_settings?psid=7", "").code(); code != 100 || subcode != 2018001 {
		t.Errorf("unknown person: %d/%d", code, subcode)
	}
	s.graph("GET", "/me/custom_user_settings?psid="+testPSID, "")
	s.graph("GET", "/me/custom_user_settings?psid="+testPSID, "")
	if code, _ := s.graph("GET", "/me/custom_user_settings?psid="+testPSID, "").code(); code != 613 {
		t.Errorf("beyond the rate: %d", code)
	}
}

// Account linking, from the log-in button to unlinking by the Page (messenger.md §4.1).
func TestAccountLinking(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.mustSend(buttons(`{"type":"account_link","url":"https://bot.example/login?x=1"},{"type":"web_url","title":"Site","url":"https://bot.example/"}`))
	s.act(Action{Kind: "tap", Text: "Site"})
	if got := s.thread().Opened; got != "https://bot.example/" {
		t.Errorf("opened %s", got)
	}
	s.act(Action{Kind: "tap", Text: "Log In"})
	u, err := url.Parse(s.thread().Opened)
	token := u.Query().Get("account_linking_token")
	if err != nil || token == "" || u.Query().Get("x") != "1" || !strings.Contains(u.Query().Get("redirect_uri"), "account_linking_token=") {
		t.Fatalf("opened %s, %v", u, err)
	}
	ask := "/me?fields=recipient&account_linking_token=" + token
	if r := s.graph("GET", ask, ""); r.body["recipient"] != testPSID || r.body["id"] != testPage {
		t.Errorf("who: %v", r.body)
	}
	s.took()
	s.act(Action{Kind: "link", Payload: "code-1"})
	if got := s.only("account_linking"); got["status"] != "linked" || got["authorization_code"] != "code-1" {
		t.Errorf("linked: %v", got)
	}
	if r := s.graph("POST", "/me/unlink_accounts", `{"psid":"`+testPSID+`"}`); r.body["result"] != "unlink account success" {
		t.Errorf("unlinked: %v", r.body)
	}
	s.settle()
	if got := s.only("account_linking"); got["status"] != "unlinked" {
		t.Errorf("unlinked: %v", got)
	}
	s.advance(5*time.Minute + time.Second)
	if code, _ := s.graph("GET", ask, "").code(); code != 10303 {
		t.Errorf("after 5 min: %d", code)
	}
	if _, subcode := s.graph("POST", "/me/unlink_accounts", `{"psid":"7"}`).code(); subcode != 2018001 {
		t.Errorf("unknown person: %d", subcode)
	}
}

func TestLabelsAndReview(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].Permissions = []string{"human_agent"} })
	id := value.Text(s.graph("POST", "/me/custom_labels", `{"page_label_name":"vip"}`).body["id"])
	s.graph("POST", "/me/custom_labels", `{"page_label_name":"press"}`)
	if r := s.graph("GET", "/me/custom_labels?limit=1", ""); len(items(r.body, "data")) != 1 || value.Object(items(r.body, "data")[0])["page_label_name"] != "vip" {
		t.Errorf("labels: %v", r.body)
	}
	if r := s.graph("GET", "/"+id, ""); id == "" || r.body["page_label_name"] != "vip" {
		t.Errorf("label %q: %v", id, r.body)
	}
	if r := s.graph("DELETE", "/"+id, ""); r.body["success"] != true {
		t.Errorf("deleted: %v", r.body)
	}
	if code, subcode := s.graph("DELETE", "/"+id, "").code(); code != 100 || subcode != 33 {
		t.Errorf("deleted twice: %d/%d", code, subcode)
	}
	if r := s.graph("GET", "/me/custom_labels", ""); len(items(r.body, "data")) != 1 || value.Object(items(r.body, "data")[0])["page_label_name"] != "press" {
		t.Errorf("after one was deleted: %v", r.body)
	}
	if code, _ := s.graph("POST", "/me/custom_labels", `{}`).code(); code != 100 {
		t.Errorf("a label without name: %d", code)
	}
	r := s.graph("GET", "/me/messaging_feature_review", "")
	if list := items(r.body, "data"); len(list) != 1 || value.Object(list[0])["feature"] != "human_agent" || value.Object(list[0])["status"] != "approved" {
		t.Errorf("review: %v", r.body)
	}
}

// With a client for media, a URL that Meta could not use is refused (emulator.md §4.3).
func TestMediaFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ok" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte("picture"))
	}))
	defer server.Close()
	s := newStage(t, func(c *Config) { allFields(c); c.Media, c.Quotas.PrivateReplies = server.Client(), 1 })
	s.act(Action{Kind: "comment", Text: "nice"})
	comment := value.Text(value.Object(value.Object(items(items(s.took()[0].value(t), "entry")[0], "changes")[0])["value"])["comment_id"])
	if code, _ := s.graph("POST", "/me/messages", `{"recipient":{"comment_id":"`+comment+`"},"messaging_type":"RESPONSE","message":{"text":"thanks"}}`).code(); code != 0 {
		t.Errorf("a private reply is counted twice: %d", code)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	for _, row := range []struct {
		name, message string
		subcode       int
	}{
		{"there", `{"attachment":{"type":"image","payload":{"url":"` + server.URL + `/ok"}}}`, 0},
		{"gone", `{"attachment":{"type":"image","payload":{"url":"` + server.URL + `/no"}}}`, 2018008},
		{"another kind", `{"attachment":{"type":"video","payload":{"url":"` + server.URL + `/ok"}}}`, 2018047},
		{"picture of a quick reply", `{"text":"a","quick_replies":[{"content_type":"text","title":"T","payload":"P","image_url":"` + server.URL + `/ok"}]}`, 0},
	} {
		code, subcode := s.send(row.message).code()
		if subcode != row.subcode || row.name == "picture of a quick reply" && code != 100 {
			t.Errorf("%s: %d/%d", row.name, code, subcode)
		}
	}
	if _, subcode := s.graph("POST", "/me/message_attachments", `{"message":{"attachment":{"type":"image","payload":{"url":"`+server.URL+`/no","is_reusable":true}}}}`).code(); subcode != 2018008 {
		t.Errorf("upload by URL: %d", subcode)
	}
	if _, subcode := s.graph("POST", "/me/personas", `{"name":"Vera","profile_picture_url":"`+server.URL+`/no"}`).code(); subcode != 2018008 {
		t.Errorf("persona: %d", subcode)
	}
}
