package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is after the message tags died and within the life of v21.0.
var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

const (
	testPage   = "100000000000001"
	testApp    = "200000000000002"
	testPSID   = "3000000000000003"
	testToken  = "EAAtest"
	testSecret = "s3cret"
)

// received is one webhook POST as the callback got it.
type received struct {
	header http.Header
	body   []byte
}

// value is the body.
func (r received) value(t *testing.T) any {
	t.Helper()
	v, err := value.Decode(r.body)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// stage is an emulator with a virtual clock, its server, and a callback that
// records what it gets and answers what answer says.
type stage struct {
	*Emulator
	t     *testing.T
	clock *clock.Virtual
	url   string

	mu     sync.Mutex
	posts  []received
	answer func(n int) int // status of the n-th POST, from 1; nil: 200
}

func newStage(t *testing.T, change func(*Config)) *stage {
	t.Helper()
	s := &stage{t: t, clock: clock.NewVirtual(start)}
	callback := httptest.NewServer(http.HandlerFunc(s.callback))
	c := Config{
		Clock: s.clock, Seed: 1, Callback: callback.URL + "/webhook", VerifyToken: "verify me",
		Apps:   []App{{ID: testApp, Secret: testSecret}},
		Pages:  []Page{{ID: testPage, Token: testToken}},
		People: []Person{{ID: testPSID, FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.org"}},
	}
	if change != nil {
		change(&c)
	}
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Emulator = e
	server := httptest.NewServer(e.Handler())
	s.url = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		e.Close()
		server.Close()
		callback.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

func (s *stage) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		if r.URL.Query().Get("hub.verify_token") != "verify me" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.posts = append(s.posts, received{r.Header.Clone(), body})
	n, answer := len(s.posts), s.answer
	s.mu.Unlock()
	if answer != nil {
		w.WriteHeader(answer(n))
	}
}

func (s *stage) replies(answer func(int) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// act lets the person act and waits for the webhooks.
func (s *stage) act(a Action) {
	s.t.Helper()
	if err := s.Act(s.t.Context(), a); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

func (s *stage) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Settle(ctx); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) advance(d time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Advance(ctx, d); err != nil {
		s.t.Fatal(err)
	}
}

// took returns the POSTs since the last call.
func (s *stage) took() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	posts := s.posts
	s.posts = nil
	return posts
}

// events returns the elements of messaging[] and standby[] since the last call, as maps.
func (s *stage) events() []map[string]any {
	s.t.Helper()
	var out []map[string]any
	for _, post := range s.took() {
		var envelope struct {
			Entry []struct{ Messaging, Standby []map[string]any }
		}
		if err := json.Unmarshal(post.body, &envelope); err != nil {
			s.t.Fatalf("webhook body %s: %v", post.body, err)
		}
		for _, entry := range envelope.Entry {
			out = append(append(out, entry.Messaging...), entry.Standby...)
		}
	}
	return out
}

// result is a Graph answer.
type result struct {
	status int
	header http.Header
	body   map[string]any
}

func (r result) err() map[string]any { return value.Object(r.body["error"]) }

func (r result) code() (code, subcode int) {
	c, _ := r.err()["code"].(float64)
	s, _ := r.err()["error_subcode"].(float64)
	return int(c), int(s)
}

// graph calls the Graph API with the Page's token in the header. A body that begins
// with "{" goes as JSON, any other as a form.
func (s *stage) graph(method, path, body string) result {
	s.t.Helper()
	return s.graphAs(testToken, method, path, body)
}

func (s *stage) graphAs(token, method, path, body string) result {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	}
	return s.do(req)
}

func (s *stage) do(req *http.Request) result {
	s.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	r := result{status: resp.StatusCode, header: resp.Header}
	if err := json.NewDecoder(resp.Body).Decode(&r.body); err != nil {
		s.t.Fatalf("%s %s: answer is not JSON: %v", req.Method, req.URL.Path, err)
	}
	return r
}

// send sends message, a JSON object, as the response to the person.
func (s *stage) send(message string) result {
	s.t.Helper()
	return s.graph("POST", "/v26.0/me/messages",
		`{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":`+message+`}`)
}

func (s *stage) mustSend(message string) string {
	s.t.Helper()
	r := s.send(message)
	if r.status != http.StatusOK {
		s.t.Fatalf("send %s: %d %v", message, r.status, r.body)
	}
	return r.body["message_id"].(string)
}

func (s *stage) thread() Thread {
	s.t.Helper()
	v, err := s.Thread(testPage, testPSID)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func TestConversation(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hello"})
	got := s.events()
	if len(got) != 1 || value.Text(value.Object(got[0]["message"])["text"]) != "hello" {
		t.Fatalf("events after say: %v", got)
	}
	r := s.send(`{"text":"Hi!","metadata":"intent-1"}`)
	if r.status != http.StatusOK || r.body["recipient_id"] != testPSID {
		t.Fatalf("send: %d %v", r.status, r.body)
	}
	s.settle()
	got = s.events()
	if len(got) != 2 {
		t.Fatalf("events after a send: %v, want echo and delivery", got)
	}
	echo := value.Object(got[0]["message"])
	if value.Object(got[0]["sender"])["id"] != testPage || value.Object(got[0]["recipient"])["id"] != testPSID ||
		echo["is_echo"] != true || echo["metadata"] != "intent-1" || echo["mid"] != r.body["message_id"] || echo["app_id"] != 2.00000000000002e14 {
		t.Errorf("echo: %v", got[0])
	}
	mids, _ := value.List(value.Object(got[1]["delivery"])["mids"])
	if len(mids) != 1 || mids[0] != r.body["message_id"] {
		t.Errorf("delivery: %v", got[1])
	}
	v := s.thread()
	if len(v.Bubbles) != 2 || v.Bubbles[0].From != "person" || v.Bubbles[1].Text != "Hi!" || v.Bubbles[1].Metadata != "intent-1" {
		t.Errorf("thread: %+v", v.Bubbles)
	}
	s.act(Action{Kind: "read"})
	if got = s.events(); len(got) != 1 || value.Object(got[0]["read"])["watermark"] == nil {
		t.Errorf("events after read: %v", got)
	}
}

func TestDefaults(t *testing.T) {
	e, err := New(Config{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	again, err := New(Config{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	a, p, who := e.Apps(), e.Pages(), e.People()
	if len(a) != 1 || len(p) != 1 || len(who) != 1 || p[0].Token == "" || a[0].Secret == "" || len(who[0].ID) != 16 {
		t.Fatalf("defaults: %+v %+v %+v", a, p, who)
	}
	if p[0].Token != again.Pages()[0].Token || who[0].ID != again.People()[0].ID {
		t.Error("the same seed gave other ids")
	}
	if len(a[0].Fields) == 0 || len(p[0].Fields) != len(a[0].Fields) {
		t.Errorf("fields of app and Page: %v, %v", a[0].Fields, p[0].Fields)
	}
}

func TestNewRefusesBadConfig(t *testing.T) {
	for name, c := range map[string]Config{
		"psid too short":   {People: []Person{{ID: "123"}}},
		"psid twice":       {People: []Person{{ID: testPSID}, {ID: testPSID}}},
		"page of no app":   {Pages: []Page{{App: "9"}}},
		"person of none":   {People: []Person{{Page: "9"}}},
		"callback":         {Callback: "localhost:80"},
		"app id":           {Apps: []App{{ID: "x"}}},
		"page id":          {Pages: []Page{{ID: "me"}}},
		"two tokens alike": {Pages: []Page{{Token: "t"}, {Token: "t"}}},
		"field":            {Apps: []App{{Fields: []string{"mesages"}}}},
		"page field":       {Pages: []Page{{Fields: []string{"mesages"}}}},
		"escapes":          {Switches: Switches{Escapes: "all"}},
		"language":         {Switches: Switches{Language: "xx"}},
		"listed":           {Switches: Switches{ListedUnder: 7}},
		"gap":              {Switches: Switches{RetryGaps: []time.Duration{0}}},
		"no gaps":          {Switches: Switches{RetryGaps: []time.Duration{}}},
		"restriction":      {Pages: []Page{{Restricted: 1}}},
		"unavailable":      {People: []Person{{Unavailable: 1}}},
		"profile":          {People: []Person{{Profile: "full"}}},
		"signature":        {Apps: []App{{Delivery: Delivery{Signature: "odd"}}}},
	} {
		if e, err := New(c); err == nil {
			e.Close()
			t.Errorf("%s: no error", name)
		}
	}
}

func TestWatch(t *testing.T) {
	s := newStage(t, nil)
	changes, stop := s.Watch()
	defer stop()
	s.act(Action{Kind: "say", Text: "a"})
	s.act(Action{Kind: "say", Text: "b"})
	<-changes
	stop()
	stop()
	s.act(Action{Kind: "say", Text: "c"})
	for range 2 { // one receipt may have waited before stop
		select {
		case <-changes:
		default:
			return
		}
	}
	t.Error("a stopped watcher still receives")
}

// Requests come in three encodings, and with the token in three places (emulator.md §2).
func TestEncodings(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	form := url.Values{
		"recipient": {`{'id':'` + testPSID + `'}`}, "messaging_type": {"RESPONSE"}, "message": {`{'text':'it\'s "one"'}`},
	}
	if r := s.graph("POST", "/me/messages", form.Encode()); r.status != http.StatusOK {
		t.Errorf("form: %v", r.body)
	}
	form.Set("message", `{"text":"two"}`)
	form.Set("access_token", testToken)
	if r := s.graphAs("", "POST", "/v24.0/"+testPage+"/messages", form.Encode()); r.status != http.StatusOK {
		t.Errorf("token in the body: %v", r.body)
	}
	form.Set("message", `{"text":"three"}`)
	form.Del("access_token")
	if r := s.graphAs("", "POST", "/me/messages?access_token="+testToken, form.Encode()); r.status != http.StatusOK {
		t.Errorf("token in the query: %v", r.body)
	}
	body := "--b\r\nContent-Disposition: form-data; name=\"recipient\"\r\n\r\n{\"id\":\"" + testPSID + "\"}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"messaging_type\"\r\n\r\nRESPONSE\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n" +
		`{"attachment":{"type":"image","payload":{"is_reusable":true}}}` + "\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"
	req, _ := http.NewRequestWithContext(t.Context(), "POST", s.url+"/me/messages", bytes.NewReader([]byte(body)))
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if r := s.do(req); r.status != http.StatusOK || r.body["attachment_id"] == nil {
		t.Errorf("multipart: %v", r.body)
	}
	var texts []string
	for _, b := range s.thread().Bubbles {
		texts = append(texts, b.Text)
	}
	if got, want := strings.Join(texts, "|"), `hi|it's "one"|two|three|[image, 3 bytes]`; got != want {
		t.Errorf("bubbles %s, want %s", got, want)
	}
}
