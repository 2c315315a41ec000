package content

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// template is the contract of one template type (messenger.md §3.5): what its
// payload and its elements hold, how many buttons and elements they have.
type template struct {
	fields   []Field // of the payload
	buttons  bound   // of the payload
	list     string  // name of its element list; empty: none
	elements bound
	element  []Field // of each element
	under    bound   // buttons of each element
	more     func(Rules, map[string]any) *refusal.Refusal
}

type bound struct{ least, most int }

// templates are the contracts by template_type.
var templates = map[string]template{
	"generic": {
		list: "elements", elements: bound{1, 10},
		element: []Field{{Name: "title", Most: 80, Missing: refusal.EmptyTitle}, {Name: "subtitle", Most: 80}, {Name: "image_url", URL: true}},
		under:   bound{0, maxButtons}, more: checkGeneric,
	},
	"button": {fields: []Field{{Name: "text", Most: 640, Missing: refusal.Incomplete}}, buttons: bound{1, maxButtons}},
	"media":  {list: "elements", elements: bound{1, 1}, under: bound{0, maxButtons}, more: checkMediaTemplate},
	"receipt": {
		fields: []Field{
			{Name: "recipient_name", Missing: refusal.Incomplete},
			{Name: "order_number", Missing: refusal.Incomplete},
			{Name: "currency", Missing: refusal.Incomplete},
			{Name: "payment_method", Missing: refusal.Incomplete},
		},
		list: "elements", elements: bound{0, 100}, element: []Field{{Name: "title", Missing: refusal.EmptyTitle}}, more: checkReceipt,
	},
	"product": {list: "elements", elements: bound{1, 10}, element: []Field{{Name: "id", Missing: 2018320}}},
	"coupon": {
		fields: []Field{{Name: "title", Most: 80, Missing: refusal.EmptyTitle}, {Name: "subtitle", Most: 80}, {Name: "coupon_url", URL: true}},
		more: func(_ Rules, p map[string]any) *refusal.Refusal {
			if value.Text(p["coupon_code"]) == "" && value.Text(p["coupon_url"]) == "" {
				return refusal.New(100, refusal.Incomplete, "Invalid parameter: a coupon needs a coupon_code or a coupon_url")
			}
			return nil
		},
	},
	"customer_feedback": {
		fields: []Field{
			{Name: "title", Most: 80, Missing: refusal.EmptyTitle},
			{Name: "subtitle", Most: 80},
			{Name: "button_title", Most: maxTitle},
		},
		list: "feedback_screens", elements: bound{1, 1}, more: checkFeedback,
	},
	"image_grid": {
		fields: []Field{{Name: "title", Most: 45}}, list: "images", elements: bound{2, 6},
	},
	"customer_information": {}, // its limits are not published
	"notification_messages": {
		fields: []Field{{Name: "title", Most: 65}, {Name: "payload", Most: MaxPayload, Missing: refusal.EmptyPayload}},
	},
	"one_time_notif_req": {
		fields: []Field{{Name: "title", Most: 65, Missing: refusal.EmptyTitle}, {Name: "payload", Most: MaxPayload, Missing: refusal.EmptyPayload}},
	},
}

func (r Rules) template(payload map[string]any) *refusal.Refusal {
	kind := value.Text(payload["template_type"])
	t, ok := templates[kind]
	if !ok {
		return refusal.New(100, 0, "Invalid template type")
	}
	if refused := r.Fields(payload, t.fields); refused != nil {
		return refused
	}
	if refused := r.buttons(payload, t.buttons); refused != nil {
		return refused
	}
	if t.list != "" {
		elements, _ := value.List(payload[t.list])
		if kind == "media" && len(elements) != 1 {
			return refusal.New(100, 2018173, "Invalid parameter: a media template has exactly one element")
		}
		if refused := Count("name_placeholder["+t.list+"]", len(elements), t.elements.least, t.elements.most); refused != nil {
			return refused
		}
		for _, v := range elements {
			if refused := r.element(value.Object(v), t); refused != nil {
				return refused
			}
		}
	}
	if t.more != nil {
		return t.more(r, payload)
	}
	return nil
}

func (r Rules) element(el map[string]any, t template) *refusal.Refusal {
	if refused := r.Fields(el, t.element); refused != nil {
		return refused
	}
	return r.buttons(el, t.under)
}

