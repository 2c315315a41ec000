package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Webhook fields (messenger.md §2.6).
const (
	Messages   = "messages"
	Postbacks  = "messaging_postbacks"
	Referrals  = "messaging_referrals"
	OptIns     = "messaging_optins"
	Echoes     = "message_echoes"
	Handovers  = "messaging_handovers"
	Standby    = "standby"
	Reactions  = "message_reactions"
	Policy     = "messaging_policy_enforcement"
	Linking    = "messaging_account_linking"
	Deliveries = "message_deliveries"
	Reads      = "message_reads"
	Edits      = "message_edits"
	Feed       = "feed"
)

// known are the fields that an app or a Page can subscribe to.
var known = []string{
	Messages, Postbacks, Referrals, OptIns, Echoes, Handovers, Standby, Reactions,
	Policy, Linking, Deliveries, Reads, Edits,
	"messaging_feedback", "response_feedback", "messaging_game_plays", "send_cart", "messaging_customer_information",
	"messenger_template_status_update", "inbox_labels", Feed, "leadgen", "calls",
}

// OfMessages reports whether any of the fields tells of conversations, which needs the permission
// to hold some.
func OfMessages(fields []string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return f != Feed && f != "leadgen" })
}

// Unknown is the place of the first field that nobody can subscribe to; -1: there is none.
func Unknown(fields []string) int {
	return slices.IndexFunc(fields, func(f string) bool { return !slices.Contains(known, f) })
}

// Known are the fields that an app or a Page can subscribe to, for error texts.
func Known() string { return strings.Join(known, ", ") }

// CheckFields reports a field that nobody can subscribe to.
func CheckFields(fields []string) error {
	if i := Unknown(fields); i >= 0 {
		return fmt.Errorf("webhook field %q: not one of %s", fields[i], Known())
	}
	return nil
}

// fieldOfKey tells to which field an event belongs, by the key that it carries.
var fieldOfKey = map[string]string{
	"message": Messages, "postback": Postbacks, "referral": Referrals, "optin": OptIns,
	"delivery": Deliveries, "read": Reads, "reaction": Reactions, "message_edit": Edits,
	"account_linking": Linking, "policy_enforcement": Policy,
	"pass_thread_control": Handovers, "take_thread_control": Handovers,
	"request_thread_control": Handovers, "app_roles": Handovers,
	"messaging_feedback": "messaging_feedback", "response_feedback": "response_feedback",
	"game_play": "messaging_game_plays", "order": "send_cart", "template": Messages,
}

// FieldOf is the field of a hand-made event; empty for one of unknown shape, which
// every app receives.
func FieldOf(element map[string]any) string {
	if value.Truth(value.Object(element["message"])["is_echo"]) {
		return Echoes
	}
	for _, key := range slices.Sorted(maps.Keys(fieldOfKey)) { // in one order, whatever else it carries
		if _, ok := element[key]; ok {
			return fieldOfKey[key]
		}
	}
	return ""
}
