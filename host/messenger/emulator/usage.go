package emulator

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/quota"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// callSpan is the span over which the calls of an app and of a user are counted.
const callSpan = time.Hour

// checkQuotas counts the call for its app, its user and its Page, and refuses one too many. What
// a batch holds is counted, not the batch. The mutex is held.
func (e *Emulator) checkQuotas(c *call) *refusal.Refusal {
	now := e.clock.Now()
	if c.isBatch() {
		return nil
	}
	if !e.hourly.Spend(c.app.ID, e.quotas.CallsPerApp, callSpan, now) {
		return e.tooMany(world.QuotaApp)
	}
	if c.token.OfUser() && !e.hourly.Spend(ofUser(c), e.quotas.CallsPerUser, callSpan, now) {
		if c.route.ofPage() {
			return e.tooMany(world.QuotaUserPage)
		}
		return e.tooMany(world.QuotaUser)
	}
	if limit := e.quotas.CallsPerEngagedUser; c.page != nil && limit > 0 && c.page.UsedShare(limit, now) >= 1 {
		if c.route.scope == messaging {
			return e.tooMany(world.QuotaMessaging)
		}
		return e.tooMany(world.QuotaPage)
	}
	return nil
}

// tooMany is the refusal of a call beyond a quota.
func (e *Emulator) tooMany(quota string) *refusal.Refusal {
	return refusal.TooMany(e.quotas.Code(quota))
}

// isBatch reports whether the call is a batch of others.
func (c *call) isBatch() bool { return c.route != nil && c.route.name == "batch" }

// ofUser is the key under which the calls of the user behind the token are counted.
func ofUser(c *call) string { return "user " + c.token.User.ID }

// appShare is how much of its calls the app, or the user behind the token, has used, in percent;
// otherwise says it where neither has a limit. The mutex is held.
func (e *Emulator) appShare(c *call, otherwise int) int {
	if c.token == nil {
		return otherwise
	}
	now, share := e.clock.Now(), -1
	if limit := e.quotas.CallsPerApp; limit > 0 {
		share = 100 * e.hourly.Used(c.app.ID, callSpan, now) / limit
	}
	if limit := e.quotas.CallsPerUser; limit > 0 && c.token.OfUser() {
		share = max(share, 100*e.hourly.Used(ofUser(c), callSpan, now)/limit)
	}
	if share < 0 {
		return otherwise
	}
	return share
}

// profileSpan is the span over which calls of the Messenger Profile are counted.
const profileSpan = 10 * time.Minute

// usage counts the call and gives the rate headers (messenger.md §3.9).
func (e *Emulator) usage(c *call) http.Header {
	e.mu.Lock()
	defer e.mu.Unlock()
	percent, id := 0, ""
	if c.page != nil {
		if id = c.page.ID; !c.isBatch() {
			c.page.Calls.Add(e.clock.Now())
		}
		percent = min(100, int(math.Ceil(100*c.page.UsedShare(e.quotas.CallsPerEngagedUser, e.clock.Now()))))
	}
	ofApp, ofPage, regain := e.appShare(c, percent), percent, int(quota.Day/time.Minute)
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
	h.Set("X-App-Usage", load(ofApp))
	if id == "" {
		return h
	}
	if e.switches.PageUsage {
		h.Set("X-Page-Usage", load(ofPage))
	}
	h.Set("X-Business-Use-Case-Usage", fmt.Sprintf(
		`{"%s":[{"call_count":%d,"estimated_time_to_regain_access":%d,"total_cputime":0,"total_time":0,"type":"messenger"}]}`, id, ofPage, regain))
	return h
}

// load is the JSON of a header that tells how much of its calls an app or a Page has used.
func load(percent int) string {
	return `{"call_count":` + strconv.Itoa(percent) + `,"total_cputime":0,"total_time":0}`
}

// appWide are the codes that refuse the whole app, or its user, and not one Page.
var appWide = []int{4, 17, 341}

// Messages per Page and second above which Meta wants to be told, and how long they
// must last.
const (
	highVolume = 40
	sustained  = 10 * time.Second
)

// checkVolume warns of many messages, and refuses more than the brake allows. The
// mutex is held.
func (e *Emulator) checkVolume(p *state.Page, now time.Time) *refusal.Refusal {
	volume := e.volume.Note(p.ID, sustained, now)
	if volume > highVolume*int(sustained/time.Second) && now.Sub(p.Warned) > sustained {
		p.Warned = now
		e.alert("page %s: more than %d messages a second for %s; Meta wants to know before", p.ID, highVolume, sustained)
	}
	if e.quotas.Brake > 0 && volume > e.quotas.Brake*int(sustained/time.Second) {
		return e.tooMany(world.QuotaBrake)
	}
	return nil
}

// QuotaUse is how much of its quotas a Page has used.
type QuotaUse struct {
	Page          string  `json:"page"`
	Calls         int     `json:"calls"`         // in the last 24 h
	Engaged       int     `json:"engaged"`       // people who were active in the last 24 h
	Share         float64 `json:"share"`         // of its daily calls, 1 being all
	Sends         int     `json:"sends"`         // in the last second
	ProfileCalls  int     `json:"profile_calls"` // in the last 10 min
	Conversations int     `json:"conversations"` // calls in the last second
}

// QuotasUsed is the use of all Pages' quotas.
func (e *Emulator) QuotasUsed() []QuotaUse {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	out := make([]QuotaUse, len(e.state.Pages))
	for i, p := range e.state.Pages {
		out[i] = QuotaUse{
			Page: p.ID, Calls: p.Calls.Used(now), Engaged: p.Engaged.Count(now), Share: p.UsedShare(e.quotas.CallsPerEngagedUser, now),
			Sends: e.sends.Used(p.ID, time.Second, now), ProfileCalls: e.profiles.Used(p.ID, profileSpan, now),
			Conversations: e.reads.Used(p.ID, time.Second, now),
		}
	}
	return out
}
