package messenger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The bounds of a signed request (section 7).
const (
	// MaxSignedRequest is the most bytes of one, signature included.
	MaxSignedRequest = 16 << 10
	// SignedRequestLife is how old one may be. Meta sends them at once; an older one is
	// somebody's copy, and could erase a person again who has come back since.
	SignedRequestLife = time.Hour
	// SignedRequestSkew is how far in our future one may be issued: clocks differ.
	SignedRequestSkew = 5 * time.Minute
)

// algorithm256 is the one algorithm that is taken; the name is the platform's.
const algorithm256 = "HMAC-SHA256"

// SignedRequest is what Meta tells an app about one of its users.
type SignedRequest struct {
	User   string // app-scoped id; no id of any Page's
	Issued time.Time
}

// The reasons for which ReadSignedRequest refuses. None says what would have been right.
var (
	ErrSignedRequest      = errors.New("signed request: not a signature and a payload with a dot between")
	ErrSignedRequestWrong = errors.New("signed request: the signature does not belong to the payload under our app secret")
	ErrSignedRequestOld   = errors.New("signed request: it has expired, or was issued too long ago or in the future")
)

type wireSignedRequest struct {
	Algorithm text   `json:"algorithm"`
	User      text   `json:"user_id"`
	Issued    number `json:"issued_at"` // seconds
	Expires   number `json:"expires"`   // seconds; 0 or absent: it does not say
}

// ReadSignedRequest checks a signed_request as it was posted and reads it. The signature
// covers the text of the payload, and is checked, in constant time, before the payload is
// looked at; the algorithm must be the one that we check, whatever the payload claims.
func ReadSignedRequest(appSecret, raw string, now time.Time) (SignedRequest, error) {
	if appSecret == "" {
		return SignedRequest{}, ErrNoSecret
	}
	signature, payload, ok := strings.Cut(raw, ".")
	if !ok || len(raw) > MaxSignedRequest {
		return SignedRequest{}, ErrSignedRequest
	}
	got, err := decode64(signature)
	if err != nil || len(got) != sha256.Size {
		return SignedRequest{}, ErrSignedRequest
	}
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(payload))
	if !hmac.Equal(got, mac.Sum(nil)) {
		return SignedRequest{}, ErrSignedRequestWrong
	}
	data, err := decode64(payload)
	var w wireSignedRequest
	if err != nil || !json.Valid(data) || !lenient(data, &w) {
		return SignedRequest{}, fmt.Errorf("%w: the payload is no JSON object", ErrSignedRequest)
	}
	switch {
	case !strings.EqualFold(string(w.Algorithm), algorithm256):
		return SignedRequest{}, fmt.Errorf("%w: its algorithm is not %s", ErrSignedRequest, algorithm256)
	case w.User == "":
		return SignedRequest{}, fmt.Errorf("%w: it names no user", ErrSignedRequest)
	}
	out := SignedRequest{User: string(w.User), Issued: (w.Issued * 1000).time()}
	age, expires := now.Sub(out.Issued), (w.Expires * 1000).time()
	if age > SignedRequestLife || age < -SignedRequestSkew || !expires.IsZero() && now.After(expires) {
		return SignedRequest{}, ErrSignedRequestOld
	}
	return out, nil
}

// decode64 reads base64url, with padding or without.
func decode64(s string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(s, "="))
}

// SignRequest is the signed_request for a payload.
func SignRequest(appSecret string, payload []byte) string {
	text := base64.RawURLEncoding.EncodeToString(payload)
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) + "." + text
}
