package emulator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func tmpl(kind, rest string) string {
	return `{"attachment":{"type":"template","payload":{"template_type":"` + kind + `"` + rest + `}}}`
}

func buttons(list string) string { return tmpl("button", `,"text":"Choose","buttons":[`+list+`]`) }

func many(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }

func long(n int) string { return strings.Repeat("x", n) }

const (
	postback = `{"type":"postback","title":"Go","payload":"GO"}`
	quick    = `{"content_type":"text","title":"Red","payload":"RED"}`
	receipt  = `,"recipient_name":"Ada","order_number":"1","currency":"EUR","payment_method":"Visa","summary":{"total_cost":12.5}`
)

// What content refuses is refused by a send, with a note that names the rule; what
// depends on the Page comes from the Page (emulator.md §4.3).
func TestContentRefusals(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Switches.TextBelow = true })
	s.act(Action{Kind: "say", Text: "hi"})
	for _, row := range []struct {
		name          string
		message       string
		code, subcode int
		note          string
	}{
		{"text", `{"text":"hello"}`, 0, 0, ""},
		{"message is no object", `"hello"`, 100, 0, ""},
		{"empty message", `{}`, 100, 2018034, "refused by the rule on: not empty"},
		{"text at the limit, F1", `{"text":"` + long(2000) + `"}`, 100, 0, "refused by the rule on: text length"},
		{"unknown attachment id", `{"attachment":{"type":"image","payload":{"attachment_id":"5"}}}`, 100, 2018074, "refused by the rule on: attachment"},
		{"receipt", tmpl("receipt", receipt), 0, 0, ""},
		{"receipt with a used number", tmpl("receipt", receipt), 100, 0, "refused by the rule on: attachment"},
	} {
		code, subcode := s.send(row.message).code()
		if code != row.code || subcode != row.subcode {
			t.Errorf("%s: answer %d/%d, want %d/%d", row.name, code, subcode, row.code, row.subcode)
		}
		calls := s.Calls()
		if note := calls[len(calls)-1].Note; note != row.note {
			t.Errorf("%s: note of the call %q, want %q", row.name, note, row.note)
		}
	}
}

