package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

const (
	testPage  = "100000000000001"
	testToken = "EAAtest"
)

// parrot is a host that answers each text with the same text, and "menu" with buttons
// and quick replies. It needs no network: it is the emulator's transport.
type parrot struct {
	mu    sync.Mutex
	graph http.Handler
	work  sync.WaitGroup
}

func (p *parrot) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/deletion") {
		return &http.Response{StatusCode: http.StatusForbidden, Body: http.NoBody, Request: r}, nil
	}
	var v struct {
		Entry []struct {
			Messaging []struct {
				Sender  struct{ ID string }
				Message struct {
					Text   string
					IsEcho bool `json:"is_echo"`
				}
			}
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, entry := range v.Entry {
		for _, ev := range entry.Messaging {
			if ev.Message.Text != "" && !ev.Message.IsEcho {
				p.work.Go(func() { p.answer(ev.Sender.ID, ev.Message.Text) })
			}
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func (p *parrot) answer(person, text string) {
	quoted, _ := json.Marshal(text)
	message := `{"text":` + string(quoted) + `}`
	switch text {
	case "menu":
		message = `{"attachment":{"type":"template","payload":{"template_type":"button","text":"Choose","buttons":[{"type":"postback","title":"Go","payload":"GO"}]}},` +
			`"quick_replies":[{"content_type":"text","title":"Red","payload":"RED"},{"content_type":"text","title":"Blue","payload":"BLUE"}]}`
	case "picture":
		message = `{"attachment":{"type":"image","payload":{"url":"https://a.b/c.png"}}}`
	case "hush":
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/me/messages", strings.NewReader(
		`{"recipient":{"id":"`+person+`"},"messaging_type":"RESPONSE","message":`+message+`}`))
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", "application/json")
	p.graph.ServeHTTP(httptest.NewRecorder(), r)
}

func stage(t *testing.T) *emulator.Emulator {
	t.Helper()
	p := &parrot{}
	e, err := emulator.New(emulator.Config{
		Clock: clock.NewVirtual(start), Seed: 1, Callback: "http://host.example/webhook", Client: &http.Client{Transport: p},
		Pages:  []emulator.Page{{ID: testPage, Token: testToken}},
		People: []emulator.Person{{ID: "3000000000000003", FirstName: "Ada"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.graph = e.Handler()
	t.Cleanup(func() { e.Close(); p.work.Wait() })
	return e
}

func runAll(t *testing.T, source string, report io.Writer) error {
	t.Helper()
	s, err := Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return s.Run(t.Context(), stage(t), Options{Report: report, Patience: 5 * time.Second, Quiet: 20 * time.Millisecond})
}

// The verbs of the language (emulator.md §8), against a host.
func TestRun(t *testing.T) {
	var report strings.Builder
	err := runAll(t, `
# a talk of two people
as ada
say "hello"            # the first words
expect "hello"
say 'he said "hi"'
expect "he said \"hi\""
as bob locale=de_DE
say "menu"
expect template button "Choose"
expect buttons "Go"
expect quick "Red" "Blue"
tap "Red"
expect "Red"
as ada
say "picture"
expect image "https://a.b/c.png"
say "hush"
expect nothing
attachment type=image url=https://a.b/d.png
optin type=notification_messages payload=P
delivery duplicate=0 batch=3 hold=true
say "held"
expect nothing
delivery
expect "held"
fault next send 613 recipient=ada
fault 2nd send error 10/2018278 times=1
fault every me timeout
fault clear
owner inbox
say "anybody?"
expect nothing
owner none
measure restrict code=0
tell deletion url=http://host.example/deletion status=403 wrong=flipped
settle
advance 24h
release
callback ""
`, &report)
	if err != nil {
		t.Errorf("%v\n%s", err, report.String())
	}
	if lines := strings.Count(report.String(), "\n"); lines != 38 || !strings.HasPrefix(report.String(), "ok       3  as ada\nok       4  say \"hello\"") {
		t.Errorf("report of %d lines:\n%s", lines, report.String())
	}
}

// A step that does not come true tells its line, what was seen, and the cure.
func TestRunFails(t *testing.T) {
	for _, row := range []struct{ name, source, want string }{
		{"another text", "say \"a\"\nexpect \"b\"", `line 2: "a" is seen, not "b"; see what the bot's script says here`},
		{"out of order", "say \"a\"\nexpect \"a\"\nexpect \"a\"", `line 3: nothing is seen within`},
		{"something", "say \"a\"\nexpect \"a\"\nsay \"b\"\nsettle\nexpect typing", "line 5: nobody is typing"},
		{"another kind", "say \"a\"\nexpect image", `"a" is seen, not a image`},
		{"another picture", "say \"picture\"\nexpect image \"x\"", `without "x"`},
		{"another template", "say \"picture\"\nexpect template", "a image is seen, not a template"},
		{"other buttons", "say \"menu\"\nexpect template\nexpect buttons \"Stop\"", `the buttons are ["Go"], not ["Stop"]`},
		{"buttons of nothing", "expect buttons \"Stop\"", "no message was expected before"},
		{"nothing to tap", "tap \"Red\"", "nothing titled \"Red\" is shown"},
		{"unknown person", "say \"x\" person=7", "not known to the emulator"},
		{"bad person", "as eve id=7", "person id \"7\""},
		{"bad measure", "measure dance", "measure \"dance\""},
		{"bad status", "tell deletion url=http://host.example/deletion status=200", "answered 403, not 200"},
		{"bad owner", "owner someone", "want digits"},
		{"bad callback", "callback nowhere", "want an absolute"},
	} {
		s, err := Parse(row.source)
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		err = s.Run(t.Context(), stage(t), Options{Patience: time.Second, Quiet: 20 * time.Millisecond})
		var problem *Problem
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), row.want) || problem.Cure == "" {
			t.Errorf("%s: %v, want %q in it", row.name, err, row.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Parse("settle")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ended, stage(t), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}

// Every mistake of a file is found before it runs, with its line and cure.
func TestParseProblems(t *testing.T) {
	for _, row := range []struct{ source, want string }{
		{"\n\ndance", `line 3: "dance" is no verb; use one of advance, as,`},
		{`say "hello`, "line 1: a text is not closed; end it with \""},
		{`say 'hello`, "a text is not closed; end it with '"},
		{`"say" "x"`, "does not begin with a verb"},
		{`say "a""b"`, "put a space between them"},
		{`say "a" "b"`, "say takes one text"},
		{`say "a" colour=red`, `say does not take colour="red"; use one of ad_id,`},
		{`optin delivery=7`, "give it a value of its kind"},
		{`as`, "as wants one name"},
		{`as ada tall=true`, "does not take tall="},
		{`advance`, "advance wants one duration"},
		{`advance tomorrow`, "is no time ahead"},
		{`advance -1h`, "is no time ahead"},
		{`settle now`, "settle takes nothing"},
		{`release me`, "release takes nothing"},
		{`delivery calm`, `delivery takes no "calm"`},
		{`delivery batch=5000`, "stay within the bounds"},
		{`fault`, "fault wants a call and an endpoint"},
		{`fault soon send`, "does not say which call"},
		{`fault next post`, `"post" is no endpoint; use send, any, or one of batch, messages,`},
		{`fault next send explode`, `fault kind "explode"`},
		{`fault next send 10/x`, "is no code with its subcode"},
		{`fault next send 613 status=7`, "fault status 7"},
		{`fault next send 613 colour=red`, "does not take colour="},
		{`owner`, "owner wants one app"},
		{`measure`, "measure wants one kind"},
		{`tell`, "tell wants one kind"},
		{`tell deletion status=x`, "is no HTTP status"},
		{`callback`, "callback wants one URL"},
		{`expect`, "expect wants what is seen next"},
		{`expect "a" "b"`, "expect takes one text"},
		{`expect smile`, `expect does not know "smile"`},
		{strings.Repeat("settle\n", maxSteps+1), "keep it to 10000"},
		{strings.Repeat("#", maxSource+1), "keep it under"},
	} {
		_, err := Parse(row.source)
		var problem *Problem
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%.40q: %v, want %q in it", row.source, err, row.want)
		}
	}
	_, err := Parse("dance\nsettle\nsing")
	if err == nil || !strings.Contains(err.Error(), "line 1:") || !strings.Contains(err.Error(), "line 3:") {
		t.Errorf("two mistakes: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "say \"hello\" # x", "fault 3rd send 10/2018278 deliver", "as ada locale='de'", "x=\"", "say \"\\q\"", "expect quick \"a\" b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		s, err := Parse(source)
		if (s == nil) == (err == nil) {
			t.Fatalf("script %v, error %v", s, err)
		}
		if err == nil && s.Len() > strings.Count(source, "\n")+1 {
			t.Errorf("%d steps in %d lines", s.Len(), strings.Count(source, "\n")+1)
		}
	})
}
