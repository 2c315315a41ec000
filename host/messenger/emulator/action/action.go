// Package action is what a person does as its owner states it, and what the webhooks
// that tell of it carry.
//
// It changes nothing and sends nothing: what an action does to a thread, and who hears
// of it, is for the emulator to say. An action that cannot be is an error that names
// the part and what is wanted. No API of the host is promised.
package action

import (
	"encoding/json"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Action is something a person does (or has done to them).
type Action struct {
	Page   string `json:"page"`   // empty: the person's
	Person string `json:"person"` // empty: the Page's first
	// Kind: say, tap (Text is the title of a quick reply or button that is shown), postback, get_started,
	// referral, optin, attachment, read, reaction, raw; also edit, link, unlink, delete (the thread), block,
	// unblock, unavailable (Payload says how), available, inbox (a human answers from the Page's inbox),
	// human and bot (the thread moves to the inbox and back), feedback, game, order, rate, coupon, lead,
	// comment and post (in public), and policy.
	Kind    string `json:"kind"`
	Text    string `json:"text,omitempty"`
	Payload string `json:"payload,omitempty"`
	// Type of an attachment; of an opt-in: "" Send to Messenger, checkbox, notification_messages, stop or
	// one_time_notif_req; of a reaction: react or unreact; of a policy: warning, block or unblock.
	Type     string            `json:"type,omitempty"`
	URL      string            `json:"url,omitempty"`
	Ref      string            `json:"ref,omitempty"`
	AdID     string            `json:"ad_id,omitempty"`    // of a referral that came from an ad
	Target   string            `json:"target,omitempty"`   // mid that is answered, reacted to or edited; empty: the last that fits
	Delivery *webhook.Delivery `json:"delivery,omitempty"` // how the events of this action misbehave; nil: the way of their app
	NLP      json.RawMessage   `json:"nlp,omitempty"`      // what built-in NLP found in a text; empty: it is off
	// Raw is a whole webhook event, an element of messaging[], for the kind raw; for an attachment it
	// is what stands in attachments[].
	Raw json.RawMessage `json:"raw,omitempty"`
}

// Object is the action's Raw as an object; an empty one when there is none. what is
// named in the error.
func (a Action) Object(what string) (map[string]any, error) {
	if len(a.Raw) == 0 {
		return map[string]any{}, nil
	}
	v, err := value.Decode(a.Raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	m := value.Object(v)
	if m == nil {
		return nil, fmt.Errorf("%s: want a JSON object in raw", what)
	}
	return m, nil
}
