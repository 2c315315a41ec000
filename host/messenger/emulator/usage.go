package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/meter"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// QuotaUse is how much of its quotas a Page has used.
type QuotaUse = meter.Use

// isBatch reports whether the call is a batch of others, which count in its place.
func (c *call) isBatch() bool { return c.route != nil && c.route.name == "batch" }

// metered is the call as the meter counts it.
func (c *call) metered() meter.Call {
	m := meter.Call{Page: c.page}
	if c.app != nil {
		m.App = c.app.ID
	}
	if c.token != nil && c.token.OfUser() {
		m.User = c.token.User.ID
	}
	if c.route != nil {
		m.OfPage, m.Messaging = c.route.ofPage(), c.route.scope == messaging
	}
	return m
}

// checkQuotas counts the call, and refuses one too many. The mutex is held.
func (e *Emulator) checkQuotas(c *call) *refusal.Refusal {
	if c.isBatch() {
		return nil
	}
	return e.meter.Call(c.metered(), e.clock.Now())
}

// usage counts the call for the Page's day and gives the date and the rate headers (messenger.md §3.9).
func (e *Emulator) usage(c *call) []answer.Header {
	e.mu.Lock()
	defer e.mu.Unlock()
	page, now := "", e.clock.Now()
	if c.page != nil {
		if page = c.page.ID; !c.isBatch() {
			c.page.Calls.Add(now)
		}
	}
	if c.bare {
		return nil
	}
	load := e.meter.Load(c.metered(), now)
	if f := c.fault; f != nil && f.Kind == fault.Usage {
		if load.Regain = f.Regain; slices.Contains(appWide, f.Code) {
			load.App = f.Percent
		} else {
			load.Page = f.Percent
		}
	}
	return append(load.Headers(page, e.switches.PageUsage), answer.Header{Name: "Date", Value: e.date.Text(now)})
}

// appWide are the codes that refuse the whole app, or its user, and not one Page.
var appWide = []int{4, 17, 341}

// QuotasUsed is the use of all Pages' quotas.
func (e *Emulator) QuotasUsed() []QuotaUse {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]QuotaUse, len(e.state.Pages))
	for i, p := range e.state.Pages {
		out[i] = e.meter.Use(p, e.clock.Now())
	}
	return out
}
