package fetch

import "net/netip"

// special are ranges that no request of a bot has business in and that the
// properties of an address do not tell: shared, reserved and documentation ranges,
// tunnels that hold another address, and the host services of clouds.
var special = prefixes(
	"0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"168.63.129.16/32", // Azure's host service: a public address that leads inside
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var (
	shared = netip.MustParsePrefix("100.64.0.0/10") // between a provider and its customers
	nat64  = netip.MustParsePrefix("64:ff9b::/96")  // holds an address of IPv4
	global = netip.MustParsePrefix("2000::/3")      // all of IPv6 that is routed
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

// allowed tells whether a connection may go to an address. Private networks are
// the operator's to allow (L-HTTP-9); link-local addresses, where clouds keep their
// credentials, multicast and reserved ranges are never allowed.
func allowed(a netip.Addr, private bool) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if a.IsLoopback() || a.IsPrivate() || shared.Contains(a) {
		return private
	}
	if !a.IsGlobalUnicast() || a.Is6() && !global.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
