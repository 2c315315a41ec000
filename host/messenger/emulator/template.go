package emulator

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// template is the contract of one template type (messenger.md §3.5): what its
// payload and its elements hold, how many buttons and elements they have.
type template struct {
	fields   []field // of the payload
	buttons  bound   // of the payload
	list     string  // name of its element list; empty: none
	elements bound
	element  []field // of each element
	under    bound   // buttons of each element
	more     func(*Emulator, *draft, map[string]any) *refusal
}

type bound struct{ least, most int }

// field is one text of a template. Missing is the subcode of 100 with which its
// absence is refused; 0: it may be absent.
type field struct {
	name    string
	most    int // characters; 0: any number
	missing int
	url     bool
}

var templates = map[string]template{
	"generic": {
		list: "elements", elements: bound{1, 10},
		element: []field{{name: "title", most: 80, missing: subEmptyTitle}, {name: "subtitle", most: 80}, {name: "image_url", url: true}},
		under:   bound{0, maxButtons}, more: checkGeneric,
	},
	"button": {fields: []field{{name: "text", most: 640, missing: subIncomplete}}, buttons: bound{1, maxButtons}},
	"media":  {list: "elements", elements: bound{1, 1}, under: bound{0, maxButtons}, more: checkMediaTemplate},
	"receipt": {
		fields: []field{
			{name: "recipient_name", missing: subIncomplete}, {name: "order_number", missing: subIncomplete},
			{name: "currency", missing: subIncomplete}, {name: "payment_method", missing: subIncomplete},
		},
		list: "elements", elements: bound{0, 100}, element: []field{{name: "title", missing: subEmptyTitle}}, more: checkReceipt,
	},
	"product": {list: "elements", elements: bound{1, 10}, element: []field{{name: "id", missing: 2018320}}},
	"coupon": {
		fields: []field{{name: "title", most: 80, missing: subEmptyTitle}, {name: "subtitle", most: 80}, {name: "coupon_url", url: true}},
		more: func(_ *Emulator, _ *draft, p map[string]any) *refusal {
			if text(p["coupon_code"]) == "" && text(p["coupon_url"]) == "" {
				return refuse(100, subIncomplete, "Invalid parameter: a coupon needs a coupon_code or a coupon_url")
			}
			return nil
		},
	},
	"customer_feedback": {
		fields: []field{
			{name: "title", most: 80, missing: subEmptyTitle}, {name: "subtitle", most: 80},
			{name: "button_title", most: maxTitle},
		},
		list: "feedback_screens", elements: bound{1, 1}, more: checkFeedback,
	},
	"image_grid": {
		fields: []field{{name: "title", most: 45}}, list: "images", elements: bound{2, 6},
	},
	"one_time_notif_req": {
		fields: []field{{name: "title", most: 65, missing: subEmptyTitle}, {name: "payload", most: maxPayload, missing: subEmptyPayload}},
	},
}

func (e *Emulator) checkTemplate(d *draft, payload map[string]any) *refusal {
	kind := text(payload["template_type"])
	t, ok := templates[kind]
	if !ok {
		return refuse(100, 0, "Invalid template type")
	}
	if r := e.checkFieldsOf(payload, t.fields); r != nil {
		return r
	}
	if r := e.checkButtons(payload, t.buttons); r != nil {
		return r
	}
	if t.list != "" {
		elements, _ := list(payload[t.list])
		if kind == "media" && len(elements) != 1 {
			return refuse(100, 2018173, "Invalid parameter: a media template has exactly one element")
		}
		if r := counted("name_placeholder["+t.list+"]", len(elements), t.elements.least, t.elements.most); r != nil {
			return r
		}
		for _, v := range elements {
			if r := e.checkElement(object(v), t); r != nil {
				return r
			}
		}
	}
	if t.more != nil {
		return t.more(e, d, payload)
	}
	return nil
}

func (e *Emulator) checkElement(el map[string]any, t template) *refusal {
	if r := e.checkFieldsOf(el, t.element); r != nil {
		return r
	}
	return e.checkButtons(el, t.under)
}

func (e *Emulator) checkFieldsOf(m map[string]any, fields []field) *refusal {
	for _, f := range fields {
		s := text(m[f.name])
		switch {
		case s == "" && f.missing != 0:
			return refuse(100, f.missing, "Invalid parameter: %s must not be empty", f.name)
		case f.most > 0 && e.length(s) > f.most:
			return lengthRefusal("name_placeholder["+f.name+"]", f.most)
		case s != "" && f.url && !validURL(s):
			return urlRefusal("message[attachment][payload][" + f.name + "]")
		}
	}
	return nil
}

func (e *Emulator) checkButtons(m map[string]any, b bound) *refusal {
	v, ok := m["buttons"]
	if !ok && b.least == 0 {
		return nil
	}
	buttons, _ := list(v)
	if r := counted("name_placeholder[buttons]", len(buttons), 1, b.most); r != nil {
		return r
	}
	for _, v := range buttons {
		if r := e.checkButton(object(v)); r != nil {
			return r
		}
	}
	return nil
}

