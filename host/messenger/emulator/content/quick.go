package content

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func (r Rules) quickReplies(m map[string]any) *refusal.Refusal {
	v, ok := m["quick_replies"]
	if !ok {
		return nil
	}
	replies, ok := value.List(v)
	if !ok {
		return refusal.New(100, 0, "param message[quick_replies] must be an array.")
	}
	if refused := Count("message[quick_replies]", len(replies), 1, maxQuickReplies); refused != nil {
		return refused
	}
	for _, v := range replies {
		if refused := r.quickReply(value.Object(v)); refused != nil {
			return refused
		}
	}
	return nil
}

func (r Rules) quickReply(q map[string]any) *refusal.Refusal {
	image := value.Text(q["image_url"])
	switch kind := value.Text(q["content_type"]); kind {
	case "user_phone_number", "user_email":
		return nil
	case "text":
	default:
		return refusal.New(100, 0, "Invalid parameter: quick reply content_type must be one of {text, user_phone_number, user_email}")
	}
	if value.Text(q["title"]) == "" {
		return refusal.New(100, 2018098, "Invalid parameter: a text quick reply needs a title")
	}
	if value.Text(q["payload"]) == "" && image == "" {
		return refusal.New(100, 2018099, "Invalid parameter: a text quick reply needs a payload")
	}
	if image != "" && !value.URL(image) {
		return refusal.URL("message[quick_replies][image_url]")
	}
	if refused := r.there(image); refused != nil {
		return refused
	}
	return r.Length("message[quick_replies][payload]", value.Text(q["payload"]), MaxPayload)
}
