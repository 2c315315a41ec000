package messenger_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

const (
	page   = "104290001"
	person = "246801357913579"
	token  = "EAApagetokenofthetests"
	secret = "app-secret-of-the-tests"
)

// emulated is a client of a Graph API that refuses what Meta's does, and a person who
// has just written.
func emulated(t *testing.T, switches emulator.Switches) *messenger.Client {
	t.Helper()
	e, err := emulator.New(emulator.Config{
		Clock: clock.NewVirtual(time.Date(2026, 11, 1, 19, 0, 0, 0, time.UTC)), Seed: 1, Switches: switches,
		Apps:   []emulator.App{{ID: "2001", Secret: secret, RequireProof: true}},
		Pages:  []emulator.Page{{ID: page, Token: token}},
		People: []emulator.Person{{ID: person, FirstName: "Ann", LastName: "Bo"}},
		Quotas: emulator.Quotas{SendsPerSecond: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e.Handler())
	client, err := messenger.NewClient(messenger.Config{GraphURL: server.URL, Page: page, PageToken: token, AppSecret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Close()
		e.Close()
	})
	if err := e.Act(t.Context(), emulator.Action{Page: page, Person: person, Kind: "say", Text: "hi"}); err != nil {
		t.Fatal(err)
	}
	return client
}

// Rule 11 of messenger.md section 9, one way: the platform takes whatever Render
// makes, however it counts characters (switch F1).
func TestPlatformTakesWhatRenderMakes(t *testing.T) {
	for name, switches := range map[string]emulator.Switches{
		"UTF-16 units":                  {},
		"code points, limit not inside": {CodePoints: true, TextBelow: true},
	} {
		t.Run(name, func(t *testing.T) {
			client := emulated(t, switches)
			rapid.Check(t, func(t *rapid.T) {
				for _, m := range messenger.Render(drawPart(t), messenger.RenderOptions{}).Messages {
					if _, err := client.Send(context.Background(), person, m); err != nil {
						raw, _ := json.Marshal(m)
						t.Fatalf("%v\n%s", err, raw)
					}
				}
			})
		})
	}
}

func drawPart(t *rapid.T) reply.Part {
	word := rapid.SampledFrom([]string{
		"", "tea", "Green tea with honey, please", "https://a.example/x", "Shop=https://a.example/x?a=b", "Buy=buy red", "+49301",
		strings.Repeat("👨‍👩‍👧", 300), strings.Repeat("word ", 500), strings.Repeat("x", 2100), "\n\n",
	})
	p := reply.Part{Text: strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "text"), " ")}
	for range rapid.IntRange(0, 4).Draw(t, "shortcodes") {
		c := reply.Call{Name: rapid.SampledFrom([]string{"buttons", "quickReply", "link", "image", "video", "template", "card", "cards"}).Draw(t, "name")}
		switch c.Name {
		case "template":
			c.Args = []reply.Arg{{JSON: drawTemplate(t)}}
		case "quickReply", "cards":
			c.Args = []reply.Arg{{JSON: rapid.SampledFrom([]string{
				`[]`, `[{"title":"a","subtitle":"b"}]`, `[{"content_type":"text","title":"a","payload":"b"},{"content_type":"user_email"}]`, `{}`,
			}).Draw(t, "json")}}
		default:
			for _, a := range rapid.SliceOfN(word, 0, 16).Draw(t, "args") {
				c.Args = append(c.Args, reply.Arg{Text: a})
			}
		}
		p.Shortcodes = append(p.Shortcodes, c)
	}
	return p
}

// Rule 11, both ways: the host and the platform agree on every template.
func TestPlatformAndCheckTemplateAgree(t *testing.T) {
	client := emulated(t, emulator.Switches{})
	rapid.Check(t, func(t *rapid.T) {
		payload := drawTemplate(t)
		local := messenger.CheckTemplate(json.RawMessage(payload))
		_, err := client.Send(context.Background(), person, messenger.Outgoing{Attachment: json.RawMessage(`{"type":"template","payload":` + payload + `}`)})
		var refused *messenger.APIError
		if err != nil && !(errors.As(err, &refused) && refused.Class() == messenger.ClassMessage) {
			t.Fatal(err)
		}
		if err != nil && strings.Contains(err.Error(), "was used before") { // the number of an order, which only the platform knows
			return
		}
		if (local == nil) != (err == nil) {
			t.Fatalf("host: %v; platform: %v\n%s", local, err, payload)
		}
	})
}

