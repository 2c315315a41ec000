package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// Limits of one request (section 28 and L-HTTP-9 of the language).
const (
	DefaultMaxBody = 1 << 20          // of an answer, in bytes, once it is unpacked
	DefaultTimeout = 10 * time.Second // from the request to the end of the answer, redirections included
	MaxRedirects   = 5                // redirections that are followed

	maxHeaderBytes = 64 << 10         // of an answer's header
	maxIdle        = 32               // connections kept for the next request
	idleTime       = 30 * time.Second // for which they are kept
)

// Config is what a Client is made of.
type Config struct {
	Hosts        []string      // that may be asked: "api.example.org", "*.example.org", with "https://" in front or ":8443" behind
	AllowPrivate bool          // loopback and private networks may be reached; the operator's decision
	MaxBody      int64         // 0: DefaultMaxBody
	Timeout      time.Duration // 0: DefaultTimeout
	Clock        clock.Clock   // nil: the machine's
	Resolver     *net.Resolver // nil: the machine's
}

// Client makes requests. It is safe for concurrent use.
type Client struct {
	config Config
	grants []grant
	http   http.Client
}

// Request is what is asked.
type Request struct {
	Method string
	URL    string            // in visible ASCII
	Header map[string]string // Host and what belongs to the connection cannot be set
	Body   string
	Within time.Duration // shorter than the client's timeout; 0: the client's
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Took   time.Duration // also with an error
}

// New returns a client for these hosts. The error names the entry that cannot be read.
func New(c Config) (*Client, error) {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	client := &Client{config: c}
	for _, host := range c.Hosts {
		g, err := parseGrant(host)
		if err != nil {
			return nil, err
		}
		client.grants = append(client.grants, g)
	}
	dialer := &net.Dialer{Resolver: c.Resolver, Control: client.control}
	client.http = http.Client{
		CheckRedirect: client.checkRedirect,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           maxIdle,
			IdleConnTimeout:        idleTime,
			MaxResponseHeaderBytes: maxHeaderBytes,
		},
	}
	return client, nil
}

// Close gives back what is kept for later requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Granted tells whether an address may be asked, as far as its text tells.
func (c *Client) Granted(address string) bool {
	u, err := url.Parse(address)
	return err == nil && c.check(u) == nil
}

// refusal is an error of ours: its text is for people.
type refusal string

func (r refusal) Error() string { return string(r) }

// Why there is no answer.
const (
	errAddress  = refusal("the address is broken")
	errPrivate  = refusal("the host lies in a private network")
	errRedirect = refusal("more than 5 redirections")
	errWeaker   = refusal("redirected from https to http")
	errOnward   = refusal("redirected with its body to another host")
	errSlow     = refusal("timeout")
	errShort    = refusal("the answer was cut short")
)

// check holds an address against the grants.
func (c *Client) check(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" {
		return errAddress
	}
	host := hostOf(u)
	if !isName(host) {
		return refusal("the address has no host in plain letters")
	}
	for _, g := range c.grants {
		if g.covers(u) {
			return nil
		}
	}
	if port := u.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return refusal(fmt.Sprintf("host %s is not granted to this bot", host))
}

// control looks at the address itself, after names are resolved and before the
// connection is made: what a name led to earlier does not count.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !allowed(at.Addr(), c.config.AllowPrivate) {
		return errPrivate
	}
	return nil
}

// checkRedirect decides whether a redirection is followed. Another host gets
// neither the headers of the request nor its body, and never learns where it came from.
func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > MaxRedirects {
		return errRedirect
	}
	if err := c.check(next.URL); err != nil {
		return err
	}
	for _, before := range append(via[1:len(via):len(via)], next) {
		if sameOrigin(before.URL, via[0].URL) {
			continue
		}
		if before.URL.Scheme == "http" && via[0].URL.Scheme == "https" {
			return errWeaker
		}
		if next.GetBody != nil || next.ContentLength > 0 {
			return errOnward
		}
		next.Header = http.Header{"User-Agent": {userAgent}}
	}
	return nil
}

// reason is what people are told of an error.
func reason(ctx context.Context, err error, host string) error {
	var own refusal
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(context.Cause(ctx), &own):
		return own
	case ctx.Err() != nil:
		return refusal("the request was given up")
	case errors.As(err, &dns):
		return refusal(fmt.Sprintf("host %s was not found", host))
	case strings.Contains(err.Error(), "x509: ") || strings.Contains(err.Error(), "tls: "):
		return refusal(fmt.Sprintf("host %s has no valid certificate", host))
	case errors.As(err, &op) && op.Op == "dial":
		return refusal(fmt.Sprintf("host %s cannot be reached", host))
	}
	return refusal(fmt.Sprintf("host %s gave no answer", host))
}