// One row for each check of a request's shape, recipient and state (emulator.md §4.2, §4.3).
func TestRequestRefusals(t *testing.T) {
	const foreigner = "4000000000000004"
	whole := func(rest string) string { return `{"recipient":{"id":"` + testPSID + `"},` + rest + `}` }
	hello := whole(`"messaging_type":"RESPONSE","message":{"text":"x"}`)
	person := func(change func(*Person)) func(*stage) {
		return func(s *stage) {
			p := s.People()[0]
			change(&p)
			if err := s.UpdatePerson(p); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	pageIs := func(change func(*Page)) func(*stage) {
		return func(s *stage) {
			p := s.Pages()[0]
			change(&p)
			if err := s.UpdatePage(p); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for _, row := range []struct {
		name          string
		config        func(*Config)
		before        func(*stage)
		body          string
		code, subcode int
		status        int // 0: 400
	}{
		{name: "accepted", body: hello},
		{name: "message and action", body: whole(`"messaging_type":"RESPONSE","message":{"text":"x"},"sender_action":"typing_on"`), code: 100, subcode: 2018014},
		{name: "neither", body: whole(`"messaging_type":"RESPONSE"`), code: 100, subcode: 2018015},
		{name: "unknown action", body: whole(`"sender_action":"wave"`), code: 100},
		{name: "no recipient", body: `{"messaging_type":"RESPONSE","message":{"text":"x"}}`, code: 100},
		{name: "recipient of unknown kind", body: `{"recipient":{"email":"a@b"},"messaging_type":"RESPONSE","message":{"text":"x"}}`, code: 100, subcode: 2018001},
		{name: "no messaging_type", body: whole(`"message":{"text":"x"}`), code: 100},
		{name: "no messaging_type, old versions", config: func(c *Config) { c.Switches.TypeIsOptional = true }, body: whole(`"message":{"text":"x"}`)},
		{name: "odd messaging_type", body: whole(`"messaging_type":"SPAM","message":{"text":"x"}`), code: 100},
		{name: "odd notification_type", body: whole(`"messaging_type":"RESPONSE","notification_type":"LOUD","message":{"text":"x"}`), code: 100},
		{name: "tag missing", body: whole(`"messaging_type":"MESSAGE_TAG","message":{"text":"x"}`), code: 100},
		{name: "body is no JSON", body: `{"recipient":`, code: 100},
		{name: "unknown person", body: strings.Replace(hello, testPSID, "3999999999999999", 1), code: 100, subcode: 2018001},
		{name: "person of another Page", config: func(c *Config) {
			c.Pages = append(c.Pages, Page{ID: "100000000000009"})
			c.People = append(c.People, Person{ID: foreigner, Page: "100000000000009"})
		}, body: strings.Replace(hello, testPSID, foreigner, 1), code: 100, subcode: 2018001},
		{name: "development, no role", config: func(c *Config) { c.Apps[0].Development = true }, body: hello, code: 200, subcode: 2018028},
		{
			name: "development, no role, F6", config: func(c *Config) { c.Apps[0].Development, c.Switches.RoleCode = true, 10 },
			body: hello, code: 10, subcode: 2018028,
		},
		{name: "development, tester", config: func(c *Config) { c.Apps[0].Development, c.People[0].Role = true, "tester" }, body: hello},
		{name: "restricted 1893063", before: pageIs(func(p *Page) { p.Restricted = 1893063 }), body: hello, code: 10, subcode: 1893063},
		{name: "restricted 368", before: pageIs(func(p *Page) { p.Restricted = 368 }), body: hello, code: 368},
		{name: "restricted 2022", before: pageIs(func(p *Page) { p.Restricted = 2022 }), body: hello, code: 2022},
		{name: "unpublished", before: pageIs(func(p *Page) { p.Unpublished = true }), body: hello, code: 551},
		{name: "policy block", before: func(s *stage) { s.act(Action{Kind: "policy", Type: "block"}) }, body: hello, code: 368},
		{name: "another app controls", before: func(s *stage) { _ = s.SetOwner(testPage, testPSID, "263902037430900") }, body: hello, code: 2018300},
		{
			name: "another app controls, listed under 10", config: func(c *Config) { c.Switches.ListedUnder = 10 },
			before: func(s *stage) { _ = s.SetOwner(testPage, testPSID, "263902037430900") }, body: hello, code: 10, subcode: 2018300,
		},
		{name: "our own app controls", before: func(s *stage) { _ = s.SetOwner(testPage, testPSID, testApp) }, body: hello},
		{name: "551", before: person(func(p *Person) { p.Unavailable = 551 }), body: hello, code: 551},
		{name: "551/1545041", before: person(func(p *Person) { p.Unavailable = 1545041 }), body: hello, code: 551, subcode: 1545041},
		{name: "200/1545041", before: person(func(p *Person) { p.Unavailable = 200 }), body: hello, code: 200, subcode: 1545041},
		{name: "10/2018108", before: person(func(p *Person) { p.Unavailable = 2018108 }), body: hello, code: 10, subcode: 2018108},
		{name: "blocked", before: func(s *stage) { s.act(Action{Kind: "block"}) }, body: hello, code: 2, status: 500},
		{
			name: "blocked, F5", config: func(c *Config) { c.Switches.Status = map[int]int{2: 400} },
			before: func(s *stage) { s.act(Action{Kind: "block"}) }, body: hello, code: 2,
		},
		{name: "unblocked", before: func(s *stage) { s.act(Action{Kind: "block"}); s.act(Action{Kind: "unblock"}) }, body: hello},
		{name: "after a day", before: func(s *stage) { s.advance(25 * time.Hour) }, body: hello, code: 10, subcode: 2018278},
		{
			name: "after a day, of a news Page", config: func(c *Config) { c.Pages[0].News = true },
			before: func(s *stage) { s.advance(25 * time.Hour) }, body: hello, code: 10, subcode: 2018065,
		},
		{
			name: "after a day, of a news Page that may send news", config: func(c *Config) {
				c.Pages[0].News, c.Apps[0].Permissions = true, []string{"pages_messaging_subscriptions"}
			},
			before: func(s *stage) { s.advance(25 * time.Hour) }, body: hello, code: 10, subcode: 2018278,
		},
		{name: "news tag of another Page", body: whole(`"messaging_type":"MESSAGE_TAG","tag":"NON_PROMOTIONAL_SUBSCRIPTION","message":{"text":"x"}`), code: 100},
		{
			name: "news tag after a day", config: func(c *Config) {
				c.Pages[0].News, c.Apps[0].Permissions = true, []string{"pages_messaging_subscriptions"}
			},
			before: func(s *stage) { s.advance(25 * time.Hour) },
			body:   whole(`"messaging_type":"MESSAGE_TAG","tag":"NON_PROMOTIONAL_SUBSCRIPTION","message":{"text":"x"}`),
		},
		{
			name: "news tag after a day, not permitted", config: func(c *Config) { c.Pages[0].News = true },
			before: func(s *stage) { s.advance(25 * time.Hour) },
			body:   whole(`"messaging_type":"MESSAGE_TAG","tag":"NON_PROMOTIONAL_SUBSCRIPTION","message":{"text":"x"}`), code: 10, subcode: 2018065,
		},
		{
			name: "phone number", config: func(c *Config) {
				c.Apps[0].Permissions, c.People[0].Phone = []string{"pages_messaging_phone_number"}, "+4930123"
			},
			body: strings.Replace(hello, `"id":"`+testPSID, `"phone_number":"+49 (30) 1-23`, 1),
		},
		{
			name: "phone number of nobody", config: func(c *Config) { c.Apps[0].Permissions = []string{"pages_messaging_phone_number"} },
			body: strings.Replace(hello, `"id":"`+testPSID, `"phone_number":"+4930123`, 1), code: 100, subcode: 2018001,
		},
		{
			name: "phone number, not permitted", config: func(c *Config) { c.People[0].Phone = "+4930123" },
			body: strings.Replace(hello, `"id":"`+testPSID, `"phone_number":"+4930123`, 1), code: 200, subcode: 2018027,
		},
		{name: "dead tag", body: whole(`"messaging_type":"MESSAGE_TAG","tag":"ACCOUNT_UPDATE","message":{"text":"x"}`), code: 100},
		{name: "human agent without review", body: whole(`"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"x"}`), code: 10},
		{name: "feedback tag with a text", body: whole(`"messaging_type":"MESSAGE_TAG","tag":"CUSTOMER_FEEDBACK","message":{"text":"x"}`), code: 100},
		{name: "utility without template", body: whole(`"messaging_type":"UTILITY","message":{"text":"x"}`), code: 100},
		{name: "reply to nothing", body: whole(`"messaging_type":"RESPONSE","reply_to":{"mid":"m_0"},"message":{"text":"x"}`), code: 9000001},
		{name: "unknown persona", body: whole(`"messaging_type":"RESPONSE","persona_id":"5","message":{"text":"x"}`), code: 100},
		{name: "reaction to nothing", body: whole(`"sender_action":"react","payload":{"message_id":"m_0","reaction":"love"}`), code: 100},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStage(t, row.config)
			s.act(Action{Kind: "say", Text: "hi"})
			if row.before != nil {
				row.before(s)
			}
			before := len(s.thread().Bubbles)
			r := s.graph("POST", "/v26.0/"+testPage+"/messages", row.body)
			want := row.status
			if want == 0 {
				want = http.StatusBadRequest
			}
			if row.code == 0 {
				want = http.StatusOK
			}
			code, subcode := r.code()
			if code != row.code || subcode != row.subcode || r.status != want {
				t.Errorf("answer %d %v, want %d, %d/%d", r.status, r.body, want, row.code, row.subcode)
			}
			if after := len(s.thread().Bubbles); (after == before) != (row.code != 0) {
				t.Errorf("bubbles before %d, after %d", before, after)
			}
		})
	}
}

// The standard window is 24 h from the last qualifying action (messenger.md §3.7).
func TestWindow(t *testing.T) {
	for _, row := range []struct {
		name string
		at   time.Duration
		ok   bool
	}{
		{"23:59:59", 24*time.Hour - time.Second, true},
		{"24:00:00", 24 * time.Hour, true},
		{"24:00:01", 24*time.Hour + time.Second, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.act(Action{Kind: "say", Text: "hi"})
			s.advance(row.at)
			r := s.send(`{"text":"x"}`)
			code, subcode := r.code()
			if row.ok != (r.status == http.StatusOK) || !row.ok && (code != 10 || subcode != 2018278) {
				t.Errorf("answer %d %v", r.status, r.body)
			}
		})
	}
}

// Which actions open the window (emulator.md §7), each alone on a new thread.
func TestRenewal(t *testing.T) {
	for _, row := range []struct {
		action Action
		renews bool
	}{
		{Action{Kind: "say", Text: "x"}, true},
		{Action{Kind: "attachment", Type: "image", URL: "https://a.b/c"}, true},
		{Action{Kind: "postback", Payload: "P"}, true},
		{Action{Kind: "get_started", Payload: "P"}, true},
		{Action{Kind: "optin", Ref: "R"}, true},
		{Action{Kind: "optin", Type: "checkbox", Ref: "R"}, true},
		{Action{Kind: "optin", Type: "notification_messages"}, false},
		{Action{Kind: "referral", Ref: "R"}, false}, // waits for the first message
		{Action{Kind: "read"}, false},
		{Action{Kind: "link", Payload: "c"}, false},
		{Action{Kind: "policy", Type: "warning"}, false},
		{Action{Kind: "raw", Raw: []byte(`{"read":{}}`)}, false},
	} {
		s := newStage(t, nil)
		s.act(row.action)
		if got := s.thread().WindowEnds.Equal(start.Add(24 * time.Hour)); got != row.renews {
			t.Errorf("%s %s: window ends %s", row.action.Kind, row.action.Type, s.thread().WindowEnds)
		}
	}
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "x"})
	s.mustSend(`{"text":"y"}`)
	s.advance(time.Hour)
	for _, a := range []Action{{Kind: "reaction"}, {Kind: "referral", Ref: "R"}} {
		s.advance(time.Hour)
		s.act(a)
		if want := s.Now().Add(24 * time.Hour); !s.thread().WindowEnds.Equal(want) {
			t.Errorf("%s in a thread: window ends %s, want %s", a.Kind, s.thread().WindowEnds, want)
		}
	}
}

