package fetch

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func TestAllowed(t *testing.T) { // L-HTTP-9
	tests := []struct {
		address       string
		open, private bool // allowed as a rule, and when the operator allows private networks
	}{
		{"93.184.216.34", true, true},
		{"2606:2800:220:1:248:1893:25c8:1946", true, true},
		{"::ffff:93.184.216.34", true, true},
		{"64:ff9b::5db8:d822", true, true}, // NAT64 of a public address

		{"127.0.0.1", false, true},
		{"127.9.9.9", false, true},
		{"10.0.0.1", false, true},
		{"172.16.0.1", false, true},
		{"172.31.255.255", false, true},
		{"192.168.1.1", false, true},
		{"100.64.0.1", false, true},
		{"100.100.100.200", false, true}, // a cloud's metadata, in the shared range
		{"::1", false, true},
		{"fd00:ec2::254", false, true},
		{"::ffff:127.0.0.1", false, true},
		{"::ffff:10.0.0.1", false, true},
		{"64:ff9b::a00:1", false, true}, // NAT64 of 10.0.0.1

		{"169.254.169.254", false, false},
		{"::ffff:169.254.169.254", false, false},
		{"64:ff9b::a9fe:a9fe", false, false},
		{"168.63.129.16", false, false},
		{"0.0.0.0", false, false},
		{"0.1.2.3", false, false},
		{"224.0.0.1", false, false},
		{"255.255.255.255", false, false},
		{"240.0.0.1", false, false},
		{"192.0.0.192", false, false},
		{"198.18.0.1", false, false},
		{"203.0.113.9", false, false},
		{"::", false, false},
		{"::7f00:1", false, false}, // the old way to write an IPv4 address
		{"fe80::1", false, false},
		{"fe80::1%eth0", false, false},
		{"fec0::1", false, false},
		{"ff02::1", false, false},
		{"2001:db8::1", false, false},
		{"2001::1", false, false},
		{"2002:7f00:1::", false, false},
		{"100::1", false, false},
	}
	for _, tt := range tests {
		a := netip.MustParseAddr(tt.address)
		if got := allowed(a, false); got != tt.open {
			t.Errorf("%s: allowed is %v", tt.address, got)
		}
		if got := allowed(a, true); got != tt.private {
			t.Errorf("%s with private networks: allowed is %v", tt.address, got)
		}
	}
}

// TestMappedAddresses: an address of IPv4 is judged alike however it is written.
func TestMappedAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b [4]byte
		for i := range b {
			b[i] = rapid.Byte().Draw(t, "byte")
		}
		plain := netip.AddrFrom4(b)
		tunnel := nat64.Addr().As16()
		copy(tunnel[12:], b[:])
		for _, private := range []bool{false, true} {
			want := allowed(plain, private)
			for _, other := range []netip.Addr{netip.AddrFrom16(plain.As16()), netip.AddrFrom16(tunnel)} {
				if got := allowed(other, private); got != want {
					t.Fatalf("%s is allowed: %v, but %s: %v", plain, want, other, got)
				}
			}
		}
	})
}
