package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// The only event since the last call, and its part under key.
func (s *stage) only(key string) map[string]any {
	s.t.Helper()
	got := s.events()
	if len(got) != 1 || value.Object(got[0][key]) == nil {
		s.t.Fatalf("events %v, want one %s", got, key)
	}
	return value.Object(got[0][key])
}

// sent lets the webhooks of a send pass and forgets them.
func (s *stage) sent(message string) string {
	s.t.Helper()
	mid := s.mustSend(message)
	s.settle()
	s.took()
	return mid
}

// A quick-reply tap is a message that carries the payload; the replies vanish with
// it, and with any other message (emulator.md §7).
func TestTapQuickReply(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	replies := `{"text":"Colour?","quick_replies":[{"content_type":"text","title":"Red","payload":"RED"},` +
		`{"content_type":"text","title":"A title that is longer than twenty","payload":"LONG"},` +
		`{"content_type":"user_email"},{"content_type":"user_phone_number"}]}`
	s.sent(replies)
	shown := s.thread().Bubbles[1].QuickReplies
	if len(shown) != 3 || shown[1].Title != "A title that is lon…" || shown[2].Title != "ada@example.org" {
		t.Fatalf("shown: %+v; an unknown phone number is not offered", shown)
	}
	s.act(Action{Kind: "tap", Text: "Red"})
	m := s.only("message")
	if m["text"] != "Red" || value.Object(m["quick_reply"])["payload"] != "RED" || m["mid"] == nil {
		t.Errorf("tap: %v", m)
	}
	if left := s.thread().Bubbles[1].QuickReplies; len(left) != 0 {
		t.Errorf("left after the tap: %v", left)
	}
	if err := s.Act(t.Context(), Action{Kind: "tap", Text: "Red"}); err == nil || !strings.Contains(err.Error(), `"Red"`) {
		t.Errorf("second tap: %v", err)
	}
	s.sent(replies)
	s.act(Action{Kind: "tap", Text: "A title that is longer than twenty"})
	if m := s.only("message"); m["text"] != "A title that is lon…" || value.Object(m["quick_reply"])["payload"] != "LONG" {
		t.Errorf("tap of a cut title: %v", m)
	}
	s.sent(replies)
	s.act(Action{Kind: "tap", Text: "ada@example.org"})
	if m := s.only("message"); m["text"] != "ada@example.org" || value.Object(m["quick_reply"])["payload"] != "ada@example.org" {
		t.Errorf("tap of an address: %v", m)
	}
	s.sent(replies)
	s.sent(`{"text":"Never mind."}`)
	for _, b := range s.thread().Bubbles {
		if len(b.QuickReplies) > 0 {
			t.Errorf("quick replies under %q although a message followed", b.Text)
		}
	}
	s.sent(replies)
	s.act(Action{Kind: "say", Text: "blue"})
	if err := s.Act(t.Context(), Action{Kind: "tap", Text: "Red"}); err == nil {
		t.Error("quick replies outlived the person's own message")
	}
}

// Buttons stay; only postbacks and logging out make events.
func TestTapButton(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.sent(buttons(`{"type":"postback","title":"Go","payload":"OLD"}`))
	s.sent(`{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[{"title":"A","buttons":[` +
		`{"type":"postback","title":"Go","payload":"NEW"},{"type":"web_url","title":"Look","url":"https://a.b"}]}]}}}`)
	s.took()
	for range 2 {
		s.act(Action{Kind: "tap", Text: "Go"})
		p := s.only("postback")
		if p["title"] != "Go" || p["payload"] != "NEW" || p["mid"] == nil {
			t.Errorf("tap: %v", p)
		}
	}
	if b := s.thread().Bubbles; !b[len(b)-1].Tapped || b[len(b)-1].Text != "Go" {
		t.Errorf("the tap does not show: %+v", b[len(b)-1])
	}
	s.act(Action{Kind: "tap", Text: "Look"})
	if got := s.events(); len(got) != 0 {
		t.Errorf("a URL button made events: %v", got)
	}
	s.sent(buttons(`{"type":"account_unlink"}`))
	s.act(Action{Kind: "tap", Text: "Log Out"})
	if l := s.only("account_linking"); l["status"] != "unlinked" {
		t.Errorf("logging out: %v", l)
	}
	old := newStage(t, func(c *Config) { c.Switches.NoPostbackMID = true })
	old.act(Action{Kind: "postback", Payload: "P"})
	if p := old.only("postback"); p["mid"] != nil || p["title"] != "P" {
		t.Errorf("postback without mid: %v", p)
	}
}

