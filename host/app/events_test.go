package app

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// listener is a bot that tells what it hears, and what was set before.
const listener = `+ __media__
- <get _mediaType>: <get _mediaUrl>

+ what did i send
- <get _mediaUrls>

+ where am i
- <get _mediaLat>, <get _mediaLong>

+ __referral__
- From <get _fbRefSource>: <get _fbRefParam>, <get _fbRefType>, ad <get _fbRefAdId>.

+ where do i come from
- <get _ref>, <get _refSource>, ad <get _refAdId>, first <get _fbRefFirstParam>.

+ __comment__
- Thanks for "<get _fbComment>", on <get _fbRefParam> as <get _fbRefSource>. <send> There is more.

+ get started
- Welcome from <get _fbRefSource>: <get _fbRefParam>.

+ buy tea
- Tapped <get _payload>.

+ /help
- Ask for tea.

+ choose
- Which? ^buttons(Green tea, Black tea)

+ green tea
- Green it is, by <get _payload>.

+ who am i
- <get _userFirstName> <get _userLastName>

+ log in
- ^template({"template_type":"button","text":"Log in","buttons":[{"type":"account_link","url":"https://login.example/in"}]})

+ voucher
- ^template({"template_type":"coupon","title":"Ten percent","coupon_code":"TEA10"})

+ contact
- How? ^quickReply([{"content_type":"user_email"},{"content_type":"user_phone_number"}])

+ *
- I heard <star>.
` + alive

