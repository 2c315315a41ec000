package emulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/callback"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Calls, tokens and objects (emulator.md §4.2). An empty token sends none.
func TestCallRefusals(t *testing.T) {
	const appToken = testApp + "|" + testSecret
	for _, row := range []struct {
		name                string
		token, method, path string
		code, subcode       int
		auth                string // part of WWW-Authenticate
	}{
		{"/me without token", "", "GET", "/me", 2500, 0, "invalid_request"},
		{"/me/messages without token", "", "POST", "/me/messages", 2500, 0, "invalid_request"},
		{"/me with an app token", appToken, "GET", "/me", 2500, 0, "invalid_request"},
		{"/me/messages with an app token", appToken, "POST", "/me/messages", 2500, 0, "invalid_request"},
		{"/me/messages with a user token", "EAAuser", "POST", "/me/messages", 2500, 0, "invalid_request"},
		{"messages with a user token", "EAAuser", "POST", "/" + testPage + "/messages", 190, 0, "invalid_token"},
		{"unknown path, bad token", "EAAwrong", "POST", "/a/b/c", 100, 33, ""}, // §4.1: the path comes first
		{"a label beyond the list", testToken, "POST", "/123456/label", 100, 33, ""},
		{"Page without token", "", "GET", "/" + testPage, 104, 0, "invalid_request"},
		{"bad token", "EAAwrong", "GET", "/me", 190, 0, "invalid_token"},
		{"wrong app secret", testApp + "|wrong", "GET", "/debug_token?input_token=x", 101, 0, "invalid_token"},
		{"unknown object", testToken, "GET", "/123456", 100, 33, ""},
		{"unknown edge", testToken, "GET", "/me/insights", 100, 33, ""},
		{"unknown path", testToken, "POST", "/a/b/c", 100, 33, ""},
		{"messages of an unknown Page", testToken, "POST", "/123456/messages", 100, 33, ""},
		{"messages of another Page", testToken, "POST", "/100000000000009/messages", 10, 0, ""},
		{"reading another Page", testToken, "GET", "/100000000000009", 10, 0, ""},
		{"messages with an app token", appToken, "POST", "/" + testPage + "/messages", 190, 0, "invalid_token"},
		{"version to come", testToken, "GET", "/v99.0/me", 2500, 0, ""},
		{"unknown field of a Page", testToken, "GET", "/me?fields=fan_count", 100, 0, ""},
		{"another app", appToken, "GET", "/200000000000009", 100, 33, ""},
		{"bad account linking token", testToken, "GET", "/me?fields=recipient&account_linking_token=x", 10303, 0, ""},
		{"debug_token with a Page token", testToken, "GET", "/debug_token?input_token=x", 100, 0, ""},
		{"debug_token of nothing", appToken, "GET", "/debug_token", 100, 0, ""},
		{"subscriptions with a Page token", testToken, "GET", "/" + testApp + "/subscriptions", 15, 0, "invalid_request"},
		{"subscriptions of another app", appToken, "GET", "/200000000000009/subscriptions", 100, 33, ""},
		{"subscribed_apps without fields", testToken, "POST", "/me/subscribed_apps", 100, 0, ""},
		{"subscribed_apps with a wrong field", testToken, "POST", "/me/subscribed_apps?subscribed_fields=mesages", 100, 0, ""},
		{"thread owner of nobody", testToken, "GET", "/me/thread_owner?recipient=1", 100, 2018001, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStage(t, func(c *Config) {
				c.Apps = append(c.Apps, App{ID: "200000000000009"})
				c.Users = []User{{ID: "5", Token: "EAAuser"}}
				c.Pages = append(c.Pages, Page{ID: "100000000000009"})
			})
			r := s.graphAs(row.token, row.method, row.path, "")
			code, subcode := r.code()
			if code != row.code || subcode != row.subcode || r.status != http.StatusBadRequest {
				t.Errorf("answer %d %v, want %d/%d", r.status, r.body, row.code, row.subcode)
			}
			if !strings.Contains(r.header.Get("WWW-Authenticate"), row.auth) || (row.auth == "") != (r.header.Get("WWW-Authenticate") == "") {
				t.Errorf("WWW-Authenticate %q, want %q in it", r.header.Get("WWW-Authenticate"), row.auth)
			}
			trace, _ := r.err()["fbtrace_id"].(string)
			calls := s.Calls()
			if len(calls) != 1 || trace == "" || calls[0].Trace != trace || calls[0].Status != r.status {
				t.Errorf("call log %+v does not show trace %q", calls, trace)
			}
		})
	}
}

