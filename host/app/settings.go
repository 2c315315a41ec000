package app

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/media"
	"github.com/footlight-bots/footlight/host/person"
)

// The values of switches.
const (
	allow, refuse = "allow", "refuse" // of Config.HTTPPrivate
	yes, no       = "yes", "no"       // of Config.LogTexts
)

// Limits of settings that are numbers.
const (
	defaultReorder    = 100 * time.Millisecond // of Config.Reorder
	minHumanFor       = time.Minute
	maxHumanFor       = 7 * 24 * time.Hour
	maxSendsPerSecond = 10_000
	maxKeepDays       = 36_500
	defaultMediaFor   = 24 * time.Hour // of Config.MediaFor
	minMediaFor       = time.Minute
	defaultIdle       = 15 * time.Minute // of Config.IdleAfter
	minIdle           = time.Second
	maxIdle           = 7 * 24 * time.Hour
)

// DefaultMaxLoaded is how many of several bots stay loaded without a setting, when nobody talks to them.
const DefaultMaxLoaded = 200

// defaultFallback is what a person is told who gets no answer in time (rule 20 of
// messenger.md section 9).
const defaultFallback = "Sorry, I cannot answer that right now. Please try again in a moment."

// tuning is what the settings say that are no texts.
type tuning struct {
	reorder        time.Duration
	sendsPerSecond int           // 0: the platform's quota
	humanFor       time.Duration // 0: as delivery has it
	keep           time.Duration
	mediaFor       time.Duration // 0: media go out by their addresses
	health         time.Duration // 0: no watch
	idle           time.Duration // 0: bots never rest
	mostLoaded     int
	logTexts       bool
}

// missing names the settings without which a host does not start.
func (c Config) missing() error {
	var errs []error
	for _, need := range []struct{ name, value, why string }{
		{"FOOTLIGHT_APP_SECRET", c.Page.AppSecret, "the app's secret: without it nobody can tell a webhook of Meta's from a forged one"},
		{"FOOTLIGHT_VERIFY_TOKEN", c.Page.VerifyToken, "the verify token that you enter in the app's webhook settings"},
		{"FOOTLIGHT_PAGE_TOKEN", c.Page.PageToken, "the Page's access token: without it the bot cannot answer"},
	} {
		if need.value == "" {
			errs = append(errs, fmt.Errorf("%s is not set (%s); set it, or name a file that holds it with %s_FILE", need.name, need.why, need.name))
		}
	}
	return errors.Join(errs...)
}

// tune reads the settings that are no texts, and refuses what cannot be meant.
func (c Config) tune() (t tuning, err error) {
	var errs []error
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if c.HTTPPrivate != "" && c.HTTPPrivate != allow && c.HTTPPrivate != refuse {
		note(fmt.Errorf("FOOTLIGHT_HTTP_PRIVATE is %q; write %q to let scripts ask granted hosts inside private networks, or %q", c.HTTPPrivate, allow, refuse))
	}
	t.reorder, err = c.patience()
	note(err)
	t.humanFor, err = silence(c.HumanFor)
	note(err)
	t.mediaFor, err = c.reuse()
	note(err)
	t.health, err = c.vigilance()
	note(err)
	t.idle, err = c.repose()
	note(err)
	t.mostLoaded, err = number("FOOTLIGHT_MAX_LOADED", c.MaxLoaded, "as in 200: how many of several bots stay loaded when nobody talks to them", 1, MaxPages)
	note(err)
	if t.mostLoaded == 0 {
		t.mostLoaded = DefaultMaxLoaded
	}
	t.sendsPerSecond, err = haste(c.SendsPerSecond)
	note(err)
	days, err := number("FOOTLIGHT_KEEP_DAYS", c.KeepDays, "as in 90: after so many days without a word people are forgotten", int(person.MinKeep/day), maxKeepDays)
	note(err)
	t.keep = time.Duration(days) * day
	switch strings.ToLower(c.LogTexts) {
	case yes, "true":
		t.logTexts = true
	case "", no, "false":
	default:
		note(fmt.Errorf("FOOTLIGHT_LOG_TEXTS is %q; write %q to have ids of people and texts of messages in the log, or %q", c.LogTexts, yes, no))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil {
			note(errors.New("FOOTLIGHT_PUBLIC_URL is not the beginning of a web address, as in https://bot.example"))
		}
	}
	return t, errors.Join(errs...)
}

const day = 24 * time.Hour

func (c Config) patience() (time.Duration, error) {
	if c.Reorder == "" {
		return defaultReorder, nil
	}
	d, err := time.ParseDuration(c.Reorder)
	if err != nil || d < 0 || d > delivery.MaxReorder {
		return 0, fmt.Errorf("FOOTLIGHT_REORDER is %q; write a time from 0 to %s, as in 100ms: how long a message waits for an earlier one that is late", c.Reorder, delivery.MaxReorder)
	}
	return d, nil
}

func (c Config) reuse() (time.Duration, error) {
	switch c.MediaFor {
	case "":
		return defaultMediaFor, nil
	case Off:
		return 0, nil
	}
	d, err := time.ParseDuration(c.MediaFor)
	if err != nil || d < minMediaFor || d > media.MaxLife {
		return 0, fmt.Errorf("FOOTLIGHT_MEDIA_FOR is %q; write a time from %s to %s, as in 24h: how long an uploaded picture is used again before it is fetched anew; or %q: it is fetched for every message",
			c.MediaFor, minMediaFor, media.MaxLife, Off)
	}
	return d, nil
}

// repose is how long a bot stays loaded that nobody talks to; 0: for ever.
func (c Config) repose() (time.Duration, error) {
	switch c.IdleAfter {
	case "":
		return defaultIdle, nil
	case Off:
		return 0, nil
	}
	d, err := time.ParseDuration(c.IdleAfter)
	if err != nil || d < minIdle || d > maxIdle {
		return 0, fmt.Errorf("FOOTLIGHT_IDLE_AFTER is %q; write a time from %s to %s, as in 15m: how long one of several bots stays loaded that nobody talks to; or %q: it stays loaded", c.IdleAfter, minIdle, maxIdle, Off)
	}
	return d, nil
}

// number reads a whole number; an empty text is 0.
func number(name, text, example string, least, most int) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s is %q; write a whole number from %d to %d, %s", name, text, least, most, example)
	}
	return n, nil
}
