package messenger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

const requestSecret = "secret of the tests"

var requestNow = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func requestPayload(user string, age time.Duration) string {
	return fmt.Sprintf(`{"user_id":"%s","algorithm":"HMAC-SHA256","issued_at":%d,"expires":0}`, user, requestNow.Add(-age).Unix())
}

// Section 7, rules 17 and 18 of section 9.
func TestReadSignedRequest(t *testing.T) {
	signed := func(payload string) string { return SignRequest(requestSecret, []byte(payload)) }
	good := signed(requestPayload("218471", 0))
	signature, payload, _ := strings.Cut(good, ".")
	expires := func(in time.Duration) string {
		return signed(fmt.Sprintf(`{"user_id":"1","algorithm":"HMAC-SHA256","issued_at":%d,"expires":%d}`, requestNow.Unix(), requestNow.Add(in).Unix()))
	}
	for _, row := range []struct {
		name, raw string
		want      string
		err       error
	}{
		{"as Meta sends it", good, "218471", nil},
		{"with padding", signature + "=." + payload, "218471", nil},
		{"the user is a number", signed(strings.ReplaceAll(requestPayload("218471", 0), `"218471"`, "218471")), "218471", nil},
		{"the algorithm in lower case", signed(strings.ReplaceAll(requestPayload("1", 0), "HMAC-SHA256", "hmac-sha256")), "1", nil},
		{"an hour old", signed(requestPayload("1", SignedRequestLife)), "1", nil},
		{"a clock ahead of ours", signed(requestPayload("1", -SignedRequestSkew)), "1", nil},
		{"expires later", expires(time.Minute), "1", nil},

		{"nothing", "", "", ErrSignedRequest},
		{"no dot", "abc", "", ErrSignedRequest},
		{"only a dot", ".", "", ErrSignedRequest},
		{"two dots", good + ".x", "", ErrSignedRequestWrong},
		{"no signature", "." + payload, "", ErrSignedRequest},
		{"half a signature", signature[:20] + "." + payload, "", ErrSignedRequest},
		{"a signature that is no base64url", strings.Repeat("+", 43) + "." + payload, "", ErrSignedRequest},
		{"the signature of another secret", SignRequest("another", []byte(requestPayload("218471", 0))), "", ErrSignedRequestWrong},
		{"another payload under the signature", signature + "." + base64.RawURLEncoding.EncodeToString([]byte(requestPayload("9", 0))), "", ErrSignedRequestWrong},
		{"the payload written another way", signature + "." + payload + "=", "", ErrSignedRequestWrong},
		{"another algorithm", signed(strings.ReplaceAll(requestPayload("1", 0), "HMAC-SHA256", "none")), "", ErrSignedRequest},
		{"no algorithm", signed(`{"user_id":"1"}`), "", ErrSignedRequest},
		{"no user", signed(requestPayload("", 0)), "", ErrSignedRequest},
		{"no JSON", signed("user_id=1"), "", ErrSignedRequest},
		{"a list", signed("[1]"), "", ErrSignedRequest},
		{"too old", signed(requestPayload("1", SignedRequestLife+time.Second)), "", ErrSignedRequestOld},
		{"from the future", signed(requestPayload("1", -SignedRequestSkew-time.Second)), "", ErrSignedRequestOld},
		{"of no time", signed(`{"user_id":"1","algorithm":"HMAC-SHA256"}`), "", ErrSignedRequestOld},
		{"expired", expires(-time.Second), "", ErrSignedRequestOld},
		{"endless", good + strings.Repeat("A", MaxSignedRequest), "", ErrSignedRequest},
	} {
		got, err := ReadSignedRequest(requestSecret, row.raw, requestNow)
		if got.User != row.want || !errors.Is(err, row.err) || (err == nil) != (row.err == nil) {
			t.Errorf("%s: %q, %v; want %q, %v", row.name, got.User, err, row.want, row.err)
		}
	}
	if _, err := ReadSignedRequest("", good, requestNow); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without a secret: %v", err)
	}
}

// Whatever comes in, nothing that is not signed is believed, and nothing panics.
func FuzzReadSignedRequest(f *testing.F) {
	good := SignRequest(requestSecret, []byte(requestPayload("1", 0)))
	for _, seed := range []string{good, good[1:], ".", "a.b", SignRequest(requestSecret, []byte(`{"user_id":{}}`))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := ReadSignedRequest(requestSecret, raw, requestNow)
		if err != nil {
			return
		}
		signature, payload, _ := strings.Cut(raw, ".")
		data, _ := decode64(payload)
		if want := SignRequest(requestSecret, data); got.User == "" || !strings.HasPrefix(want, strings.TrimRight(signature, "=")) {
			t.Errorf("%q is believed: %+v", raw, got)
		}
	})
}
