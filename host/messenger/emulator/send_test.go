package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func generic(element string) string {
	return `{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[` + element + `]}}}`
}

func tmpl(kind, rest string) string {
	return `{"attachment":{"type":"template","payload":{"template_type":"` + kind + `"` + rest + `}}}`
}

func buttons(list string) string { return tmpl("button", `,"text":"Choose","buttons":[`+list+`]`) }

func many(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }

func long(n int) string { return strings.Repeat("x", n) }

const (
	postback = `{"type":"postback","title":"Go","payload":"GO"}`
	quick    = `{"content_type":"text","title":"Red","payload":"RED"}`
	receipt  = `,"recipient_name":"Ada","order_number":"%s","currency":"%s","payment_method":"Visa","summary":{"total_cost":%s}`
)

// One row for each check of message content (emulator.md §4.3). Code 0 means accepted.
func TestContentRefusals(t *testing.T) {
	s := newStage(t, nil)
	s.act(Action{Kind: "say", Text: "hi"})
	for _, row := range []struct {
		name          string
		message       string
		code, subcode int
		text          string // part of the message
	}{
		{"text", `{"text":"hello"}`, 0, 0, ""},
		{"empty message", `{}`, 100, 2018034, "Message cannot be empty, must provide valid attachment or text"},
		{"blank text", `{"text":" \n"}`, 100, 2018034, "cannot be empty"},
		{"message is no object", `"hello"`, 100, 0, "must be an object"},
		{"text and attachment", `{"text":"a","attachment":{"type":"image","payload":{"url":"https://a.b/c"}}}`, 100, 0, "cannot be sent together"},
		{"text of 2000", `{"text":"` + long(2000) + `"}`, 0, 0, ""},
		{"text of 2001", `{"text":"` + long(2001) + `"}`, 100, 0, "(#100) Length of param message[text] must be less than or equal to 2000"},
		{"text of 1000 emoji is 2000 units", `{"text":"` + strings.Repeat("😀", 1000) + `"}`, 0, 0, ""},
		{"text of 1001 emoji", `{"text":"` + strings.Repeat("😀", 1001) + `"}`, 100, 0, "message[text]"},
		{"metadata of 999", `{"text":"a","metadata":"` + long(999) + `"}`, 0, 0, ""},
		{"metadata of 1000", `{"text":"a","metadata":"` + long(1000) + `"}`, 100, 0, "message[metadata]"},

		{"13 quick replies", `{"text":"a","quick_replies":[` + many(13, quick) + `]}`, 0, 0, ""},
		{"14 quick replies", `{"text":"a","quick_replies":[` + many(14, quick) + `]}`, 105, 0, "(#105) param message[quick_replies] has too many elements."},
		{"no quick replies", `{"text":"a","quick_replies":[]}`, 194, 0, "has too few elements."},
		{"quick replies are no list", `{"text":"a","quick_replies":{}}`, 100, 0, "must be an array"},
		{"quick reply without title", `{"text":"a","quick_replies":[{"content_type":"text","payload":"P"}]}`, 100, 2018098, ""},
		{"quick reply without payload", `{"text":"a","quick_replies":[{"content_type":"text","title":"T"}]}`, 100, 2018099, ""},
		{"quick reply with an image needs no payload", `{"text":"a","quick_replies":[{"content_type":"text","title":"T","image_url":"https://a.b/c.png"}]}`, 0, 0, ""},
		{"quick reply with a bad image", `{"text":"a","quick_replies":[{"content_type":"text","title":"T","image_url":"c.png"}]}`, 100, 0, "valid URL"},
		{"quick reply with a long title is cut", `{"text":"a","quick_replies":[{"content_type":"text","title":"` + long(21) + `","payload":"P"}]}`, 0, 0, ""},
		{"quick reply with a long payload", `{"text":"a","quick_replies":[{"content_type":"text","title":"T","payload":"` + long(1001) + `"}]}`, 100, 0, "payload"},
		{"quick reply of a dead kind", `{"text":"a","quick_replies":[{"content_type":"location"}]}`, 100, 0, "content_type"},
		{"quick reply for an address", `{"text":"a","quick_replies":[{"content_type":"user_email"}]}`, 0, 0, ""},

		{"attachment without type", `{"attachment":{"payload":{}}}`, 100, 0, "(#100) The parameter message[attachment][type] is required"},
		{"attachment of unknown type", `{"attachment":{"type":"song","payload":{}}}`, 100, 0, "must be one of"},
		{"image by URL", `{"attachment":{"type":"image","payload":{"url":"https://a.b/c.png"}}}`, 0, 0, ""},
		{"image by no URL", `{"attachment":{"type":"image","payload":{"url":"c.png"}}}`, 100, 0, "message[attachment][payload][url] should represent a valid URL"},
		{"image without payload", `{"attachment":{"type":"image"}}`, 100, 0, "valid URL"},
		{"unknown attachment id", `{"attachment":{"type":"image","payload":{"attachment_id":"5"}}}`, 100, 2018074, ""},

		{"unknown template", tmpl("carousel", ""), 100, 0, "(#100) Invalid template type"},
		{"dead template", tmpl("list", ""), 100, 0, "Invalid template type"},
		{"generic", generic(`{"title":"T","subtitle":"S","buttons":[` + postback + `]}`), 0, 0, ""},
		{"generic without elements", generic(``), 194, 0, ""},
		{"generic with 11 elements", generic(many(11, `{"title":"T","subtitle":"S"}`)), 105, 0, ""},
		{"generic without title", generic(`{"subtitle":"S"}`), 100, 2018053, ""},
		{"generic with a title only", generic(`{"title":"T"}`), 100, 2018035, ""},
		{"generic with a long title", generic(`{"title":"` + long(81) + `","subtitle":"S"}`), 100, 0, "less than or equal to 80"},
		{"generic with a long subtitle", generic(`{"title":"T","subtitle":"` + long(81) + `"}`), 100, 0, "less than or equal to 80"},
		{"generic with a bad image", generic(`{"title":"T","image_url":"x"}`), 100, 0, "valid URL"},
		{"generic with 4 buttons", generic(`{"title":"T","buttons":[` + many(4, postback) + `]}`), 105, 0, ""},
		{"generic with an empty button list", generic(`{"title":"T","buttons":[]}`), 194, 0, ""},
		{"generic with a default action", generic(`{"title":"T","default_action":{"type":"web_url","url":"https://a.b"}}`), 0, 0, ""},
		{"default action with a title", generic(`{"title":"T","default_action":{"type":"web_url","title":"x","url":"https://a.b"}}`), 100, 0, "default_action"},
		{"default action without url", generic(`{"title":"T","default_action":{"type":"web_url"}}`), 100, 2018041, ""},

		{"button template", buttons(postback), 0, 0, ""},
		{"button template without text", tmpl("button", `,"buttons":[`+postback+`]`), 100, 2018035, ""},
		{"button text of 641", tmpl("button", `,"text":"`+long(641)+`","buttons":[`+postback+`]`), 100, 0, "640"},
		{"no button", tmpl("button", `,"text":"x"`), 194, 0, ""},
		{"4 buttons", buttons(many(4, postback)), 105, 0, ""},
		{"unknown button type", buttons(`{"type":"share","title":"x"}`), 100, 0, "(#100) Invalid button type"},
		{"button without title", buttons(`{"type":"postback","payload":"x"}`), 100, 2018053, ""},
		{"button without payload", buttons(`{"type":"postback","title":"x"}`), 100, 2018040, ""},
		{"button without url", buttons(`{"type":"web_url","title":"x"}`), 100, 2018041, ""},
		{"button with a bad url", buttons(`{"type":"web_url","title":"x","url":"a.b"}`), 100, 0, "valid URL"},
		{"button title of 21", buttons(`{"type":"postback","title":"` + long(21) + `","payload":"x"}`), 100, 0, "must be less than or equal to 20"},
		{"button payload of 1001", buttons(`{"type":"postback","title":"x","payload":"` + long(1001) + `"}`), 100, 0, "1000"},
		{"button height", buttons(`{"type":"web_url","title":"x","url":"https://a.b","webview_height_ratio":"huge"}`), 100, 0, "webview_height_ratio"},
		{"phone number", buttons(`{"type":"phone_number","title":"x","payload":"+15105551234"}`), 0, 0, ""},
		{"phone number without +", buttons(`{"type":"phone_number","title":"x","payload":"15105551234"}`), 100, 0, "begin with +"},
		{"account_link over http", buttons(`{"type":"account_link","url":"http://a.b"}`), 100, 0, "valid URL"},
		{"account_unlink", buttons(`{"type":"account_unlink"}`), 0, 0, ""},
		{"account_unlink with a title", buttons(`{"type":"account_unlink","title":"x"}`), 100, 0, "account_unlink"},

		{"media", tmpl("media", `,"elements":[{"media_type":"image","url":"https://www.facebook.com/p/1"}]`), 0, 0, ""},
		{"media with two elements", tmpl("media", `,"elements":[{},{}]`), 100, 2018173, ""},
		{"media of no type", tmpl("media", `,"elements":[{"url":"https://www.facebook.com/p/1"}]`), 100, 2018175, ""},
		{"media with both sources", tmpl("media", `,"elements":[{"media_type":"image","url":"https://www.facebook.com/p/1","attachment_id":"1"}]`), 100, 2018182, ""},
		{"media from elsewhere", tmpl("media", `,"elements":[{"media_type":"image","url":"https://facebook.com.evil.example/p/1"}]`), 100, 2018185, ""},
		{"media with an unknown id", tmpl("media", `,"elements":[{"media_type":"image","attachment_id":"1"}]`), 100, 2018074, ""},

		{"receipt", tmpl("receipt", fmt.Sprintf(receipt, "1", "EUR", "12.5")), 0, 0, ""},
		{"receipt with a used number", tmpl("receipt", fmt.Sprintf(receipt, "1", "EUR", "12.5")), 100, 0, "order_number"},
		{"receipt with a small currency", tmpl("receipt", fmt.Sprintf(receipt, "2", "eur", "12.5")), 100, 0, "currency"},
		{"receipt with a bad amount", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", `"much"`)), 100, 2018055, ""},
		{"receipt without total", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", `""`)), 100, 2018035, ""},
		{"receipt without name", tmpl("receipt", `,"order_number":"2"`), 100, 2018035, ""},
		{"product", tmpl("product", `,"elements":[{"id":"7"}]`), 0, 0, ""},
		{"product without id", tmpl("product", `,"elements":[{}]`), 100, 2018320, ""},
		{"coupon", tmpl("coupon", `,"title":"T","coupon_code":"C"`), 0, 0, ""},
		{"coupon without code", tmpl("coupon", `,"title":"T"`), 100, 2018035, ""},
		{"image grid of one", tmpl("image_grid", `,"images":[{}]`), 194, 0, ""},
		{"one-time request with a long title", tmpl("one_time_notif_req", `,"title":"`+long(66)+`","payload":"x"`), 100, 0, "65"},
		{"feedback", tmpl("customer_feedback", `,"title":"T","feedback_screens":[{"questions":[{"type":"csat"}]}],"expires_in_days":3`), 0, 0, ""},
		{"feedback of unknown kind", tmpl("customer_feedback", `,"title":"T","feedback_screens":[{"questions":[{"type":"stars"}]}]`), 100, 0, "csat"},
		{"feedback for 8 days", tmpl("customer_feedback", `,"title":"T","feedback_screens":[{"questions":[{"type":"csat"}]}],"expires_in_days":8`), 100, 0, "expires_in_days"},
		{"feedback without screen", tmpl("customer_feedback", `,"title":"T"`), 194, 0, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := s.send(row.message)
			code, subcode := r.code()
			if code != row.code || subcode != row.subcode || !strings.Contains(value.Text(r.err()["message"]), row.text) {
				t.Errorf("answer %d %v, want %d/%d %q", r.status, r.body, row.code, row.subcode, row.text)
			}
			calls := s.Calls()
			if noted := calls[len(calls)-1].Note != ""; noted != (row.code != 0) && row.message != `"hello"` {
				t.Errorf("note of the call: %q", calls[len(calls)-1].Note)
			}
			if want := http.StatusBadRequest; row.code != 0 && r.status != want {
				t.Errorf("status %d, want %d", r.status, want)
			}
		})
	}
}

// Switch F1 decides what a character is, and whether 2000 itself passes.
func TestTextSwitches(t *testing.T) {
	emoji := `{"text":"` + strings.Repeat("😀", 1001) + `"}`
	points := newStage(t, func(c *Config) { c.Switches.CodePoints = true })
	points.act(Action{Kind: "say", Text: "hi"})
	if r := points.send(emoji); r.status != http.StatusOK {
		t.Errorf("1001 code points: %v", r.body)
	}
	below := newStage(t, func(c *Config) { c.Switches.TextBelow = true })
	below.act(Action{Kind: "say", Text: "hi"})
	if r := below.send(`{"text":"` + long(2000) + `"}`); r.status != http.StatusBadRequest {
		t.Errorf("2000 under 'less than': %v", r.body)
	}
	if r := below.send(`{"text":"` + long(1999) + `"}`); r.status != http.StatusOK {
		t.Errorf("1999 under 'less than': %v", r.body)
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
	s.clock.Set(tagsEnd.Add(-time.Second))
	if r := s.graph("POST", "/me/messages", body); r.status != http.StatusOK {
		t.Errorf("before the end: %v", r.body)
	}
	s.clock.Set(tagsEnd)
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

func TestReusableAttachment(t *testing.T) {
	s := newStage(t, nil)
	r := s.graph("POST", "/me/message_attachments", `{"message":{"attachment":{"type":"image","payload":{"url":"https://a.b/c.png","is_reusable":true}}}}`)
	id, _ := r.body["attachment_id"].(string)
	if id == "" {
		t.Fatalf("upload: %v", r.body)
	}
	s.advance(attachmentLife)
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