// checkGeneric wants one more field than the title, and a default action without title.
func checkGeneric(r Rules, payload map[string]any) *refusal.Refusal {
	elements, _ := value.List(payload["elements"])
	for _, v := range elements {
		el := value.Object(v)
		_, buttons := el["buttons"]
		action := value.Object(el["default_action"])
		if value.Text(el["subtitle"]) == "" && value.Text(el["image_url"]) == "" && !buttons && action == nil {
			return refusal.New(100, refusal.Incomplete, "Invalid parameter: an element needs one more field than its title")
		}
		if action == nil {
			continue
		}
		if value.Text(action["type"]) != "web_url" || value.Text(action["title"]) != "" {
			return refusal.New(100, 0, "Invalid parameter: default_action must be a web_url button without a title")
		}
		if refused := r.Fields(action, []Field{{Name: "url", Missing: refusal.EmptyURL, URL: true}}); refused != nil {
			return refused
		}
	}
	return nil
}

func checkMediaTemplate(r Rules, payload map[string]any) *refusal.Refusal {
	elements, _ := value.List(payload["elements"])
	el := value.Object(elements[0])
	kind, id, address := value.Text(el["media_type"]), value.Text(el["attachment_id"]), value.Text(el["url"])
	switch {
	case kind != "image" && kind != "video":
		return refusal.New(100, 2018175, "Invalid parameter: media_type must be image or video")
	case (id == "") == (address == ""):
		return refusal.New(100, 2018182, "Invalid parameter: a media element has either an attachment_id or a url")
	case id != "":
		return r.Medium(kind, map[string]any{"attachment_id": id}, nil)
	case !facebookURL(address):
		return refusal.New(100, 2018185, "Invalid parameter: the url of a media element must be one of Facebook")
	}
	return nil
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

func checkReceipt(r Rules, payload map[string]any) *refusal.Refusal {
	if !currency.MatchString(value.Text(payload["currency"])) {
		return refusal.New(100, 0, "Invalid parameter: currency must be an ISO 4217 code in capitals")
	}
	total := value.Object(payload["summary"])["total_cost"]
	if value.Text(total) == "" {
		return refusal.New(100, refusal.Incomplete, "Invalid parameter: summary[total_cost] must not be empty")
	}
	for _, part := range amounts(payload) {
		if v, ok := part.of[part.name]; ok && !isAmount(v) {
			return refusal.New(100, 2018055, "Invalid parameter: %s is no amount", part.name)
		}
	}
	order := value.Text(payload["order_number"])
	if r.Ordered(order) {
		return refusal.New(100, 0, "Invalid parameter: order_number %s was used before", order)
	}
	return nil
}

// sum is a place of a receipt where an amount stands, or may.
type sum struct {
	of   map[string]any
	name string
}

// amounts are the places of a receipt where amounts stand.
func amounts(payload map[string]any) []sum {
	var out []sum
	for _, name := range []string{"subtotal", "shipping_cost", "total_tax", "total_cost"} {
		out = append(out, sum{value.Object(payload["summary"]), name})
	}
	for list, name := range map[string]string{"elements": "price", "adjustments": "amount"} {
		items, _ := value.List(payload[list])
		for _, v := range items {
			out = append(out, sum{value.Object(v), name})
		}
	}
	return out
}

// isAmount reports whether v is a finite number, or the text of one.
func isAmount(v any) bool {
	n, err := strconv.ParseFloat(value.Text(v), 64)
	return err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

func checkFeedback(r Rules, payload map[string]any) *refusal.Refusal {
	screens, _ := value.List(payload["feedback_screens"])
	questions, _ := value.List(value.Object(screens[0])["questions"])
	if refused := Count("name_placeholder[questions]", len(questions), 1, 1); refused != nil {
		return refused
	}
	q := value.Object(questions[0])
	if !slices.Contains([]string{"csat", "nps", "ces"}, value.Text(q["type"])) {
		return refusal.New(100, 0, "Invalid parameter: a question's type must be one of {csat, nps, ces}")
	}
	follow := value.Object(q["follow_up"])
	if refused := r.Length("name_placeholder[placeholder]", value.Text(follow["placeholder"]), 400); refused != nil {
		return refused
	}
	if v, ok := payload["expires_in_days"]; ok {
		if n, err := strconv.Atoi(value.Text(v)); err != nil || n < 1 || n > 7 {
			return refusal.New(100, 0, "Invalid parameter: expires_in_days must be from 1 to 7")
		}
	}
	return nil
}
