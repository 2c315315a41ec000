package control

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

const (
	testPage   = "100000000000001"
	testApp    = "200000000000002"
	testPSID   = "3000000000000003"
	testToken  = "EAAtest"
	testSecret = "s3cret"
)

// stage is an emulator with a virtual clock and everything that its handler serves.
type stage struct {
	*emulator.Emulator
	t   *testing.T
	url string
}

func newStage(t *testing.T, _ func(*emulator.Config)) *stage {
	t.Helper()
	host := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	e, err := emulator.New(emulator.Config{
		Clock: clock.NewVirtual(start), Seed: 1,
		Apps:     []emulator.App{{ID: testApp, Secret: testSecret, Callback: host.URL}},
		Pages:    []emulator.Page{{ID: testPage, Token: testToken}},
		People:   []emulator.Person{{ID: testPSID, FirstName: "Ada"}},
		Switches: emulator.Switches{RetriesAtOnce: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(Handler(e))
	t.Cleanup(func() {
		server.CloseClientConnections()
		e.Close()
		server.Close()
		host.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return &stage{e, t, server.URL}
}

func (s *stage) act(a emulator.Action) {
	s.t.Helper()
	if err := s.Act(s.t.Context(), a); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) thread() emulator.Thread {
	s.t.Helper()
	v, err := s.Thread(testPage, testPSID)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// code is what a Graph call was refused with; zeros when it was not.
type code struct{ a, b int }

func (c code) code() (int, int) { return c.a, c.b }

func (s *stage) graph(method, path, body string) code {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var v struct {
		Error struct {
			Code    int
			Subcode int `json:"error_subcode"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		s.t.Fatal(err)
	}
	return code{v.Error.Code, v.Error.Subcode}
}

func (s *stage) send(message string) code {
	s.t.Helper()
	return s.graph("POST", "/me/messages", `{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":`+message+`}`)
}

// The control API over HTTP, as a test in another process uses it (emulator.md §8).
func TestControl(t *testing.T) {
	s := newStage(t, nil)
	call := func(method, path, body string) (int, map[string]any) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.url+"/control/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if json.Unmarshal(b, &m) != nil {
			var l []any
			if err := json.Unmarshal(b, &l); err != nil {
				t.Fatalf("%s: %s", path, b)
			}
			m = map[string]any{"list": l}
		}
		return resp.StatusCode, m
	}
	ok := func(path, body string) map[string]any {
		t.Helper()
		method := "POST"
		if body == "" {
			method = "GET"
		}
		status, m := call(method, path, body)
		if status != http.StatusOK {
			t.Fatalf("%s %s: %d %v", path, body, status, m)
		}
		return m
	}
	count := func(path string) int {
		t.Helper()
		l, _ := value.List(ok(path, "")["list"])
		return len(l)
	}
	state := ok("state", "")
	pages, _ := value.List(state["pages"])
	if value.Object(pages[0])["id"] != testPage || value.Object(pages[0])["token"] != testToken || state["now"] != "2026-11-22T12:00:00Z" {
		t.Errorf("state: %v", state)
	}
	ok("act", `{"kind":"say","text":"hi","page":"`+testPage+`","person":"`+testPSID+`"}`)
	ok("settle", `{}`)
	v := ok("thread?page="+testPage+"&person="+testPSID, "")
	bubbles, _ := value.List(v["bubbles"])
	if len(bubbles) != 1 || value.Object(bubbles[0])["text"] != "hi" || v["window_ends"] != "2026-11-23T12:00:00Z" {
		t.Errorf("thread: %v", v)
	}
	if id := ok("fault", `{"endpoint":"messages","code":613,"times":-1}`)["id"]; id != 1.0 {
		t.Errorf("fault id: %v", id)
	}
	if code, _ := s.send(`{"text":"x"}`).code(); code != 613 {
		t.Errorf("armed fault: code %d", code)
	}
	ok("disarm", `{"id":1}`)
	ok("token", `{"token":"`+testToken+`","subcode":460}`)
	if _, subcode := s.send(`{"text":"x"}`).code(); subcode != 460 {
		t.Errorf("killed token: subcode %d", subcode)
	}
	ok("token", `{"token":"`+testToken+`"}`)
	ok("owner", `{"app":"263902037430900"}`)
	if code, _ := s.send(`{"text":"x"}`).code(); code != 2018300 {
		t.Errorf("taken thread: code %d", code)
	}
	ok("owner", `{}`)
	ok("page", `{"id":"`+testPage+`","restricted":2022}`)
	if code, _ := s.send(`{"text":"x"}`).code(); code != 2022 {
		t.Errorf("restricted Page: code %d", code)
	}
	ok("page", `{"id":"`+testPage+`"}`)
	if now := ok("advance", `{"by":"24h1s"}`)["now"]; now != "2026-11-23T12:00:01Z" {
		t.Errorf("now: %v", now)
	}
	if _, subcode := s.send(`{"text":"x"}`).code(); subcode != 2018278 {
		t.Errorf("after a day: subcode %d", subcode)
	}
	added := ok("person", `{"first_name":"Bob"}`)
	if value.Text(added["id"]) == "" || len(s.People()) != 2 {
		t.Errorf("new person: %v", added)
	}
	ok("person", `{"id":"`+value.Text(added["id"])+`","first_name":"Bob","blocked":true}`)
	if !s.People()[1].Blocked || s.People()[1].Page != testPage {
		t.Errorf("changed person: %+v", s.People()[1])
	}
	ok("delivery", `{"app":"`+testApp+`","delivery":{"hold":true}}`)
	ok("callback", `{"app":"`+testApp+`","url":""}`)
	s.graph("GET", "/me/insights", "")
	if count("calls") != 6 || count("unimplemented") != 1 || count("attempts") < 1 || count("threads") != 2 || count("alerts") != 0 {
		t.Errorf("logs: %d %d %d %d %d", count("calls"), count("unimplemented"), count("attempts"), count("threads"), count("alerts"))
	}
	ran := ok("scenario", `{"source":"say \"hi\"\nexpect nothing"}`)
	if ran["ok"] != true || !strings.Contains(value.Text(ran["report"]), "ok       1  say") {
		t.Errorf("scenario: %v", ran)
	}
	if ran := ok("scenario", `{"source":"expect buttons \"A\""}`); ran["ok"] != false || !strings.HasPrefix(value.Text(ran["problem"]), "line 1: ") {
		t.Errorf("scenario that fails: %v", ran)
	}
	ok("measure", `{"kind":"unpublish"}`)
	if !s.Pages()[0].Unpublished {
		t.Error("the Page is still published")
	}
	ok("release", `{}`)
	if token := value.Text(ok("user_token", `{}`)["access_token"]); token == "" {
		t.Error("no user token")
	}
	ok("fault", `{"kind":"timeout","nth":5}`)
	if count("faults") != 1 || count("quotas") != 1 {
		t.Errorf("%d faults, %d quotas", count("faults"), count("quotas"))
	}
	for _, bad := range []struct{ method, path, body string }{
		{"POST", "scenario", `{"source":"dance"}`},
		{"POST", "measure", `{"kind":"x"}`},
		{"POST", "tell", `{"kind":"deletion"}`},
		{"POST", "user_token", `{"user":"9"}`},
		{"POST", "act", `{"kind":"dance"}`},
		{"POST", "act", `{"kid":"say"}`},
		{"POST", "act", ``},
		{"POST", "advance", `{"by":"tomorrow"}`},
		{"POST", "advance", `{"by":"-1h"}`},
		{"POST", "advance", `{`},
		{"POST", "fault", `{"kind":"x"}`},
		{"POST", "fault", `1`},
		{"POST", "person", `{"id":"1"}`},
		{"POST", "person", `1`},
		{"GET", "thread?person=1", ""},
		{"POST", "delivery", `{"app":"9"}`},
		{"POST", "owner", `{"app":"x"}`},
		{"POST", "owner", `{"page":"9"}`},
		{"POST", "page", `{"id":"9"}`},
		{"POST", "page", `{"id":"` + testPage + `","restricted":7}`},
		{"POST", "person", `{"id":"` + testPSID + `","unavailable":7}`},
	} {
		if status, m := call(bad.method, bad.path, bad.body); status != http.StatusBadRequest || value.Text(m["error"]) == "" {
			t.Errorf("%s %s: %d %v", bad.path, bad.body, status, m)
		}
	}
	if status, m := call("GET", "nothing", ""); status != http.StatusNotFound || value.Text(m["error"]) == "" {
		t.Errorf("unknown path: %d %v", status, m)
	}
	if s.UpdatePerson(emulator.Person{ID: "1"}) == nil {
		t.Error("unknown person: no error")
	}
}

func TestControlRefusesOtherSites(t *testing.T) {
	s := newStage(t, nil)
	req, _ := http.NewRequestWithContext(t.Context(), "POST", s.url+"/control/act", strings.NewReader(`{"kind":"say","text":"x"}`))
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || len(s.thread().Bubbles) != 0 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// TestControlRefusesOtherNames: on this machine it answers under names of this machine only: a site whose name was made to
// point here is of our origin to a browser.
func TestControlRefusesOtherNames(t *testing.T) {
	s := newStage(t, nil)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), ":")
	for host, want := range map[string]int{
		"": http.StatusOK, "localhost:" + port: http.StatusOK, "LOCALHOST": http.StatusOK, "[::1]:" + port: http.StatusOK,
		"evil.example:" + port: http.StatusMisdirectedRequest, "127.0.0.1.evil.example": http.StatusMisdirectedRequest,
	} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", s.url+"/control/state", nil)
		req.Host = host
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want || want != http.StatusOK && strings.Contains(string(body), testSecret) {
			t.Errorf("as %q: status %d, want %d", host, resp.StatusCode, want)
		}
	}
}

func TestControlWatch(t *testing.T) {
	s := newStage(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", s.url+"/control/watch", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	read := func() {
		t.Helper()
		buf := make([]byte, len("data: change\n\n"))
		if _, err := io.ReadFull(resp.Body, buf); err != nil || string(buf) != "data: change\n\n" {
			t.Fatalf("stream: %q, %v", buf, err)
		}
	}
	read()
	s.act(emulator.Action{Kind: "say", Text: "x"})
	read()
}

func TestChatPage(t *testing.T) {
	s := newStage(t, nil)
	req, _ := http.NewRequestWithContext(t.Context(), "GET", s.url+"/chat", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	if !strings.Contains(string(b), "<title>Chat</title>") || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "connect-src 'self'") {
		t.Errorf("chat page: %v, %d bytes", resp.Header, len(b))
	}
}

// Whatever a person can do can be done on the chat page; hand-made events are for programs.
func TestChatPageOffersEverything(t *testing.T) {
	for _, kind := range emulator.ActionKinds() {
		if kind != "raw" && !strings.Contains(string(chatPage), `kind: "`+kind+`"`) {
			t.Errorf("the chat page has nothing for %q", kind)
		}
	}
}
