package messenger

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
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

// CheckElements tells what the platform would refuse about the elements of a
// generic template, or nil.
func CheckElements(elements json.RawMessage) error {
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
			c.buttons(e, at)
		})
	},
	"receipt": func(c *check, o object) {
		for _, key := range []string{"recipient_name", "order_number", "currency", "payment_method"} {
			c.text(o, "", key, MaxText, true)
		}
		if code, _ := o["currency"].(string); len(code) != 3 || code != strings.ToUpper(code) {
			c.fail("currency", "is not three capitals, as in EUR")
		}
		summary, _ := o["summary"].(object)
		if _, ok := summary["total_cost"].(float64); !ok {
			c.fail("summary.total_cost", "is missing or not a number")
		}
		c.each(o, "elements", 0, MaxReceiptItems, func(object, string) {})
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
		if o["coupon_code"] == nil && o["coupon_url"] == nil && o["url"] == nil {
			c.fail("coupon_code", "is missing, and no address stands in for it")
		}
	},
	"customer_feedback": func(c *check, o object) {
		c.text(o, "", "title", MaxElementTitle, true)
		c.text(o, "", "subtitle", MaxElementTitle, false)
		c.text(o, "", "button_title", MaxTitle, false)
		if days, ok := o["expires_in_days"].(float64); ok && (days < 1 || days > MaxFeedbackDays) {
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
		for _, key := range []string{"images", "elements"} {
			if o[key] != nil {
				c.each(o, key, MinGridImages, MaxGridImages, func(object, string) {})
			}
		}
	},
	"customer_information":  func(*check, object) {}, // limits not published
	"notification_messages": func(c *check, o object) { c.text(o, "", "payload", MaxPayload, true) },
}

// element is the rule for an element of a generic template.
func (c *check) element(e object, at string) {
	c.text(e, at, "title", MaxElementTitle, true)
	c.text(e, at, "subtitle", MaxElementTitle, false)
	c.web(e, at, "image_url", false)
	c.buttons(e, at)
	more := false
	for _, key := range []string{"subtitle", "image_url", "buttons", "default_action"} {
		more = more || e[key] != nil
	}
	if !more {
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

// isWeb tells whether address is an http or https address with a host.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