// A menu item comes back as a postback with its payload (L-EV-9).
func TestMenuStartersAndCommands(t *testing.T) {
	s := newStage(t, nil)
	s.graph("POST", "/me/messenger_profile", `{"get_started":{"payload":"GS"},`+
		`"persistent_menu":[{"locale":"default","call_to_actions":[{"type":"postback","title":"Help","payload":"HELP"}]}],`+
		`"ice_breakers":[{"locale":"default","call_to_actions":[{"question":"Where?","payload":"WHERE"}]}],`+
		`"commands":[{"locale":"default","commands":[{"name":"help","description":"d"}]}]}`)
	s.act(Action{Kind: "tap", Text: "Where?"})
	if p := s.only("postback"); p["payload"] != "WHERE" {
		t.Errorf("ice breaker: %v", p)
	}
	if err := s.Act(t.Context(), Action{Kind: "tap", Text: "Where?"}); err == nil {
		t.Error("an ice breaker in a thread that exists: no error")
	}
	s.act(Action{Kind: "tap", Text: "Help"})
	if p := s.only("postback"); p["payload"] != "HELP" || p["title"] != "Help" {
		t.Errorf("menu: %v", p)
	}
	s.act(Action{Kind: "say", Text: "/help me"})
	if m := s.only("message"); fmt.Sprint(m["commands"]) != "[map[name:help]]" {
		t.Errorf("command: %v", m)
	}
	s.act(Action{Kind: "say", Text: "/unknown"})
	if m := s.only("message"); m["commands"] != nil {
		t.Errorf("no command: %v", m)
	}
}

// Get Started is on offer in a new or deleted thread only, and carries the ref of a link.
func TestGetStartedAndReferral(t *testing.T) {
	s := newStage(t, nil)
	if err := s.Act(t.Context(), Action{Kind: "get_started"}); err == nil || !strings.Contains(err.Error(), "no Get Started button") {
		t.Errorf("without a button: %v", err)
	}
	s.graph("POST", "/me/messenger_profile", `{"get_started":{"payload":"GS"}}`)
	s.act(Action{Kind: "referral", Ref: "promo-1"})
	if got := s.events(); len(got) != 0 {
		t.Errorf("a link into a new thread made events: %v", got)
	}
	s.act(Action{Kind: "get_started"})
	p := s.only("postback")
	if r := value.Object(p["referral"]); p["payload"] != "GS" || r["ref"] != "promo-1" || r["source"] != "SHORTLINK" || r["type"] != "OPEN_THREAD" {
		t.Errorf("get started: %v", p)
	}
	if err := s.Act(t.Context(), Action{Kind: "get_started"}); err == nil {
		t.Error("get started in a thread that exists: no error")
	}
	s.act(Action{Kind: "referral", Ref: "promo-2", URL: "https://shop.example"})
	if r := s.only("referral"); r["ref"] != "promo-2" || r["referer_uri"] != "https://shop.example" {
		t.Errorf("referral in a thread: %v", r)
	}
	s.act(Action{Kind: "delete"})
	if v := s.thread(); len(v.Bubbles) != 0 || !v.GetStarted {
		t.Errorf("after deleting: %+v", v)
	}
	s.act(Action{Kind: "referral", AdID: "6"})
	s.act(Action{Kind: "say", Text: "hi"})
	if r := value.Object(s.only("message")["referral"]); r["source"] != "ADS" || r["ad_id"] != "6" {
		t.Errorf("ad in the first message: %v", r)
	}
	s.act(Action{Kind: "say", Text: "again"})
	if m := s.only("message"); m["referral"] != nil {
		t.Errorf("ad in the second message too: %v", m)
	}
	alone := newStage(t, func(c *Config) { c.Switches.RefAlone = true })
	alone.act(Action{Kind: "referral", Ref: "R"})
	if r := alone.only("referral"); r["ref"] != "R" {
		t.Errorf("F10: %v", r)
	}
}

