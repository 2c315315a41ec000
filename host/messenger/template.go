package messenger

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// CheckTemplate tells what the platform would refuse about the payload of a template
// (messenger.md sections 3.5 and 3.6), or nil. The reason names the field.
func CheckTemplate(payload json.RawMessage) error {
	var o object
	if err := json.Unmarshal(payload, &o); err != nil || o == nil {
		return errors.New("template: must be a JSON object")
	}
	kind, _ := o["template_type"].(string)
	if kind == "" {
		return errors.New("template: template_type is missing")
	}
	if slices.Contains(deadTemplates, kind) || strings.HasPrefix(kind, "airline_") {
		return fmt.Errorf("template: the platform dropped the type %s", kind)
	}
	rule, ok := templates[kind]
	if !ok {
		return fmt.Errorf("template: there is no type %s", kind)
	}
	c := check{}
	rule(&c, o)
	if c.problem != "" {
		return fmt.Errorf("%s template: %s", kind, c.problem)
	}
	return nil
}

// checkElements tells what the platform would refuse about the elements of a
// generic template, or nil.
func checkElements(elements json.RawMessage) error {
	var items []any
	if err := json.Unmarshal(elements, &items); err != nil || items == nil {
		return errors.New("cards: must be a JSON list of elements")
	}
	c := check{}
	templates["generic"](&c, object{"elements": items})
	if c.problem != "" {
		return errors.New("cards: " + c.problem)
	}
	return nil
}

// capitals are what codes of currencies are made of.
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// object is a JSON object.
type object = map[string]any

var deadTemplates = []string{"list", "open_graph", "one_time_notif_req"}

// templates holds the rule of each template type.
var templates = map[string]func(*check, object){
	"generic": func(c *check, o object) {
		c.each(o, "elements", 1, MaxElements, c.element)
	},
	"button": func(c *check, o object) {
		c.text(o, "", "text", MaxButtonText, true)
		c.each(o, "buttons", 1, MaxButtons, c.button)
	},
	"media": func(c *check, o object) {
		c.each(o, "elements", 1, 1, func(e object, at string) {
			c.oneOf(e, at, "media_type", "image", "video")
			if (e["attachment_id"] == nil) == (e["url"] == nil) {
				c.fail(at, "needs either attachment_id or url")
			}
			if address, ok := e["url"].(string); ok && !onFacebook(address) {
				c.fail(at+".url", "is not an address on facebook.com")
			}
			c.buttons(e, at)
		})
	},
	"receipt": func(c *check, o object) {
		for _, key := range []string{"recipient_name", "order_number", "currency", "payment_method"} {
			c.text(o, "", key, MaxText, true)
		}
		if code, _ := o["currency"].(string); len(code) != 3 || strings.Trim(code, capitals) != "" {
			c.fail("currency", "is not three capitals, as in EUR")
		}
		summary, _ := o["summary"].(object)
		c.amount(summary, "summary", "total_cost", true)
		for _, key := range []string{"subtotal", "shipping_cost", "total_tax"} {
			c.amount(summary, "summary", key, false)
		}
		c.each(o, "elements", 0, MaxReceiptItems, func(item object, at string) {
			c.text(item, at, "title", MaxText, true)
			c.amount(item, at, "price", false)
		})
		adjustments, _ := o["adjustments"].([]any)
		for i, v := range adjustments {
			item, _ := v.(object)
			c.amount(item, fmt.Sprintf("adjustments[%d]", i), "amount", false)
		}
	},
	"product": func(c *check, o object) {
		c.each(o, "elements", 1, MaxElements, func(e object, at string) {
			if e["id"] == nil {
				c.fail(at, "has no id")
			}
		})
	},
	"coupon": func(c *check, o object) {
		c.text(o, "", "title", MaxElementTitle, true)
		c.text(o, "", "subtitle", MaxElementTitle, false)
		c.web(o, "", "coupon_url", false)
		if given(o["coupon_code"])+given(o["coupon_url"]) == 0 {
			c.fail("coupon_code", "is missing, and no coupon_url stands in for it")
		}
	},
	"customer_feedback": func(c *check, o object) {
		c.text(o, "", "title", MaxElementTitle, true)
		c.text(o, "", "subtitle", MaxElementTitle, false)
		c.text(o, "", "button_title", MaxTitle, false)
		days, err := strconv.Atoi(fmt.Sprint(o["expires_in_days"]))
		if o["expires_in_days"] != nil && (err != nil || days < 1 || days > MaxFeedbackDays) {
			c.fail("expires_in_days", fmt.Sprintf("is not from 1 to %d", MaxFeedbackDays))
		}
		c.each(o, "feedback_screens", 1, 1, func(s object, at string) {
			c.eachIn(s, at, "questions", 1, 1, func(q object, at string) {
				c.oneOf(q, at, "type", "csat", "nps", "ces")
				if follow, ok := q["follow_up"].(object); ok {
					c.text(follow, at+".follow_up", "placeholder", MaxFeedbackText, false)
				}
			})
		})
	},
	"image_grid": func(c *check, o object) {
		c.text(o, "", "title", MaxGridTitle, false)
		images, isList := o["images"].([]any)
		switch {
		case !isList:
			c.fail("images", "must be a list")
		case len(images) < MinGridImages || len(images) > MaxGridImages:
			c.fail("images", fmt.Sprintf("has %d entries, %d to %d are needed", len(images), MinGridImages, MaxGridImages))
		}
	},
	"customer_information": func(*check, object) {}, // limits not published
	"notification_messages": func(c *check, o object) {
		c.text(o, "", "title", MaxOptInTitle, false)
		c.text(o, "", "payload", MaxPayload, true)
	},
}

