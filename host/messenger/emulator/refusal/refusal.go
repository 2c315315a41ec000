// Package refusal is Graph's way to say no: the codes, subcodes and sentences of
// its error answers, and the JSON, status and header in which they come.
//
// It does not decide what is refused. A refusal is a value, not a Go error: for the
// emulator it is a result like any other. No API of the host is promised.
package refusal

import (
	"fmt"
	"net/http"
	"strings"
)

// Subcodes that are answered in more than one place (emulator.md §4).
const (
	UnknownPerson = 2018001
	Window        = 2018278
	Restricted    = 1893063
	EmptyTitle    = 2018053
	EmptyPayload  = 2018040
	EmptyURL      = 2018041
	Incomplete    = 2018035
	Attachment    = 2018074
	WrongMedia    = 2018047
	TooLarge      = 2018109
)

// Values of Refusal.Auth.
const (
	InvalidToken   = "invalid_token"
	InvalidRequest = "invalid_request"
)

// Refusal is one of Graph's error answers (emulator.md §3).
type Refusal struct {
	Code, Subcode int    // Subcode 0: none
	Type          string // empty: OAuthException
	Text          string
	Bare          bool // the message carries no "(#code)" in front
	Transient     bool
	Auth          string // error word of WWW-Authenticate: InvalidToken, InvalidRequest, or empty
	Status        int    // of HTTP; 0: by code
	UserTitle     string // error_user_title; empty: none
	UserText      string // error_user_msg; empty: none
	Data          any    // error_data; nil: none
	Secret        bool   // the text gives a secret away: no log may have it
}

// New is a refusal with "(#code) text" as its message. Subcode 0 means none.
func New(code, subcode int, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Subcode: subcode, Text: fmt.Sprintf(format, args...)}
}

// Missing refuses a path that leads nowhere, or nowhere for this token.
func Missing(id string) *Refusal {
	return &Refusal{
		Code: 100, Subcode: 33, Type: "GraphMethodException", Bare: true,
		Text: fmt.Sprintf("Unsupported request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation", id),
	}
}

// Token refuses the access token itself, with code 190.
func Token(subcode int, text string) *Refusal {
	return &Refusal{Code: 190, Subcode: subcode, Bare: true, Auth: InvalidToken, Text: text}
}

// URL refuses a parameter that is not the URL it should be.
func URL(param string) *Refusal {
	return New(100, 0, "%s should represent a valid URL", param)
}

// TooMany refuses a call beyond its rate, with the code of the quota.
func TooMany(code int) *Refusal {
	return New(code, 0, "%s", Text(code, 0))
}

// NeedsUser refuses a call about "me" without a token that speaks for someone.
func NeedsUser() *Refusal {
	return &Refusal{
		Code: 2500, Bare: true, Auth: InvalidRequest,
		Text: "An active access token must be used to query information about the current user.",
	}
}

// Outside refuses a message outside the window in which it may be sent.
func Outside() *Refusal {
	return New(10, Window,
		"This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview")
}

// OutsideNews refuses a message of a news Page outside the window, to an app that may not send news.
func OutsideNews() *Refusal { return New(10, 2018065, "%s", Text(10, 2018065)) }

// Blocked is the answer about a person who blocked the Page.
func Blocked() *Refusal {
	return &Refusal{Code: 2, Bare: true, Transient: true, Text: "An unexpected error has occurred. Please retry your request later."}
}

// Unavailable refuses a message to a person who cannot be reached, in the way why: 551,
// 1545041, 200 or 2018108. Nil: they can.
func Unavailable(why int) *Refusal {
	switch why {
	case 551:
		return New(551, 0, "This person isn't receiving messages from you right now.")
	case 1545041:
		return New(551, 1545041, "This person isn't available right now.")
	case 200:
		return New(200, 1545041, "Message Not Sent: This person isn't available right now.")
	case 2018108:
		return New(10, 2018108, "They can't receive your messages right now.")
	}
	return nil
}

// Listed is a refusal whose number Meta lists as a code of its own; under, unless it
// is 0, is the code under which the number moves into error_subcode.
func Listed(under, number int, text string) *Refusal {
	if under != 0 {
		return New(under, number, "%s", text)
	}
	return New(number, 0, "%s", text)
}

// HTTPStatus is the status of the answer: 400 for nearly all, 500 for code 2, unless
// the refusal itself or byCode has another (F5).
func (r *Refusal) HTTPStatus(byCode map[int]int) int {
	if r.Status != 0 {
		return r.Status
	}
	if s, ok := byCode[r.Code]; ok {
		return s
	}
	if r.Code == 2 {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// Answer is the body of the answer, in a language that Foreign knows, or else in
// English. Optional fields stand only where the refusal has them.
func (r *Refusal) Answer(language, trace string) map[string]any {
	kind, text := r.Type, r.Text
	if kind == "" {
		kind = "OAuthException"
	}
	if t, ok := Foreign(language); ok {
		text = t
	}
	if !r.Bare {
		text = fmt.Sprintf("(#%d) %s", r.Code, text)
	}
	body := map[string]any{"message": text, "type": kind, "code": r.Code, "fbtrace_id": trace}
	if r.Subcode != 0 {
		body["error_subcode"] = r.Subcode
	}
	if r.Transient || r.Code == 2 {
		body["is_transient"] = true
	}
	if r.Data != nil {
		body["error_data"] = r.Data
	}
	for name, said := range map[string]string{"error_user_title": r.UserTitle, "error_user_msg": r.UserText} {
		if t, ok := Foreign(language); ok && said != "" {
			said = t
		}
		if said != "" {
			body[name] = said
		}
	}
	return map[string]any{"error": body}
}

// Challenge is the WWW-Authenticate header of a token fault, or empty.
func (r *Refusal) Challenge() string {
	if r.Auth == "" {
		return ""
	}
	text := strings.NewReplacer(`"`, `'`, "\n", " ").Replace(r.Text)
	return fmt.Sprintf(`OAuth "Facebook Platform" %q "%s"`, r.Auth, text)
}