// drawTemplate makes a template whose fields lie about their limits.
func drawTemplate(t *rapid.T) string {
	texts := func(name string, limit int) any {
		return rapid.SampledFrom([]any{nil, "", "a", strings.Repeat("x", limit), strings.Repeat("x", limit+1), strings.Repeat("😀", limit/2), strings.Repeat("😀", limit/2+1)}).Draw(t, name)
	}
	address := func(name string) any {
		return rapid.SampledFrom([]any{nil, "https://a.example/x", "http://a.example", "nowhere"}).Draw(t, name)
	}
	buttons := func() any {
		n := rapid.IntRange(-1, 4).Draw(t, "buttons")
		if n < 0 {
			return nil
		}
		list := []any{}
		for range n {
			list = append(list, object(
				"type", rapid.SampledFrom([]any{"web_url", "postback", "phone_number", "account_link", "element_share"}).Draw(t, "type"),
				"title", texts("title", 20), "url", address("url"), "payload", rapid.SampledFrom([]any{nil, "+49301", "b"}).Draw(t, "payload"),
			))
		}
		return list
	}
	list := func(counts []int, item func() any) any {
		out := []any{}
		for range rapid.SampledFrom(counts).Draw(t, "count") {
			out = append(out, item())
		}
		return rapid.SampledFrom([]any{out, out, out, out, nil}).Draw(t, "list")
	}
	card := func() any {
		return object("title", texts("title", 80), "subtitle", texts("subtitle", 80), "image_url", address("image"), "buttons", buttons())
	}
	kind := rapid.SampledFrom([]string{
		"generic", "generic", "button", "media", "receipt", "product", "coupon", "customer_feedback", "image_grid",
		"customer_information", "notification_messages", "list", "open_graph", "airline_itinerary", "",
	}).Draw(t, "template")
	payload := object("template_type", kind)
	fill := func(name string, value any) {
		if value != nil {
			payload[name] = value
		}
	}
	switch kind {
	case "generic":
		fill("elements", list([]int{0, 1, 1, 1, 2, 10, 11}, card))
	case "button":
		fill("text", texts("text", 640))
		fill("buttons", buttons())
	case "media":
		fill("elements", list([]int{0, 1, 1, 1, 2}, func() any {
			return object(
				"media_type", rapid.SampledFrom([]any{nil, "image", "video", "audio"}).Draw(t, "media"), "buttons", buttons(),
				"url", rapid.SampledFrom([]any{nil, "https://www.facebook.com/x", "https://facebook.com.evil.example/x"}).Draw(t, "url"),
			)
		}))
	case "receipt":
		word := func(name string) any { return rapid.SampledFrom([]any{nil, "", "a", "b"}).Draw(t, name) }
		fill("recipient_name", word("name"))
		fill("order_number", rapid.SampledFrom([]any{nil, "", "1"}).Draw(t, "order"))
		fill("currency", rapid.SampledFrom([]any{nil, "EUR", "eur", "EURO", "12A"}).Draw(t, "currency"))
		fill("payment_method", word("method"))
		fill("summary", object("total_cost", rapid.SampledFrom([]any{nil, 4.5, "4.5", "much", ""}).Draw(t, "cost")))
		fill("elements", list([]int{0, 1, 100, 101}, func() any { return object("title", texts("title", 80)) }))
	case "product":
		fill("elements", list([]int{0, 1, 10, 11}, func() any { return object("id", rapid.SampledFrom([]any{nil, "1"}).Draw(t, "id")) }))
	case "coupon":
		fill("title", texts("title", 80))
		fill("subtitle", texts("subtitle", 80))
		fill("coupon_code", rapid.SampledFrom([]any{nil, "", "TEA"}).Draw(t, "code"))
		fill("coupon_url", address("url"))
	case "customer_feedback":
		fill("title", texts("title", 80))
		fill("subtitle", texts("subtitle", 80))
		fill("button_title", texts("button", 20))
		fill("expires_in_days", rapid.SampledFrom([]any{nil, 0, 1, 7, 8, 1.5, "3"}).Draw(t, "days"))
		fill("feedback_screens", list([]int{0, 1, 1, 1, 2}, func() any {
			return object("questions", list([]int{0, 1, 1, 1, 2}, func() any {
				return object("id", "q", "type", rapid.SampledFrom([]any{nil, "csat", "nps", "ces", "x"}).Draw(t, "type"), "follow_up", object("placeholder", texts("placeholder", 400)))
			}))
		}))
	case "image_grid":
		fill("title", texts("title", 45))
		fill("images", list([]int{1, 2, 6, 7}, func() any { return "https://a.example/x" }))
	case "notification_messages":
		fill("title", texts("title", 65))
		fill("payload", texts("payload", 1000))
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// object makes a JSON object of keys and values; nil stands for an absent key.
func object(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != nil {
			out[pairs[i].(string)] = pairs[i+1]
		}
	}
	return out
}

func TestProfileOfEmulatedPerson(t *testing.T) {
	got, err := emulated(t, emulator.Switches{}).Profile(t.Context(), person)
	if err != nil || got.FirstName != "Ann" || got.Variables()["_userFullName"] != "Ann Bo" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A conversation is read back as it was: what the Page said, and what the person did.
func TestSaid(t *testing.T) {
	client := emulated(t, emulator.Switches{})
	if _, err := client.Send(t.Context(), person, messenger.Outgoing{Text: "hello", Metadata: "m"}); err != nil {
		t.Fatal(err)
	}
	picture := messenger.Outgoing{Attachment: json.RawMessage(`{"type":"image","payload":{"url":"https://example.com/a.png"}}`)}
	if _, err := client.Send(t.Context(), person, picture); err != nil {
		t.Fatal(err)
	}
	got, err := client.Said(t.Context(), person)
	if err != nil || len(got) != 3 {
		t.Fatalf("%d messages, error %v", len(got), err)
	}
	for i, want := range []messenger.Said{{Page: true, Attachments: 1}, {Page: true, Text: "hello"}, {Text: "hi"}} {
		want.ID, want.At = got[i].ID, time.Date(2026, 11, 1, 19, 0, 0, 0, time.UTC)
		if got[i] != want || got[i].ID == "" {
			t.Errorf("message %d is %+v, want %+v", i, got[i], want)
		}
	}
	if _, err := client.Said(t.Context(), "999"); err == nil {
		t.Error("the conversation of nobody was read")
	}
}