// element is the rule for an element of a generic template.
func (c *check) element(e object, at string) {
	c.text(e, at, "title", MaxElementTitle, true)
	c.text(e, at, "subtitle", MaxElementTitle, false)
	c.web(e, at, "image_url", false)
	c.buttons(e, at)
	if given(e["subtitle"])+given(e["image_url"])+given(e["buttons"])+given(e["default_action"]) == 0 {
		c.fail(at, "needs a subtitle, an image or a button beside its title")
	}
	action, ok := e["default_action"].(object)
	switch {
	case e["default_action"] == nil:
	case !ok || action["type"] != "web_url" || action["title"] != nil:
		c.fail(at+".default_action", "must be a web_url button without title")
	default:
		c.web(action, at+".default_action", "url", true)
	}
}

// given counts a field that is there and not empty.
func given(field any) int {
	if field == nil || field == "" {
		return 0
	}
	return 1
}

func (c *check) buttons(e object, at string) {
	if e["buttons"] != nil {
		c.eachIn(e, at, "buttons", 1, MaxButtons, c.button)
	}
}

// button is the rule for a button of a template.
func (c *check) button(b object, at string) {
	switch b["type"] {
	case "web_url":
		c.text(b, at, "title", MaxTitle, true)
		c.web(b, at, "url", true)
		if b["webview_height_ratio"] != nil {
			c.oneOf(b, at, "webview_height_ratio", "compact", "tall", "full")
		}
	case "postback":
		c.text(b, at, "title", MaxTitle, true)
		c.text(b, at, "payload", MaxPayload, true)
	case "phone_number":
		c.text(b, at, "title", MaxTitle, true)
		if number, _ := b["payload"].(string); !strings.HasPrefix(number, "+") {
			c.fail(at+".payload", "is not a phone number that begins with +")
		}
	case "account_link":
		if address, _ := b["url"].(string); !strings.HasPrefix(address, "https://") {
			c.fail(at+".url", "is not an https address")
		}
	case "account_unlink":
		if len(b) > 1 {
			c.fail(at, "account_unlink takes no other field")
		}
	case "game_play":
		c.text(b, at, "title", MaxTitle, true)
	default:
		c.fail(at+".type", "must be web_url, postback, phone_number, account_link, account_unlink or game_play")
	}
}

// onFacebook tells whether address is one of Facebook's, as the media template wants.
func onFacebook(address string) bool {
	u, err := url.Parse(address)
	return err == nil && isWeb(address) &&
		(u.Hostname() == "facebook.com" || strings.HasSuffix(u.Hostname(), ".facebook.com"))
}

// isWeb tells whether address is an http or https address with a host.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