func TestHumanAgentTag(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Apps[0].Permissions = []string{"human_agent"} })
	s.act(Action{Kind: "say", Text: "hi"})
	body := `{"recipient":{"id":"` + testPSID + `"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"x"}}`
	s.advance(7 * 24 * time.Hour)
	if r := s.graph("POST", "/me/messages", body); r.status != http.StatusOK {
		t.Errorf("after 7 days: %v", r.body)
	}
	s.advance(time.Second)
	if _, subcode := s.graph("POST", "/me/messages", body).code(); subcode != 2018278 {
		t.Errorf("after more than 7 days: subcode %d", subcode)
	}
}

func TestDeadTagLivedOnce(t *testing.T) {
	body := `{"recipient":{"id":"` + testPSID + `"},"messaging_type":"MESSAGE_TAG","tag":"ACCOUNT_UPDATE","message":{"text":"x"}}`
	s := newStage(t, nil)
	s.clock.Set(time.Date(2026, time.April, 27, 0, 0, 0, 0, time.UTC).Add(-time.Second))
	if r := s.graph("POST", "/me/messages", body); r.status != http.StatusOK {
		t.Errorf("before the end: %v", r.body)
	}
	s.clock.Set(time.Date(2026, time.April, 27, 0, 0, 0, 0, time.UTC))
	if code, _ := s.graph("POST", "/me/messages", body).code(); code != 100 {
		t.Errorf("from the end on: code %d", code)
	}
}