// Every event of messenger.md section 2.7, done by a person on the emulated platform: what
// the script hears (section 25 of the language), or that it hears nothing.
func TestEveryEvent(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": listener}, nil)
	p.profile(t, `{"get_started":{"payload":"GET_STARTED"},
		"persistent_menu":[{"locale":"default","call_to_actions":[{"type":"postback","title":"Buy","payload":"buy tea"}]}],
		"ice_breakers":[{"locale":"default","call_to_actions":[{"question":"What do you sell?","payload":"buy tea"}]}],
		"commands":[{"locale":"default","commands":[{"name":"help","description":"what there is"}]}]}`)
	say := func(text string) emulator.Action { return emulator.Action{Kind: "say", Text: text} }
	raw := func(rest string) emulator.Action { // an element of messaging[] as the platform writes it
		return emulator.Action{Kind: "raw", Raw: json.RawMessage(`{"sender":{"id":"SELF"},"recipient":{"id":"PAGE"},"timestamp":1,` + rest + `}`)}
	}
	unsigned := func(rest string) emulator.Action { // one that names nobody
		return emulator.Action{Kind: "raw", Raw: json.RawMessage(`{"recipient":{"id":"PAGE"},"timestamp":1,` + rest + `}`)}
	}
	attach := func(kind, url string) emulator.Action {
		return emulator.Action{Kind: "attachment", Type: kind, URL: url}
	}
	const photo, second = "https://pictures.example/a.jpg", "https://pictures.example/b.jpg"
	for _, row := range []struct {
		name string
		do   []emulator.Action
		want []string
	}{
		{"text", []emulator.Action{say("good morning")}, []string{"I heard good morning."}},
		{"text with built-in NLP", []emulator.Action{{Kind: "say", Text: "tomorrow", NLP: json.RawMessage(`{"entities":{},"detected_locales":[{"locale":"en_XX","confidence":0.9}]}`)}}, []string{"I heard tomorrow."}},
		{"reply to an earlier message", []emulator.Action{say("one"), {Kind: "say", Text: "two", Target: "m_0"}}, []string{"I heard one.", "I heard two."}},
		{"quick reply", []emulator.Action{say("choose"), {Kind: "tap", Text: "Green tea"}}, []string{"Which?", "Green it is, by Green tea."}},
		{"quick reply for an e-mail address", []emulator.Action{say("contact"), {Kind: "tap", Text: "ada@example.org"}}, []string{"How?", "I heard ada@exampleorg."}},
		{"quick reply for a phone number", []emulator.Action{say("contact"), {Kind: "tap", Text: "+4930123"}}, []string{"How?", "I heard +4930123."}},
		{"image", []emulator.Action{attach("image", photo)}, []string{"image: " + photo}},
		{"several images", []emulator.Action{
			{Kind: "attachment", Raw: json.RawMessage(`[{"type":"image","payload":{"url":"` + photo + `"}},{"type":"image","payload":{"url":"` + second + `"}}]`)},
			say("what did i send"),
		}, []string{"image: " + photo, photo + "," + second}},
		{"audio", []emulator.Action{attach("audio", "https://media.example/a.mp3")}, []string{"audio: https://media.example/a.mp3"}},
		{"video", []emulator.Action{attach("video", "https://media.example/a.mp4")}, []string{"video: https://media.example/a.mp4"}},
		{"file", []emulator.Action{attach("file", "https://media.example/a.pdf")}, []string{"file: https://media.example/a.pdf"}},
		{"sticker", []emulator.Action{{Kind: "attachment", Type: "sticker", Payload: "369239263222822", URL: "https://media.example/thumb.png"}}, []string{"sticker: https://media.example/thumb.png"}},
		{"location", []emulator.Action{{Kind: "attachment", Type: "location", Payload: "52.5,13.4", Text: "Pin"}, say("where am i")}, []string{"location: https://www.google.com/maps?q=52.5,13.4", "52.5, 13.4"}},
		{"shared link", []emulator.Action{{Kind: "attachment", Type: "fallback", URL: "https://shop.example/tea"}}, []string{"fallback: https://shop.example/tea"}},
		{"shared link without payload", []emulator.Action{{Kind: "attachment", Raw: json.RawMessage(`{"type":"fallback","payload":null}`)}}, []string{"fallback:"}},
		{"shared reel", []emulator.Action{attach("reel", "https://media.example/reel")}, []string{"reel: https://media.example/reel"}},
		{"shared Instagram reel", []emulator.Action{attach("ig_reel", "https://media.example/ig")}, []string{"ig_reel: https://media.example/ig"}},
		{"shared post", []emulator.Action{attach("post", "https://media.example/post")}, []string{"post: https://media.example/post"}},
		{"shared product", []emulator.Action{{Kind: "attachment", Raw: json.RawMessage(`{"type":"template","payload":{"product":{"elements":[{"id":"P1","title":"Tea"}]}}}`)}}, []string{"template:"}},
		{"appointment", []emulator.Action{{Kind: "attachment", Raw: json.RawMessage(`{"type":"appointment_booking","payload":{"booking_id":"b","status":"requested"}}`)}}, []string{"appointment_booking:"}},
		{"text with an attachment", []emulator.Action{{Kind: "attachment", Type: "image", URL: photo, Text: "look"}, say("what did i send")}, []string{"I heard look.", photo}},
		{"deleted message", []emulator.Action{raw(`"message":{"mid":"m_gone","is_deleted":true}`)}, nil},
		{"slash command", []emulator.Action{say("/help")}, []string{"Ask for tea."}},
		{"button of a template", []emulator.Action{{Kind: "postback", Text: "Buy", Payload: "buy tea"}}, []string{"Tapped buy tea."}},
		{"menu item", []emulator.Action{say("hello"), {Kind: "tap", Text: "Buy"}}, []string{"I heard hello.", "Tapped buy tea."}},
		{"ice breaker", []emulator.Action{{Kind: "tap", Text: "What do you sell?"}}, []string{"Tapped buy tea."}},
		{"Get Started", []emulator.Action{{Kind: "get_started"}}, []string{"Welcome from undefined: undefined."}},
		{"Get Started from a link", []emulator.Action{{Kind: "get_started", Ref: "autumn"}, say("where do i come from")}, []string{"Welcome from SHORTLINK: autumn.", "autumn, SHORTLINK, ad undefined, first autumn."}},
		{"Get Started from an ad", []emulator.Action{{Kind: "get_started", Ref: "autumn", AdID: "77"}, say("where do i come from")}, []string{"Welcome from ADS: autumn.", "autumn, ADS, ad 77, first autumn."}},
		{"link into a new thread", []emulator.Action{{Kind: "referral", Ref: "spring"}, say("hello"), say("where do i come from")}, []string{"I heard hello.", "spring, SHORTLINK, ad undefined, first spring."}},
		{"link into an existing thread", []emulator.Action{say("hello"), {Kind: "referral", Ref: "spring"}}, []string{"I heard hello.", "From SHORTLINK: spring, OPEN_THREAD, ad undefined."}},
		{"ad into a new thread", []emulator.Action{{Kind: "referral", AdID: "77"}, say("is it free"), say("where do i come from")}, []string{"I heard is it free.", "undefined, ADS, ad 77, first undefined."}},
		{"ad into an existing thread", []emulator.Action{say("hello"), {Kind: "referral", AdID: "77", Ref: "r"}}, []string{"I heard hello.", "From ADS: r, OPEN_THREAD, ad 77."}},
		{"message about a product", []emulator.Action{raw(`"message":{"mid":"m_product","text":"is it free","referral":{"product":{"id":"P1"}}}`)}, []string{"I heard is it free."}},
		{"a second link", []emulator.Action{{Kind: "get_started", Ref: "one"}, {Kind: "referral", Ref: "two"}, say("where do i come from")}, []string{"Welcome from SHORTLINK: one.", "From SHORTLINK: two, OPEN_THREAD, ad undefined.", "two, SHORTLINK, ad undefined, first one."}},
		{"lead ad", []emulator.Action{say("hello"), {Kind: "lead", AdID: "9", Raw: json.RawMessage(`{"name":"Ada"}`)}}, []string{"I heard hello.", "From ADS: undefined, LEAD_COMPLETE, ad 9."}},
		{"Send to Messenger", []emulator.Action{{Kind: "optin", Ref: "cart"}}, []string{"From send_to_messenger: cart, undefined, ad undefined."}},
		{"checkbox", []emulator.Action{{Kind: "optin", Type: "checkbox", Ref: "cart", Payload: "REF"}, {Kind: "await"}}, []string{"From checkbox_plugin: cart, undefined, ad undefined."}},
		{"first message after a checkbox", []emulator.Action{{Kind: "optin", Type: "checkbox", Ref: "cart", Payload: "REF2"}, {Kind: "await"}, say("where do i come from")}, []string{"From checkbox_plugin: cart, undefined, ad undefined.", "cart, checkbox_plugin, ad undefined, first cart."}},
		{"comment on a post", []emulator.Action{{Kind: "comment", Text: "How much?", Ref: "post_7"}, {Kind: "await"}}, []string{`Thanks for "How much?", on post_7 as COMMENT.`}},
		{"notification opt-in", []emulator.Action{say("hello"), {Kind: "optin", Type: "notification_messages", Payload: "news"}}, []string{"I heard hello.", "From notification_messages: news, undefined, ad undefined."}},
		{"notification stop", []emulator.Action{say("hello"), raw(`"optin":{"type":"notification_messages","notification_messages_token":"tok","notification_messages_status":"STOP NOTIFICATIONS"}`)}, []string{"I heard hello."}},
		{"one-time notification", []emulator.Action{say("hello"), {Kind: "optin", Type: "one_time_notif_req", Payload: "once"}}, []string{"I heard hello.", "From one_time_notif_req: once, undefined, ad undefined."}},
		{"read", []emulator.Action{say("hello"), {Kind: "read"}}, []string{"I heard hello."}},
		{"reaction", []emulator.Action{say("hello"), {Kind: "reaction", Text: "👍"}}, []string{"I heard hello."}},
		{"reaction taken back", []emulator.Action{say("hello"), {Kind: "reaction", Type: "unreact"}}, []string{"I heard hello."}},
		{"rating of a reply", []emulator.Action{say("hello"), {Kind: "rate"}}, []string{"I heard hello."}},
		{"coupon", []emulator.Action{say("voucher"), {Kind: "coupon"}}, []string{""}},
		{"edit", []emulator.Action{say("hello"), {Kind: "edit", Text: "hullo"}}, []string{"I heard hello."}},
		{"linked account", []emulator.Action{say("log in"), {Kind: "tap", Text: "Log In"}, {Kind: "link"}}, []string{"Log in"}},
		{"unlinked account", []emulator.Action{say("log in"), {Kind: "tap", Text: "Log In"}, {Kind: "link"}, {Kind: "unlink"}}, []string{"Log in"}},
		{"request for control", []emulator.Action{raw(`"request_thread_control":{"requested_owner_app_id":"456","metadata":"m"}`)}, nil},
		{"roles of apps", []emulator.Action{unsigned(`"app_roles":{"123":["primary_receiver"]}`)}, nil},
		{"policy warning", []emulator.Action{{Kind: "policy", Type: "warning", Text: "careful"}}, nil},
		{"feedback form", []emulator.Action{{Kind: "feedback", Text: "4"}}, nil},
		{"game", []emulator.Action{{Kind: "game", Ref: "g"}}, nil},
		{"cart", []emulator.Action{{Kind: "order", Raw: json.RawMessage(`{"products":[{"id":"1","quantity":2}]}`)}}, nil},
		{"something unknown", []emulator.Action{raw(`"hologram":{"x":1}`)}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := *p
			q.t = t
			person := q.newcomer()
			said := 0
			for _, a := range row.do {
				if a.Kind == "await" { // not of the emulator: the answer in a conversation of its own, which may come late
					said++
					q.answered(person, said)
					continue
				}
				q.act(person, q.own(person, a))
				if a.Kind == "say" { // the rest happens to what is shown
					said++
					q.answered(person, said)
				}
			}
			q.said(person, row.want...)
		})
	}
}

