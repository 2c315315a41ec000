package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
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

// The optional fields stand where a fault has them, and nowhere else (emulator.md §3).
func TestOptionalFields(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.arm(Fault{Code: 100, Subcode: 33, Type: "IGApiException", UserTitle: "T", UserText: "U", Transient: true, Data: json.RawMessage(`{"blame":1}`)})
	got := s.send(`{"text":"x"}`).err()
	delete(got, "fbtrace_id")
	delete(got, "message")
	want := "map[code:100 error_data:map[blame:1] error_subcode:33 error_user_msg:U error_user_title:T is_transient:true type:IGApiException]"
	if fmt.Sprint(got) != want {
		t.Errorf("with all: %v, want %s", got, want)
	}
	s.arm(Fault{Code: 100})
	got = s.send(`{"text":"x"}`).err()
	if len(got) != 4 || got["fbtrace_id"] == nil {
		t.Errorf("with none: %v", got)
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

func TestRealClockCannotBeMoved(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Clock = nil })
	if err := s.Advance(t.Context(), time.Hour); !errors.Is(err, ErrRealClock) {
		t.Errorf("error %v", err)
	}
}