func TestAttachments(t *testing.T) {
	s := newStage(t, nil)
	for _, row := range []struct {
		action Action
		want   string
	}{
		{Action{Type: "image", URL: "https://a.b/c.png"}, `[{"payload":{"url":"https://a.b/c.png"},"type":"image"}]`},
		{Action{Type: "fallback", URL: "https://a.b", Text: "A"}, `[{"payload":{"title":"A","url":"https://a.b"},"type":"fallback"}]`},
		{Action{Type: "sticker", URL: "https://a.b", Payload: "369239263222822"}, `[{"payload":{"sticker_id":369239263222822,"url":"https://a.b"},"type":"sticker"}]`},
		{Action{Type: "location", Payload: "1.5,2.5", Text: "Pin"}, `[{"payload":{"coordinates":{"lat":1.5,"long":2.5}},"title":"Pin","type":"location"}]`},
		{Action{Type: "reel", URL: "https://a.b", Text: "R", Payload: "9"}, `[{"payload":{"reel_video_id":"9","title":"R","url":"https://a.b"},"type":"reel"}]`},
		{Action{Type: "ig_reel", URL: "https://a.b", Payload: "9"}, `[{"payload":{"reel_video_id":"9","url":"https://a.b"},"type":"ig_reel"}]`},
		{Action{Type: "post", URL: "https://a.b", Text: "P", Payload: "1_2"}, `[{"payload":{"id":"1_2","title":"P","url":"https://a.b"},"type":"post"}]`},
		{Action{Type: "product", URL: "https://a.b", Text: "Tea", Payload: "P1", Ref: "r"}, `[{"payload":{"product":{"elements":[{"id":"P1","image_url":"https://a.b","retailer_id":"r","title":"Tea"}]}},"type":"template"}]`},
		{Action{Raw: json.RawMessage(`{"type":"odd"}`)}, `[{"type":"odd"}]`},
		{Action{Raw: json.RawMessage(`[{"type":"image"},{"type":"image"}]`)}, `[{"type":"image"},{"type":"image"}]`},
	} {
		row.action.Kind = "attachment"
		s.act(row.action)
		if got := string(value.Raw(s.only("message")["attachments"])); got != row.want {
			t.Errorf("%s: %s, want %s", row.action.Type, got, row.want)
		}
	}
}

// Until 30 August 2026 a sticker came as an image too (messenger.md §2.7); the clock rules which.
func TestStickersByDate(t *testing.T) {
	change := time.Date(2026, time.August, 30, 0, 0, 0, 0, time.UTC)
	const image, sticker = `{"payload":{"sticker_id":7,"url":"u"},"type":"image"}`, `{"payload":{"sticker_id":7,"url":"u"},"type":"sticker"}`
	for at, want := range map[time.Time]string{change.Add(-time.Second): "[" + image + "," + sticker + "]", change: "[" + sticker + "]"} {
		s := newStage(t, nil)
		s.clock.Set(at)
		s.act(Action{Kind: "attachment", Type: "sticker", Payload: "7", URL: "u"})
		if got := string(value.Raw(s.only("message")["attachments"])); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}

func TestGestures(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "helo"})
	own := s.thread().Bubbles[0].ID
	mid := s.sent(`{"text":"Hi!"}`)
	s.act(Action{Kind: "reaction", Text: "😍"})
	if r := s.only("reaction"); r["mid"] != mid || r["action"] != "react" || r["reaction"] != "love" || r["emoji"] != "😍" {
		t.Errorf("reaction: %v", r)
	}
	if b := s.thread().Bubbles[1]; b.Reaction != "😍" {
		t.Errorf("the reaction does not show: %+v", b)
	}
	s.act(Action{Kind: "reaction", Text: "🦄", Target: mid})
	if r := s.only("reaction"); r["reaction"] != "other" {
		t.Errorf("odd reaction: %v", r)
	}
	s.act(Action{Kind: "reaction", Type: "unreact"})
	if r := s.only("reaction"); r["action"] != "unreact" || r["emoji"] != nil || s.thread().Bubbles[1].Reaction != "" {
		t.Errorf("un-reaction: %v", r)
	}
	s.act(Action{Kind: "say", Text: "yes", Target: mid})
	if m := s.only("message"); value.Object(m["reply_to"])["mid"] != mid || value.Object(m["reply_to"])["is_self_reply"] != false {
		t.Errorf("reply: %v", m)
	}
	r := s.graph("POST", "/me/subscribed_apps?subscribed_fields=message_edits", "")
	if r.status != 200 {
		t.Fatal(r.body)
	}
	for n := 1; n <= maxEdits; n++ {
		if err := s.Act(t.Context(), Action{Kind: "edit", Text: "hello", Target: own}); err != nil {
			t.Fatal(err)
		}
	}
	if b := s.thread().Bubbles[0]; b.Text != "hello" || b.Edits != maxEdits {
		t.Errorf("edited: %+v", b)
	}
	if err := s.Act(t.Context(), Action{Kind: "edit", Text: "x", Target: own}); err == nil {
		t.Error("a sixth edit: no error")
	}
}

func TestEditEvent(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Apps[0].Fields = []string{"message_edits", "messages"}
		c.Pages[0].Fields = c.Apps[0].Fields
	})
	s.act(Action{Kind: "say", Text: "helo"})
	s.took()
	s.act(Action{Kind: "edit", Text: "hello"})
	if m := s.only("message_edit"); m["text"] != "hello" || m["num_edit"] != 1.0 || m["mid"] != s.thread().Bubbles[0].ID {
		t.Errorf("edit: %v", m)
	}
}