func TestTypingAndSeen(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	act := func(action string) {
		t.Helper()
		r := s.graph("POST", "/me/messages", `{"recipient":{"id":"`+testPSID+`"},"sender_action":"`+action+`"}`)
		if r.status != http.StatusOK || r.body["recipient_id"] != testPSID || r.body["message_id"] != nil {
			t.Fatalf("%s: %v", action, r.body)
		}
	}
	typing := func(want bool) {
		t.Helper()
		if got := s.thread().Typing; got != want {
			t.Errorf("typing %v, want %v", got, want)
		}
	}
	s.took()
	act("typing_on")
	typing(true)
	s.advance(19 * time.Second)
	typing(true)
	s.advance(time.Second)
	typing(false)
	act("typing_on")
	act("typing_off")
	typing(false)
	act("typing_on")
	s.mustSend(`{"text":"x"}`)
	typing(false)
	act("mark_seen")
	if !s.thread().Seen.Equal(s.Now()) {
		t.Errorf("seen %s, want %s", s.thread().Seen, s.Now())
	}
	s.settle()
	if got := s.events(); len(got) != 2 { // echo and delivery of the one message
		t.Errorf("sender actions made events: %v", got)
	}
}

// Whoever is not named by their id is not told by it either, of a message and of an action
// (messenger.md §3.1).
func TestAnswersWithoutRecipient(t *testing.T) {
	s := newStage(t, func(c *Config) {
		c.Apps[0].Permissions, c.People[0].Phone = []string{"pages_messaging_phone_number"}, "+4930123"
	})
	s.act(Action{Kind: "optin", Type: "checkbox", Ref: "r", Payload: "REF"})
	for _, recipient := range []string{`{"user_ref":"REF"}`, `{"phone_number":"+4930123"}`} {
		for _, rest := range []string{`"messaging_type":"RESPONSE","message":{"text":"x"}`, `"sender_action":"typing_on"`} {
			r := s.graph("POST", "/me/messages", `{"recipient":`+recipient+`,`+rest+`}`)
			if _, told := r.body["recipient_id"]; told || r.status != http.StatusOK {
				t.Errorf("%s, %s: %d %v", recipient, rest, r.status, r.body)
			}
		}
	}
}

