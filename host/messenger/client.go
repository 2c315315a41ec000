package messenger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// Where the Graph API is, unless a Config says otherwise (messenger.md section 3.11).
const (
	DefaultGraphURL = "https://graph.facebook.com"
	DefaultVersion  = "v26.0"
)

// The times that a call may take, and how much of an answer is read.
const (
	CallTimeout     = MediaFetch + 10*time.Second      // any call, the send of media included
	VideoTimeout    = MediaFetchVideo + 15*time.Second // the send of a video
	MaxAnswerBytes  = 1 << 20
	idleConnections = 256 // kept open to the Graph API: more than a host makes calls at a time
)

// Config is what a Client needs.
type Config struct {
	GraphURL  string       // default DefaultGraphURL
	Version   string       // "vNN.N"; default DefaultVersion
	Page      string       // id of the Page; empty: the one of the token
	PageToken string       // required
	AppSecret string       // for appsecret_proof; empty: calls carry none
	HTTP      *http.Client // default: a client of its own. Redirects are never followed
}

// Client calls the Graph API for one Page. It is safe for concurrent use; the order
// of messages to one person is the caller's business. It never retries. The token
// travels in a header only, and no error holds a secret.
type Client struct {
	base, page, token, secret, proof string
	http                             *http.Client
	told, inside                     lastTold                  // by calls, and by those inside of batches
	date                             atomic.Pointer[time.Time] // of the newest answer that has one
}

// paramProof is the parameter that proves that a call comes from the app (section 3.10).
const paramProof = "appsecret_proof"

var versionForm = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)

// NewClient checks c and returns a Client.
func NewClient(c Config) (*Client, error) {
	if c.PageToken == "" {
		return nil, errors.New("messenger client: page token is empty")
	}
	if c.GraphURL == "" {
		c.GraphURL = DefaultGraphURL
	}
	if c.Version == "" {
		c.Version = DefaultVersion
	}
	if !isWeb(c.GraphURL) {
		return nil, errors.New("messenger client: graph url is not an http or https address")
	}
	if !versionForm.MatchString(c.Version) {
		return nil, fmt.Errorf("messenger client: graph version %q is not of the form v26.0", c.Version)
	}
	if c.Page == "" {
		c.Page = "me"
	}
	client := &Client{
		base: strings.TrimRight(c.GraphURL, "/") + "/" + c.Version + "/",
		page: url.PathEscape(c.Page), token: c.PageToken, secret: c.AppSecret,
	}
	if c.AppSecret != "" {
		client.proof = Proof(c.AppSecret, c.PageToken)
	}
	own := http.Client{Transport: transport()}
	if c.HTTP != nil {
		own = *c.HTTP
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.http = &own
	return client, nil
}

// transport is the default way to the Graph API.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: CallTimeout / 2}).DialContext,
		TLSHandshakeTimeout: CallTimeout / 2,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        idleConnections,
		MaxIdleConnsPerHost: idleConnections,
		IdleConnTimeout:     90 * time.Second,
	}
}

// Close lets go of idle connections. Calls under way go on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one call.
type request struct {
	op      string // for errors
	method  string
	path    string
	query   url.Values
	body    map[string]any // nil: none, but for raw
	raw     []byte         // a body that is written already, the proof in it
	timeout time.Duration
}

// call makes a request and reads the answer into out.
func (c *Client) call(ctx context.Context, r request, out any) (Usage, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	var begun, written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { begun.Store(true) },
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := c.request(ctx, r)
	if err != nil {
		return Usage{}, err
	}
	if err := ctx.Err(); err != nil {
		return Usage{}, &TransportError{Op: r.op, NotSent: true, Err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		var wrapped *url.Error // its text repeats the address
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return Usage{}, &TransportError{Op: r.op, NotSent: begun.Load() && !written.Load() || neverSent(err), Err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.date.Store(&at)
	}
	used := c.told.read(resp.Header)
	answer, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswerBytes))
	if resp.StatusCode != http.StatusOK {
		return used, apiError(r.op, resp.StatusCode, answer, used, c.token, c.secret, c.proof)
	}
	if err == nil {
		err = read(answer, out)
	}
	if err != nil {
		return used, &TransportError{Op: r.op, Err: fmt.Errorf("answer of status 200: %w", err)}
	}
	return used, nil
}

// read reads an answer into out. One that reads itself is spared encoding/json, which looks through everything three times.
func read(answer []byte, out any) error {
	if self, ok := out.(interface{ read(raw []byte) error }); ok && scan.Valid(answer) {
		return self.read(answer)
	}
	return json.Unmarshal(answer, out)
}

// request builds the HTTP request. The proof goes where the parameters go.
func (c *Client) request(ctx context.Context, r request) (*http.Request, error) {
	query := url.Values{}
	for k, v := range r.query {
		query[k] = v
	}
	var body io.Reader
	if r.raw != nil {
		body = bytes.NewReader(r.raw)
	} else if r.body != nil {
		if c.proof != "" {
			r.body[paramProof] = c.proof
		}
		raw, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("graph api: %s: body: %w", r.op, err)
		}
		body = bytes.NewReader(raw)
	} else if c.proof != "" {
		query.Set(paramProof, c.proof)
	}
	address := c.base + r.path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, fmt.Errorf("graph api: %s: address cannot be built", r.op)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}
