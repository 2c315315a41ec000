// Package content is what a message may hold: texts, quick replies, media,
// templates and buttons with their limits, and what a person sees of them.
//
// It looks at values only. Who sends, to whom and when is not its business; what a
// Page has stored comes in through Rules. No API of the host is promised.
package content

import (
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Limits of a message, in characters or elements (messenger.md §3.2–3.6).
const (
	maxText         = 2000
	maxMetadata     = 999 // "under 1000"
	maxQuickReplies = 13
	maxTitle        = 20   // of a button; a quick reply's title is cut to it
	MaxPayload      = 1000 // of anything that comes back as a postback
	maxButtons      = 3
)

// Rules are the rules of content where they depend on switches and on the Page.
type Rules struct {
	CodePoints bool // F1: text is counted in code points instead of UTF-16 units
	TextBelow  bool // F1: a text of exactly the limit is refused too

	Stored  func(id string) (kind string, ok bool) // a medium that the Page has stored
	Expired func(address string) bool              // whether nothing is at an address any more; nil: that is not known
	Ordered func(number string) bool               // whether a receipt had this order number
}

// steps are what a message must obey, in the order of refusal (emulator.md §4.3).
var steps = []struct {
	name  string
	check func(Rules, map[string]any, *request.Upload) *refusal.Refusal
}{
	{"not empty", func(_ Rules, m map[string]any, _ *request.Upload) *refusal.Refusal {
		_, attached := m["attachment"]
		if !attached && strings.TrimSpace(value.Text(m["text"])) == "" {
			return refusal.New(100, 2018034, "Invalid parameter: Message cannot be empty, must provide valid attachment or text")
		}
		return nil
	}},
	{"text or attachment", func(_ Rules, m map[string]any, _ *request.Upload) *refusal.Refusal {
		_, attached := m["attachment"]
		if attached && value.Text(m["text"]) != "" {
			return refusal.New(100, 0, "Invalid parameter: message[text] and message[attachment] cannot be sent together")
		}
		return nil
	}},
	{"text length", func(r Rules, m map[string]any, _ *request.Upload) *refusal.Refusal {
		limit := maxText
		if r.TextBelow {
			limit--
		}
		if r.length(value.Text(m["text"])) > limit {
			return tooLong("message[text]", maxText)
		}
		return nil
	}},
	{"metadata length", func(r Rules, m map[string]any, _ *request.Upload) *refusal.Refusal {
		return r.Length("message[metadata]", value.Text(m["metadata"]), maxMetadata)
	}},
	{"quick replies", func(r Rules, m map[string]any, _ *request.Upload) *refusal.Refusal {
		return r.quickReplies(m)
	}},
	{"attachment", Rules.attachment},
}

// Message refuses a message that Graph would not take; rule names what it broke.
// file is what was uploaded with it, or nil.
func (r Rules) Message(m map[string]any, file *request.Upload) (rule string, refused *refusal.Refusal) {
	for _, step := range steps {
		if refused := step.check(r, m, file); refused != nil {
			return step.name, refused
		}
	}
	return "", nil
}
