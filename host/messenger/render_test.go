package messenger

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// call makes a shortcode; arguments that begin with a bracket are JSON.
func call(name string, args ...string) reply.Call {
	c := reply.Call{Name: name}
	for _, a := range args {
		if strings.HasPrefix(a, "{") || strings.HasPrefix(a, "[") {
			c.Args = append(c.Args, reply.Arg{JSON: a})
			continue
		}
		c.Args = append(c.Args, reply.Arg{Text: a})
	}
	return c
}

func part(text string, calls ...reply.Call) reply.Part {
	return reply.Part{Text: text, Shortcodes: calls}
}

// wire is what goes over the wire for each message.
func wire(t testing.TB, messages []Outgoing) []string {
	t.Helper()
	var out []string
	for _, m := range messages {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(raw))
	}
	return out
}

func labels(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint("row ", i+1))
	}
	return out
}

const (
	element1 = `{"title":"Red","subtitle":"$9"}`
	linkTo   = `{"attachment":{"type":"template","payload":{"template_type":"button","text":"%s","buttons":[{"type":"web_url","title":"%s","url":"https://a.example"}]}}}`
)

// The catalogue of section 21.2 and rules L-SC-6 to L-SC-10.
// The part is spoken by whom the script names; of whom bot.toml does not know, an error text tells.
func TestRenderPersona(t *testing.T) {
	known := func(name string) (Persona, bool) { return Persona{Name: "Vera Tea", Picture: "p"}, name == "vera" }
	for _, row := range []struct {
		args []string
		find func(string) (Persona, bool)
		want string // the name of the persona
		said string
	}{
		{[]string{" vera "}, known, "Vera Tea", "Hi"},
		{[]string{"bob"}, known, "", "Hi [SHORTCODE_ERROR: persona: there is no persona 'bob' in bot.toml]"},
		{[]string{""}, known, "", "Hi [SHORTCODE_ERROR: persona takes one name]"},
		{[]string{"bob"}, nil, "bob", "Hi"},
	} {
		call := reply.Call{Name: "persona"}
		for _, a := range row.args {
			call.Args = append(call.Args, reply.Arg{Text: a})
		}
		r := Render(reply.Part{Text: "Hi", Shortcodes: []reply.Call{call}}, RenderOptions{Persona: row.find})
		name, said := "", []string{}
		if r.Persona != nil {
			name = r.Persona.Name
		}
		for _, m := range r.Messages {
			said = append(said, m.Text)
		}
		if name != row.want || strings.Join(said, " ") != row.said {
			t.Errorf("%q: %q says %q", row.args, name, said)
		}
	}
}

