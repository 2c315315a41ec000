package emulator

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

const appToken = testApp + "|" + testSecret

// From a short user token to a Page token that never expires (messenger.md §4.4).
func TestTokenExchange(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Users = []User{{Token: "EAAshort"}} })
	page := func(token string) string {
		t.Helper()
		r := s.graphAs(token, "GET", "/me/accounts", "")
		list := items(r.body, "data")
		if len(list) != 1 || value.Object(list[0])["id"] != testPage || !strings.Contains(fmt.Sprint(value.Object(list[0])["tasks"]), "MESSAGING") {
			t.Fatalf("accounts: %v", r.body)
		}
		return value.Text(value.Object(list[0])["access_token"])
	}
	expires := func(token string) any {
		t.Helper()
		return value.Object(s.graphAs(appToken, "GET", "/debug_token?input_token="+token, "").body["data"])["expires_at"]
	}
	short := page("EAAshort")
	if expires(short) == 0.0 || page("EAAshort") != short {
		t.Error("a Page token of a short user token must expire with it, and stay the same")
	}
	exchange := "/oauth/access_token?grant_type=fb_exchange_token&client_id=" + testApp + "&client_secret=" + testSecret + "&fb_exchange_token="
	r := s.graphAs("", "GET", exchange+"EAAshort", "")
	long := value.Text(r.body["access_token"])
	if long == "" || r.body["expires_in"] != 5183944.0 || r.body["token_type"] != "bearer" {
		t.Fatalf("exchange: %v", r.body)
	}
	lasting := page(long)
	if lasting == short || expires(lasting) != 0.0 {
		t.Error("a Page token of a long-lived user token must not expire")
	}
	s.advance(3 * time.Hour)
	for token, want := range map[string]int{"EAAshort": 463, short: 463, lasting: 0, long: 0} {
		if _, subcode := s.graphAs(token, "GET", "/me", "").code(); subcode != want {
			t.Errorf("after 3 h: subcode %d, want %d", subcode, want)
		}
	}
	for _, row := range []struct {
		name, path string
		code       int
	}{
		{"dead", exchange + "EAAshort", 190},
		{"a Page token", exchange + lasting, 100},
		{"unknown", exchange + "EAAnothing", 190},
		{"wrong secret", strings.Replace(exchange, testSecret, "guess", 1) + long, 101},
		{"wrong app", strings.Replace(exchange, testApp, "7", 1) + long, 101},
		{"odd grant", strings.Replace(exchange, "fb_exchange_token&", "magic&", 1) + long, 100},
	} {
		if code, _ := s.graphAs("", "GET", row.path, "").code(); code != row.code {
			t.Errorf("%s: %d, want %d", row.name, code, row.code)
		}
	}
	r = s.graphAs("", "GET", "/oauth/access_token?grant_type=client_credentials&client_id="+testApp+"&client_secret="+testSecret, "")
	if r.body["access_token"] != appToken {
		t.Errorf("app token: %v", r.body)
	}
	if r := s.graphAs(long, "GET", "/me", ""); r.body["name"] != "Kim Doe" {
		t.Errorf("me: %v", r.body)
	}
	if code, _ := s.graph("GET", "/me/accounts", "").code(); code != 2500 {
		t.Errorf("accounts of a Page: %d", code)
	}
	for _, call := range s.Calls() {
		if strings.Contains(string(call.Params), testSecret) || strings.Contains(string(call.Params), "EAAshort") {
			t.Errorf("the log has a secret: %s", call.Params)
		}
	}
}

