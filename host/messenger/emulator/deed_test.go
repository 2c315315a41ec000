package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// allFields subscribes the app and the Page to everything.
func allFields(c *Config) {
	fields := append(HostFields(), "message_edits", "messaging_feedback", "response_feedback", "messaging_game_plays", "send_cart", "feed")
	c.Apps[0].Fields, c.Pages[0].Fields = fields, fields
}

// Forms, games, carts, ratings, coupons and leads: the event of each, byte for byte in
// its values (messenger.md §2.7), and no renewal (emulator.md §7).
func TestFormEvents(t *testing.T) {
	s := newStage(t, allFields)
	s.act(Action{Kind: "say", Text: "hi"})
	mid := s.mustSend(`{"text":"x"}`)
	coupon := s.mustSend(tmpl("coupon", `,"title":"T","coupon_code":"SAVE"`))
	s.settle()
	ends := s.thread().WindowEnds
	s.advance(time.Hour)
	for _, row := range []struct {
		action Action
		key    string
		want   string
	}{
		{Action{Kind: "feedback", Text: "4", Payload: "ok"}, "messaging_feedback", `{"feedback_screens":[{"questions":{"q1":{"follow_up":{"payload":"ok","type":"free_form"},"payload":"4","type":"csat"}},"screen_id":0}]}`},
		{Action{Kind: "game", Ref: "g", Payload: "{}", Raw: json.RawMessage(`{"score":1}`)}, "game_play", `{"context_id":"` + testPSID + `","context_type":"SOLO","game_id":"g","locale":"en_US","payload":"{}","player_id":"` + testPSID + `","score":1}`},
		{Action{Kind: "order", Text: "n", Raw: json.RawMessage(`{"products":[{"id":"1"}]}`)}, "order", `{"note":"n","products":[{"id":"1"}]}`},
		{Action{Kind: "rate", Target: mid}, "response_feedback", `{"feedback":"Good response","mid":"` + mid + `"}`},
		{Action{Kind: "coupon", Target: coupon}, "template", `{"coupon_code":"SAVE","mid":"` + coupon + `","payload":"","type":"coupon"}`},
		{Action{Kind: "lead", AdID: "6", Raw: json.RawMessage(`{"Size?":"L"}`)}, "referral", `{"ad_id":"6","lead":{"data":[{"answer":"L","question":"Size?"}]},"source":"ADS","type":"LEAD_COMPLETE"}`},
	} {
		s.took()
		s.act(row.action)
		if got := string(value.Raw(s.only(row.key))); got != row.want {
			t.Errorf("%s: %s, want %s", row.action.Kind, got, row.want)
		}
	}
	if !s.thread().WindowEnds.Equal(ends) {
		t.Errorf("a form renewed the window")
	}
	for _, bad := range []Action{
		{Kind: "order"},
		{Kind: "coupon", Target: mid},
		{Kind: "rate", Target: "m_0"},
		{Kind: "lead", Raw: json.RawMessage(`[`)},
		{Kind: "feedback", Raw: json.RawMessage(`1`)},
		{Kind: "comment"},
		{Kind: "unavailable", Payload: "7"},
		{Kind: "say", Text: "x", NLP: json.RawMessage(`{`)},
	} {
		if s.Act(t.Context(), bad) == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}

// The lead form owns the thread meanwhile.
func TestLeadFormOwnsTheThread(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	s.act(Action{Kind: "lead", Type: "start"})
	if code, _ := s.send(`{"text":"x"}`).code(); code != 2018300 || s.owner() != LeadApp {
		t.Errorf("send: %d, owner %s", code, s.owner())
	}
	s.act(Action{Kind: "lead"})
	if code, _ := s.send(`{"text":"x"}`).code(); code != 0 {
		t.Errorf("send after the form: %d", code)
	}
}

func TestUnavailable(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	for payload, want := range map[string]int{"": 551, "200": 200, "2018108": 10} {
		s.act(Action{Kind: "unavailable", Payload: payload})
		if code, _ := s.send(`{"text":"x"}`).code(); code != want {
			t.Errorf("%q: %d, want %d", payload, code, want)
		}
	}
	s.act(Action{Kind: "available"})
	s.mustSend(`{"text":"x"}`)
}

// Comments and visitor posts: one private reply within 7 days, and no window until the
// person answers (messenger.md §3.7).
func TestPrivateReplies(t *testing.T) {
	s := newStage(t, allFields)
	reply := func(key, id string) (int, int) {
		return s.graph("POST", "/me/messages", `{"recipient":{"`+key+`":"`+id+`"},"messaging_type":"RESPONSE","message":{"text":"thanks"}}`).code()
	}
	change := func() map[string]any {
		t.Helper()
		posts := s.took()
		if len(posts) != 1 {
			t.Fatalf("%d POSTs", len(posts))
		}
		v, err := value.Decode(posts[0].body)
		if err != nil {
			t.Fatal(err)
		}
		one := value.Object(items(items(v, "entry")[0], "changes")[0])
		if one["field"] != "feed" {
			t.Errorf("change: %v", one)
		}
		return value.Object(one["value"])
	}
	s.act(Action{Kind: "comment", Text: "nice", Ref: "post-1"})
	v := change()
	if v["item"] != "comment" || v["post_id"] != "post-1" || v["message"] != "nice" || value.Object(v["from"])["id"] == testPSID {
		t.Errorf("comment: %v", v)
	}
	comment := value.Text(v["comment_id"])
	if code, _ := reply("comment_id", comment); code != 0 {
		t.Errorf("private reply: %d", code)
	}
	if code, _ := reply("comment_id", comment); code != 100 {
		t.Errorf("second private reply: %d", code)
	}
	if code, subcode := s.send(`{"text":"x"}`).code(); code != 10 || subcode != 2018278 {
		t.Errorf("a reply opened the window: %d/%d", code, subcode)
	}
	s.settle()
	s.took()
	s.act(Action{Kind: "post", Text: "hello all"})
	post := value.Text(change()["post_id"])
	s.advance(7*24*time.Hour + time.Second)
	if code, _ := reply("post_id", post); code != 100 {
		t.Errorf("private reply after 7 days: %d", code)
	}
	if code, _ := reply("comment_id", "7"); code != 100 {
		t.Errorf("private reply to nothing: %d", code)
	}
	s = newStage(t, func(c *Config) { allFields(c); c.Switches.FeedPSID = true }) // F13
	s.act(Action{Kind: "comment", Text: "nice"})
	if v := change(); value.Object(v["from"])["id"] != testPSID {
		t.Errorf("F13: %v", v)
	}
}

// An ad opens a window of 7 days, and control can be extended for 30.
func TestAdWindow(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "referral", AdID: "6", Ref: "r"})
	s.act(Action{Kind: "say", Text: "hi"})
	ref := value.Object(value.Object(s.events()[0]["message"])["referral"])
	if ref["source"] != "ADS" || ref["ad_id"] != "6" || value.Object(ref["ads_context_data"])["ad_title"] == nil {
		t.Errorf("referral: %v", ref)
	}
	if code, _ := s.control(testToken, "extend", `,"duration":2592000`); code != 0 {
		t.Errorf("extend for 30 days: %d", code)
	}
	s.advance(7*24*time.Hour - time.Minute)
	s.mustSend(`{"text":"x"}`)
	s.advance(time.Hour)
	if _, subcode := s.send(`{"text":"x"}`).code(); subcode != 2018278 {
		t.Errorf("after 7 days: %d", subcode)
	}
}

