package content

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func (r Rules) buttons(m map[string]any, b bound) *refusal.Refusal {
	v, ok := m["buttons"]
	if !ok && b.least == 0 {
		return nil
	}
	buttons, _ := value.List(v)
	if refused := Count("name_placeholder[buttons]", len(buttons), 1, b.most); refused != nil {
		return refused
	}
	for _, v := range buttons {
		if refused := r.button(value.Object(v)); refused != nil {
			return refused
		}
	}
	return nil
}

// buttonFields are the fields of each button type (messenger.md §3.6).
var buttonFields = map[string][]Field{
	"web_url": {
		{Name: "title", Most: maxTitle, Missing: refusal.EmptyTitle},
		{Name: "url", Missing: refusal.EmptyURL, URL: true},
		{Name: "fallback_url", URL: true},
	},
	"postback": {
		{Name: "title", Most: maxTitle, Missing: refusal.EmptyTitle}, {Name: "payload", Most: MaxPayload, Missing: refusal.EmptyPayload},
	},
	"phone_number": {{Name: "title", Most: maxTitle, Missing: refusal.EmptyTitle}, {Name: "payload", Missing: refusal.EmptyPayload}},
	"account_link": {{Name: "url", Missing: refusal.EmptyURL, URL: true}}, "account_unlink": nil,
	"game_play": {{Name: "title", Most: maxTitle, Missing: refusal.EmptyTitle}, {Name: "payload", Most: MaxPayload}},
}

// ButtonFields are the fields of a button of that type, with another limit for its title.
func ButtonFields(kind string, mostTitle int) []Field {
	fields := slices.Clone(buttonFields[kind])
	for i := range fields {
		if fields[i].Name == "title" {
			fields[i].Most = mostTitle
		}
	}
	return fields
}

func (r Rules) button(b map[string]any) *refusal.Refusal {
	kind := value.Text(b["type"])
	fields, ok := buttonFields[kind]
	if !ok {
		return refusal.New(100, 0, "Invalid button type")
	}
	if refused := r.Fields(b, fields); refused != nil {
		return refused
	}
	switch kind {
	case "phone_number":
		if !strings.HasPrefix(value.Text(b["payload"]), "+") {
			return refusal.New(100, 0, "Invalid parameter: the payload of a phone_number button must begin with +")
		}
	case "account_link":
		if !strings.HasPrefix(value.Text(b["url"]), "https://") {
			return refusal.URL("message[attachment][payload][buttons][url]")
		}
	case "account_unlink":
		if len(b) > 1 {
			return refusal.New(100, 0, "Invalid parameter: an account_unlink button has no other field")
		}
	case "web_url":
		ratio := value.Text(b["webview_height_ratio"])
		if !slices.Contains([]string{"", "compact", "tall", "full"}, ratio) {
			return refusal.New(100, 0, "Param webview_height_ratio must be one of {COMPACT, TALL, FULL}")
		}
	}
	return nil
}