func TestReusableAttachment(t *testing.T) {
	s := newStage(t, nil)
	r := s.graph("POST", "/me/message_attachments", `{"message":{"attachment":{"type":"image","payload":{"url":"https://a.b/c.png","is_reusable":true}}}}`)
	id, _ := r.body["attachment_id"].(string)
	if id == "" {
		t.Fatalf("upload: %v", r.body)
	}
	s.advance(90 * 24 * time.Hour)
	s.act(Action{Kind: "say", Text: "hi"})
	by := func(kind string) result {
		return s.send(`{"attachment":{"type":"` + kind + `","payload":{"attachment_id":"` + id + `"}}}`)
	}
	if r := by("image"); r.status != http.StatusOK {
		t.Errorf("by id: %v", r.body)
	}
	if b := s.thread().Bubbles[1]; !strings.Contains(string(b.Attachment), "https://a.b/c.png") {
		t.Errorf("the person does not see the medium: %s", b.Attachment)
	}
	if _, subcode := by("video").code(); subcode != 2018047 {
		t.Errorf("as another type: subcode %d", subcode)
	}
	s.advance(time.Second)
	if _, subcode := by("image").code(); subcode != 2018074 {
		t.Errorf("after 90 days: subcode %d", subcode)
	}
	for body, want := range map[string]int{
		`{"message":{"attachment":{}}}`:                                       100,
		`{"message":{"attachment":{"type":"template"}}}`:                      100,
		`{"message":{"attachment":{"type":"file","payload":{"url":"nope"}}}}`: 100,
	} {
		if code, _ := s.graph("POST", "/me/message_attachments", body).code(); code != want {
			t.Errorf("%s: code %d, want %d", body, code, want)
		}
	}
}

