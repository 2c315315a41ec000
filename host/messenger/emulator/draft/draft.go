// Package draft is a call of the Send API before it is judged: what is sent, to whom and
// as what, and what can be said against it from that alone.
//
// Whom the recipient means, whether the window is open and what follows is for the
// emulator to say; what a message may hold is for package content. No API of the host
// is promised.
package draft

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Draft is what a call of the Send API asks for.
type Draft struct {
	Recipient    map[string]any // nil: none is given, or what is given is no object
	Message      map[string]any // nil for a sender action
	Action       string         // sender_action; empty for a message
	Kind         string         // messaging_type
	Tag          string
	Notification string // notification_type
	ReplyTo      string // mid of the message answered; empty: none

	hasMessage bool
}

// Read reads the parameters of a call.
func Read(r *request.Request) Draft {
	_, has := r.Params["message"]
	return Draft{
		Recipient: value.Object(r.Params["recipient"]), Message: value.Object(r.Params["message"]), hasMessage: has,
		Action: r.Get("sender_action"), Kind: r.Get("messaging_type"), Tag: r.Get("tag"), Notification: r.Get("notification_type"),
		ReplyTo: value.Text(value.Object(r.Params["reply_to"])["mid"]),
	}
}

// Check refuses what no send can be. Where optional holds, a message needs no
// messaging_type.
func (d Draft) Check(optional bool) *refusal.Refusal {
	switch {
	case d.hasMessage && d.Action != "":
		return refusal.New(100, 2018014, "Invalid parameter: message and sender_action cannot be sent together")
	case !d.hasMessage && d.Action == "":
		return refusal.New(100, 2018015, "Invalid parameter: either message or sender_action must be set")
	case d.hasMessage && d.Message == nil:
		return refusal.New(100, 0, "param message must be an object.")
	case d.Action != "" && !slices.Contains([]string{"typing_on", "typing_off", "mark_seen", "react", "unreact"}, d.Action):
		return refusal.New(100, 0, "Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}")
	case len(d.Recipient) == 0:
		return refusal.New(100, 0, "The parameter recipient is required")
	}
	return d.checkType(optional)
}

func (d Draft) checkType(optional bool) *refusal.Refusal {
	if d.Action != "" {
		return nil
	}
	switch d.Kind {
	case "RESPONSE", "UPDATE", "UTILITY":
	case "MESSAGE_TAG":
		if d.Tag == "" {
			return refusal.New(100, 0, "The parameter tag is required")
		}
	case "":
		if d.Tag == "" && !optional {
			return refusal.New(100, 0, "The parameter messaging_type is required")
		}
	default:
		return refusal.New(100, 0, "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}")
	}
	switch d.Notification {
	case "", "REGULAR", "SILENT_PUSH", "NO_PUSH":
		return nil
	default:
		return refusal.New(100, 0, "Param notification_type must be one of {REGULAR, SILENT_PUSH, NO_PUSH}")
	}
}

// Public is the comment or post that a private reply answers; empty: it is none.
func (d Draft) Public() string {
	return value.Text(d.Recipient["comment_id"]) + value.Text(d.Recipient["post_id"])
}

// Order is the number of the receipt that is sent; empty: the message is none.
func (d Draft) Order() string {
	return value.Text(d.payload()["order_number"])
}

// attachment is the message's attachment; nil: it has none.
func (d Draft) attachment() map[string]any { return value.Object(d.Message["attachment"]) }

func (d Draft) payload() map[string]any { return value.Object(d.attachment()["payload"]) }
