package emulator

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/callback"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func mac(h func() hash.Hash, body []byte) string {
	m := hmac.New(h, []byte(testSecret))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// One body, byte for byte: the envelope of messenger.md §2.2, escaped, with both
// signatures over exactly these bytes.
func TestWebhookBytes(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "äöå 😀 a/b <3"})
	post := s.took()[0]
	mid := s.thread().Bubbles[0].ID
	want := fmt.Sprintf(`{"object":"page","entry":[{"id":"%s","time":1795348800000,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},`+
		`"timestamp":1795348800000,"message":{"mid":"%s","text":"\u00e4\u00f6\u00e5 \ud83d\ude00 a\/b <3"}}]}]}`, testPage, testPSID, testPage, mid)
	if string(post.body) != want {
		t.Errorf("body %s\nwant %s", post.body, want)
	}
	if got, want := post.header.Get("X-Hub-Signature-256"), "sha256="+mac(sha256.New, post.body); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if got, want := post.header.Get("X-Hub-Signature"), "sha1="+mac(sha1.New, post.body); got != want {
		t.Errorf("old signature %s, want %s", got, want)
	}
	if !strings.HasPrefix(mid, "m_") || len(mid) < 90 {
		t.Errorf("mid %s", mid)
	}
}

func TestSpoiltSignatures(t *testing.T) {
	for _, row := range []struct {
		name string
		ok   func(long, short, right string) bool
	}{
		{"flipped", func(long, _, right string) bool {
			return len(long) == len(right) && long != right && long[:70] == right[:70]
		}},
		{"secret", func(long, _, right string) bool { return len(long) == len(right) && long != right }},
		{"sha1", func(long, short, _ string) bool { return long == "" && short != "" }},
		{"missing", func(long, short, _ string) bool { return long == "" && short == "" }},
		{"short", func(long, _, right string) bool { return long != right && strings.HasPrefix(right, long) }},
		{"doubled", func(long, _, right string) bool { return strings.Replace(long, "==", "=", 1) == right && long != right }},
		{"", func(long, _, right string) bool { return long == right }},
	} {
		s := newStage(t, func(c *Config) { c.Apps[0].Delivery.Signature = row.name })
		s.act(Action{Kind: "say", Text: "x"})
		post := s.took()[0]
		long, short := post.header.Get("X-Hub-Signature-256"), post.header.Get("X-Hub-Signature")
		if !row.ok(long, short, "sha256="+mac(sha256.New, post.body)) {
			t.Errorf("%q: headers %q and %q", row.name, long, short)
		}
	}
}

func TestUnescapedAndGzip(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].Delivery = Delivery{Unescaped: true, Gzip: true} })
	s.act(Action{Kind: "say", Text: "ä/b"})
	post := s.took()[0]
	if post.header.Get("Content-Encoding") != "gzip" || post.header.Get("X-Hub-Signature-256") != "sha256="+mac(sha256.New, post.body) {
		t.Errorf("headers %v", post.header)
	}
	z, err := gzip.NewReader(bytes.NewReader(post.body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(plain, []byte(`"text":"ä/b"`)) {
		t.Errorf("body %s, %v", plain, err)
	}
	wide := newStage(t, func(c *Config) { c.Switches.Escapes = "wide" })
	wide.act(Action{Kind: "say", Text: "<5%@"})
	if body := wide.took()[0].body; !bytes.Contains(body, []byte(`"\u003C5\u0025\u0040"`)) {
		t.Errorf("wide escapes: %s", body)
	}
}

// Failures are repeated at once, then with growing gaps on the clock (F3); what
// comes after does not wait for them.
func TestRetries(t *testing.T) {
	s := newStage(t, nil)
	s.replies(func(int) int { return http.StatusInternalServerError })
	s.act(Action{Kind: "say", Text: "one"})
	if n := len(s.took()); n != 4 {
		t.Fatalf("%d POSTs at once, want 1 and 3 repeats", n)
	}
	s.advance(10*time.Second - 1)
	if n := len(s.took()); n != 0 {
		t.Fatalf("%d POSTs before the first gap", n)
	}
	s.advance(1)
	if n := len(s.took()); n != 1 {
		t.Fatalf("%d POSTs after the first gap, want 1", n)
	}
	s.replies(nil)
	s.act(Action{Kind: "say", Text: "two"})
	if got := s.events(); len(got) != 1 || value.Text(value.Object(got[0]["message"])["text"]) != "two" {
		t.Fatalf("a new event behind a failed one: %v", got)
	}
	s.advance(30 * time.Second)
	if got := s.events(); len(got) != 1 || value.Text(value.Object(got[0]["message"])["text"]) != "one" {
		t.Fatalf("after the second gap: %v", got)
	}
	s.advance(time.Hour)
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs after success", n)
	}
	attempts := s.Attempts()
	last := attempts[len(attempts)-1]
	if len(attempts) != 7 || attempts[0].OK || attempts[0].Status != 500 || last.Try != 6 || !last.OK {
		t.Errorf("attempt log: %d entries, last %+v", len(attempts), last)
	}
}