// Opt-in tokens stand in for a person, outside any window (messenger.md §3.1).
func TestSendByToken(t *testing.T) {
	s := newStage(t, nil)
	send := func(key, ref string) result {
		return s.graph("POST", "/me/messages", `{"recipient":{"`+key+`":"`+ref+`"},"messaging_type":"UPDATE","message":{"text":"x"}}`)
	}
	s.act(Action{Kind: "optin", Type: "checkbox", Ref: "R", Payload: "user-1"})
	if ev := s.events()[0]; ev["sender"] != nil || value.Object(ev["optin"])["user_ref"] != "user-1" {
		t.Errorf("checkbox event: %v", ev)
	}
	if r := send("user_ref", "user-1"); r.status != http.StatusOK || r.body["recipient_id"] != nil {
		t.Errorf("by user_ref: %d %v", r.status, r.body)
	}
	if _, subcode := send("user_ref", "user-2").code(); subcode != 2018001 {
		t.Errorf("unknown user_ref: subcode %d", subcode)
	}
	s.settle()
	s.took()
	s.act(Action{Kind: "say", Text: "hi"})
	if ev := s.events()[0]; value.Object(ev["prior_message"])["identifier"] != "user-1" {
		t.Errorf("first message after a checkbox: %v", ev)
	}
	s.act(Action{Kind: "optin", Type: "notification_messages", Payload: "P"})
	token := value.Text(value.Object(s.events()[0]["optin"])["notification_messages_token"])
	s.advance(48 * time.Hour)
	if r := send("notification_messages_token", token); r.status != http.StatusOK || r.body["recipient_id"] != testPSID {
		t.Errorf("by notification token: %v", r.body)
	}
	s.act(Action{Kind: "optin", Type: "stop", Payload: token})
	if _, subcode := send("notification_messages_token", token).code(); subcode != 1893015 {
		t.Errorf("after stop: subcode %d", subcode)
	}
	s.took()
	s.act(Action{Kind: "optin", Type: "one_time_notif_req", Payload: "P"})
	token = value.Text(value.Object(s.events()[0]["optin"])["one_time_notif_token"])
	if r := send("one_time_notif_token", token); r.status != http.StatusOK {
		t.Errorf("by one-time token: %v", r.body)
	}
	if code, _ := send("one_time_notif_token", token).code(); code != 100 {
		t.Errorf("by the same one-time token: code %d", code)
	}
}

// Under F14 the message that is answered with code 2 arrives all the same.
func TestBlockedDelivers(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Switches.BlockedDelivers = true })
	s.act(Action{Kind: "say", Text: "hi"})
	s.act(Action{Kind: "block"})
	r := s.send(`{"text":"x"}`)
	if code, _ := r.code(); code != 2 || r.status != 500 || r.err()["is_transient"] != true {
		t.Errorf("answer: %d %v", r.status, r.body)
	}
	if n := len(s.thread().Bubbles); n != 2 {
		t.Errorf("%d bubbles, want 2", n)
	}
}

func TestSendQuotas(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Quotas.SendsPerSecond = 2 })
	s.act(Action{Kind: "say", Text: "hi"})
	s.mustSend(`{"text":"1"}`)
	s.mustSend(`{"text":"2"}`)
	if code, _ := s.send(`{"text":"3"}`).code(); code != 613 {
		t.Errorf("third send in a second: code %d", code)
	}
	s.advance(time.Second)
	s.mustSend(`{"text":"3"}`)

	s = newStage(t, func(c *Config) { c.Switches.ThreadPerSecond = 1 })
	s.act(Action{Kind: "say", Text: "hi"})
	s.mustSend(`{"text":"1"}`)
	if code, _ := s.send(`{"text":"2"}`).code(); code != 613 {
		t.Errorf("second send to a person in a second, F11: code %d", code)
	}

	s = newStage(t, func(c *Config) { c.Quotas.CallsPerEngagedUser = 3 })
	s.act(Action{Kind: "say", Text: "hi"})
	for range 3 {
		s.mustSend(`{"text":"1"}`)
	}
	r := s.send(`{"text":"2"}`)
	if code, _ := r.code(); code != 80006 || r.status != http.StatusBadRequest ||
		!strings.Contains(r.header.Get("X-App-Usage"), `"call_count":100`) ||
		!strings.Contains(r.header.Get("X-Business-Use-Case-Usage"), `"estimated_time_to_regain_access":1440`) {
		t.Errorf("over the daily calls: %d %v %v", r.status, r.body, r.header)
	}
	s.advance(25 * time.Hour)
	s.act(Action{Kind: "say", Text: "hi"})
	s.mustSend(`{"text":"a day later"}`)
}

// Whoever wants to know is told of what was accepted, and of nothing else.
func TestAccepted(t *testing.T) {
	var told []string
	s := newStage(t, func(c *Config) {
		c.Accepted = func(person string, b Bubble) { told = append(told, person+" "+b.Text) }
	})
	s.act(Action{Kind: "say", Text: "hello"})
	s.send(`{"text":"one"}`)
	s.send(`{"text":""}`)
	s.graph("POST", "/me/messages", `{"recipient":{"id":"`+testPSID+`"},"sender_action":"mark_seen"}`)
	if want := []string{testPSID + " one"}; !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
}