// Nothing is silent: what the emulator does not know is written down, without the token.
func TestUnimplementedLog(t *testing.T) {
	s := newStage(t, nil)
	s.graph("GET", "/v26.0/me/insights?metric=x&access_token="+testToken, "")
	s.graph("GET", "/me", "")
	got := s.Unimplemented()
	if len(got) != 1 || got[0].Path != "/me/insights" || got[0].Version != "v26.0" || strings.Contains(string(got[0].Params), testToken) {
		t.Errorf("log: %+v", got)
	}
	if r := s.graph("GET", "/me/insights", ""); value.Text(r.err()["type"]) != "GraphMethodException" {
		t.Errorf("type of 100/33: %v", r.body)
	}
}

func TestTokenDeaths(t *testing.T) {
	s := newStage(t, nil)
	for _, cause := range []int{458, 459, 460, 463, 464, 467, 492} {
		if err := s.KillToken(testToken, cause); err != nil {
			t.Fatal(err)
		}
		r := s.graph("GET", "/me", "")
		if code, subcode := r.code(); code != 190 || subcode != cause || !strings.Contains(r.header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("cause %d: %v", cause, r.body)
		}
	}
	r := s.graphAs(testApp+"|"+testSecret, "GET", "/debug_token?input_token="+testToken, "")
	if data := value.Object(r.body["data"]); data["is_valid"] != false || value.Object(data["error"])["code"] != 190.0 {
		t.Errorf("debug_token of a dead token: %v", r.body)
	}
	if err := s.KillToken(testToken, 0); err != nil {
		t.Fatal(err)
	}
	r = s.graphAs(testApp+"|"+testSecret, "GET", "/debug_token?input_token="+testToken, "")
	if data := value.Object(r.body["data"]); data["is_valid"] != true || data["type"] != "PAGE" || data["profile_id"] != testPage || data["app_id"] != testApp {
		t.Errorf("debug_token: %v", r.body)
	}
	r = s.graphAs(testApp+"|"+testSecret, "GET", "/debug_token?input_token=nonsense", "")
	if data := value.Object(r.body["data"]); data["is_valid"] != false {
		t.Errorf("debug_token of nonsense: %v", r.body)
	}
	if s.KillToken("x", 460) == nil || s.KillToken(testToken, 461) == nil {
		t.Error("unknown token or cause: no error")
	}
}

// appsecret_proof is the hex HMAC of the token under the app secret (messenger.md §3.10).
func TestAppSecretProof(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].RequireProof = true })
	if r := s.graph("GET", "/me", ""); value.Text(r.err()["type"]) != "GraphMethodException" || !strings.Contains(value.Text(r.err()["message"]), "appsecret_proof") {
		t.Errorf("without proof: %v", r.body)
	}
	if r := s.graph("GET", "/me?appsecret_proof=00", ""); r.status != http.StatusBadRequest {
		t.Errorf("with a wrong proof: %v", r.body)
	}
	// echo -n EAAtest | openssl dgst -sha256 -hmac s3cret
	if r := s.graph("GET", "/me?appsecret_proof=6ce06c66d13d027c9e30a9b5acf6574bfee3a25acba56c4bdff7a6aefae756f7", ""); r.status != http.StatusOK {
		t.Errorf("with the proof: %v", r.body)
	}
	if strings.Contains(string(s.Calls()[2].Params), "6ce06c66d13d027c9e30a9b5acf6574bfee3a25acba56c4bdff7a6aefae756f7") {
		t.Error("the call log shows the proof")
	}
}

// A proof with a time of its own lives a short while.
func TestAppSecretTime(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].RequireProof = true })
	at := strconv.FormatInt(s.Now().Unix(), 10)
	path := "/me?appsecret_time=" + at + "&appsecret_proof=" + state.Proof(testSecret, testToken+"|"+at)
	if r := s.graph("GET", path, ""); r.status != http.StatusOK {
		t.Errorf("at once: %v", r.body)
	}
	s.advance(time.Hour)
	if code, _ := s.graph("GET", path, "").code(); code != 100 {
		t.Errorf("an hour later: code %d", code)
	}
}

