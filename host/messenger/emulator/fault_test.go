package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// post sends a text like a host would, and returns what came back.
func (s *stage) post(ctx context.Context, message string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, "POST", s.url+"/me/messages",
		strings.NewReader(`{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":`+message+`}`))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func (s *stage) arm(f Fault) int {
	s.t.Helper()
	id, err := s.Arm(f)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// Each kind of fault, with and without delivery (emulator.md §9).
func TestFaultKinds(t *testing.T) {
	for _, row := range []struct {
		name   string
		fault  Fault
		status int    // 0: no answer
		body   string // part of it
	}{
		{"code", Fault{Code: 613}, 400, `"(#613) Calls to this API have exceeded the rate limit."`},
		{"code and subcode", Fault{Code: 10, Subcode: 2018278, Message: "late"}, 400, `"error_subcode":2018278`},
		{"default is code 2", Fault{}, 500, `"is_transient":true`},
		{"status", Fault{Code: 4, Status: 403}, 403, `"code":4`},
		{"unknown code", Fault{Code: 77777}, 400, `"code":77777`},
		{"token", Fault{Code: 190, Subcode: 460}, 400, "changed their password"},
		{"type", Fault{Code: 1, Type: "IGApiException"}, 400, `"type":"IGApiException"`},
		{"message and title for the person", Fault{Code: 551, UserTitle: "Away", UserText: "Try later"}, 400, `"error_user_msg":"Try later"`},
		{"arrived in a batch", Fault{Code: 1, Subcode: 1357046}, 400, "Received invalid JSON reply"},
		{"secret", Fault{Kind: "secret"}, 400, "Error validating client secret: " + testSecret},
		{"html", Fault{Kind: "html"}, 502, "<!DOCTYPE html>"},
		{"html 503", Fault{Kind: "html", Status: 503}, 503, "<!DOCTYPE html>"},
		{"garbage", Fault{Kind: "garbage"}, 200, `{"recipient_id":"`},
		{"reset", Fault{Kind: "reset"}, 0, ""},
		{"timeout", Fault{Kind: "timeout"}, 0, ""},
	} {
		for _, deliver := range []bool{false, true} {
			t.Run(row.name, func(t *testing.T) {
				s := newStage(t, nil)
				s.act(Action{Kind: "say", Text: "hi"})
				s.took()
				f := row.fault
				f.Endpoint, f.Deliver = "messages", deliver
				s.arm(f)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if f.Kind == "timeout" {
					changes, stop := s.Watch()
					defer stop()
					go func() {
						for len(s.Calls()) == 0 {
							<-changes
						}
						cancel() // the client gives up once the call is swallowed
					}()
				}
				status, body, err := s.post(ctx, `{"text":"x","metadata":"m"}`)
				if (err != nil) != (row.status == 0) || status != row.status || !strings.Contains(body, row.body) {
					t.Errorf("answer %d %s, %v", status, body, err)
				}
				s.settle()
				bubbles, events := len(s.thread().Bubbles)-1, len(s.events())
				if want := map[bool]int{false: 0, true: 1}[deliver]; bubbles != want || events != 2*want {
					t.Errorf("deliver %v: %d bubbles, %d events", deliver, bubbles, events)
				}
				call := s.Calls()[0]
				if call.Status != row.status || !strings.HasSuffix(call.Fault, kindOf(f)) || strings.HasPrefix(call.Fault, "deliver") != deliver {
					t.Errorf("call log: status %d, fault %q", call.Status, call.Fault)
				}
				if status, _, err := s.post(t.Context(), `{"text":"x"}`); status != 200 || err != nil {
					t.Errorf("the fault did not end: %d, %v", status, err)
				}
			})
		}
	}
}

func TestFaultAddress(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	outcome := func(n int) string {
		var b strings.Builder
		for range n {
			status, _, _ := s.post(t.Context(), `{"text":"x"}`)
			b.WriteByte(map[bool]byte{true: '.', false: 'x'}[status == 200])
		}
		return b.String()
	}
	s.arm(Fault{Endpoint: "messages", Nth: 3, Times: 2, Code: 1200})
	if got := outcome(6); got != "..xx.." {
		t.Errorf("from the third on, twice: %s", got)
	}
	s.arm(Fault{Recipient: "3999999999999999", Times: -1})
	s.arm(Fault{Endpoint: "messenger_profile"})
	if got := outcome(3); got != "..." {
		t.Errorf("addressed to others: %s", got)
	}
	id := s.arm(Fault{Recipient: testPSID, Times: -1})
	if got := outcome(3); got != "xxx" {
		t.Errorf("until cleared: %s", got)
	}
	s.Disarm(id)
	if got := outcome(1); got != "." {
		t.Errorf("cleared: %s", got)
	}
	if code, _ := s.graph("GET", "/me/messenger_profile?fields=greeting", "").code(); code != 2 {
		t.Errorf("the fault of another endpoint: code %d", code)
	}
	s.arm(Fault{Times: -1})
	s.Disarm(0)
	if got := outcome(1); got != "." {
		t.Errorf("all cleared: %s", got)
	}
	if _, err := s.Arm(Fault{Endpoint: "x"}); err == nil {
		t.Error("an unknown endpoint: no error")
	}
	s.arm(Fault{Times: -1, Code: 4})
	if got := s.Faults(); len(got) != 1 || got[0].Fault.Code != 4 || got[0].Seen != 0 {
		t.Errorf("armed: %+v", got)
	}
}

func kindOf(f Fault) string {
	if f.Kind == "" {
		return fault.Error
	}
	return f.Kind
}

// Close ends a call that waits in a timeout fault.
func TestCloseEndsTimeouts(t *testing.T) {
	s := newStage(t, nil)
	s.arm(Fault{Kind: "timeout"})
	failed := make(chan error)
	go func() {
		_, _, err := s.post(context.Background(), `{"text":"x"}`)
		failed <- err
	}()
	changes, stop := s.Watch()
	defer stop()
	for len(s.Calls()) == 0 {
		<-changes
	}
	s.Close()
	if err := <-failed; err == nil {
		t.Error("the call had an answer")
	}
	if err := s.Act(t.Context(), Action{Kind: "say", Text: "x"}); err == nil {
		t.Error("an action after Close: no error")
	}
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
	for _, bad := range []struct{ method, path, body string }{
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
	if s.UpdatePerson(Person{ID: "1"}) == nil {
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
	s.act(Action{Kind: "say", Text: "x"})
	read()
}

func TestRealClockCannotBeMoved(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Clock = nil })
	if err := s.Advance(t.Context(), time.Hour); !errors.Is(err, ErrRealClock) {
		t.Errorf("error %v", err)
	}
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
