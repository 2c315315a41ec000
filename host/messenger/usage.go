package messenger

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"
)

// Usage is how much of the platform's quotas is used up (messenger.md section 3.9).
type Usage struct {
	App    int           // percent of what the app may do, the highest of its counters; at 100 calls are refused
	Page   int           // … and of what may be done for the Page
	Regain time.Duration // estimated time until calls are allowed again; zero when they are
}

// The headers in which the platform tells usage.
const (
	headerAppUsage      = "X-App-Usage"
	headerPageUsage     = "X-Page-Usage"
	headerBusinessUsage = "X-Business-Use-Case-Usage"
)

var usageHeaders = []string{headerAppUsage, headerPageUsage, headerBusinessUsage}

type wireUsage struct {
	Calls  number `json:"call_count"`
	CPU    number `json:"total_cputime"`
	Time   number `json:"total_time"`
	Regain number `json:"estimated_time_to_regain_access"` // minutes
}

// told is what an answer told about usage, as it stood there and as it was read.
type told struct {
	app, page, business string
	usage               Usage
}

// lastTold is what the newest answer told. Most tell what the one before did, word for word: that is read once.
type lastTold struct{ at atomic.Pointer[told] }

// read is what an answer tells.
func (l *lastTold) read(h http.Header) Usage {
	now := told{app: h.Get(headerAppUsage), page: h.Get(headerPageUsage), business: h.Get(headerBusinessUsage)}
	if last := l.at.Load(); last != nil && last.app == now.app && last.page == now.page && last.business == now.business {
		return last.usage
	}
	now.usage = usage(h)
	l.at.Store(&now)
	return now.usage
}

// usage reads all usage headers of an answer; headers it cannot read count as absent.
func usage(h http.Header) Usage {
	var out Usage
	add := func(percent *int, w wireUsage) {
		*percent = max(*percent, w.Calls.count(), w.CPU.count(), w.Time.count())
		out.Regain = max(out.Regain, time.Duration(min(w.Regain.count(), maxRegain))*time.Minute)
	}
	for name, percent := range map[string]*int{headerAppUsage: &out.App, headerPageUsage: &out.Page} {
		var w wireUsage
		if json.Unmarshal([]byte(h.Get(name)), &w) == nil {
			add(percent, w)
		}
	}
	var business map[string]list[wireUsage]
	if json.Unmarshal([]byte(h.Get(headerBusinessUsage)), &business) == nil {
		for _, cases := range business {
			for _, w := range cases {
				add(&out.Page, w)
			}
		}
	}
	return out
}

// maxRegain is the longest pause that is believed, in minutes: a day.
const maxRegain = 24 * 60