func TestExpiredVersion(t *testing.T) {
	s := newStage(t, nil)
	if r := s.graph("GET", "/v3.1/me", ""); r.status != http.StatusOK || !strings.Contains(s.Calls()[0].Note, "v21.0") {
		t.Errorf("expired version: %v, note %q", r.body, s.Calls()[0].Note)
	}
}

// F15: texts may be translated; the numbers stay.
func TestLanguage(t *testing.T) {
	russian, _ := refusal.Foreign("ru")
	s := newStage(t, func(c *Config) { c.Switches.Language = "ru" })
	r := s.send(`{"text":"x"}`)
	if code, subcode := r.code(); code != 10 || subcode != 2018278 || value.Text(r.err()["message"]) != "(#10) "+russian {
		t.Errorf("answer %v", r.body)
	}
}

func TestNodes(t *testing.T) {
	s := newStage(t, func(c *Config) { c.People[0].Picture = "https://a.b/ada.png" })
	r := s.graph("GET", "/v26.0/"+testPage+"?fields=name,is_published", "")
	if r.body["id"] != testPage || r.body["is_published"] != true || r.body["name"] == nil {
		t.Errorf("Page: %v", r.body)
	}
	if r = s.graphAs(testApp+"|"+testSecret, "GET", "/"+testApp, ""); r.body["id"] != testApp {
		t.Errorf("app: %v", r.body)
	}
	if !strings.Contains(r.header.Get("X-App-Usage"), "call_count") {
		t.Errorf("usage header: %v", r.header)
	}
	profile := "/" + testPSID + "?fields=first_name,last_name,name,profile_pic"
	if _, subcode := s.graph("GET", profile, "").code(); subcode != 33 {
		t.Errorf("before the person wrote: subcode %d", subcode)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	r = s.graph("GET", profile, "")
	if r.body["first_name"] != "Ada" || r.body["name"] != "Ada Lovelace" || !strings.HasPrefix(value.Text(r.body["profile_pic"]), "https://a.b/ada.png?ext=") {
		t.Errorf("person: %v", r.body)
	}
	picture := `{"attachment":{"type":"image","payload":{"url":"` + value.Text(r.body["profile_pic"]) + `"}}}`
	for _, row := range []struct {
		pass    time.Duration
		subcode int
	}{{0, 0}, {4*24*time.Hour - time.Second, 0}, {time.Second, 2018008}} {
		s.advance(row.pass)
		s.act(Action{Kind: "say", Text: "hi"})
		if _, subcode := s.send(picture).code(); subcode != row.subcode {
			t.Errorf("a picture, %s later: subcode %d, want %d", row.pass, subcode, row.subcode)
		}
	}
	if code, _ := s.graph("GET", "/"+testPSID+"?fields=first_name,locale", "").code(); code != 2018247 {
		t.Errorf("field without permission: code %d", code)
	}
	if code, _ := s.graph("GET", "/"+testPSID+"?fields=shoe_size", "").code(); code != 100 {
		t.Errorf("unknown field: code %d", code)
	}
	who := s.People()[0]
	for want, change := range map[int]func(*Person){
		2018218: func(p *Person) { p.Profile = "none" },
		2:       func(p *Person) { p.Blocked = true },
		0:       func(p *Person) { p.Profile = "bare" },
	} {
		p := who
		change(&p)
		if err := s.UpdatePerson(p); err != nil {
			t.Fatal(err)
		}
		r := s.graph("GET", profile, "")
		if code, _ := r.code(); code != want || want == 0 && len(r.body) != 1 {
			t.Errorf("profile, want code %d: %v", want, r.body)
		}
	}
}

// Whose profile cannot be read (emulator.md §4.4).
func TestProfileRefusals(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Config)
		fields string
		code   int
	}{
		{"a game's Page", func(c *Config) { c.Pages[0].Game = true }, "id", 10},
		{"no access to profiles", func(c *Config) { c.Apps[0].NoProfiles = true }, "first_name", 2018247},
		{"no access to profiles, the id alone", func(c *Config) { c.Apps[0].NoProfiles = true }, "id", 0},
		{"no access to profiles, a tester's", func(c *Config) { c.Apps[0].NoProfiles, c.People[0].Role = true, "tester" }, "first_name", 0},
		{"access", nil, "first_name", 0},
	} {
		s := newStage(t, row.change)
		s.act(Action{Kind: "say", Text: "hi"})
		if code, _ := s.graph("GET", "/"+testPSID+"?fields="+row.fields, "").code(); code != row.code {
			t.Errorf("%s: code %d, want %d", row.name, code, row.code)
		}
	}
}

