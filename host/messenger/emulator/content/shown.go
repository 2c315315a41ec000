package content

import (
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Button is a quick reply or a button of a template.
type Button struct {
	Type    string `json:"type"` // text, user_phone_number, user_email; web_url, postback, phone_number
	Title   string `json:"title"`
	Payload string `json:"payload,omitempty"`
	URL     string `json:"url,omitempty"`
	Image   string `json:"image,omitempty"` // of a quick reply

	full string // title before it was cut for display
}

// Titled reports whether a quick reply is known by title, cut or whole.
func (b Button) Titled(title string) bool { return b.Title == title || b.full == title }

// cut shortens a quick reply's title as the app shows it.
func cut(title string) string {
	if utf8.RuneCountInString(title) <= maxTitle {
		return title
	}
	return string([]rune(title)[:maxTitle-1]) + "…"
}

// QuickReplies are the quick replies of a message as the person sees them. Those
// for a phone number or an address show only when the person has one.
func QuickReplies(message map[string]any, phone, email string) []Button {
	replies, _ := value.List(message["quick_replies"])
	var out []Button
	for _, v := range replies {
		q := value.Object(v)
		b := Button{Type: value.Text(q["content_type"]), Payload: value.Text(q["payload"]), Image: value.Text(q["image_url"])}
		b.full = value.Text(q["title"])
		switch b.Type {
		case "user_phone_number":
			b.full = phone
			b.Payload = b.full
		case "user_email":
			b.full = email
			b.Payload = b.full
		}
		if b.Title = cut(b.full); b.Title != "" {
			out = append(out, b)
		}
	}
	return out
}

// ownTitles are the titles of buttons whose sender gives them none.
var ownTitles = map[string]string{"account_link": "Log In", "account_unlink": "Log Out"}

// Buttons collects the buttons of a template in the order in which they show.
func Buttons(payload map[string]any) []Button {
	var out []Button
	collect := func(v any) {
		buttons, _ := value.List(v)
		for _, v := range buttons {
			b := value.Object(v)
			shown := Button{Type: value.Text(b["type"]), Title: value.Text(b["title"]), Payload: value.Text(b["payload"]), URL: value.Text(b["url"])}
			if title, ok := ownTitles[shown.Type]; ok {
				shown.Title = title
			}
			out = append(out, shown)
		}
	}
	collect(payload["buttons"])
	elements, _ := value.List(payload["elements"])
	for _, v := range elements {
		collect(value.Object(v)["buttons"])
	}
	return out
}