func TestLinkingPolicyAndInbox(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "link", Payload: "code"})
	if l := s.only("account_linking"); l["status"] != "linked" || l["authorization_code"] != "code" {
		t.Errorf("link: %v", l)
	}
	s.act(Action{Kind: "unlink"})
	if l := s.only("account_linking"); l["status"] != "unlinked" {
		t.Errorf("unlink: %v", l)
	}
	s.act(Action{Kind: "policy", Type: "warning", Text: "spam"})
	got := s.events()
	if p := value.Object(got[0]["policy_enforcement"]); p["action"] != "warning" || p["reason"] != "spam" || got[0]["sender"] != nil {
		t.Errorf("policy: %v", got)
	}
	s.act(Action{Kind: "policy", Type: "block"})
	s.act(Action{Kind: "policy", Type: "unblock"})
	s.act(Action{Kind: "say", Text: "hi"})
	s.took()
	s.act(Action{Kind: "inbox", Text: "a human here"})
	if m := s.only("message"); m["is_echo"] != true || fmt.Sprintf("%.0f", m["app_id"]) != "263902037430900" || m["metadata"] != nil {
		t.Errorf("inbox echo: %v", m)
	}
}

// Hand-made events go out as they are, key for key.
func TestRaw(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "raw", Raw: json.RawMessage(`{"z":1, "sender":{"id":"9"}, "novelty":{"a":[1.50, "ü"]}}`)})
	post := string(s.took()[0].body)
	if !strings.Contains(post, `[{"z":1,"sender":{"id":"9"},"novelty":{"a":[1.50,"\u00fc"]}}]`) {
		t.Errorf("raw event: %s", post)
	}
	s.act(Action{Kind: "raw", Raw: json.RawMessage(`{"message_edit":{}}`)})
	if n := len(s.took()); n != 0 {
		t.Errorf("%d POSTs for a field that nobody subscribed to", n)
	}
}

// Two events of a thread never share a timestamp, even when the clock stands still.
func TestTimestampsGrow(t *testing.T) {
	s := newStage(t, nil)
	last := 0.0
	for range 5 {
		s.act(Action{Kind: "say", Text: "x"})
		s.mustSend(`{"text":"y"}`)
		s.settle()
		for _, ev := range s.events() {
			at, _ := ev["timestamp"].(float64)
			if at <= last {
				t.Errorf("timestamp %.0f after %.0f", at, last)
			}
			last = at
		}
	}
}

// What a person cannot do is an error that says why.
func TestActErrors(t *testing.T) {
	s := newStage(t, nil)
	for name, a := range map[string]Action{
		"no kind":             {},
		"unknown kind":        {Kind: "dance"},
		"unknown person":      {Kind: "say", Text: "x", Person: "1"},
		"person not of Page":  {Kind: "say", Text: "x", Page: "1", Person: testPSID},
		"unknown page":        {Kind: "say", Text: "x", Page: "1"},
		"nothing said":        {Kind: "say"},
		"nothing shown":       {Kind: "tap", Text: "x"},
		"no payload":          {Kind: "postback"},
		"no ref":              {Kind: "referral"},
		"bad ref":             {Kind: "referral", Ref: "a b"},
		"long ref":            {Kind: "referral", Ref: long(2084)},
		"bad opt-in":          {Kind: "optin", Type: "x"},
		"unknown token":       {Kind: "optin", Type: "stop", Payload: "x"},
		"bad attachment type": {Kind: "attachment", Type: "x", URL: "https://a.b"},
		"bad attachment url":  {Kind: "attachment", Type: "image", URL: "x"},
		"bad sticker":         {Kind: "attachment", Type: "sticker", Payload: "x"},
		"bad location":        {Kind: "attachment", Type: "location", Payload: "x"},
		"bad raw attachment":  {Kind: "attachment", Raw: json.RawMessage(`1`)},
		"cut raw attachment":  {Kind: "attachment", Raw: json.RawMessage(`{`)},
		"reaction to nothing": {Kind: "reaction"},
		"unknown target":      {Kind: "reaction", Target: "m_0"},
		"edit of nothing":     {Kind: "edit", Text: "x"},
		"nothing from inbox":  {Kind: "inbox"},
		"bad policy":          {Kind: "policy", Type: "x"},
		"raw is no object":    {Kind: "raw", Raw: json.RawMessage(`[]`)},
		"raw is no JSON":      {Kind: "raw"},
	} {
		if err := s.Act(t.Context(), a); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got := s.events(); len(got) != 0 {
		t.Errorf("refused actions made events: %v", got)
	}
	s.act(Action{Kind: "optin", Type: "checkbox", Payload: "u"})
	if s.Act(t.Context(), Action{Kind: "optin", Type: "checkbox", Payload: "u"}) == nil {
		t.Error("user_ref used twice: no error")
	}
	s.mustSend(`{"text":"x"}`)
	if s.Act(t.Context(), Action{Kind: "reaction", Type: "x"}) == nil {
		t.Error("bad reaction type: no error")
	}
}