func TestRender(t *testing.T) {
	for _, tt := range []struct {
		name string
		part reply.Part
		want []string
	}{
		{"text", part("Hello"), []string{`{"text":"Hello"}`}},
		{"nothing", part(""), nil},
		{"blank text is nothing", part(" \n "), nil},
		{"metadata is nothing", part("", call("metadata", `{"a":1}`)), nil},
		{"L-SC-7 buttons", part("Tea?", call("buttons", "Green", "", "Black")), []string{
			`{"text":"Tea?","quick_replies":[{"content_type":"text","title":"Green","payload":"Green"},{"content_type":"text","title":"Black","payload":"Black"}]}`,
		}},
		{"L-SC-3 a list counts as its items", part("Tea?", call("buttons", `["Green",2]`)), []string{
			`{"text":"Tea?","quick_replies":[{"content_type":"text","title":"Green","payload":"Green"},{"content_type":"text","title":"2","payload":"2"}]}`,
		}},
		{"L-SC-7 long label", part("Tea?", call("buttons", "Green tea with honey, please")), []string{
			`{"text":"Tea?","quick_replies":[{"content_type":"text","title":"Green tea with honey","payload":"Green tea with honey, please"}]}`,
		}},
		{"buttons of an object", part("Tea?", call("buttons", `{"a":1}`)), []string{
			`{"text":"Tea?"}`, `{"text":"[SHORTCODE_ERROR: buttons takes texts, or a list of texts]"}`,
		}},
		{"L-SC-6 buttons without text", part("", call("buttons", "Yes")), []string{
			`{"text":"[SHORTCODE_ERROR: buttons need a text]","quick_replies":[{"content_type":"text","title":"Yes","payload":"Yes"}]}`,
		}},
		{"L-SC-6 buttons on the last message", part("Look", call("buttons", "Yes"), call("image", "https://a.example/i.png")), []string{
			`{"text":"Look"}`,
			`{"attachment":{"type":"image","payload":{"url":"https://a.example/i.png"}},"quick_replies":[{"content_type":"text","title":"Yes","payload":"Yes"}]}`,
		}},
		{"quick reply as given", part("Call?", call("quickReply", `[{"content_type":"user_phone_number"},{"content_type":"text","title":"No","payload":"NO","image_url":"https://a.example/n.png"}]`)), []string{
			`{"text":"Call?","quick_replies":[{"content_type":"user_phone_number"},{"content_type":"text","title":"No","payload":"NO","image_url":"https://a.example/n.png"}]}`,
		}},
		{"quick reply and buttons", part("Call?", call("quickReply", `{"content_type":"user_email"}`), call("buttons", "No")), []string{
			`{"text":"Call?","quick_replies":[{"content_type":"text","title":"No","payload":"No"},{"content_type":"user_email"}]}`,
		}},
		{"quick reply refused", part("Call?", call("quickReply", `{"content_type":"location"}`)), []string{
			`{"text":"Call?"}`, `{"text":"[PLATFORM_ERROR: quick replies: [0].content_type must be text or user_phone_number or user_email]"}`,
		}},
		{"link", part("See", call("link", "https://a.example")), []string{`{"text":"See https://a.example"}`}},
		{"link without text", part("", call("link", "https://a.example")), []string{`{"text":"https://a.example"}`}},
		{"L-SC-8 titled link takes the text", part("See", call("link", "https://a.example", "Open")), []string{fmt.Sprintf(linkTo, "See", "Open")}},
		{"L-SC-8 titled link alone", part("", call("link", "https://a.example", "Open")), []string{fmt.Sprintf(linkTo, "Open", "Open")}},
		{"L-SC-8 text too long for the template", part(strings.Repeat("x", 641), call("link", "https://a.example", "Open")), []string{
			`{"text":"` + strings.Repeat("x", 641) + `"}`, fmt.Sprintf(linkTo, "Open", "Open"),
		}},
		{"link to nowhere", part("", call("link", "nowhere", "Open")), []string{`{"text":"[PLATFORM_ERROR: link: 'nowhere' is not a web address]"}`}},
		{"media", part("", call("audio", "https://a.example/a.mp3"), call("file", "https://a.example/f.pdf")), []string{
			`{"attachment":{"type":"audio","payload":{"url":"https://a.example/a.mp3"}}}`,
			`{"attachment":{"type":"file","payload":{"url":"https://a.example/f.pdf"}}}`,
		}},
		{"media without address", part("", call("video")), []string{`{"text":"[SHORTCODE_ERROR: video takes one address]"}`}},
		{"media from elsewhere", part("", call("image", "file:///etc/passwd")), []string{`{"text":"[PLATFORM_ERROR: image: 'file:///etc/passwd' is not a web address]"}`}},
		{"template as given", part("", call("template", `{"template_type":"generic","elements":[`+element1+`],"extra":1}`)), []string{
			`{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[` + element1 + `],"extra":1}}}`,
		}},
		{"cards", part("", call("cards", `[`+element1+`]`)), []string{
			`{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[` + element1 + `]}}}`,
		}},
		{"L-SC-9 card: the text of a button is its payload", part("", call("card", "Red", "$9", "", "Shop=https://a.example?a=b", "Buy=buy red", "More")), []string{
			`{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[{"title":"Red","subtitle":"$9","buttons":[` +
				`{"type":"web_url","title":"Shop","url":"https://a.example?a=b"},{"type":"postback","title":"Buy","payload":"buy red"},{"type":"postback","title":"More","payload":"More"}]}]}}}`,
		}},
		{"L-SC-10 card with four buttons", part("", call("card", "Red", "", "", "a", "b", "c", "d")), []string{
			`{"text":"[PLATFORM_ERROR: cards: elements[0].buttons has 4 entries, at most 3 allowed]"}`,
		}},
		{"card with a title only", part("", call("card", "Red")), []string{
			`{"text":"[PLATFORM_ERROR: cards: elements[0] needs a subtitle, an image or a button beside its title]"}`,
		}},
		{
			"entries of a feed",
			reply.Part{Shortcodes: []reply.Call{{Name: "getRSSFeed", Data: `[{"title":"One","subtitle":"first"}]`}}},
			[]string{`{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[{"title":"One","subtitle":"first"}]}}}`},
		},
		{"feeds", part("", call("getRSSFeed", "https://a.example/feed")), []string{`{"text":"[SHORTCODE_ERROR: getRSSFeed: the feed was not fetched]"}`}},
		{"never heard of", part("Hm", call("fireworks")), []string{`{"text":"Hm"}`, `{"text":"[SHORTCODE_ERROR: Unrecognized feature: fireworks]"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, wire(t, Render(tt.part, RenderOptions{}).Messages)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// L-SC-7: thirteen labels are quick replies, fourteen a numbered list.
func TestRenderManyButtons(t *testing.T) {
	thirteen := Render(part("Row?", call("buttons", labels(13)...)), RenderOptions{})
	if len(thirteen.Choices) != 0 || len(thirteen.Messages[0].QuickReplies) != 13 {
		t.Errorf("thirteen labels: %+v", thirteen)
	}
	fourteen := Render(part("Row?", call("buttons", labels(10)...), call("buttons", labels(4)...)), RenderOptions{})
	if want := append(labels(10), labels(4)...); cmp.Diff(want, fourteen.Choices) != "" || len(fourteen.Messages[0].QuickReplies) != 0 {
		t.Errorf("fourteen labels: %+v", fourteen)
	}
	if text := fourteen.Messages[0].Text; !strings.HasPrefix(text, "Row?\n[1] row 1\n[2] row 2\n") || !strings.HasSuffix(text, "\n[14] row 4") {
		t.Errorf("list: %q", text)
	}
	mixed := Render(part("Row?", call("buttons", labels(13)...), call("quickReply", `{"content_type":"user_email"}`)), RenderOptions{})
	if len(mixed.Choices) != 13 || len(mixed.Messages[0].QuickReplies) != 1 {
		t.Errorf("thirteen labels and a quick reply: %+v", mixed)
	}
}

// Up to three titled links share a template; the text goes into the first (L-SC-8).
func TestRenderFourLinks(t *testing.T) {
	link := call("link", "https://a.example", "Open")
	got := Render(part("See", link, link, link, link), RenderOptions{})
	if len(got.Messages) != 2 {
		t.Fatalf("%d messages", len(got.Messages))
	}
	if n := strings.Count(string(got.Messages[0].Attachment), "web_url"); n != 3 || !strings.Contains(string(got.Messages[0].Attachment), `"text":"See"`) {
		t.Errorf("first template: %s", got.Messages[0].Attachment)
	}
}

func TestRenderBesideMessages(t *testing.T) {
	got := Render(part("Carla takes over", call("typing"), call("handover", "263902037430900")), RenderOptions{})
	if !got.Typing || got.Handover != "263902037430900" || len(got.Messages) != 1 {
		t.Errorf("%+v", got)
	}
	if bad := Render(part("", call("handover", "carla")), RenderOptions{}); bad.Handover != "" || len(bad.Problems) != 1 {
		t.Errorf("%+v", bad)
	}
}

// L-ERR-2: with hidden errors the texts are left out, and what is empty is not sent.
func TestRenderHidesErrors(t *testing.T) {
	for _, p := range []reply.Part{
		part("", call("image", "nowhere")),
		part("", call("buttons", "Yes")),
		part("", call("fireworks"), call("buttons", "Yes")),
	} {
		got := Render(p, RenderOptions{HideErrors: true})
		if len(got.Messages) != 0 || len(got.Problems) == 0 {
			t.Errorf("%+v yields %+v", p, got)
		}
	}
}

// Whatever a part holds: no message is empty or over a limit, and none of the
// platform's own templates is refused by its own rules.
func TestRenderLaws(t *testing.T) {
	words := rapid.SampledFrom([]string{"", " ", "word", "https://a.example/x", "Shop=https://a.example", "a=b", "👨‍👩‍👧", strings.Repeat("long ", 300), `[1]`, `{"a":1}`, `["x","y"]`, "\n"})
	names := rapid.SampledFrom([]string{"buttons", "quickReply", "link", "image", "template", "card", "cards", "typing", "handover", "metadata", "nonsense"})
	rapid.Check(t, func(t *rapid.T) {
		p := reply.Part{Text: strings.Join(rapid.SliceOfN(words, 0, 12).Draw(t, "text"), " ")}
		for range rapid.IntRange(0, 4).Draw(t, "calls") {
			p.Shortcodes = append(p.Shortcodes, call(names.Draw(t, "name"), rapid.SliceOfN(words, 0, 8).Draw(t, "args")...))
		}
		got := Render(p, RenderOptions{HideErrors: rapid.Bool().Draw(t, "hide")})
		for i, m := range got.Messages {
			if m.empty() || prose.Units(m.Text) > SafeText || len(m.QuickReplies) > MaxQuickReplies {
				t.Fatalf("message %d: %+v", i, m)
			}
			if len(m.QuickReplies) > 0 && i != len(got.Messages)-1 {
				t.Fatalf("quick replies before the last message")
			}
			if len(m.Attachment) > 0 {
				var a struct{ Payload json.RawMessage }
				if err := json.Unmarshal(m.Attachment, &a); err != nil {
					t.Fatal(err)
				}
				if err := CheckTemplate(a.Payload); m.Kind() == "template" && err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
