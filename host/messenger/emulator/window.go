package emulator

import (
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// longWindow is how long the tags HUMAN_AGENT and CUSTOMER_FEEDBACK reach back to the
// person's last action (messenger.md §3.7).
const longWindow = 7 * 24 * time.Hour

// deadTags end on 27 Apr 2026 and are answered with error 100.
var deadTags = []string{"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"}

var tagsEnd = time.Date(2026, time.April, 27, 0, 0, 0, 0, time.UTC)

func outsideWindow() *refusal.Refusal {
	return refusal.New(10, refusal.Window,
		"This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview")
}

// checkWindow holds the standard window and what tags allow beyond it. Opt-in
// tokens and private replies have times of their own.
func (e *Emulator) checkWindow(d *draft) *refusal.Refusal {
	if d.spent != nil || d.answers != nil {
		return nil
	}
	now, t := e.clock.Now(), d.person.thread
	if d.tag != "" {
		return e.checkTag(d, now)
	}
	if d.kind == "UTILITY" {
		d.call.note = "messaging_type UTILITY: no template is approved"
		e.unknownLocked(d.call)
		return refusal.New(100, 0, "Invalid parameter: no approved template of that name")
	}
	if !t.Open(now) {
		return outsideWindow()
	}
	return nil
}

func (e *Emulator) checkTag(d *draft, now time.Time) *refusal.Refusal {
	last := d.person.thread.LastAction
	late := last.IsZero() || now.Sub(last) > longWindow
	switch {
	case d.tag == "HUMAN_AGENT":
		if !slices.Contains(d.call.app.Permissions, "human_agent") {
			return refusal.New(10, 0, "To use 'Human Agent', your use of this endpoint must be reviewed and approved by Facebook.")
		}
		if late {
			return outsideWindow()
		}
		return nil
	case d.tag == "CUSTOMER_FEEDBACK" && !e.switches.NoFeedbackTag:
		template := value.Object(value.Object(d.message["attachment"])["payload"])["template_type"]
		if d.message != nil && value.Text(template) != "customer_feedback" {
			return refusal.New(100, 0, "Invalid parameter: the tag CUSTOMER_FEEDBACK goes with the customer_feedback template only")
		}
		if late {
			return outsideWindow()
		}
		return nil
	case slices.Contains(deadTags, d.tag) && now.Before(tagsEnd):
		return nil
	}
	return refusal.New(100, 0, "Invalid parameter: the message tag %s is not available", d.tag)
}