// own puts the ids of a person and the Page into a hand-made event.
func (p *platform) own(person string, a emulator.Action) emulator.Action {
	a.Raw = json.RawMessage(strings.NewReplacer("SELF", person, "PAGE", p.page).Replace(string(a.Raw)))
	return a
}

// profile sets what the Page shows of the bot.
func (p *platform) profile(t *testing.T, properties string) {
	t.Helper()
	page, app := p.Pages()[0], p.Apps()[0]
	address := "/v26.0/me/messenger_profile?access_token=" + page.Token + "&appsecret_proof=" + messenger.Proof(app.Secret, page.Token)
	answer := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, address, strings.NewReader(properties))
	request.Header.Set("Content-Type", "application/json")
	p.Handler().ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		t.Fatalf("messenger_profile: %d %s", answer.Code, answer.Body)
	}
}

// Who has the word (rule 13 of messenger.md section 9): a human in the Page's inbox, another app by
// conversation routing, and the way back.
func TestOthersHaveTheWord(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": listener}, nil)
	for _, row := range []struct {
		name string
		away emulator.Action
		back emulator.Action
	}{
		{"a human in the inbox", emulator.Action{Kind: "human"}, emulator.Action{Kind: "bot"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := *p
			q.t = t
			person := q.newcomer()
			q.act(person, emulator.Action{Kind: "say", Text: "one"})
			q.answered(person, 1)
			q.act(person, row.away)
			q.act(person, emulator.Action{Kind: "say", Text: "two"}) // comes in standby
			q.act(person, emulator.Action{Kind: "inbox", Text: "A human here."})
			q.act(person, row.back)
			q.said(person, "I heard one.")
		})
	}
}

// A Page that Meta has blocked says nothing and forgets nothing (rule 19 of messenger.md section 9).
func TestPolicyBlock(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": listener}, nil)
	person := p.newcomer()
	p.act(person, emulator.Action{Kind: "say", Text: "one"})
	p.answered(person, 1)
	p.act(person, emulator.Action{Kind: "policy", Type: "block", Text: "spam"})
	p.act(person, emulator.Action{Kind: "say", Text: "two"})
	p.act(person, emulator.Action{Kind: "policy", Type: "unblock"})
	p.said(person, "I heard one.", "I heard two.")
}
