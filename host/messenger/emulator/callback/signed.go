package callback

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// spoilt are the ways in which a signed request can be wrong: a signature that is not
// the app's, one digit off, another algorithm, expired, no dot, no base64, no JSON,
// missing. "" is right.
var spoilt = []string{"", "secret", "flipped", "algorithm", "expired", "undotted", "garbled", "json", "missing"}

// signedLife is how long a signed request says that it holds.
const signedLife = time.Hour

// Sign makes the signed_request of a person, who is known by their app-scoped id
// (messenger.md §7), right or spoilt.
func Sign(secret, user, wrong string, now time.Time) (string, error) {
	if !slices.Contains(spoilt, wrong) {
		return "", fmt.Errorf("signed request: wrong %q: want one of %q", wrong, spoilt)
	}
	claim := map[string]any{"user_id": user, "algorithm": "HMAC-SHA256", "issued_at": now.Unix(), "expires": now.Add(signedLife).Unix()}
	switch wrong {
	case "algorithm":
		claim["algorithm"] = "none"
	case "expired":
		claim["issued_at"], claim["expires"] = now.Add(-2*signedLife).Unix(), now.Add(-signedLife).Unix()
	case "secret":
		secret += "x"
	case "missing":
		return "", nil
	}
	text := value.Raw(claim)
	if wrong == "json" {
		text = text[:len(text)-1]
	}
	payload := base64.RawURLEncoding.EncodeToString(text)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(payload))
	sum := mac.Sum(nil)
	if wrong == "flipped" {
		sum[0] ^= 1
	}
	signature := base64.RawURLEncoding.EncodeToString(sum)
	switch wrong {
	case "undotted":
		return signature + payload, nil
	case "garbled":
		return "!" + signature + "." + payload, nil
	}
	return signature + "." + payload, nil
}

// Tell posts a signed request, as Meta does for data deletion and deauthorisation.
// An empty one is left out of the form.
func (c Caller) Tell(ctx context.Context, address, signed string) (Answer, error) {
	form := url.Values{}
	if signed != "" {
		form.Set("signed_request", signed)
	}
	return c.do(ctx, func(ctx context.Context) (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return req, nil
	})
}