func TestMessengerProfile(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Quotas.ProfileCalls = -1 })
	const path = "/me/messenger_profile"
	menu := `"persistent_menu":[{"locale":"default","call_to_actions":[{"type":"postback","title":"Help","payload":"HELP"}]}]`
	if r := s.graph("GET", path+"?fields=get_started,greeting", ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("nothing set: %v", r.body)
	}
	item := func(s string) string {
		return `{"get_started":{"payload":"G"},"persistent_menu":[{"locale":"default","call_to_actions":[` + s + `]}]}`
	}
	for _, row := range []struct {
		name, method, body string
		code, subcode      int
	}{
		{"menu without Get Started", "POST", `{` + menu + `}`, 100, 2018145},
		{"nothing", "POST", `{}`, 100, 0},
		{"unknown property", "POST", `{"colour":"red"}`, 100, 0},
		{"greeting of 161", "POST", `{"greeting":[{"locale":"default","text":"` + long(161) + `"}]}`, 100, 0},
		{"menu of 21", "POST", item(many(21, postback)), 105, 0},
		{"get without fields", "GET", ``, 100, 0},
		{"delete without fields", "DELETE", `{}`, 100, 0},
		{"delete of the unknown", "DELETE", `{"fields":["colour"]}`, 100, 0},
	} {
		if code, subcode := s.graph(row.method, path, row.body).code(); code != row.code || subcode != row.subcode {
			t.Errorf("%s: %d/%d, want %d/%d", row.name, code, subcode, row.code, row.subcode)
		}
	}
	if r := s.graph("GET", path+"?fields=get_started", ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("a refused call left something behind: %v", r.body)
	}
	all := `{"get_started":{"payload":"GET_STARTED"},` + menu + `,"greeting":[{"locale":"default","text":"Hi {{user_first_name}}!"}],` +
		`"ice_breakers":[{"question":"Where are you?","payload":"WHERE"}],"commands":[{"locale":"default","commands":[{"name":"help","description":"d"}]}]}`
	if r := s.graph("POST", path, all); r.body["result"] != "success" {
		t.Fatalf("set: %v", r.body)
	}
	v := s.thread()
	if v.Greeting != "Hi Ada!" || !v.GetStarted || len(v.Menu) != 1 || v.Starters[0].Title != "Where are you?" {
		t.Errorf("thread with a profile: %+v", v)
	}
	if r := s.graph("GET", path+"?fields=get_started,greeting", ""); !strings.Contains(fmt.Sprint(r.body), "GET_STARTED") {
		t.Errorf("get: %v", r.body)
	}
	if code, _ := s.graph("DELETE", path, `{"fields":["get_started"]}`).code(); code != 100 {
		t.Errorf("delete get_started under a menu: code %d", code)
	}
	if r := s.graph("DELETE", path, `{"fields":["get_started","persistent_menu"]}`); r.body["result"] != "success" || s.thread().GetStarted {
		t.Errorf("delete both: %v", r.body)
	}
}

func TestProfileQuota(t *testing.T) {
	s := newStage(t, nil)
	for range 10 {
		if r := s.graph("GET", "/me/messenger_profile?fields=greeting", ""); r.status != http.StatusOK {
			t.Fatal(r.body)
		}
	}
	if code, _ := s.graph("GET", "/me/messenger_profile?fields=greeting", "").code(); code != 613 {
		t.Errorf("eleventh call: code %d", code)
	}
	s.advance(10 * time.Minute)
	if r := s.graph("GET", "/me/messenger_profile?fields=greeting", ""); r.status != http.StatusOK {
		t.Errorf("10 min later: %v", r.body)
	}
}