// A system user's token is of a kind of its own, lasts, and makes Page tokens that last
// (messenger.md §4.4).
func TestSystemUser(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Users = []User{{ID: "5", Token: "EAAuser"}, {ID: "6", Token: "EAAsystem", System: true}}
	})
	s.advance(100 * 24 * time.Hour)
	owned := items(s.graphAs("EAAsystem", "GET", "/me/accounts", "").body, "data")
	if len(owned) != 1 {
		t.Fatalf("accounts: %v", owned)
	}
	made := value.Text(value.Object(owned[0])["access_token"])
	for token, kind := range map[string]string{"EAAsystem": "SYSTEM_USER", made: "PAGE", "EAAuser": "USER"} {
		told := value.Object(s.graphAs(appToken, "GET", "/debug_token?input_token="+token, "").body["data"])
		lasts := told["expires_at"] == 0.0 && told["data_access_expires_at"] == 0.0 && told["is_valid"] == true
		if told["type"] != kind || lasts == (kind == "USER") {
			t.Errorf("%s: %v", kind, told)
		}
	}
	if code, _ := s.graphAs("EAAsystem", "GET", "/"+testPage+"/personas", "").code(); code != 190 {
		t.Errorf("a call for a Page's token: %d", code)
	}
	exchange := "/oauth/access_token?grant_type=fb_exchange_token&client_id=" + testApp + "&client_secret=" + testSecret + "&fb_exchange_token=EAAsystem"
	if code, _ := s.graphAs("", "GET", exchange, "").code(); code != 100 {
		t.Errorf("exchanged: %d", code)
	}
	if s.Take(Measure{Kind: "password", User: "6"}) == nil || s.Take(Measure{Kind: "password", User: "5"}) != nil {
		t.Error("a system user has no password, others have one")
	}
	if code, _ := s.graphAs(made, "GET", "/me", "").code(); code != 0 {
		t.Errorf("after somebody else's password changed: %d", code)
	}
	if err := s.Take(Measure{Kind: "remove_app", User: "6"}); err != nil {
		t.Fatal(err)
	}
	if _, subcode := s.graphAs(made, "GET", "/me", "").code(); subcode != 458 {
		t.Errorf("after the app was removed: %d", subcode)
	}
}

// A system user's token that lasts 60 days, and the Page tokens made with it, end with them; one that
// is refreshed in time makes others (messenger.md §4.4).
func TestExpiringSystemUser(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Users = []User{{ID: "6", Token: "EAAsystem", System: true, Expiring: true}} })
	page := func(token string) string {
		t.Helper()
		owned := items(s.graphAs(token, "GET", "/me/accounts", "").body, "data")
		if len(owned) != 1 {
			t.Fatalf("accounts: %v", owned)
		}
		return value.Text(value.Object(owned[0])["access_token"])
	}
	first := page("EAAsystem")
	s.advance(59 * 24 * time.Hour)
	exchange := "/oauth/access_token?grant_type=fb_exchange_token&client_id=" + testApp + "&client_secret=" + testSecret + "&fb_exchange_token=EAAsystem"
	if code, _ := s.graphAs("", "GET", exchange, "").code(); code != 100 {
		t.Errorf("as of a user with a password: %d", code)
	}
	r := s.graphAs("", "GET", exchange+"&set_token_expires_in_60_days=true", "")
	refreshed := value.Text(r.body["access_token"])
	if refreshed == "" || r.body["expires_in"] != 5183944.0 {
		t.Fatalf("refreshed: %v", r.body)
	}
	second := page(refreshed)
	s.advance(2 * 24 * time.Hour)
	for token, want := range map[string]int{"EAAsystem": 463, first: 463, refreshed: 0, second: 0} {
		if _, subcode := s.graphAs(token, "GET", "/me", "").code(); subcode != want {
			t.Errorf("after 61 days: subcode %d, want %d", subcode, want)
		}
	}
}

