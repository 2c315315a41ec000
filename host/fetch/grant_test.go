package fetch

import (
	"net/url"
	"strings"
	"testing"
)

func TestGrants(t *testing.T) { // L-HTTP-9
	tests := []struct {
		grant string
		yes   string // addresses, parted by blanks
		no    string
	}{
		{
			"api.example.org",
			"https://api.example.org/x http://API.example.org https://api.example.org:443/ https://api.example.org./",
			"https://example.org https://evil-api.example.org https://api.example.org.evil.net https://api.example.org:8443 http://api.example.org:443 https://api.example.org@evil.net/ https://evil.net/?api.example.org ftp://api.example.org",
		},
		{
			"*.example.org",
			"https://a.example.org https://a.b.example.org",
			"https://example.org https://badexample.org https://a.example.org.evil.net https://.evil.net",
		},
		{"https://api.example.org", "https://api.example.org", "http://api.example.org"},
		{"api.example.org:8443", "https://api.example.org:8443 http://api.example.org:8443", "https://api.example.org"},
		{"127.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1:81 http://2130706433 http://0x7f.1"},
		{"[::1]:9000", "http://[::1]:9000/", "http://[::1]/ http://[::2]:9000/"},
	}
	for _, tt := range tests {
		c, err := New(Config{Hosts: []string{tt.grant}})
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range strings.Fields(tt.yes) {
			if !c.Granted(address) {
				t.Errorf("%s does not cover %s", tt.grant, address)
			}
		}
		for _, address := range strings.Fields(tt.no) {
			if c.Granted(address) {
				t.Errorf("%s covers %s", tt.grant, address)
			}
		}
	}
}

func TestNoGrantCoversNothing(t *testing.T) {
	c, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Granted("https://api.example.org") {
		t.Error("a client without hosts asks one")
	}
}

func TestBadGrants(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "no name of a host",
		"*":                        "no name of a host",
		"*.org":                    "whole top-level domain",
		"ftp://a.example":          "only http and https",
		"https://a.example/path":   "has no path",
		"user@a.example":           "has no path",
		"a.example:http":           "no name of a host",
		"a.example:":               "the port is no number",
		"a.example:70000":          "between 1 and 65535",
		"a b.example":              "no name of a host",
		"grün.example":             "no name of a host",
		"a.*.example":              "no name of a host",
		"https://a.example?x=*.eu": "has no path",
	} {
		if _, err := New(Config{Hosts: []string{text}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("grant %q: error is %v, want one with %q", text, err, want)
		}
	}
}

func FuzzGrant(f *testing.F) {
	for _, text := range []string{"api.example.org", "*.example.org", "https://a.b:8443", "[::1]:80", "*.*"} {
		f.Add(text, "https://api.example.org/")
	}
	f.Fuzz(func(t *testing.T, text, address string) {
		g, err := parseGrant(text)
		if err != nil {
			return
		}
		u, err := url.Parse(address)
		if err != nil || !g.covers(u) {
			return
		}
		if host := hostOf(u); host != strings.TrimPrefix(g.host, ".") && !strings.HasSuffix(host, g.host) {
			t.Errorf("%q covers %q", text, address)
		}
	})
}
