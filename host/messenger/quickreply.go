package messenger

import (
	"encoding/json"
	"errors"
	"fmt"
)

// quickReplies reads the argument of ^quickReply – one JSON object or a list of them –
// or tells what the platform would refuse about it (messenger.md section 3.3). A
// title that is too long is no fault: the platform shows it cut.
func quickReplies(raw json.RawMessage) ([]QuickReply, error) {
	var items []any
	var one object
	if json.Unmarshal(raw, &items) != nil {
		if json.Unmarshal(raw, &one) != nil {
			return nil, errors.New("quick replies: must be a JSON object or a list of them")
		}
		items = []any{one}
	}
	if len(items) == 0 {
		return nil, errors.New("quick replies: the list is empty")
	}
	if len(items) > MaxQuickReplies {
		return nil, fmt.Errorf("quick replies: %d of them, at most %d allowed", len(items), MaxQuickReplies)
	}
	c := check{}
	out := make([]QuickReply, 0, len(items))
	for i, item := range items {
		at := fmt.Sprintf("[%d]", i)
		o, ok := item.(object)
		if !ok {
			c.fail(at, "must be an object")
			continue
		}
		c.quickReply(o, at)
		q := QuickReply{}
		q.ContentType, _ = o["content_type"].(string)
		q.Title, _ = o["title"].(string)
		q.Payload, _ = o["payload"].(string)
		q.ImageURL, _ = o["image_url"].(string)
		out = append(out, q)
	}
	if c.problem != "" {
		return nil, errors.New("quick replies: " + c.problem)
	}
	return out, nil
}

// quickReply is the rule for one quick reply.
func (c *check) quickReply(o object, at string) {
	c.oneOf(o, at, "content_type", "text", "user_phone_number", "user_email")
	c.web(o, at, "image_url", false)
	if o["content_type"] != "text" {
		return
	}
	c.text(o, at, "title", MaxText, true)
	c.text(o, at, "payload", MaxPayload, given(o["image_url"]) == 0)
}

// The shapes of templates that the host makes itself.
type (
	buttonTemplate struct {
		Type    string   `json:"template_type"`
		Text    string   `json:"text"`
		Buttons []button `json:"buttons"`
	}
	genericTemplate struct {
		Type     string          `json:"template_type"`
		Elements json.RawMessage `json:"elements"`
	}
	element struct {
		Title    string   `json:"title"`
		Subtitle string   `json:"subtitle,omitempty"`
		Image    string   `json:"image_url,omitempty"`
		Buttons  []button `json:"buttons,omitempty"`
	}
	button struct {
		Type    string `json:"type"`
		Title   string `json:"title"`
		URL     string `json:"url,omitempty"`
		Payload string `json:"payload,omitempty"`
	}
)
