package messenger

import (
	"encoding/json"
	"strings"
	"testing"
)

// Sections 3.5 and 3.6: each limit passes at its value and is refused one beyond.
func TestCheckTemplate(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int, item string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	generic := func(element string) string { return `{"template_type":"generic","elements":[` + element + `]}` }
	buttons := func(list string) string { return `{"template_type":"button","text":"t","buttons":` + list + `}` }
	button := `{"type":"postback","title":"a","payload":"b"}`
	receipt := func(currency, rest string) string {
		return `{"template_type":"receipt","recipient_name":"A","order_number":"1","currency":"` + currency + `","payment_method":"Visa",` + rest + `}`
	}
	for _, tt := range []struct{ name, payload, want string }{
		{"not JSON", `{`, "must be a JSON object"},
		{"no object", `[1]`, "must be a JSON object"},
		{"null", `null`, "must be a JSON object"},
		{"no type", `{}`, "template_type is missing"},
		{"dead", `{"template_type":"list"}`, "dropped the type list"},
		{"dead family", `{"template_type":"airline_boardingpass"}`, "dropped the type airline_boardingpass"},
		{"unknown", `{"template_type":"puppet"}`, "no type puppet"},

		{"generic", generic(`{"title":"` + x(80) + `","subtitle":"` + x(80) + `"}`), ""},
		{"ten elements", `{"template_type":"generic","elements":` + many(10, element1) + `}`, ""},
		{"eleven elements", `{"template_type":"generic","elements":` + many(11, element1) + `}`, "elements has 11 entries, at most 10 allowed"},
		{"no elements", `{"template_type":"generic"}`, "elements is missing"},
		{"empty elements", `{"template_type":"generic","elements":[]}`, "elements has 0 entries, at least 1 needed"},
		{"elements no list", `{"template_type":"generic","elements":{}}`, "elements must be a list"},
		{"element no object", generic(`"a"`), "elements[0] must be an object"},
		{"title long", generic(`{"title":"` + x(81) + `","subtitle":"a"}`), "elements[0].title is longer than 80 characters"},
		{"title missing", generic(`{"subtitle":"a"}`), "elements[0].title is missing"},
		{"title blank", generic(`{"title":" ","subtitle":"a"}`), "elements[0].title is empty"},
		{"title a number", generic(`{"title":1,"subtitle":"a"}`), "elements[0].title must be a text"},
		{"subtitle long", generic(`{"title":"a","subtitle":"` + x(81) + `"}`), "elements[0].subtitle is longer than 80 characters"},
		{"title alone", generic(`{"title":"a"}`), "elements[0] needs a subtitle"},
		{"empty fields count as absent", generic(`{"title":"a","subtitle":"","image_url":""}`), "elements[0] needs a subtitle"},
		{"image", generic(`{"title":"a","image_url":"a.png"}`), "elements[0].image_url is not a web address"},
		{"default action", generic(`{"title":"a","default_action":{"type":"web_url","url":"https://a.example"}}`), ""},
		{"default action with title", generic(`{"title":"a","default_action":{"type":"web_url","title":"b","url":"https://a.example"}}`), "must be a web_url button without title"},
		{"default action to nowhere", generic(`{"title":"a","default_action":{"type":"web_url"}}`), "default_action.url is missing"},

		{"button template", `{"template_type":"button","text":"` + x(640) + `","buttons":` + many(3, button) + `}`, ""},
		{"text long", `{"template_type":"button","text":"` + x(641) + `","buttons":` + many(1, button) + `}`, "text is longer than 640 characters"},
		{"four buttons", buttons(many(4, button)), "buttons has 4 entries, at most 3 allowed"},
		{"button title", buttons(`[{"type":"postback","title":"` + x(20) + `","payload":"` + x(1000) + `"}]`), ""},
		{"button title long", buttons(`[{"type":"postback","title":"` + x(21) + `","payload":"b"}]`), "buttons[0].title is longer than 20 characters"},
		{"button payload long", buttons(`[{"type":"postback","title":"a","payload":"` + x(1001) + `"}]`), "buttons[0].payload is longer than 1000 characters"},
		{"astral letters count two", buttons(`[{"type":"postback","title":"` + strings.Repeat("😀", 11) + `","payload":"b"}]`), "longer than 20"},
		{"button to nowhere", buttons(`[{"type":"web_url","title":"a","url":"nowhere"}]`), "buttons[0].url is not a web address"},
		{"window of a size", buttons(`[{"type":"web_url","title":"a","url":"https://a.example","webview_height_ratio":"tall"}]`), ""},
		{"window of no size", buttons(`[{"type":"web_url","title":"a","url":"https://a.example","webview_height_ratio":"huge"}]`), "must be compact or tall or full"},
		{"phone", buttons(`[{"type":"phone_number","title":"a","payload":"+49301"}]`), ""},
		{"phone without plus", buttons(`[{"type":"phone_number","title":"a","payload":"0301"}]`), "begins with +"},
		{"link account", buttons(`[{"type":"account_link","url":"http://a.example"}]`), "not an https address"},
		{"unlink account", buttons(`[{"type":"account_unlink"}]`), ""},
		{"unlink account with title", buttons(`[{"type":"account_unlink","title":"a"}]`), "takes no other field"},
		{"play", buttons(`[{"type":"game_play","title":"a"}]`), ""},
		{"share is gone", buttons(`[{"type":"element_share"}]`), "buttons[0].type must be web_url"},

		{"media", `{"template_type":"media","elements":[{"media_type":"image","attachment_id":1}]}`, ""},
		{"media twice", `{"template_type":"media","elements":[{"media_type":"image","attachment_id":1,"url":"https://a.example"}]}`, "either attachment_id or url"},
		{"media on Facebook", `{"template_type":"media","elements":[{"media_type":"video","url":"https://www.facebook.com/v/1"}]}`, ""},
		{"media elsewhere", `{"template_type":"media","elements":[{"media_type":"video","url":"https://facebook.com.a.example/v"}]}`, "not an address on facebook.com"},
		{"media of sound", `{"template_type":"media","elements":[{"media_type":"audio","url":"https://a.example"}]}`, "must be image or video"},

		{"receipt", receipt("EUR", `"summary":{"total_cost":9.5},"elements":[]`), ""},
		{"receipt without elements", receipt("EUR", `"summary":{"total_cost":9.5}`), ""},
		{"receipt currency", receipt("eur", `"summary":{"total_cost":9.5}`), "currency is not three capitals"},
		{"receipt total", receipt("EUR", `"summary":{}`), "summary.total_cost is missing"},
		{"receipt items", receipt("EUR", `"summary":{"total_cost":1},"elements":`+many(101, element1)), "at most 100 allowed"},

		{"product", `{"template_type":"product","elements":[{"id":"1"}]}`, ""},
		{"product without id", `{"template_type":"product","elements":[{}]}`, "elements[0] has no id"},
		{"coupon", `{"template_type":"coupon","title":"a","coupon_code":"b"}`, ""},
		{"coupon without code", `{"template_type":"coupon","title":"a"}`, "coupon_code is missing"},
		{"survey", `{"template_type":"customer_feedback","title":"a","expires_in_days":7,"feedback_screens":[{"questions":[{"type":"csat"}]}]}`, ""},
		{"survey too long", `{"template_type":"customer_feedback","title":"a","expires_in_days":8,"feedback_screens":[{"questions":[{"type":"csat"}]}]}`, "expires_in_days is not from 1 to 7"},
		{"survey of two", `{"template_type":"customer_feedback","title":"a","feedback_screens":[{"questions":[{"type":"csat"},{"type":"nps"}]}]}`, "questions has 2 entries"},
		{"survey text", `{"template_type":"customer_feedback","title":"a","feedback_screens":[{"questions":[{"type":"ces","follow_up":{"placeholder":"` + x(401) + `"}}]}]}`, "placeholder is longer than 400"},
		{"grid", `{"template_type":"image_grid","images":[{},{}]}`, ""},
		{"grid of one", `{"template_type":"image_grid","images":[{}]}`, "2 to 6 are needed"},
		{"form", `{"template_type":"customer_information"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { match(t, CheckTemplate(json.RawMessage(tt.payload)), tt.want) })
	}
}

// Section 3.3.
func TestQuickReplies(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{"one", `{"content_type":"text","title":"a","payload":"b"}`, ""},
		{"a long title is shown cut", `{"content_type":"text","title":"` + strings.Repeat("x", 30) + `","payload":"b"}`, ""},
		{"image instead of payload", `{"content_type":"text","title":"a","image_url":"https://a.example/i.png"}`, ""},
		{"phone", `[{"content_type":"user_phone_number"}]`, ""},
		{"no type", `{"title":"a","payload":"b"}`, "[0].content_type must be"},
		{"no title", `{"content_type":"text","payload":"b"}`, "[0].title is missing"},
		{"no payload", `[{"content_type":"user_email"},{"content_type":"text","title":"a"}]`, "[1].payload is missing"},
		{"image empty", `{"content_type":"text","title":"a","image_url":""}`, "payload is missing"},
		{"payload long", `{"content_type":"text","title":"a","payload":"` + strings.Repeat("x", 1001) + `"}`, "payload is longer than 1000"},
		{"empty", `[]`, "empty"},
		{"fourteen", `[` + strings.TrimSuffix(strings.Repeat(`{"content_type":"user_email"},`, 14), ",") + `]`, "14 of them, at most 13"},
		{"a text", `"a"`, "must be a JSON object"},
		{"list of texts", `["a"]`, "[0] must be an object"},
		{"null", `null`, "empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := quickReplies(json.RawMessage(tt.raw))
			match(t, err, tt.want)
		})
	}
}

func match(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("err = %v, want %q", err, want)
	}
}

func FuzzCheckTemplate(f *testing.F) {
	f.Add([]byte(`{"template_type":"generic","elements":[` + element1 + `]}`))
	f.Add([]byte(`{"template_type":"customer_feedback","feedback_screens":[{"questions":[null]}]}`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		_ = CheckTemplate(raw)
		_ = checkElements(raw)
		_, _ = quickReplies(raw)
	})
}
