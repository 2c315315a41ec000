package app

import (
	"errors"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/server"
	"github.com/footlight-bots/footlight/host/store"
)

// MaxPages is how many Pages one host serves.
const MaxPages = 5000

// App is an app at Meta. Where says where it is set, for errors.
type App struct{ Where, ID, Secret, VerifyToken string }

// Booking is a bot's engagement on a Page. Settings that are empty are those of the Config.
type Booking struct {
	Where string // it is set, for errors
	Page  string // id; empty: every Page that the app tells of
	Token string // the Page's access token
	App   string // id of the app that tells of the Page
	Dir   string // the bot's folder; empty: what is published
	Bot   string // which of the published bots; empty: the only one

	HumanFor, HumanWord, Fallback, SendsPerSecond string
}

// several tells whether the host serves what Bookings say, and not one Page.
func (c Config) several() bool { return len(c.Bookings) > 0 }

// engaged returns c with apps and bookings in any case: one Page is one booking.
func (c Config) engaged() Config {
	if !c.several() {
		c.Apps = []App{{ID: c.Page.AppID, Secret: c.Page.AppSecret, VerifyToken: c.Page.VerifyToken}}
		c.Bookings = []Booking{{Page: c.Page.ID, Token: c.Page.PageToken, App: c.Page.AppID, Dir: c.Dir, Bot: c.Bot}}
	}
	return c
}

// booked refuses apps and bookings that cannot be meant, all of them at once.
func (c Config) booked() error {
	var errs []error
	fault := func(where, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %w", where, fmt.Errorf(format, args...)))
	}
	if c.Dir != "" {
		errs = append(errs, fmt.Errorf("serve %s: footlight.toml says which bot plays on which Page; leave the folder out, or the [[page]] tables", c.Dir))
	}
	if n := len(c.Bookings); n > MaxPages {
		errs = append(errs, fmt.Errorf("%d Pages, and one host serves %d at most", n, MaxPages))
	}
	if n := len(c.Apps); n > server.MaxApps {
		errs = append(errs, fmt.Errorf("%d apps, and one host serves %d at most", n, server.MaxApps))
	}
	apps := map[string]string{}
	for _, a := range c.Apps {
		if first, twice := apps[a.ID]; twice {
			fault(a.Where, "app %s is there twice; it was named first at %s", a.ID, first)
		}
		apps[a.ID] = a.Where
		if a.ID == "" {
			fault(a.Where, "id is missing: the app's number, which Meta shows at the top of its dashboard")
		}
		if a.Secret == "" {
			fault(a.Where, "secret is missing: without it nobody can tell a webhook of Meta's from a forged one")
		}
		if a.VerifyToken == "" {
			fault(a.Where, "verify_token is missing: the text that you enter in the app's webhook settings")
		}
	}
	pages := map[string]string{}
	for _, b := range c.Bookings {
		if first, twice := pages[b.Page]; twice {
			fault(b.Where, "Page %s is there twice; it was named first at %s, and one bot answers for a Page", b.Page, first)
		}
		pages[b.Page] = b.Where
		if b.Page == "" {
			fault(b.Where, "id is missing: the Page's number")
		}
		if b.Token == "" {
			fault(b.Where, "token is missing: without the Page's access token the bot cannot answer")
		}
		if (b.Dir == "") == (b.Bot == "") {
			fault(b.Where, `name either the bot's folder with dir, or a published bot with bot`)
		}
		if _, known := apps[b.App]; b.App == "" {
			fault(b.Where, "app is missing: which of the %d apps tells of this Page?", len(c.Apps))
		} else if !known {
			fault(b.Where, "there is no app %s: give it an [[app]] table", b.App)
		}
		if _, err := bot.Folder(b.Dir); b.Dir != "" && err != nil {
			fault(b.Where, "dir: %w", err)
		}
		if b.Bot != "" {
			if err := store.CheckName("bot", b.Bot); err != nil {
				fault(b.Where, "%w", err)
			}
		}
	}
	return errors.Join(errs...)
}

// rules are how the Page of a booking is served: by its own settings, or by those of the host.
func (b Booking) rules(c Config, t tuning) (delivery.Rules, error) {
	r := delivery.Rules{App: b.App, HumanFor: t.humanFor, HumanWord: c.HumanWord, Fallback: fallback(c.Fallback), SendsPerSecond: t.sendsPerSecond}
	var errs [2]error
	if b.HumanFor != "" {
		r.HumanFor, errs[0] = silence(b.HumanFor)
	}
	if b.SendsPerSecond != "" {
		r.SendsPerSecond, errs[1] = haste(b.SendsPerSecond)
	}
	if b.HumanWord != "" {
		r.HumanWord = b.HumanWord
	}
	if b.Fallback != "" {
		r.Fallback = fallback(b.Fallback)
	}
	return r, b.at(errors.Join(errs[:]...))
}

// rules are how the Page of each booking is served.
func (c Config) rules(t tuning) ([]delivery.Rules, error) {
	var list []delivery.Rules
	var errs []error
	for _, b := range c.engaged().Bookings {
		r, err := b.rules(c, t)
		list, errs = append(list, r), append(errs, err)
	}
	return list, errors.Join(errs...)
}

func haste(text string) (int, error) {
	return number("FOOTLIGHT_SENDS_PER_SECOND", text, "as in 300: how many messages a second one host sends for a Page", 1, maxSendsPerSecond)
}

func silence(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < minHumanFor || d > maxHumanFor {
		return 0, fmt.Errorf("FOOTLIGHT_HUMAN_FOR is %q; write a time from %s to %s, as in 30m: how long the bot is silent after a human's last word", text, minHumanFor, maxHumanFor)
	}
	return d, nil
}

// fallback is the line of Config.Fallback; empty: none.
func fallback(text string) string {
	switch text {
	case "":
		return defaultFallback
	case Off:
		return ""
	}
	return text
}
