// Package fault is what can befall a Graph call, and the choice of the calls that it
// befalls: by endpoint, recipient, count and chance.
//
// It answers nothing and delays nothing itself: it tells its owner what to do, and
// has no clock, no lock and no goroutine. Chance is drawn from a source of each
// fault's own, so that a seed gives the same misfortunes whatever else happens.
// No API of the host is promised.
package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Kinds of faults (emulator.md §9). The first group answers in place of Graph, after
// the call took effect if Fault.Deliver says so. Those of the second group leave the
// answer as it is, or change what everybody sees from now on.
const (
	Error   = "error"   // a refusal; the default
	Timeout = "timeout" // no answer at all
	Reset   = "reset"   // the connection breaks
	HTML    = "html"    // the page of a gateway
	Garbage = "garbage" // 200, with what is no JSON
	Secret  = "secret"  // error 101, whose text has the app's secret in it

	Slow      = "slow"       // the answer comes, but late: after Delay
	Usage     = "usage"      // the usage headers stand at Percent, one more with each call; at 100 the call is refused
	Token     = "token"      // the call's token dies of Subcode (460 by default), and stays dead
	Version   = "version"    // the Graph version of the call has ended, and stays so
	SlowMedia = "slow_media" // a medium by URL appears after Behind messages that followed it, or after Delay
	NoEcho    = "no_echo"    // the message arrives, its echo never does
	LateEcho  = "late_echo"  // the echo comes after Delay
)

var kinds = []string{Error, Timeout, Reset, HTML, Garbage, Secret, Slow, Usage, Token, Version, SlowMedia, NoEcho, LateEcho}

// Defaults of a fault that leaves them open.
const (
	defaultPercent = 99
	defaultBehind  = 1
	defaultRegain  = 5               // minutes
	defaultDelay   = 5 * time.Second // of what is late
	maxDelay       = 24 * time.Hour
)

// maxArmed is how many faults can be armed at once.
const maxArmed = 1000

// Fault is a misfortune that befalls Graph calls. Zero values stand for what the
// comments say.
type Fault struct {
	// Endpoint is the last part of the path, such as "messages" or "messenger_profile"; "node" is
	// GET /{id}; empty: any.
	Endpoint  string  `json:"endpoint,omitempty"`
	Recipient string  `json:"recipient,omitempty"` // PSID; empty: any
	Nth       int     `json:"nth,omitempty"`       // the first call that it befalls, counted from 1 among those that fit; 0: the next
	Times     int     `json:"times,omitempty"`     // how many calls it befalls; 0: one, of usage two; negative: all until cleared
	Chance    float64 `json:"chance,omitempty"`    // from Nth on, each call with this probability; 0: every one
	Kind      string  `json:"kind,omitempty"`      // one of the kinds; empty: error
	Deliver   bool    `json:"deliver,omitempty"`   // the call takes effect before the fault: deliver then fail
	Delay     int     `json:"delay_ms,omitempty"`  // the answer comes so much later, in ms of the emulator's clock; of late_echo and slow_media: that

	Status    int    `json:"status,omitempty"`     // 0: by code; of html: 502
	Code      int    `json:"code,omitempty"`       // of error; 0: 2. Of usage: 80006
	Subcode   int    `json:"subcode,omitempty"`    // 0: none
	Type      string `json:"type,omitempty"`       // empty: OAuthException
	Message   string `json:"message,omitempty"`    // empty: the text of the code
	UserTitle string `json:"user_title,omitempty"` // error_user_title; empty: none
	UserText  string `json:"user_text,omitempty"`  // error_user_msg; empty: none
	Transient bool   `json:"transient,omitempty"`
	// Data is error_data, an object; empty: there is none.
	Data json.RawMessage `json:"data,omitempty"`

	Percent int `json:"percent,omitempty"` // of usage, from 1 to 100; 0: 99
	Regain  int `json:"regain,omitempty"`  // of usage: minutes in estimated_time_to_regain_access; 0: 5
	Behind  int `json:"behind,omitempty"`  // of slow_media; 0: 1
}

