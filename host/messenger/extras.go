package messenger

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// An Extra is a field of a profile that the platform tells only to apps with a permission
// for it (section 4.2).
type Extra string

// The extras.
const (
	Gender   Extra = "gender"
	Locale   Extra = "locale"
	Timezone Extra = "timezone" // hours from UTC
)

// Extras are all of them.
func Extras() []Extra { return []Extra{Gender, Locale, Timezone} }

// Variable is the namespace variable that an extra fills (section 19 of the language).
func (x Extra) Variable() string {
	return map[Extra]string{Gender: "_userGender", Locale: "_userLocale", Timezone: "_userTimezone"}[x]
}

// Extras reads extras of a person's profile, by their variables. One without permission
// fails the whole call.
func (c *Client) Extras(ctx context.Context, psid string, wanted []Extra) (map[string]string, error) {
	names := make([]string, len(wanted))
	for i, x := range wanted {
		names[i] = string(x)
	}
	var w map[string]text
	_, err := c.call(ctx, request{
		op: "profile extras", method: http.MethodGet, path: url.PathEscape(psid), timeout: CallTimeout,
		query: url.Values{"fields": {strings.Join(names, ",")}},
	}, &w)
	out := map[string]string{}
	for _, x := range wanted {
		if v := string(w[string(x)]); v != "" {
			out[x.Variable()] = v
		}
	}
	return out, err
}

// LacksPermission tells whether a profile was refused for a field that needs a permission.
func LacksPermission(err error) bool {
	var refusal *APIError
	if !errors.As(err, &refusal) {
		return false
	}
	const needsPermission = 2018247
	return refusal.Code == needsPermission || refusal.Subcode == needsPermission ||
		refusal.Subcode == 0 && (refusal.Code == 10 || inRange(200, refusal.Code, 299))
}