// What a user did not grant, or may not do, their tokens cannot do (§4.2).
func TestPermissionsAndTasks(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	subscribe := func() (int, int) {
		return s.graph("POST", "/me/subscribed_apps?subscribed_fields=messages", "").code()
	}
	take := func(m Measure) {
		t.Helper()
		if err := s.Take(m); err != nil {
			t.Fatal(err)
		}
	}
	take(Measure{Kind: "grant", Scopes: []string{"pages_manage_metadata"}})
	if code, _ := s.send(`{"text":"x"}`).code(); code != 230 {
		t.Errorf("send without pages_messaging: %d", code)
	}
	take(Measure{Kind: "grant", Scopes: []string{"pages_messaging"}})
	if code, _ := subscribe(); code != 200 {
		t.Errorf("subscribe without pages_manage_metadata: %d", code)
	}
	take(Measure{Kind: "grant", Scopes: []string{"pages_messaging", "pages_manage_metadata"}})
	take(Measure{Kind: "role", Tasks: []string{"MESSAGING"}})
	if code, _ := subscribe(); code != 200 {
		t.Errorf("subscribe without the task MODERATE: %d", code)
	}
	if code, _ := s.send(`{"text":"x"}`).code(); code != 0 {
		t.Errorf("send with the task MESSAGING: %d", code)
	}
	take(Measure{Kind: "role"})
	if _, subcode := s.send(`{"text":"x"}`).code(); subcode != 492 {
		t.Errorf("send without any task: %d", subcode)
	}
}

// What people do behind a Page (emulator.md §7).
func TestMeasures(t *testing.T) {
	for _, row := range []struct {
		measure       Measure
		code, subcode int
	}{
		{Measure{Kind: "password"}, 190, 460},
		{Measure{Kind: "checkpoint"}, 190, 459},
		{Measure{Kind: "unconfirmed"}, 190, 464},
		{Measure{Kind: "logout"}, 190, 467},
		{Measure{Kind: "remove_app"}, 190, 458},
		{Measure{Kind: "unpublish"}, 551, 0},
		{Measure{Kind: "restrict", Code: 1893063}, 10, 1893063},
		{Measure{Kind: "restrict", Code: 2022}, 2022, 0},
		{Measure{Kind: "development"}, 200, 2018028},
		{Measure{Kind: "live"}, 0, 0},
		{Measure{Kind: "publish"}, 0, 0},
		{Measure{Kind: "end_version", Version: "v22.0"}, 0, 0},
	} {
		s := newStage(t, nil)
		s.act(Action{Kind: "say", Text: "hi"})
		if err := s.Take(row.measure); err != nil {
			t.Fatal(err)
		}
		if code, subcode := s.send(`{"text":"x"}`).code(); code != row.code || subcode != row.subcode {
			t.Errorf("%+v: %d/%d, want %d/%d", row.measure, code, subcode, row.code, row.subcode)
		}
	}
	s := newStage(t, nil)
	for _, bad := range []Measure{
		{Kind: "x"},
		{Kind: "publish", Page: "7"},
		{Kind: "live", App: "7"},
		{Kind: "password", User: "7"},
		{Kind: "restrict", Code: 7},
		{Kind: "end_version", Version: "v26.0"},
		{Kind: "end_version", Version: "v1.0"},
	} {
		if s.Take(bad) == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
	if err := s.Take(Measure{Kind: "end_version", Version: "v21.0"}); err != nil {
		t.Fatal(err)
	}
	if got := s.graph("GET", "/v21.0/me", "").header.Get("Facebook-API-Version"); got != "v22.0" {
		t.Errorf("v21.0 ran as %s", got)
	}
}

// Data deletion and deauthorisation, with right and wrong signed requests (messenger.md §7).
func TestTell(t *testing.T) {
	var got string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.PostFormValue("signed_request")
		_, _ = io.WriteString(w, `{"url":"https://bot.example/status","confirmation_code":"c"}`)
	}))
	defer host.Close()
	s := newStage(t, func(c *Config) { c.Apps[0].DeletionURL = host.URL + "/deletion" })
	told, err := s.Tell(t.Context(), Telling{Kind: "deletion", User: testPSID})
	if err != nil || told.Status != 200 || !strings.Contains(told.Body, "confirmation_code") || told.User == testPSID || !strings.Contains(got, ".") {
		t.Errorf("told %+v, %v; sent %s", told, err, got)
	}
	if _, err := s.Tell(t.Context(), Telling{Kind: "deauthorize", User: "1", URL: host.URL, Wrong: "missing"}); err != nil || got != "" {
		t.Errorf("without a request: %q, %v", got, err)
	}
	for _, bad := range []Telling{{Kind: "x"}, {Kind: "deauthorize"}, {Kind: "deletion", App: "7"}, {Kind: "deletion", Wrong: "x"}, {Kind: "deletion", URL: "http://127.0.0.1:1"}} {
		if _, err := s.Tell(t.Context(), bad); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}

