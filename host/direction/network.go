package direction

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/textproto"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/fetch"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// network is what a call has asked of hosts.
type network struct {
	asked int
	spent time.Duration
	last  string // the last answer, as JSON
}

// request is what http gets.
type request struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// answer is what http writes.
type answer struct {
	Status int     `json:"status,omitempty"`
	Body   *string `json:"body,omitempty"`
	Base64 string  `json:"base64,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// HTTP implements plugin.Stage. Whatever is wrong with a request is in the answer; only
// a plug-in that may ask nobody at all ends its call.
func (s *stage) HTTP(asked string) (string, error) {
	if err := s.needs(abi.CapHTTP); err != nil {
		return "", err
	}
	if asked == "" {
		return s.network.last, nil
	}
	a, shown := s.ask(asked)
	if err := s.ctx.Err(); err != nil {
		return "", err
	}
	data, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	s.network.last = string(data)
	line := turn.Logged{Level: "http", Text: fmt.Sprintf("%s: %d", shown, a.Status)}
	if a.Error != "" {
		line.Text = shown + ": " + a.Error
	}
	if len(s.log) < abi.MaxLogLines {
		s.log = append(s.log, line)
	}
	return s.network.last, nil
}

// ask makes a request. shown is the request as people may see it: without its query.
func (s *stage) ask(asked string) (a answer, shown string) {
	var r request
	refuse := func(format string, args ...any) (answer, string) {
		return answer{Error: fmt.Sprintf(format, args...)}, shown
	}
	shown = "a request"
	if !utf8.ValidString(asked) || json.Unmarshal([]byte(asked), &r) != nil {
		return refuse("the request is no JSON of the form {\"url\": …}")
	}
	r.Method = strings.ToUpper(r.Method)
	if r.Method == "" {
		r.Method = "GET"
	}
	u, err := url.Parse(r.URL)
	if err != nil || !isVisible(r.URL) {
		return refuse("the address is broken")
	}
	shown = r.Method + " " + u.Scheme + "://" + u.Host + u.Path
	if !isMethod(r.Method) {
		return refuse("the method is broken")
	}
	if !s.plugin.client.Granted(r.URL) {
		return refuse("host %s is not granted", u.Host)
	}
	within := min(turn.MaxRequestTime, turn.MaxAskingTime-s.network.spent)
	switch {
	case s.network.asked >= abi.MaxRequests:
		return refuse("more than %d requests in a call", abi.MaxRequests)
	case within <= 0:
		return refuse("the requests of a call may take %s together", turn.MaxAskingTime)
	}
	s.network.asked++
	header := make(map[string]string, len(r.Headers))
	for name, value := range r.Headers {
		header[textproto.CanonicalMIMEHeaderKey(name)] = value
	}
	fetcher := s.cue.Fetcher
	if fetcher == nil {
		fetcher = client{s.plugin.client}
	}
	got, err := fetcher.Fetch(s.ctx, turn.Request{Method: r.Method, URL: r.URL, Header: header, Body: r.Body, Within: within})
	s.network.spent += got.Took
	if err != nil {
		return refuse("%s", err.Error())
	}
	if !utf8.ValidString(got.Body) {
		return answer{Status: got.Status, Base64: base64.StdEncoding.EncodeToString([]byte(got.Body))}, shown
	}
	return answer{Status: got.Status, Body: &got.Body}, shown
}

// isVisible tells whether an address is made of visible ASCII.
func isVisible(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func isMethod(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// client asks the network itself.
type client struct{ *fetch.Client }

// Fetch implements turn.Fetcher.
func (c client) Fetch(ctx context.Context, q turn.Request) (turn.Answer, error) {
	a, err := c.Client.Fetch(ctx, fetch.Request{Method: q.Method, URL: q.URL, Header: q.Header, Body: q.Body, Within: q.Within})
	return turn.Answer{Status: a.Status, Body: string(a.Body), Took: a.Took}, err
}