// After 15 min an alert, after 1 h the app is unsubscribed from the Page (F2).
func TestDisablement(t *testing.T) {
	s := newStage(t, nil)
	s.replies(func(int) int { return http.StatusNotFound })
	s.act(Action{Kind: "say", Text: "x"})
	for range 30 {
		s.advance(time.Minute)
	}
	if alerts := s.Alerts(); len(alerts) != 1 || !strings.Contains(alerts[0].Text, "failing") {
		t.Fatalf("alerts after 30 min: %v", alerts)
	}
	for range 45 {
		s.advance(time.Minute)
	}
	alerts := s.Alerts()
	if len(alerts) != 2 || !strings.Contains(alerts[1].Text, "Webhooks Disabled") {
		t.Fatalf("alerts after 75 min: %v", alerts)
	}
	if r := s.graph("GET", "/me/subscribed_apps", ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("subscribed_apps after disablement: %v", r.body)
	}
	s.replies(nil)
	s.took()
	s.act(Action{Kind: "say", Text: "lost"})
	s.advance(48 * time.Hour)
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs without a subscription", n)
	}
	if r := s.graph("POST", "/me/subscribed_apps?subscribed_fields=messages", ""); r.body["success"] != true {
		t.Fatalf("subscribe again: %v", r.body)
	}
	s.act(Action{Kind: "say", Text: "back"})
	if n := len(s.took()); n != 1 {
		t.Errorf("%d POSTs after a new subscription, want 1", n)
	}
}

func TestGenericRetryDropsAfter36Hours(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Switches = Switches{GenericRetry: true, RetriesAtOnce: -1, RetryGaps: []time.Duration{6 * time.Hour}}
	})
	s.replies(func(int) int { return http.StatusBadGateway })
	s.act(Action{Kind: "say", Text: "x"})
	for range 10 {
		s.advance(6 * time.Hour)
	}
	if n := len(s.took()); n != 7 { // at 0, 6, … 36 h
		t.Errorf("%d POSTs, want 7", n)
	}
	if r := s.graph("GET", "/me/subscribed_apps", ""); fmt.Sprint(r.body["data"]) == "[]" {
		t.Error("the app was unsubscribed")
	}
}

