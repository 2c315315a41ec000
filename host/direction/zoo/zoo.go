// Package zoo is the plug-ins that tests let loose: modules that do what a stranger's
// module might, as texts. It assembles them and says what they need to do harm; what
// they come to is the tests' own business. It is no part of a host. No API of the host
// is promised.
package zoo

import (
	"embed"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox/wat"
)

//go:embed *.wat
var files embed.FS

// Animal is a module with its name and the address that it asks, if it asks one.
func Animal(tb testing.TB, name, url string) []byte {
	tb.Helper()
	text := "(module $" + name
	for _, file := range []string{"frame", name} {
		part, err := files.ReadFile(file + ".wat")
		if err != nil {
			tb.Fatal(err)
		}
		text += "\n" + string(part)
	}
	repeated := map[string]string{
		"straight": strings.Repeat("(local.set 2 (f64.sqrt (f64.sqrt (local.get 2))))", 6_000),
		"branches": strings.Repeat("(if (local.get 0) (then))", 10_000),
	}
	text = strings.NewReplacer("NAME", name, "URL", url, "REPEAT", repeated[name]).Replace(text) + ")"
	return wat.Assemble(tb, text)
}

// URLs are the addresses that animals ask, by name: of a server that leads them to
// where nobody from outside may be. It ends with the test.
func URLs(tb testing.TB) map[string]string {
	tb.Helper()
	server := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/latest/meta-data/", http.StatusFound))
	tb.Cleanup(server.Close)
	return map[string]string{
		"redirect":  server.URL + "/",
		"rebinding": strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/",
		"buffer":    server.URL + "/",
	}
}

// Grants are the capabilities that an animal needs to do harm.
var Grants = []string{"log", "clock", "emit", "state"}

// Hosts are the hosts that one has to be granted which asks an address.
func Hosts(url string) []string {
	if _, host, ok := strings.Cut(url, "://"); ok {
		return []string{"http://" + strings.TrimSuffix(host, "/"), "http://169.254.169.254"}
	}
	return nil
}

// Private tells whether an animal does its harm only where private networks are open.
func Private(name string) bool { return name == "redirect" }

// Time is how long a call may take.
const Time = "20ms"