// filled is the fault with its defaults in place, or what is wrong with it.
func (f Fault) filled(endpoints []string) (Fault, error) {
	if f.Kind == "" {
		f.Kind = Error
	}
	switch {
	case !slices.Contains(kinds, f.Kind):
		return f, fmt.Errorf("fault kind %q: want one of %q", f.Kind, kinds)
	case f.Endpoint != "" && !slices.Contains(endpoints, f.Endpoint):
		return f, fmt.Errorf("fault endpoint %q: want one of %q", f.Endpoint, endpoints)
	case f.Status != 0 && (f.Status < http.StatusOK || f.Status > 599):
		return f, fmt.Errorf("fault status %d: want 200 to 599", f.Status)
	case f.Nth < 0 || f.Code < 0 || f.Subcode < 0 || f.Regain < 0 || f.Behind < 0:
		return f, fmt.Errorf("fault: nth, code, subcode, regain and behind must not be negative")
	case !(f.Chance >= 0 && f.Chance <= 1):
		return f, fmt.Errorf("fault chance %g: want 0 to 1", f.Chance)
	case f.Percent < 0 || f.Percent > 100:
		return f, fmt.Errorf("fault percent %d: want 1 to 100", f.Percent)
	case len(f.Data) > 0 && f.data() == nil:
		return f, fmt.Errorf("fault data %.40q: want a JSON object", f.Data)
	case f.Delay < 0 || f.Delay > int(maxDelay/time.Millisecond):
		return f, fmt.Errorf("fault delay_ms %d: want 0 to %d", f.Delay, maxDelay/time.Millisecond)
	}
	if f.Kind == Token {
		if f.Subcode == 0 {
			f.Subcode = 460
		}
		if _, known := refusal.Death(f.Subcode); !known {
			return f, fmt.Errorf("fault subcode %d: no token dies of it; want 458, 459, 460, 463, 464, 467 or 492", f.Subcode)
		}
		f.Code = 190
	}
	return f.counted(), nil
}

// Check reports what no fault can be.
func (f Fault) Check(endpoints []string) error {
	_, err := f.filled(endpoints)
	return err
}

// counted fills in numbers.
func (f Fault) counted() Fault {
	or := func(at *int, v int) {
		if *at == 0 {
			*at = v
		}
	}
	switch f.Kind {
	case Usage:
		or(&f.Percent, defaultPercent)
		or(&f.Regain, defaultRegain)
		or(&f.Code, 80006)
		or(&f.Times, 101-f.Percent) // the last of which is refused
	case Secret:
		or(&f.Code, 101)
	case Slow, LateEcho, SlowMedia:
		or(&f.Delay, int(defaultDelay/time.Millisecond))
		or(&f.Behind, defaultBehind)
	case HTML:
		or(&f.Status, http.StatusBadGateway)
	}
	or(&f.Code, 2)
	or(&f.Times, 1)
	return f
}

// data is Data as an object; nil: it is none.
func (f *Fault) data() map[string]any {
	v, _ := value.Decode(f.Data) // what is no JSON is no object
	return value.Object(v)
}

// Late is Delay as a duration.
func (f *Fault) Late() time.Duration { return time.Duration(f.Delay) * time.Millisecond }

// Answers reports whether the fault stands in place of Graph's own answer.
func (f *Fault) Answers() bool {
	switch f.Kind {
	case Error, Timeout, Reset, HTML, Garbage, Secret:
		return true
	case Usage:
		return f.Percent >= 100
	}
	return false
}

// TakesEffect reports whether the call does what it asks for.
func (f *Fault) TakesEffect() bool { return f.Deliver || !f.Answers() }

// Refusal is the refusal of a fault. secret is the app's, for the kind that gives it away.
func (f *Fault) Refusal(secret string) *refusal.Refusal {
	text := f.Message
	dead := f.Code == 190 || f.Code == 102
	if death, known := refusal.Death(f.Subcode); text == "" && dead && known {
		text = death
	}
	if text == "" {
		text = refusal.Text(f.Code, f.Subcode)
	}
	if f.Kind == Secret {
		text = "Error validating client secret: " + secret
	}
	r := &refusal.Refusal{
		Code: f.Code, Subcode: f.Subcode, Type: f.Type, Text: text, Transient: f.Transient, Status: f.Status,
		UserTitle: f.UserTitle, UserText: f.UserText, Secret: f.Kind == Secret,
	}
	if data := f.data(); data != nil {
		r.Data = data
	}
	if dead {
		r.Auth, r.Bare = refusal.InvalidToken, true
	}
	return r
}

// Label is what the call log says of a call that it befell.
func (f *Fault) Label() string {
	if f.Deliver && f.Answers() {
		return "deliver, " + f.Kind
	}
	return f.Kind
}
