package emulator

import (
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// profileSpan is the span over which calls of the Messenger Profile are counted.
const profileSpan = 10 * time.Minute

// metaCallsPerUser is Meta's number of calls per engaged user and day. The usage
// headers are reckoned with it even where the quota itself is off.
const metaCallsPerUser = 200

// usedShare is the part of its daily calls that a Page has used, 1 being all.
func (e *Emulator) usedShare(p *page) float64 {
	perUser := e.quotas.CallsPerEngagedUser
	if perUser < 1 {
		perUser = metaCallsPerUser
	}
	now := e.clock.Now()
	return float64(p.calls.Used(now)) / float64(perUser*max(1, p.engaged.Count(now)))
}

// usage counts the call and gives the rate headers (messenger.md §3.9).
func (e *Emulator) usage(c *call) http.Header {
	e.mu.Lock()
	defer e.mu.Unlock()
	percent, id := 0, ""
	if c.page != nil {
		id = c.page.ID
		c.page.calls.Add(e.clock.Now())
		percent = min(100, int(math.Ceil(100*e.usedShare(c.page))))
	}
	ofApp, ofPage, regain := percent, percent, int(quota.Day/time.Minute)
	if f := c.fault; f != nil && f.Kind == fault.Usage {
		if regain = f.Regain; slices.Contains(appWide, f.Code) {
			ofApp = f.Percent
		} else {
			ofPage = f.Percent
		}
	}
	if ofPage < 100 {
		regain = 0
	}
	h := http.Header{}
	load := map[string]int{"call_count": ofApp, "total_time": 0, "total_cputime": 0}
	h.Set("X-App-Usage", string(value.Raw(load)))
	if id == "" {
		return h
	}
	if load["call_count"] = ofPage; e.switches.PageUsage {
		h.Set("X-Page-Usage", string(value.Raw(load)))
	}
	h.Set("X-Business-Use-Case-Usage", string(value.Raw(map[string]any{id: []any{map[string]any{
		"type": "messenger", "call_count": ofPage, "total_cputime": 0, "total_time": 0,
		"estimated_time_to_regain_access": regain,
	}}})))
	return h
}

// appWide are the codes that refuse the whole app, or its user, and not one Page.
var appWide = []int{4, 17, 341}