func TestSubscribedApps(t *testing.T) {
	s := newStage(t, nil)
	r := s.graph("POST", "/"+testPage+"/subscribed_apps", "subscribed_fields=messages,messaging_postbacks")
	if r.body["success"] != true {
		t.Fatalf("subscribe: %v", r.body)
	}
	r = s.graph("GET", "/me/subscribed_apps", "")
	if got := fmt.Sprint(r.body["data"]); !strings.Contains(got, "id:"+testApp) || !strings.Contains(got, "[messages messaging_postbacks]") {
		t.Errorf("list: %v", r.body)
	}
	if r = s.graph("DELETE", "/me/subscribed_apps", ""); r.body["success"] != true {
		t.Errorf("unsubscribe: %v", r.body)
	}
	s.act(Action{Kind: "say", Text: "x"})
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs after unsubscribing", n)
	}
}

// Fields that tell of conversations need pages_messaging besides (emulator.md §2).
func TestSubscribedAppsPermissions(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Users = []User{{Scopes: []string{"pages_manage_metadata"}}} })
	for fields, want := range map[string]int{"feed": 0, "feed,messages": 230, "message_echoes": 230} {
		if code, _ := s.graph("POST", "/me/subscribed_apps?subscribed_fields="+fields, "").code(); code != want {
			t.Errorf("%s: code %d, want %d", fields, code, want)
		}
	}
}

// A field keeps the version with which it was subscribed to.
func TestSubscriptionVersions(t *testing.T) {
	s := newStage(t, nil)
	versions := func() string {
		return fmt.Sprint(value.Object(items(s.graphAs(appToken, "GET", "/"+testApp+"/subscriptions", "").body, "data")[0])["fields"])
	}
	if got := versions(); !strings.Contains(got, "v26.0") || strings.Contains(got, "v25.0") {
		t.Errorf("from the start: %s", got)
	}
	form := "object=page&callback_url=" + s.Apps()[0].Callback + "&verify_token=verify+me&fields=messages"
	if r := s.graphAs(appToken, "POST", "/v25.0/"+testApp+"/subscriptions", form); r.status != http.StatusOK {
		t.Fatal(r.body)
	}
	if got := versions(); got != "[map[name:messages version:v25.0]]" {
		t.Errorf("after v25.0: %s", got)
	}
}

// The dashboard does the same as the call, in words of its own (emulator.md §6).
func TestConfigure(t *testing.T) {
	s := newStage(t, nil)
	to := s.Apps()[0].Callback
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "hello") }))
	defer wrong.Close()
	for _, row := range []struct {
		name, app, callback, token string
		fields                     []string
		want                       string // in the error
	}{
		{"no such app", "9", to, "verify me", nil, "not known"},
		{"no URL", "", "nope", "verify me", nil, "absolute http"},
		{"no such field", "", to, "verify me", []string{"mesages"}, `"mesages"`},
		{"wrong token", "", to, "guess", nil, "HTTP Status Code = 403"},
		{"no challenge", "", wrong.URL, "verify me", nil, "The URL couldn't be validated. Response does not match challenge, expected value="},
	} {
		if err := s.Configure(t.Context(), row.app, row.callback, row.token, row.fields); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if a := s.Apps()[0]; a.Callback != to || len(a.Fields) < 2 {
		t.Errorf("what failed changed the app: %+v", a)
	}
	if err := s.Configure(t.Context(), testApp, to, "verify me", []string{"messages"}); err != nil {
		t.Fatal(err)
	}
	if a := s.Apps()[0]; a.VerifyToken != "verify me" || len(a.Fields) != 1 {
		t.Errorf("the app is %+v", a)
	}
}

