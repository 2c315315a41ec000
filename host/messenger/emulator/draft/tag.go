package draft

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

// Allowance is what the use of tags depends on.
type Allowance struct {
	Last       time.Time // the person's last action; zero: there was none
	Human      bool      // the app may use HUMAN_AGENT
	NoFeedback bool      // CUSTOMER_FEEDBACK is refused (F12)
	Open       bool      // the standard window is
	NewsPage   bool      // the Page is registered for news
	News       bool      // the app may send news
}

// Outside refuses what the standard window alone allows, once it is closed. A news Page is told
// which permission it lacks.
func (a Allowance) Outside() *refusal.Refusal {
	switch {
	case a.Open:
		return nil
	case a.NewsPage && !a.News:
		return refusal.OutsideNews()
	}
	return refusal.Outside()
}

// CheckTag refuses a tag that does not allow the message, now.
func (d Draft) CheckTag(a Allowance, now time.Time) *refusal.Refusal {
	late := a.Last.IsZero() || now.Sub(a.Last) > longWindow
	switch {
	case d.Tag == "HUMAN_AGENT":
		if !a.Human {
			return refusal.New(10, 0, "To use 'Human Agent', your use of this endpoint must be reviewed and approved by Facebook.")
		}
		if late {
			return refusal.Outside()
		}
		return nil
	case d.Tag == "CUSTOMER_FEEDBACK" && !a.NoFeedback:
		if d.Message != nil && value.Text(d.payload()["template_type"]) != "customer_feedback" {
			return refusal.New(100, 0, "Invalid parameter: the tag CUSTOMER_FEEDBACK goes with the customer_feedback template only")
		}
		if late {
			return refusal.Outside()
		}
		return nil
	case d.Tag == "NON_PROMOTIONAL_SUBSCRIPTION" && a.NewsPage:
		if a.News {
			return nil
		}
		return a.Outside()
	case slices.Contains(deadTags, d.Tag) && now.Before(tagsEnd):
		return nil
	}
	return refusal.New(100, 0, "Invalid parameter: the message tag %s is not available", d.Tag)
}
