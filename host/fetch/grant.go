package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// grant is one entry of the list of hosts that may be asked.
type grant struct {
	scheme string // "http", "https" or empty: both
	host   string // in lower case; ".example.org" for what was written *.example.org
	port   string // empty: the scheme's own
}

// parseGrant reads "api.example.org", "*.example.org", "api.example.org:8443",
// "https://api.example.org". Addresses of IPv6 stand in brackets.
func parseGrant(text string) (grant, error) {
	bad := func(why string) (grant, error) {
		return grant{}, fmt.Errorf("host %q: %s; write a host as api.example.org, *.example.org, api.example.org:8443 or https://api.example.org", text, why)
	}
	var g grant
	rest := text
	if scheme, after, ok := strings.Cut(text, "://"); ok {
		if scheme != "http" && scheme != "https" {
			return bad("only http and https can be granted")
		}
		g.scheme, rest = scheme, after
	}
	rest, suffix := strings.CutPrefix(strings.ToLower(rest), "*.")
	u := url.URL{Host: rest}
	g.host, g.port = strings.TrimSuffix(u.Hostname(), "."), u.Port()
	switch {
	case strings.ContainsAny(rest, "/?#@"):
		return bad("a grant is a host and has no path")
	case !isName(g.host):
		return bad("that is no name of a host")
	case strings.Contains(rest, ":") && g.port == "" && !strings.HasSuffix(rest, "]"):
		return bad("the port is no number")
	}
	if g.port != "" {
		if n, err := strconv.Atoi(g.port); err != nil || n < 1 || n > 65535 {
			return bad("a port lies between 1 and 65535")
		}
	}
	if suffix {
		if !strings.Contains(g.host, ".") {
			return bad("that would grant a whole top-level domain")
		}
		g.host = "." + g.host
	}
	return g, nil
}

// isName tells whether a host can be one: an address, or a name in ASCII.
func isName(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host != "" && strings.IndexFunc(host, func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) < 0
}

// covers tells whether an address is meant by the grant.
func (g grant) covers(u *url.URL) bool {
	host := hostOf(u)
	if g.scheme != "" && g.scheme != u.Scheme || host != g.host && (g.host[0] != '.' || !strings.HasSuffix(host, g.host)) {
		return false
	}
	port := defaultPorts[u.Scheme]
	if g.port != "" {
		port = g.port
	}
	return portOf(u) == port
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

// hostOf is the host of an address as grants write it.
func hostOf(u *url.URL) string { return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") }

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return defaultPorts[u.Scheme]
}

// sameOrigin tells whether two addresses are of one scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && hostOf(a) == hostOf(b) && portOf(a) == portOf(b)
}