// Outside Messenger somebody has one id for each app, with Messenger one for each Page: the
// app can go from one to the other, a user may ask for their own only.
func TestIdentities(t *testing.T) {
	const second, other, twin, friend = "100000000000005", "200000000000007", "3000000000000004", "3000000000000009"
	s := newStage(t, func(c *Config) {
		c.Apps = append(c.Apps, App{ID: other, Secret: "x"})
		c.Pages = append(c.Pages, Page{ID: second, Name: "Bakery"}, Page{ID: "100000000000006", App: other})
		c.People = []Person{
			{ID: testPSID, Account: "5"}, {ID: twin, Page: second, Account: "5"}, {ID: friend}, {ID: "3000000000000010", Page: "100000000000006", Account: "5"},
		}
		c.Users = []User{{ID: "5", Token: "EAAuser"}, {ID: "6"}}
	})
	me := value.Text(s.graphAs("EAAuser", "GET", "/me", "").body["id"])
	if told := value.Object(s.graphAs(appToken, "GET", "/debug_token?input_token=EAAuser", "").body["data"])["user_id"]; me == "5" || told != me {
		t.Errorf("debug_token tells of user %v, /me of %s: want one id that is not the account's", told, me)
	}
	if got := s.graphAs("EAAuser", "GET", "/"+me+"/accounts", "").body["data"]; got == nil {
		t.Error("a user's Pages under their id: none")
	}
	if code, subcode := s.graphAs("EAAuser", "GET", "/5/accounts", "").code(); code != 100 || subcode != 33 {
		t.Errorf("a user's Pages under the account's id: %d/%d", code, subcode)
	}
	apps := s.graph("GET", "/"+testPSID+"/ids_for_apps", "").body
	if got := items(apps, "data"); len(got) != 1 || value.Object(got[0])["id"] != me {
		t.Errorf("ids for apps: %v, want %s", apps, me)
	}
	ids := func(token, path string) string {
		t.Helper()
		r := s.graphAs(token, "GET", path, "")
		if code, subcode := r.code(); code != 0 {
			return fmt.Sprintf("%d/%d", code, subcode)
		}
		out := ""
		for _, one := range items(r.body, "data") {
			out += value.Text(value.Object(one)["id"]) + "@" + value.Text(value.Object(value.Object(one)["page"])["id"]) + " "
		}
		return out
	}
	asked := "/" + me + "/ids_for_pages"
	if got := ids(appToken, asked); got != "" {
		t.Errorf("before they wrote: %s", got)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	s.act(Action{Kind: "optin", Page: second, Person: twin, Ref: "r"})
	s.act(Action{Kind: "say", Page: "100000000000006", Person: "3000000000000010", Text: "hi"})
	stranger := value.Text(value.Object(items(s.graph("GET", "/"+friend+"/ids_for_apps", "").body, "data")[0])["id"])
	first, both := testPSID+"@"+testPage+" ", testPSID+"@"+testPage+" "+twin+"@"+second+" "
	for _, row := range []struct{ name, token, path, want string }{
		{"the app asks", appToken, asked, both},
		{"about one Page", appToken, asked + "?page=" + testPage, first},
		{"one at a time", appToken, asked + "?limit=1", first},
		{"the user asks", "EAAuser", "/me/ids_for_pages", both},
		{"about somebody else", "EAAuser", "/" + stranger + "/ids_for_pages", "100/33"},
		{"somebody who has not written", appToken, "/" + stranger + "/ids_for_pages", ""},
		{"an account's own id", appToken, "/5/ids_for_pages", "100/33"},
		{"a PSID", appToken, "/" + testPSID + "/ids_for_pages", "100/33"},
		{"another app, which knows them by another id", other + "|x", asked, "100/33"},
		{"a Page asks", testToken, asked, "100/33"},
		{"me, without a user", appToken, "/me/ids_for_pages", "2500/0"},
		{"the way back, to another Page's person", testToken, "/" + twin + "/ids_for_apps", "100/33"},
		{"a cursor of nobody's", appToken, asked + "?after=x", "100/0"},
	} {
		if got := ids(row.token, row.path); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	if _, err := s.AddPerson(Person{Account: "kim"}); err == nil {
		t.Error("an account that is no number was taken")
	}
}

// The headers of an app, or of a user, that calls too often tell so before; the codes can be others
// (emulator.md §4.5).
func TestQuotaHeadersAndCodes(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Users = []User{{ID: "5", Token: "EAAuser"}}
		c.Quotas = Quotas{CallsPerUser: 4, CallsPerApp: 10, CallsPerEngagedUser: 2, Codes: map[string]int{"app": 341}}
	})
	load := func(token, path string) (string, int) {
		r := s.graphAs(token, "GET", path, "")
		code, _ := r.code()
		_, after, _ := strings.Cut(r.header.Get("X-App-Usage"), `"call_count":`)
		percent, _, _ := strings.Cut(after, ",")
		return percent, code
	}
	for _, row := range []struct {
		name, token, path, percent string
		code                       int
	}{
		{"one of four of the user", "EAAuser", "/me", "25", 0},
		{"three of ten of the app, for a Page", testToken, "/me", "20", 0},
		{"the Page's second", testToken, "/me", "30", 0},
		{"the Page has no more, whatever it calls", testToken, "/me", "40", 80001},
		{"nor about messages", testToken, "/me/thread_owner?recipient=" + testPSID, "50", 80006},
		{"the user's second", "EAAuser", "/me", "60", 0},
		{"the user's third", "EAAuser", "/me", "75", 0},
		{"the user's last", "EAAuser", "/me", "100", 0},
		{"the user has no more", "EAAuser", "/me", "100", 17},
		{"the app's last", appToken, "/" + testApp, "100", 0},
		{"the app has no more", appToken, "/" + testApp, "100", 341},
	} {
		if percent, code := load(row.token, row.path); percent != row.percent || code != row.code {
			t.Errorf("%s: %s %%, code %d; want %s %%, %d", row.name, percent, code, row.percent, row.code)
		}
	}
}

