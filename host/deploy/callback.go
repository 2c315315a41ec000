package deploy

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger"
)

// maxProbed is how much of an answer of our own callback is read, in bytes.
const maxProbed = 4 << 10

// nothingHappened is a webhook without any event. A host takes it and does nothing.
const nothingHappened = `{"object":"page","entry":[]}`

const (
	meansUnreached = "Meta calls the host at this address. As long as nobody answers there, no message arrives; after an hour of silence Meta unsubscribes the bot."
	cureUnreached  = "Start the host on that machine (footlight serve DIR), or run this with --serve. See that the address leads to its port: a web server or tunnel in front has to pass /webhook on."
)

// lookCallback calls the host as the platform does: the challenge, and a signed webhook
// in which nothing happened (messenger.md sections 2.1, 2.3).
func lookCallback(ctx context.Context, r *round) Finding {
	challenge := rand.Text()
	query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {r.VerifyToken}, "hub.challenge": {challenge}}
	status, body, err := r.probe(ctx, http.MethodGet, r.callback()+"?"+query.Encode(), nil)
	if f := judgeChallenge(r, status, body, challenge, err); f.State != Fine {
		if err != nil && r.Serve != nil {
			f.Plan = []string{"start the host here"}
		}
		return f
	}
	status, _, err = r.probe(ctx, http.MethodPost, r.callback(), []byte(nothingHappened))
	switch {
	case err != nil:
		return broken(fmt.Sprintf("%s does not take webhooks: %v", r.callback(), err), meansUnreached, cureUnreached)
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return broken(r.callback()+" refuses our signature", "The host there has another app secret, so it takes every message of Meta's for a forgery.", "Give the host the same FOOTLIGHT_APP_SECRET, and start it again.")
	case status != http.StatusOK:
		return broken(fmt.Sprintf("%s answers webhooks with %d %s", r.callback(), status, http.StatusText(status)), "Meta takes anything but 200 for a failure, and unsubscribes the bot after an hour.", "See the log of the host. If it is not our host that answers, mend what stands in front of it.")
	}
	return fine("%s answers, and knows our verify token and secret", r.callback())
}

func mendCallback(ctx context.Context, r *round, _ Guide) error {
	if err := r.Serve(ctx, Keys{r.AppID, r.AppSecret, r.VerifyToken, r.PageID, r.PageToken}); err != nil {
		return &advised{broken("the host does not start here: "+err.Error(), meansUnreached, "If something else has its address or its store, end that, or give the host others (--addr, --store). Then run this again.")}
	}
	return nil
}

// judgeChallenge says what is wrong with the answer to a challenge.
func judgeChallenge(r *round, status int, body, challenge string, err error) Finding {
	at := r.callback()
	switch {
	case err != nil:
		return coded(broken(fmt.Sprintf("%s does not answer: %v", at, err), meansUnreached, cureUnreached))
	case status == http.StatusForbidden:
		return coded(broken(at+" does not know our verify token", "The host there has another FOOTLIGHT_VERIFY_TOKEN, so Meta cannot subscribe.", "Give host and deploy the same verify token, and start the host again."))
	case status != http.StatusOK:
		return coded(broken(fmt.Sprintf("%s answers with %d %s", at, status, http.StatusText(status)), "Something answers at the address, but not the host.", cureUnreached))
	case body != challenge:
		return coded(broken(at+" does not give Meta's challenge back", "Something answers at the address, but not the host.", cureUnreached))
	}
	return fine("")
}

// coded adds the code with which the platform refuses a callback.
func coded(f Finding) Finding {
	f.Code = "2200"
	return f
}

// probe calls our own callback. The error names no address: it holds the verify token.
func (r *round) probe(ctx context.Context, method, address string, body []byte) (status int, answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, "", errors.New("it is no web address")
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(messenger.HeaderSignature, messenger.Sign(r.AppSecret, body))
	}
	resp, err := r.Web.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return 0, "", errors.New(strings.ReplaceAll(err.Error(), r.VerifyToken, "…"))
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxProbed))
	return resp.StatusCode, string(raw), err
}