// A webhook that does not answer within 5 s on the emulator's clock has failed.
func TestSlowAnswer(t *testing.T) {
	arrived := make(chan struct{}, 10)
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // so that the server notices when the client gives up
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	defer slow.Close()
	s := newStage(t, func(c *Config) {
		c.Callback = slow.URL
		c.Switches.RetriesAtOnce = -1
	})
	if err := s.Act(t.Context(), Action{Kind: "say", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	<-arrived
	s.advance(callback.Limit)
	a := s.Attempts()
	if len(a) != 1 || a[0].OK || a[0].Error != callback.ErrSlow.Error() || a[0].Took != callback.Limit {
		t.Errorf("attempts: %+v", a)
	}
}

func TestSettleHonoursItsContext(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].Delivery.Slow = 1000 })
	if err := s.Act(t.Context(), Action{Kind: "say", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Settle(ctx); err == nil {
		t.Error("no error although a POST waits for the clock")
	}
	// The worker may not have begun to wait yet, so the clock moves until it has.
	for len(s.Attempts()) == 0 {
		s.clock.Advance(time.Second)
	}
	s.settle()
	if n := len(s.took()); n != 1 {
		t.Errorf("%d POSTs after the delay, want 1", n)
	}
}

func TestDeliveryOptions(t *testing.T) {
	said := func(s *stage) string {
		var texts []string
		for _, ev := range s.events() {
			texts = append(texts, value.Text(value.Object(ev["message"])["text"]))
		}
		return strings.Join(texts, " ")
	}
	sayAll := func(s *stage, n int) {
		for i := range n {
			if err := s.Act(s.t.Context(), Action{Kind: "say", Text: fmt.Sprint(i)}); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	held := func(s *stage, n int, d Delivery) {
		sayAll(s, n)
		s.settle()
		if len(s.took()) != 0 {
			s.t.Error("events came although they are on hold")
		}
		if err := s.SetDelivery(testApp, d); err != nil {
			s.t.Fatal(err)
		}
		s.settle()
	}
	hold := func(c *Config) { c.Apps[0].Delivery.Hold = true }

	s := newStage(t, hold)
	held(s, 10, Delivery{})
	if got, want := said(s), "0 1 2 3 4 5 6 7 8 9"; got != want {
		t.Errorf("released: %s, want %s", got, want)
	}

	s = newStage(t, func(c *Config) { hold(c); c.Switches.EventsPerEntry = 2 })
	held(s, 5, Delivery{Batch: 4})
	posts := s.took()
	var envelope struct {
		Entry []struct{ Messaging []json.RawMessage }
	}
	if err := json.Unmarshal(posts[0].body, &envelope); err != nil {
		t.Fatal(err)
	}
	if len(posts) != 2 || len(envelope.Entry) != 2 || len(envelope.Entry[0].Messaging) != 2 {
		t.Errorf("batch of 4, 2 per entry: %d POSTs, first %s", len(posts), posts[0].body)
	}

	s = newStage(t, func(c *Config) { c.Apps[0].Delivery.Duplicate = 2 })
	sayAll(s, 2)
	s.settle()
	if got, want := said(s), "0 0 0 1 1 1"; got != want {
		t.Errorf("each three times: %s, want %s", got, want)
	}

	s = newStage(t, func(c *Config) { c.Apps[0].Delivery.DuplicateChance = 0.5 })
	sayAll(s, 40)
	s.settle()
	if n := len(strings.Fields(said(s))); n < 45 || n > 75 {
		t.Errorf("40 events, repeated with probability 0.5: %d", n)
	}

	const bound = 3
	s = newStage(t, hold)
	held(s, 40, Delivery{Reorder: bound})
	got := strings.Fields(said(s))
	for i := range 40 {
		at := slices.Index(got, fmt.Sprint(i))
		if at < 0 || at > i+bound || at < i-bound {
			t.Errorf("event %d came at place %d, beyond the bound: %v", i, at, got)
		}
	}
	if slices.IsSortedFunc(got, func(a, b string) int { return len(a)*1000 - len(b)*1000 + strings.Compare(a, b) }) {
		t.Error("nothing was reordered")
	}

	s = newStage(t, func(c *Config) { c.Apps[0].Delivery.Drop = true })
	sayAll(s, 1)
	s.settle()
	if len(s.took()) != 0 || len(s.Alerts()) != 1 {
		t.Errorf("dropped event: %v", s.Alerts())
	}

	s = newStage(t, func(c *Config) { c.Apps[0].Delivery.StandbyTwin = true })
	s.act(Action{Kind: "postback", Text: "Go", Payload: "GO"})
	twins := s.events()
	if len(twins) != 2 || value.Object(twins[0]["postback"])["payload"] != "GO" || value.Object(twins[1]["postback"])["payload"] != nil ||
		value.Object(twins[0]["postback"])["mid"] != value.Object(twins[1]["postback"])["mid"] {
		t.Errorf("twins: %v", twins)
	}
	for _, bad := range []Delivery{{Batch: -1}, {Batch: 1001}, {Duplicate: -1}, {DuplicateChance: 2}, {Reorder: -1}, {Slow: -1}, {Signature: "x"}} {
		if s.SetDelivery(testApp, bad) == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
	if s.SetDelivery("9", Delivery{}) == nil {
		t.Error("unknown app: no error")
	}
}

// A field is delivered only when app and Page both subscribed to it (messenger.md §1, 13).
func TestBothLevels(t *testing.T) {
	for _, row := range []struct {
		name      string
		app, page []string
		want      int
	}{
		{"both", []string{"messages"}, []string{"messages"}, 1},
		{"app only", []string{"messages"}, []string{"message_reads"}, 0},
		{"Page only", []string{"message_reads"}, []string{"messages"}, 0},
		{"none on the Page", []string{"messages"}, []string{}, 0},
	} {
		s := newStage(t, func(c *Config) { c.Apps[0].Fields, c.Pages[0].Fields = row.app, row.page })
		s.act(Action{Kind: "say", Text: "x"})
		if n := len(s.took()); n != row.want {
			t.Errorf("%s: %d POSTs, want %d", row.name, n, row.want)
		}
	}
}

// Apps that do not control the thread hear it as standby (messenger.md §2.9).
func TestStandby(t *testing.T) {
	s := newStage(t, nil)
	if err := s.SetOwner(testPage, testPSID, "263902037430900"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if ev := s.events(); len(ev) != 1 || value.Object(ev[0]["pass_thread_control"])["new_owner_app_id"] != "263902037430900" {
		t.Fatalf("events of a control move: %v", ev)
	}
	s.act(Action{Kind: "postback", Text: "Go", Payload: "GO"})
	body := string(s.took()[0].body)
	if !strings.Contains(body, `"standby":[`) || strings.Contains(body, "messaging") || strings.Contains(body, "payload") {
		t.Errorf("standby POST: %s", body)
	}
	if r := s.graph("GET", "/me/thread_owner?recipient="+testPSID, ""); !strings.Contains(fmt.Sprint(r.body), "263902037430900") {
		t.Errorf("thread_owner: %v", r.body)
	}
	s.advance(24*time.Hour + time.Minute) // control lapses
	s.act(Action{Kind: "say", Text: "x"})
	if body := string(s.took()[0].body); !strings.Contains(body, `"messaging":[`) {
		t.Errorf("after control lapsed: %s", body)
	}
	if r := s.graph("GET", "/me/thread_owner?recipient="+testPSID, ""); fmt.Sprint(r.body["data"]) != "[]" {
		t.Errorf("thread_owner of an idle thread: %v", r.body)
	}
}

func TestNoCallback(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Callback = "" })
	s.act(Action{Kind: "say", Text: "x"})
	if a := s.Alerts(); len(a) != 1 || !strings.Contains(a[0].Text, "no callback") {
		t.Errorf("alerts: %v", a)
	}
	if s.SetCallback("9", "http://x") == nil || s.SetCallback(testApp, "x") == nil {
		t.Error("bad callback: no error")
	}
}

// In development only people with a role produce events.
func TestDevelopmentMode(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].Development = true })
	s.act(Action{Kind: "say", Text: "x"})
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs for a person without a role", n)
	}
	public := newStage(t, func(c *Config) {
		c.Apps[0].Development = true
		c.Apps[0].Fields, c.Pages[0].Fields = []string{"feed"}, []string{"feed"}
		c.People = append(c.People, Person{ID: "3000000000000009", Role: "tester"})
	})
	public.act(Action{Kind: "comment", Text: "x"})
	if n := len(public.took()); n != 0 {
		t.Errorf("%d POSTs for the comment of a person without a role", n)
	}
	public.act(Action{Kind: "comment", Text: "x", Person: "3000000000000009"})
	if n := len(public.took()); n != 1 {
		t.Errorf("%d POSTs for the comment of a tester", n)
	}
}