// What a batch holds counts, the batch itself does not (messenger.md §3.9).
func TestBatchCountsItsCalls(t *testing.T) {
	s := newStage(t, nil)
	body := `access_token=` + testToken + `&batch=[{"method":"GET","relative_url":"me"},{"method":"GET","relative_url":"me"}]`
	req := httptest.NewRequest("POST", "/", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.Handler().ServeHTTP(httptest.NewRecorder(), req)
	if used := s.QuotasUsed()[0].Calls; used != 2 {
		t.Errorf("%d calls count, want 2", used)
	}
}

// A user who calls too often is refused with 17, about a Page with 32; after an hour with neither.
func TestUserQuota(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Users = []User{{ID: "5", Token: "EAAuser"}}
		c.Quotas.CallsPerUser = 2
	})
	as := func(path string) int {
		code, _ := s.graphAs("EAAuser", "GET", path, "").code()
		return code
	}
	if as("/me") != 0 || as("/me/accounts") != 0 {
		t.Error("refused too early")
	}
	if got := as("/me"); got != 17 {
		t.Errorf("about the user: %d, want 17", got)
	}
	if got := as("/" + testPage + "/personas"); got != 32 {
		t.Errorf("about the Page: %d, want 32", got)
	}
	s.advance(time.Hour + time.Second)
	if got := as("/me"); got != 0 {
		t.Errorf("an hour later: %d", got)
	}
}
