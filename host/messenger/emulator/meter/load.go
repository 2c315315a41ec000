package meter

import (
	"math"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
)

// Load is how much of their calls an app and a Page have used, in percent.
type Load struct {
	App, Page int
	Regain    int // minutes until a Page that has used all may call again
}

// Load is what a call's headers tell. The app shows its own use, or that of the user behind the
// token, where they have a limit, and otherwise that of the Page.
func (m *Meter) Load(c Call, now time.Time) Load {
	l := Load{Regain: int(quota.Day / time.Minute)}
	if c.Page != nil {
		l.Page = min(full, int(math.Ceil(full*c.Page.UsedShare(m.Quotas.CallsPerEngagedUser, now))))
	}
	l.App = l.Page
	share := -1
	if limit := m.Quotas.CallsPerApp; limit > 0 && c.App != "" {
		share = full * m.calls.Used(c.App, callSpan, now) / limit
	}
	if limit := m.Quotas.CallsPerUser; limit > 0 && c.User != "" {
		share = max(share, full*m.calls.Used(ofUser(c.User), callSpan, now)/limit)
	}
	if share >= 0 {
		l.App = share
	}
	return l
}

// full is all that can be used, in percent.
const full = 100

// Headers are the load as the headers of an answer tell it (messenger.md §3.9). page is the id of the
// Page whose token the call has; empty: it has none. older adds the older header of Pages.
func (l Load) Headers(page string, older bool) []answer.Header {
	h := append(make([]answer.Header, 0, answer.Usual), answer.Header{Name: "X-App-Usage", Value: counts(l.App)})
	if page == "" {
		return h
	}
	if older {
		h = append(h, answer.Header{Name: "X-Page-Usage", Value: counts(l.Page)})
	}
	regain := 0
	if l.Page >= full {
		regain = l.Regain
	}
	return append(h, answer.Header{Name: "X-Business-Use-Case-Usage", Value: `{"` + page + `":[{"call_count":` + strconv.Itoa(l.Page) +
		`,"estimated_time_to_regain_access":` + strconv.Itoa(regain) + `,"total_cputime":0,"total_time":0,"type":"messenger"}]}`})
}

// counts is the JSON of a header that tells how much of its calls an app or a Page has used.
func counts(percent int) string {
	return `{"call_count":` + strconv.Itoa(percent) + `,"total_cputime":0,"total_time":0}`
}

// Use is how much of its quotas a Page has used.
type Use struct {
	Page          string  `json:"page"`
	Calls         int     `json:"calls"`         // in the last 24 h
	Engaged       int     `json:"engaged"`       // people who were active in the last 24 h
	Share         float64 `json:"share"`         // of its daily calls, 1 being all
	Sends         int     `json:"sends"`         // in the last second
	ProfileCalls  int     `json:"profile_calls"` // in the last 10 min
	Conversations int     `json:"conversations"` // calls in the last second
}

// Use is a Page's use of its quotas.
func (m *Meter) Use(p *state.Page, now time.Time) Use {
	return Use{
		Page: p.ID, Calls: p.Calls.Used(now), Engaged: p.Engaged.Count(now), Share: p.UsedShare(m.Quotas.CallsPerEngagedUser, now),
		Sends: m.sends.Used(p.ID, time.Second, now), ProfileCalls: m.profiles.Used(p.ID, profileSpan, now),
		Conversations: m.reads.Used(p.ID, time.Second, now),
	}
}