// An app in development does not keep another one on the Page from hearing.
func TestDevelopmentModeOfOne(t *testing.T) {
	s := twoApps(t, func(c *Config) { c.Apps[0].Development = true; c.Apps[1].Callback = c.Callback })
	s.act(Action{Kind: "say", Text: "x"})
	if got := fmt.Sprint(s.queueKeys()); got != "[standby]" {
		t.Errorf("the apps heard %s", got)
	}
}

// Two apps on one Page: the Page's own controls new threads, the other stands by;
// both hear echoes, each under its sender's app id.
func TestTwoApps(t *testing.T) {
	const second = "200000000000009"
	s := newStage(t, nil)
	if _, err := s.IssueToken(testPage, second); err == nil {
		t.Error("token for an unknown app: no error")
	}
	s = newStage(t, func(c *Config) { c.Apps = append(c.Apps, App{ID: second, Secret: testSecret}) })
	if err := s.SetCallback(second, s.Apps()[0].Callback); err != nil {
		t.Fatal(err)
	}
	token, err := s.IssueToken(testPage, second)
	if err != nil {
		t.Fatal(err)
	}
	s.act(Action{Kind: "say", Text: "one"})
	if n := len(s.took()); n != 1 {
		t.Errorf("%d POSTs before the second app subscribed", n)
	}
	if r := s.graphAs(token, "POST", "/me/subscribed_apps?subscribed_fields=messages,standby,message_echoes", ""); r.status != http.StatusOK {
		t.Fatal(r.body)
	}
	s.act(Action{Kind: "say", Text: "two"})
	posts := s.took()
	standby := slices.IndexFunc(posts, func(p received) bool { return bytes.Contains(p.body, []byte(`"standby":[`)) })
	if len(posts) != 2 || standby < 0 || !bytes.Contains(posts[1-standby].body, []byte(`"messaging":[`)) {
		t.Errorf("POSTs %s", posts)
	}
}
