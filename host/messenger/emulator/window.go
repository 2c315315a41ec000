package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/draft"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// checkWindow holds the standard window and what tags allow beyond it. Opt-in
// tokens and private replies have times of their own.
func (e *Emulator) checkWindow(d *sending) *refusal.Refusal {
	if d.spent != nil || d.answers != nil {
		return nil
	}
	now, t := e.clock.Now(), d.person.Thread
	may := func(permission string) bool { return slices.Contains(d.call.app.Permissions, permission) }
	allowed := draft.Allowance{
		Last: t.LastAction, Open: t.Open(now), Human: may("human_agent"), NoFeedback: e.switches.NoFeedbackTag,
		NewsPage: d.call.page.News, News: may("pages_messaging_subscriptions"),
	}
	if d.Tag != "" {
		return d.CheckTag(allowed, now)
	}
	if d.Kind == "UTILITY" {
		d.call.note = "messaging_type UTILITY: no template is approved"
		e.unknownLocked(d.call)
		return refusal.New(100, 0, "Invalid parameter: no approved template of that name")
	}
	return allowed.Outside()
}
