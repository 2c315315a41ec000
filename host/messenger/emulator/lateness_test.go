package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// echoes are the echo events among those since the last call.
func (s *stage) echoes() int {
	n := 0
	for _, ev := range s.events() {
		if value.Object(ev["message"])["is_echo"] == true {
			n++
		}
	}
	return n
}

// No echo, and a late one (emulator.md §9): the message is there at once.
func TestEchoFaults(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.took()
	s.arm(Fault{Kind: "no_echo"})
	s.mustSend(`{"text":"a"}`)
	s.settle()
	if n := s.echoes(); n != 0 || len(s.thread().Bubbles) != 2 {
		t.Errorf("no echo: %d came", n)
	}
	s.arm(Fault{Kind: "late_echo", Delay: 3000})
	s.mustSend(`{"text":"b"}`)
	s.mustSend(`{"text":"c"}`)
	s.settle()
	if n := s.echoes(); n != 1 || len(s.thread().Bubbles) != 4 {
		t.Errorf("before the late echo: %d came", n)
	}
	s.advance(3 * time.Second)
	if n := s.echoes(); n != 1 {
		t.Errorf("late echo: %d came", n)
	}
}

// Slow media appear behind what followed them, or after their delay.
func TestSlowMedia(t *testing.T) {
	s := newStage(t, nil)
	const image = `{"attachment":{"type":"image","payload":{"url":"https://a.b/c.png"}}}`
	seen := func() string {
		var b strings.Builder
		for _, bubble := range s.thread().Bubbles[1:] {
			if bubble.Text == "" {
				b.WriteString("image ")
			}
			b.WriteString(bubble.Text)
		}
		return b.String()
	}
	s.act(Action{Kind: "say", Text: "hi"})
	s.arm(Fault{Kind: "slow_media", Times: 2})
	s.mustSend(image)
	if got := seen(); got != "" {
		t.Errorf("at once: %q", got)
	}
	s.mustSend(`{"text":"b"}`)
	if got := seen(); got != "bimage " {
		t.Errorf("behind the next message: %q", got)
	}
	s.arm(Fault{Kind: "slow_media", Delay: 2000})
	s.settle()
	s.took()
	s.mustSend(image)
	s.settle()
	if n := s.echoes(); n != 0 {
		t.Errorf("the echo of a slow medium came at once")
	}
	s.advance(2 * time.Second)
	if got := seen(); got != "bimage image " || s.echoes() != 1 {
		t.Errorf("after the delay: %q", got)
	}
}

// Usage headers at 99 %, and on to 100 with refusal.
func TestUsageFault(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.arm(Fault{Kind: "usage", Regain: 19})
	first, second, third := s.send(`{"text":"a"}`), s.send(`{"text":"b"}`), s.send(`{"text":"c"}`)
	const header = "X-Business-Use-Case-Usage"
	if first.status != 200 || !strings.Contains(first.header.Get(header), `"call_count":99`) {
		t.Errorf("at 99 %%: %d %s", first.status, first.header.Get(header))
	}
	if code, _ := second.code(); code != 80006 || !strings.Contains(second.header.Get(header), `"call_count":100`) ||
		!strings.Contains(second.header.Get(header), `"estimated_time_to_regain_access":19`) {
		t.Errorf("at 100 %%: %v %s", second.body, second.header.Get(header))
	}
	if third.status != 200 || strings.Contains(third.header.Get(header), `"call_count":100`) {
		t.Errorf("after: %d %s", third.status, third.header.Get(header))
	}
	s.arm(Fault{Kind: "usage", Code: 4, Percent: 100})
	if r := s.send(`{"text":"d"}`); !strings.Contains(r.header.Get("X-App-Usage"), `"call_count":100`) || r.status != http.StatusBadRequest {
		t.Errorf("of the app: %d %s", r.status, r.header.Get("X-App-Usage"))
	}
	if len(s.thread().Bubbles) != 3 {
		t.Errorf("%d bubbles", len(s.thread().Bubbles))
	}
}

// A token and a version that die in the middle stay dead.
func TestLastingFaults(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.arm(Fault{Kind: "version"})
	s.mustSend(`{"text":"a"}`)
	r := s.graph("POST", "/v21.0/me/messages", `{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":{"text":"x"}}`)
	if v := r.header.Get("Facebook-API-Version"); v != "v21.0" {
		t.Errorf("v21.0 ran as %s", v)
	}
	s.arm(Fault{Kind: "version"})
	for range 2 {
		r = s.graph("GET", "/v21.0/me", "")
		if v := r.header.Get("Facebook-API-Version"); v != "v22.0" {
			t.Errorf("v21.0 ran as %s after its end", v)
		}
	}
	s.arm(Fault{Kind: "token", Subcode: 463})
	for range 2 {
		if code, subcode := s.send(`{"text":"x"}`).code(); code != 190 || subcode != 463 {
			t.Errorf("dead token: %d/%d", code, subcode)
		}
	}
}

// The log of calls never has the secret that an answer gave away.
func TestSecretIsNotLogged(t *testing.T) {
	s := newStage(t, nil)
	s.arm(Fault{Kind: "secret"})
	s.send(`{"text":"x"}`)
	if call := s.Calls()[0]; strings.Contains(string(call.Answer), testSecret) || call.Fault != "secret" {
		t.Errorf("call log: %s", call.Answer)
	}
}

// A slow answer comes, after its delay on the emulator's clock.
func TestSlowFault(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.arm(Fault{Kind: "slow", Delay: 60_000})
	answered := make(chan int)
	go func() {
		status, _, _ := s.post(t.Context(), `{"text":"x"}`)
		answered <- status
	}()
	changes, stop := s.Watch()
	defer stop()
	for len(s.Calls()) == 0 {
		<-changes
	}
	for {
		s.advance(time.Minute) // again, for the call may not wait yet
		select {
		case status := <-answered:
			if status != 200 || len(s.thread().Bubbles) != 2 {
				t.Errorf("status %d, %d bubbles", status, len(s.thread().Bubbles))
			}
			return
		default:
		}
	}
}