func TestNLP(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "tomorrow", NLP: json.RawMessage(`{"entities":{}}`)})
	if m := s.only("message"); fmt.Sprint(m["nlp"]) != "map[entities:map[]]" {
		t.Errorf("message: %v", m)
	}
}

// Quotas beyond those of plain sends (emulator.md §4.5).
func TestMoreQuotas(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Quotas = Quotas{MediaPerSecond: 1, Brake: 50, CallsPerApp: 700, SendsPerSecond: -1} })
	s.act(Action{Kind: "say", Text: "hi"})
	const video = `{"attachment":{"type":"video","payload":{"url":"https://a.b/c.mp4"}}}`
	s.mustSend(video)
	if code, _ := s.send(video).code(); code != 613 {
		t.Errorf("second video in a second: %d", code)
	}
	code, sent := 0, 0
	for code == 0 {
		code, _ = s.send(`{"text":"x"}`).code()
		sent++
	}
	if code != 613 || sent < 490 || sent > 501 {
		t.Errorf("braked after %d with %d", sent, code)
	}
	alerts := s.Alerts()
	if len(alerts) != 1 || !strings.Contains(alerts[0].Text, "more than 40 messages a second") {
		t.Errorf("alerts: %+v", alerts)
	}
	for code != 4 && sent < 800 {
		code, _ = s.graph("GET", "/me", "").code()
		sent++
	}
	if code != 4 {
		t.Errorf("calls of the app: %d", code)
	}
	if use := s.QuotasUsed()[0]; use.Engaged != 1 || use.Calls < 500 || use.Share <= 0 {
		t.Errorf("use: %+v", use)
	}
}
