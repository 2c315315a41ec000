package content

import (
	"fmt"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// message reads a message as a send has it.
func message(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := value.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value.Object(v)
}

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
func TestMessage(t *testing.T) {
	rules := Rules{
		Stored:  func(id string) (string, bool) { return "image", id == "9" },
		Ordered: func(number string) bool { return number == "used" },
	}
	for _, row := range []struct {
		name          string
		message       string
		code, subcode int
		text          string // part of the message
	}{
		{"text", `{"text":"hello"}`, 0, 0, ""},
		{"empty message", `{}`, 100, 2018034, "Message cannot be empty, must provide valid attachment or text"},
		{"blank text", `{"text":" \n"}`, 100, 2018034, "cannot be empty"},
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
		{"image by id", `{"attachment":{"type":"image","payload":{"attachment_id":"9"}}}`, 0, 0, ""},
		{"video by the id of an image", `{"attachment":{"type":"video","payload":{"attachment_id":"9"}}}`, 100, 2018047, ""},
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
		{"receipt with a used number", tmpl("receipt", fmt.Sprintf(receipt, "used", "EUR", "12.5")), 100, 0, "order_number"},
		{"receipt with a small currency", tmpl("receipt", fmt.Sprintf(receipt, "2", "eur", "12.5")), 100, 0, "currency"},
		{"receipt with a bad amount", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", `"much"`)), 100, 2018055, ""},
		{"receipt with an amount beyond all", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", `"Inf"`)), 100, 2018055, ""},
		{"receipt with a bad price", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", "12.5")+`,"elements":[{"title":"Tea","price":"NaN"}]`), 100, 2018055, "price"},
		{"receipt with a bad tax", tmpl("receipt", strings.Replace(fmt.Sprintf(receipt, "2", "EUR", "12.5"), `"total_cost"`, `"total_tax":"much","total_cost"`, 1)), 100, 2018055, "total_tax"},
		{"receipt with a bad discount", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", "12.5")+`,"adjustments":[{"name":"new","amount":"ten"}]`), 100, 2018055, "amount"},
		{"receipt with all its amounts", tmpl("receipt", fmt.Sprintf(receipt, "2", "EUR", "12.5")+`,"elements":[{"title":"Tea","price":12}],"adjustments":[{"name":"new","amount":"1.5"}]`), 0, 0, ""},
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
			rule, refused := rules.Message(message(t, row.message), nil)
			if refused == nil {
				if row.code != 0 || rule != "" {
					t.Errorf("accepted by the rule %q, want %d/%d", rule, row.code, row.subcode)
				}
				return
			}
			said := value.Text(value.Object(refused.Answer("", "")["error"])["message"])
			if refused.Code != row.code || refused.Subcode != row.subcode || !strings.Contains(said, row.text) {
				t.Errorf("refused with %d/%d %q, want %d/%d %q", refused.Code, refused.Subcode, said, row.code, row.subcode, row.text)
			}
			if rule == "" {
				t.Error("no rule is named")
			}
		})
	}
}

// A file that comes with the request counts instead of a URL, by its size and type.
func TestMedium(t *testing.T) {
	const megabyte = 1 << 20
	for _, row := range []struct {
		name, kind string
		file       request.Upload
		subcode    int
	}{
		{"image", "image", request.Upload{MIME: "image/png", Size: 8 * megabyte}, 0},
		{"image too large", "image", request.Upload{MIME: "image/png", Size: 8*megabyte + 1}, 2018109},
		{"video", "video", request.Upload{MIME: "video/mp4", Size: 25 * megabyte}, 0},
		{"video too large", "video", request.Upload{MIME: "video/mp4", Size: 25*megabyte + 1}, 2018109},
		{"video sent as image", "image", request.Upload{MIME: "video/mp4"}, 2018047},
		{"anything as file", "file", request.Upload{MIME: "image/png"}, 0},
	} {
		refused := Rules{}.Medium(row.kind, nil, &row.file)
		if got := refused; (got == nil) != (row.subcode == 0) || got != nil && got.Subcode != row.subcode {
			t.Errorf("%s: %+v, want subcode %d", row.name, got, row.subcode)
		}
	}
}

// Switch F1 decides what a character is, and whether 2000 itself passes.
func TestTextSwitches(t *testing.T) {
	for _, row := range []struct {
		name, text string
		rules      Rules
		ok         bool
	}{
		{"1001 code points", strings.Repeat("😀", 1001), Rules{CodePoints: true}, true},
		{"2001 code points", strings.Repeat("😀", 2001), Rules{CodePoints: true}, false},
		{"2000 under less than", long(2000), Rules{TextBelow: true}, false},
		{"1999 under less than", long(1999), Rules{TextBelow: true}, true},
	} {
		if _, refused := row.rules.Message(map[string]any{"text": row.text}, nil); (refused == nil) != row.ok {
			t.Errorf("%s: %+v", row.name, refused)
		}
	}
}

// Quick replies show cut, and those for a number or an address only where there is one.
func TestQuickReplies(t *testing.T) {
	m := message(t, `{"quick_replies":[`+quick+`,{"content_type":"text","title":"A title that is longer than it may be","payload":"LONG"},
		{"content_type":"user_phone_number"},{"content_type":"user_email"}]}`)
	got := QuickReplies(m, "", "ada@example.org")
	if len(got) != 3 || got[0].Title != "Red" || got[1].Title != "A title that is lon…" || got[2].Payload != "ada@example.org" {
		t.Fatalf("quick replies: %+v", got)
	}
	if !got[1].Titled("A title that is longer than it may be") || !got[1].Titled(got[1].Title) || got[1].Titled("") {
		t.Errorf("titles of %+v", got[1])
	}
}

// The buttons of a template show in the order of its elements.
func TestButtons(t *testing.T) {
	m := message(t, generic(`{"title":"T","buttons":[`+postback+`]},{"title":"U","buttons":[{"type":"web_url","title":"Open","url":"https://a.b"}]}`))
	got := Buttons(value.Object(value.Object(m["attachment"])["payload"]))
	if len(got) != 2 || got[0].Payload != "GO" || got[1].URL != "https://a.b" {
		t.Errorf("buttons: %+v", got)
	}
}