// buttonFields are the fields of each button type (messenger.md §3.6).
var buttonFields = map[string][]field{
	"web_url": {
		{name: "title", most: maxTitle, missing: subEmptyTitle}, {name: "url", missing: subEmptyURL, url: true},
		{name: "fallback_url", url: true},
	},
	"postback": {
		{name: "title", most: maxTitle, missing: subEmptyTitle}, {name: "payload", most: maxPayload, missing: subEmptyPayload},
	},
	"phone_number": {{name: "title", most: maxTitle, missing: subEmptyTitle}, {name: "payload", missing: subEmptyPayload}},
	"account_link": {{name: "url", missing: subEmptyURL, url: true}}, "account_unlink": nil,
	"game_play": {{name: "title", most: maxTitle, missing: subEmptyTitle}, {name: "payload", most: maxPayload}},
}

func (e *Emulator) checkButton(b map[string]any) *refusal {
	kind := text(b["type"])
	fields, ok := buttonFields[kind]
	if !ok {
		return refuse(100, 0, "Invalid button type")
	}
	if r := e.checkFieldsOf(b, fields); r != nil {
		return r
	}
	switch kind {
	case "phone_number":
		if !strings.HasPrefix(text(b["payload"]), "+") {
			return refuse(100, 0, "Invalid parameter: the payload of a phone_number button must begin with +")
		}
	case "account_link":
		if !strings.HasPrefix(text(b["url"]), "https://") {
			return urlRefusal("message[attachment][payload][buttons][url]")
		}
	case "account_unlink":
		if len(b) > 1 {
			return refuse(100, 0, "Invalid parameter: an account_unlink button has no other field")
		}
	case "web_url":
		ratio := text(b["webview_height_ratio"])
		if !slices.Contains([]string{"", "compact", "tall", "full"}, ratio) {
			return refuse(100, 0, "Param webview_height_ratio must be one of {COMPACT, TALL, FULL}")
		}
	}
	return nil
}

// checkGeneric wants one more field than the title, and a default action without title.
func checkGeneric(e *Emulator, _ *draft, payload map[string]any) *refusal {
	elements, _ := list(payload["elements"])
	for _, v := range elements {
		el := object(v)
		_, buttons := el["buttons"]
		action := object(el["default_action"])
		if text(el["subtitle"]) == "" && text(el["image_url"]) == "" && !buttons && action == nil {
			return refuse(100, subIncomplete, "Invalid parameter: an element needs one more field than its title")
		}
		if action == nil {
			continue
		}
		if text(action["type"]) != "web_url" || text(action["title"]) != "" {
			return refuse(100, 0, "Invalid parameter: default_action must be a web_url button without a title")
		}
		if r := e.checkFieldsOf(action, []field{{name: "url", missing: subEmptyURL, url: true}}); r != nil {
			return r
		}
	}
	return nil
}

func checkMediaTemplate(e *Emulator, d *draft, payload map[string]any) *refusal {
	elements, _ := list(payload["elements"])
	el := object(elements[0])
	kind, id, address := text(el["media_type"]), text(el["attachment_id"]), text(el["url"])
	switch {
	case kind != "image" && kind != "video":
		return refuse(100, 2018175, "Invalid parameter: media_type must be image or video")
	case (id == "") == (address == ""):
		return refuse(100, 2018182, "Invalid parameter: a media element has either an attachment_id or a url")
	case id != "":
		return e.checkMedia(d.call, kind, map[string]any{"attachment_id": id})
	case !facebookURL(address):
		return refuse(100, 2018185, "Invalid parameter: the url of a media element must be one of Facebook")
	}
	return nil
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

func checkReceipt(_ *Emulator, d *draft, payload map[string]any) *refusal {
	if !currency.MatchString(text(payload["currency"])) {
		return refuse(100, 0, "Invalid parameter: currency must be an ISO 4217 code in capitals")
	}
	total := object(payload["summary"])["total_cost"]
	if text(total) == "" {
		return refuse(100, subIncomplete, "Invalid parameter: summary[total_cost] must not be empty")
	}
	if _, err := strconv.ParseFloat(text(total), 64); err != nil {
		return refuse(100, 2018055, "Invalid parameter: summary[total_cost] is no amount")
	}
	order := text(payload["order_number"])
	if d.call.page.orders[order] {
		return refuse(100, 0, "Invalid parameter: order_number %s was used before", order)
	}
	return nil
}

func checkFeedback(e *Emulator, _ *draft, payload map[string]any) *refusal {
	screens, _ := list(payload["feedback_screens"])
	questions, _ := list(object(screens[0])["questions"])
	if r := counted("name_placeholder[questions]", len(questions), 1, 1); r != nil {
		return r
	}
	q := object(questions[0])
	if !slices.Contains([]string{"csat", "nps", "ces"}, text(q["type"])) {
		return refuse(100, 0, "Invalid parameter: a question's type must be one of {csat, nps, ces}")
	}
	follow := object(q["follow_up"])
	if r := e.tooLong("name_placeholder[placeholder]", text(follow["placeholder"]), 400); r != nil {
		return r
	}
	if v, ok := payload["expires_in_days"]; ok {
		if n, err := strconv.Atoi(text(v)); err != nil || n < 1 || n > 7 {
			return refuse(100, 0, "Invalid parameter: expires_in_days must be from 1 to 7")
		}
	}
	return nil
}
