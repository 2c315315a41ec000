package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/lull"
)

const userAgent = "Footlight"

// methods are those that can be asked for (L-HTTP-1).
var methods = map[string]bool{"GET": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "HEAD": true}

// own are the headers that belong to the connection and not to the request.
var own = map[string]bool{
	"Host": true, "Connection": true, "Keep-Alive": true, "Proxy-Authorization": true, "Proxy-Connection": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Content-Length": true, "Expect": true,
}

// Fetch makes a request and returns its answer, whatever the status. The text of
// an error is the reason people are told.
func (c *Client) Fetch(ctx context.Context, q Request) (Answer, error) {
	began := c.config.Clock.Now()
	ctx, cancel := c.limit(ctx, began, q.Within)
	defer cancel()
	end := lull.Begin(ctx)
	answer, err := c.fetch(ctx, q)
	answer.Took = c.config.Clock.Now().Sub(began)
	end()
	return answer, err
}

// limit ends a request when its time is over; cancel waits for the watch to end.
func (c *Client) limit(ctx context.Context, began time.Time, within time.Duration) (limited context.Context, cancel func()) {
	if within <= 0 || within > c.config.Timeout {
		within = c.config.Timeout
	}
	ctx, end := context.WithCancelCause(ctx)
	reached, stop := c.config.Clock.At(began.Add(within))
	over := make(chan struct{})
	go func() {
		defer close(over)
		select {
		case <-reached:
			end(errSlow)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		stop()
		end(context.Canceled)
		<-over
	}
}

func (c *Client) fetch(ctx context.Context, q Request) (Answer, error) {
	u, err := url.Parse(q.URL)
	if err != nil {
		return Answer{}, errAddress
	}
	if err := c.check(u); err != nil {
		return Answer{}, err
	}
	request, err := newRequest(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, reason(ctx, err, hostOf(u))
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, c.config.MaxBody+1))
	switch {
	case int64(len(body)) > c.config.MaxBody:
		return Answer{}, refusal(fmt.Sprintf("the answer is larger than %s", size(c.config.MaxBody)))
	case err != nil && ctx.Err() == nil:
		return Answer{}, errShort
	case err != nil:
		return Answer{}, reason(ctx, err, hostOf(u))
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// newRequest checks what is sent.
func newRequest(ctx context.Context, q Request) (*http.Request, error) {
	if !methods[q.Method] {
		return nil, refusal(fmt.Sprintf("%q is no method", q.Method))
	}
	var body io.Reader
	if q.Body != "" {
		body = strings.NewReader(q.Body)
	}
	request, err := http.NewRequestWithContext(ctx, q.Method, q.URL, body)
	if err != nil {
		return nil, errAddress
	}
	request.Header.Set("User-Agent", userAgent)
	for name, value := range q.Header {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case !isToken(name):
			return nil, refusal("a header has a name that is none")
		case own[canonical] || strings.HasPrefix(canonical, "Proxy-"):
			return nil, refusal(fmt.Sprintf("the header %s cannot be set", canonical))
		case strings.IndexFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) >= 0:
			return nil, refusal(fmt.Sprintf("the header %s holds a line break or another control character", canonical))
		}
		request.Header.Set(name, value)
	}
	return request, nil
}

// isToken tells whether a text can be the name of a header.
func isToken(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool {
		return !strings.ContainsRune("!#$%&'*+-.^_`|~", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

func size(bytes int64) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
