package webhook

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Party is one of the two sides of a thread.
type Party struct {
	ID string `json:"id"`
}

// Event is one element of messaging[] (messenger.md §2.7).
type Event struct {
	Sender    *Party `json:"sender,omitempty"`
	Recipient *Party `json:"recipient,omitempty"`
	Timestamp int64  `json:"timestamp,omitempty"` // ms

	PriorMessage any `json:"prior_message,omitempty"`
	Message      any `json:"message,omitempty"`
	Edit         any `json:"message_edit,omitempty"`
	Postback     any `json:"postback,omitempty"`
	Referral     any `json:"referral,omitempty"`
	OptIn        any `json:"optin,omitempty"`
	Delivery     any `json:"delivery,omitempty"`
	Read         any `json:"read,omitempty"`
	Reaction     any `json:"reaction,omitempty"`
	Linking      any `json:"account_linking,omitempty"`
	Policy       any `json:"policy_enforcement,omitempty"`
	Feedback     any `json:"messaging_feedback,omitempty"`
	Rating       any `json:"response_feedback,omitempty"`
	GamePlay     any `json:"game_play,omitempty"`
	Order        any `json:"order,omitempty"`
	Template     any `json:"template,omitempty"`

	PassControl    any `json:"pass_thread_control,omitempty"`
	TakeControl    any `json:"take_thread_control,omitempty"`
	RequestControl any `json:"request_thread_control,omitempty"`
	AppRoles       any `json:"app_roles,omitempty"`
}

// AppendJSON implements value.Appender: it writes the fields in their order, and leaves out those that are nil.
func (ev Event) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	before := len(b)
	for _, side := range [...]struct {
		key string
		*Party
	}{{`"sender":{"id":`, ev.Sender}, {`,"recipient":{"id":`, ev.Recipient}} {
		if side.Party != nil {
			b = append(value.AppendRaw(append(b, side.key...), side.ID), '}')
		}
	}
	if ev.Timestamp != 0 {
		b = strconv.AppendInt(append(b, `,"timestamp":`...), ev.Timestamp, 10)
	}
	for _, of := range [...]struct {
		key  string
		what any
	}{
		{`,"prior_message":`, ev.PriorMessage},
		{`,"message":`, ev.Message},
		{`,"message_edit":`, ev.Edit},
		{`,"postback":`, ev.Postback},
		{`,"referral":`, ev.Referral},
		{`,"optin":`, ev.OptIn},
		{`,"delivery":`, ev.Delivery},
		{`,"read":`, ev.Read},
		{`,"reaction":`, ev.Reaction},
		{`,"account_linking":`, ev.Linking},
		{`,"policy_enforcement":`, ev.Policy},
		{`,"messaging_feedback":`, ev.Feedback},
		{`,"response_feedback":`, ev.Rating},
		{`,"game_play":`, ev.GamePlay},
		{`,"order":`, ev.Order},
		{`,"template":`, ev.Template},
		{`,"pass_thread_control":`, ev.PassControl},
		{`,"take_thread_control":`, ev.TakeControl},
		{`,"request_thread_control":`, ev.RequestControl},
		{`,"app_roles":`, ev.AppRoles},
	} {
		if of.what != nil {
			b = value.AppendRaw(append(b, of.key...), of.what)
		}
	}
	if len(b) > before && b[before] == ',' { // the first field has none before it
		b = slices.Delete(b, before, before+1)
	}
	return append(b, '}')
}

// With is the id of the person that the event is about; empty: it tells of none.
func (ev Event) With(page string) string {
	for _, side := range []*Party{ev.Sender, ev.Recipient} {
		if side != nil && side.ID != page {
			return side.ID
		}
	}
	return ""
}

// Standby is the event as apps see it that do not control the thread: postbacks
// come without payload.
func (ev Event) Standby() Event {
	if m := value.Object(ev.Postback); m != nil {
		without := map[string]any{}
		for k, v := range m {
			if k != "payload" {
				without[k] = v
			}
		}
		ev.Postback = without
	}
	return ev
}

// Echo is what a message that the Page sent carries to the apps (messenger.md §2.8),
// without its app_id and mid. message is as it was sent; stored is the URL of what is stored under
// an id, or empty.
func Echo(message map[string]any, stored func(id string) string) map[string]any {
	m := map[string]any{"is_echo": true}
	if s := value.Text(message["text"]); s != "" {
		m["text"] = s
	}
	if s := value.Text(message["metadata"]); s != "" {
		m["metadata"] = s
	}
	if a := value.Object(message["attachment"]); a != nil {
		m["attachments"] = []any{echoAttachment(a, stored)}
	}
	return m
}

// echoAttachment is an attachment as an echo has it: templates with title and url beside the
// payload, and their attachment_id as a number.
func echoAttachment(a map[string]any, stored func(id string) string) map[string]any {
	payload := value.Object(a["payload"])
	if value.Text(a["type"]) != "template" {
		address := value.Text(payload["url"])
		if address == "" {
			address = stored(value.Text(payload["attachment_id"]))
		}
		shown := map[string]any{}
		if address != "" { // an upload has none
			shown["url"] = address
		}
		return map[string]any{"type": a["type"], "payload": shown}
	}
	title := value.Text(payload["text"])
	elements, _ := value.List(payload["elements"])
	if title == "" && len(elements) > 0 {
		title = value.Text(value.Object(elements[0])["title"])
	}
	return map[string]any{"type": "template", "title": title, "url": nil, "payload": withNumbers(payload, elements)}
}

// withNumbers is a template's payload with the attachment_id of its elements as numbers.
func withNumbers(payload map[string]any, elements []any) map[string]any {
	shown := slices.Clone(elements)
	for i, v := range elements {
		if id := value.Text(value.Object(v)["attachment_id"]); value.Digits(id) {
			element := maps.Clone(value.Object(v))
			element["attachment_id"] = json.Number(id)
			shown[i] = element
		}
	}
	if len(shown) > 0 {
		payload = maps.Clone(payload)
		payload["elements"] = shown
	}
	return payload
}
