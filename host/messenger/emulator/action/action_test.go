package action

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

func TestAttachments(t *testing.T) {
	for _, row := range []struct {
		name string
		do   Action
		want string // the JSON, or a part of the error
	}{
		{"image", Action{Type: "image", URL: "https://a.b/c"}, `[{"payload":{"url":"https://a.b/c"},"type":"image"}]`},
		{"sticker", Action{Type: "sticker", Payload: "5", URL: "u"}, `[{"payload":{"sticker_id":5,"url":"u"},"type":"sticker"}]`},
		{"location", Action{Type: "location", Payload: "52.5,13.4", Text: "here"}, `[{"payload":{"coordinates":{"lat":52.5,"long":13.4}},"title":"here","type":"location"}]`},
		{"raw", Action{Raw: json.RawMessage(`{"type":"x"}`)}, `[{"type":"x"}]`},
		{"raw list", Action{Raw: json.RawMessage(`[1,2]`)}, `[1,2]`},
		{"raw text", Action{Raw: json.RawMessage(`"x"`)}, "want an object"},
		{"no URL", Action{Type: "image"}, "want an absolute"},
		{"no sticker", Action{Type: "sticker", Payload: "x"}, "in digits"},
		{"no place", Action{Type: "location", Payload: "x"}, "latitude"},
		{"a product without id", Action{Type: "product"}, "the id of the product"},
		{"no type", Action{}, "want image"},
	} {
		got, err := row.do.Attachments(stickersAlone)
		text := string(value.Raw(got))
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, row.want) {
			t.Errorf("%s: %s", row.name, text)
		}
	}
}

// A ref is short and has no signs but three (messenger.md §6).
func TestReferral(t *testing.T) {
	for _, row := range []struct {
		name  string
		do    Action
		right bool
	}{
		{"a ref", Action{Ref: "a-b_c="}, true},
		{"an ad", Action{AdID: "5"}, true},
		{"nothing", Action{}, false},
		{"a space", Action{Ref: "a b"}, false},
		{"the longest", Action{Ref: strings.Repeat("a", maxRef)}, true},
		{"the longest, encoded", Action{Ref: strings.Repeat("=", maxRef/3)}, true},
		{"too long once it is encoded", Action{Ref: strings.Repeat("=", maxRef/3+1)}, false},
		{"too long", Action{Ref: strings.Repeat("a", maxRef+1)}, false},
	} {
		if err := row.do.CheckReferral(); (err == nil) != row.right {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if r := (Action{Ref: "r", AdID: "5", URL: "u"}).Referral(); r["source"] != "ADS" || r["ad_id"] != "5" || r["ref"] != "r" || r["referer_uri"] != "u" {
		t.Errorf("an ad: %v", r)
	}
	lead, err := Action{Raw: json.RawMessage(`{"b":"2","a":"1"}`)}.Lead()
	if want := `"data":[{"answer":"1","question":"a"},{"answer":"2","question":"b"}]`; err != nil || !strings.Contains(string(value.Raw(lead)), want) {
		t.Errorf("a lead: %v, %v", lead, err)
	}
}

func TestReaction(t *testing.T) {
	for _, row := range []struct{ name, text, kind, emoji, reaction string }{
		{"unasked", "", "", "❤️", "love"},
		{"another", "🦊", "react", "🦊", "other"},
		{"taken back", "👍", "unreact", "", ""},
	} {
		m, emoji, err := Action{Text: row.text, Type: row.kind}.Reaction("m1")
		if err != nil || emoji != row.emoji || value.Text(m["reaction"]) != row.reaction || m["mid"] != "m1" {
			t.Errorf("%s: %v, %q, %v", row.name, m, emoji, err)
		}
	}
	if _, _, err := (Action{Type: "x"}).Reaction("m1"); err == nil {
		t.Error("an unknown type was taken")
	}
}

func TestForm(t *testing.T) {
	for _, row := range []struct {
		name  string
		do    Action
		field string
		want  string // in the event, or in the error
	}{
		{"feedback", Action{Kind: "feedback", Text: "5", Payload: "fine"}, "messaging_feedback", `"follow_up":{"payload":"fine","type":"free_form"}`},
		{"a game", Action{Kind: "game", Ref: "g", Raw: json.RawMessage(`{"score":3}`)}, "messaging_game_plays", `"score":3`},
		{"a cart", Action{Kind: "order", Raw: json.RawMessage(`{"products":[{"id":"1"}]}`), Text: "soon"}, "send_cart", `"note":"soon"`},
		{"an empty cart", Action{Kind: "order"}, "", "want products"},
		{"no object", Action{Kind: "game", Raw: json.RawMessage(`1`)}, "", "want a JSON object"},
	} {
		var ev webhook.Event
		field, err := row.do.Form(&ev, "7", "en_US")
		text := string(value.Raw(ev))
		if err != nil {
			text = err.Error()
		}
		if field != row.field || !strings.Contains(text, row.want) {
			t.Errorf("%s: %q, %s", row.name, field, text)
		}
	}
}