// POST /{app}/subscriptions runs the challenge and answers 2200 when it fails.
func TestSubscriptions(t *testing.T) {
	const appToken = testApp + "|" + testSecret
	path := "/v26.0/" + testApp + "/subscriptions"
	s := newStage(t, func(c *Config) { c.Callback = "" })
	ours := httptest.NewServer(http.HandlerFunc(s.callback))
	defer ours.Close()
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, r.URL.Query().Get("hub.challenge")) // with a newline
	}))
	defer wrong.Close()
	form := func(url, verify string) string {
		return "object=page&callback_url=" + url + "&verify_token=" + verify + "&fields=messages,message_reads&include_values=true"
	}
	for _, row := range []struct{ name, body, text string }{
		{"wrong token", form(ours.URL, "guess"), "HTTP Status Code = 403; HTTP Message = Forbidden"},
		{"newline", form(wrong.URL, "verify+me"), "Response does not match challenge"},
		{"nobody there", form("http://127.0.0.1:1", "verify+me"), "could not be reached"},
	} {
		r := s.graphAs(appToken, "POST", path, row.body)
		if code, _ := r.code(); code != 2200 || !strings.Contains(value.Text(r.err()["message"]), row.text) {
			t.Errorf("%s: %v", row.name, r.body)
		}
	}
	for _, body := range []string{"", "object=instagram", "object=page&callback_url=nope", "object=page&callback_url=http://a.b&fields=mesages"} {
		if code, _ := s.graphAs(appToken, "POST", path, body).code(); code != 100 {
			t.Errorf("%q: code %d", body, code)
		}
	}
	if r := s.graphAs(appToken, "GET", path, ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("before: %v", r.body)
	}
	if r := s.graphAs(appToken, "POST", path, form(ours.URL, "verify+me")); r.body["success"] != true {
		t.Fatalf("subscribe: %v", r.body)
	}
	if r := s.graphAs(appToken, "GET", path, ""); !strings.Contains(fmt.Sprint(r.body), ours.URL) || !strings.Contains(fmt.Sprint(r.body), "message_reads") {
		t.Errorf("after: %v", r.body)
	}
	for _, c := range s.Calls() {
		if strings.Contains(string(c.Params), "verify me") {
			t.Error("the call log shows the verify token")
		}
	}
	s.act(Action{Kind: "say", Text: "x"})
	if n := len(s.took()); n != 1 {
		t.Errorf("%d POSTs to the new callback", n)
	}
	s.graphAs(appToken, "DELETE", path+"?object=page&fields=messages", "")
	s.act(Action{Kind: "say", Text: "x"})
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs without the field", n)
	}
	s.graphAs(appToken, "DELETE", path+"?object=page", "")
	if r := s.graphAs(appToken, "GET", path, ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("after delete: %v", r.body)
	}
}

// A callback that does not answer the challenge in 5 s has failed it.
func TestSlowChallenge(t *testing.T) {
	arrived := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	defer slow.Close()
	s := newStage(t, nil)
	done := make(chan result)
	go func() {
		done <- s.graphAs(testApp+"|"+testSecret, "POST", "/"+testApp+"/subscriptions", "object=page&fields=messages&callback_url="+slow.URL)
	}()
	<-arrived
	s.clock.Advance(callback.Limit)
	if code, _ := (<-done).code(); code != 2200 {
		t.Errorf("code %d, want 2200", code)
	}
}

func TestBadBodies(t *testing.T) {
	s := newStage(t, nil)
	for name, body := range map[string]string{
		"no JSON": `{"a":`, "deep": `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "bad form": "a=%zz",
	} {
		r := s.graph("POST", "/me/messages", body)
		if code, _ := r.code(); code != 100 || r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, r.status, r.body)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", s.url+"/me/messages", strings.NewReader(`[1]`))
	req.Header.Set("Authorization", "OAuth "+testToken)
	req.Header.Set("Content-Type", "application/json")
	if code, _ := s.do(req).code(); code != 100 {
		t.Errorf("JSON list: code %d", code)
	}
	req, _ = http.NewRequestWithContext(t.Context(), "POST", s.url+"/me/messages", strings.NewReader("--b\r\nbroken"))
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if code, _ := s.do(req).code(); code != 100 {
		t.Errorf("broken multipart: code %d", code)
	}
	if r := s.graph("POST", "/me?method=get&fields=id", ""); r.body["id"] != testPage {
		t.Errorf("method override: %v", r.body)
	}
}

// Where the switch says so, people see a changed menu a day later (emulator.md §5).
func TestMenuDelay(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Switches.MenuDelay = 24 * time.Hour })
	set := func(title string) {
		s.graph("POST", "/me/messenger_profile", `{"get_started":{"payload":"G"},"persistent_menu":[{"locale":"default","call_to_actions":[{"type":"postback","title":"`+title+`","payload":"p"}]}]}`)
	}
	shown := func(when, want string) {
		t.Helper()
		got := ""
		if menu := s.thread().Menu; len(menu) > 0 {
			got = menu[0].Title
		}
		if got != want {
			t.Errorf("%s the menu shows %q, want %q", when, got, want)
		}
	}
	set("One")
	shown("at once", "")
	s.advance(24 * time.Hour)
	shown("a day later", "One")
	set("Two")
	s.advance(time.Hour)
	set("Three")
	shown("after two changes", "One")
	s.advance(24 * time.Hour)
	shown("a day after them", "Three")
}
