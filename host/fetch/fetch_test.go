package fetch

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns a client that may ask these servers on loopback.
func open(t *testing.T, c Config, servers ...*httptest.Server) *Client {
	t.Helper()
	for _, s := range servers {
		c.Hosts = append(c.Hosts, strings.TrimPrefix(s.URL, "http://"))
	}
	c.AllowPrivate = true
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, c *Client, address string) (Answer, error) {
	t.Helper()
	return c.Fetch(t.Context(), Request{Method: "GET", URL: address})
}

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %q", err, want)
	}
}

func TestEveryMethodAndStatus(t *testing.T) { // L-HTTP-1, L-HTTP-6
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintf(w, "%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("X-Key"), body)
	})
	c := open(t, Config{}, s)
	for method := range methods {
		a, err := c.Fetch(t.Context(), Request{
			Method: method, URL: s.URL + "/a%20b?q=%C3%BC", Header: map[string]string{"X-Key": "k ü"}, Body: "text",
		})
		want := method + " /a%20b?q=%C3%BC k ü text"
		if method == "HEAD" {
			want = ""
		}
		if err != nil || a.Status != http.StatusTeapot || string(a.Body) != want {
			t.Errorf("%s: %d %q %v", method, a.Status, a.Body, err)
		}
	}
	_, err := c.Fetch(t.Context(), Request{Method: "TRACE", URL: s.URL})
	refused(t, err, `"TRACE" is no method`)
}

func TestHeadersThatCannotBeSet(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Errorf("%v was sent", r.Header) })
	c := open(t, Config{}, s)
	for name, value := range map[string]string{
		"Host": "intern", "connection": "X-Key", "Transfer-Encoding": "chunked", "Content-Length": "3", "TE": "trailers",
		"Upgrade": "h2c", "Proxy-Authorization": "x", "Keep-Alive": "1", "Trailer": "X", "Expect": "100-continue",
		"X-A": "1\r\nX-B: 2", "X-C": "1\n", "X-D": "\x00", "X E": "1", "X-F\r\nX-G": "1", "": "1", "X:": "1",
	} {
		_, err := c.Fetch(t.Context(), Request{Method: "GET", URL: s.URL, Header: map[string]string{name: value}})
		if err == nil || strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Errorf("header %q: %q gives %v", name, value, err)
		}
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) { // L-HTTP-9
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		c, err := New(Config{Hosts: []string{host + ":" + port}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, err = get(t, c, "http://"+host+":"+port)
		refused(t, err, "the host lies in a private network")
	}
}

// names answers every question about a name with the next of its addresses.
func names(t *testing.T, addresses ...string) *net.Resolver {
	t.Helper()
	wire, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = wire.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 512)
		asked := 0
		for {
			n, from, err := wire.ReadFrom(buf)
			if err != nil {
				return
			}
			end := 12
			for end < n && buf[end] != 0 {
				end += int(buf[end]) + 1
			}
			end += 5 // the end of the name, type and class
			answer := append([]byte{buf[0], buf[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, buf[12:end]...)
			if binary.BigEndian.Uint16(buf[end-4:]) == 1 { // an address of IPv4 is asked for
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				answer = append(answer, net.ParseIP(addresses[min(asked, len(addresses)-1)]).To4()...)
				asked++
			}
			_, _ = wire.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", wire.LocalAddr().String())
	}}
}

// TestRebinding: what counts is the address of the connection, so a name that led
// to a harmless place a moment ago opens nothing.
func TestRebinding(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c, err := New(Config{Hosts: []string{"api.example.org:" + port}, Resolver: names(t, "127.0.0.1", "169.254.169.254")})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		_, err = get(t, c, "http://api.example.org:"+port)
		refused(t, err, "the host lies in a private network")
	}
}

// TestRebindingBetweenRequests: a name that leads to a harmless place at first, and has
// been answered from there, opens nothing when it leads elsewhere a moment later: neither
// in the next request nor in the redirection of the one that was answered.
func TestRebindingBetweenRequests(t *testing.T) {
	asked := 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Connection", "close") // so that the name is looked up again
		if r.URL.Path == "/onward" {
			http.Redirect(w, r, "/inside", http.StatusFound)
		}
	})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, path := range []string{"/", "/onward"} {
		asked = 0
		// Loopback stands for the harmless place; where machines tell about themselves is
		// refused all the same.
		c, err := New(Config{Hosts: []string{"api.example.org:" + port}, AllowPrivate: true, Resolver: names(t, "127.0.0.1", "169.254.169.254")})
		if err != nil {
			t.Fatal(err)
		}
		a, err := get(t, c, "http://api.example.org:"+port+path)
		if path == "/" {
			if err != nil || a.Status != http.StatusOK {
				t.Errorf("the first request: %+v, %v", a, err)
			}
			_, err = get(t, c, "http://api.example.org:"+port+path)
		}
		refused(t, err, "the host lies in a private network")
		if asked != 1 {
			t.Errorf("%s: the server was asked %d times", path, asked)
		}
		c.Close()
	}
}

func TestNamesAreFollowed(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := open(t, Config{Hosts: []string{"*.example.org:" + port}, Resolver: names(t, "127.0.0.1")})
	a, err := get(t, c, "http://api.example.org:"+port)
	if err != nil || string(a.Body) != "api.example.org:"+port {
		t.Errorf("%q %v", a.Body, err)
	}
}

func TestRedirections(t *testing.T) { // L-HTTP-9
	var got http.Header
	target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		_, _ = io.WriteString(w, r.Method+" there")
	})
	var s *httptest.Server
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		var left int
		switch _, _ = fmt.Sscanf(r.URL.Path, "/%d", &left); {
		case left > 1:
			http.Redirect(w, r, fmt.Sprintf("%s/%d", s.URL, left-1), http.StatusFound)
		case r.URL.Path == "/private":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		case r.URL.Path == "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case r.URL.Path == "/body":
			http.Redirect(w, r, target.URL, http.StatusTemporaryRedirect)
		case r.URL.Path == "/home":
			got = r.Header
		default:
			http.Redirect(w, r, target.URL, http.StatusFound)
		}
	})
	c := open(t, Config{}, s, target)
	send := func(method, path, body string) (Answer, error) {
		return c.Fetch(t.Context(), Request{
			Method: method, URL: s.URL + path + "?key=secret", Body: body,
			Header: map[string]string{"X-Key": "secret", "Authorization": "Bearer secret", "Cookie": "a=secret"},
		})
	}
	a, err := send("GET", "/5", "")
	if err != nil || string(a.Body) != "GET there" {
		t.Errorf("five redirections: %q %v", a.Body, err)
	}
	if text := fmt.Sprint(got); strings.Contains(text, "secret") {
		t.Errorf("another host was told %s", text)
	}
	_, err = send("GET", "/6", "")
	refused(t, err, "more than 5 redirections")
	_, err = send("GET", "/file", "")
	refused(t, err, "the address is broken")
	_, err = send("GET", "/private", "")
	refused(t, err, "host 169.254.169.254 is not granted to this bot")
	_, err = send("POST", "/body", "secret")
	refused(t, err, "redirected with its body to another host")
	if a, err = send("POST", "/1", "secret"); err != nil || string(a.Body) != "GET there" {
		t.Errorf("a POST that is redirected: %q %v", a.Body, err)
	}

	granted := open(t, Config{Hosts: []string{"169.254.169.254"}}, s)
	_, err = get(t, granted, s.URL+"/private")
	refused(t, err, "the host lies in a private network")
	alone := open(t, Config{}, s)
	_, err = get(t, alone, s.URL+"/1")
	refused(t, err, "host "+strings.TrimPrefix(target.URL, "http://")+" is not granted to this bot")
}

func TestRedirectionsKeepHeadersAtHome(t *testing.T) {
	var got string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/home", http.StatusTemporaryRedirect)
			return
		}
		body, _ := io.ReadAll(r.Body)
		got = r.Header.Get("X-Key") + string(body)
	})
	c := open(t, Config{}, s)
	_, err := c.Fetch(t.Context(), Request{Method: "POST", URL: s.URL, Body: "b", Header: map[string]string{"X-Key": "k"}})
	if err != nil || got != "kb" {
		t.Errorf("%q %v", got, err)
	}
}

func TestFromHTTPSToHTTP(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	s := httptest.NewUnstartedServer(http.RedirectHandler(plain.URL, http.StatusFound))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	c := open(t, Config{Hosts: []string{s.URL}}, plain)
	_, err := get(t, c, s.URL)
	refused(t, err, "host 127.0.0.1 has no valid certificate")
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	_, err = get(t, c, s.URL)
	refused(t, err, "redirected from https to http")
}

func TestSizes(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/full":
			_, _ = w.Write(make([]byte, DefaultMaxBody))
		case "/large":
			_, _ = w.Write(make([]byte, DefaultMaxBody+1))
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 64 {
				_, _ = z.Write(make([]byte, 1<<20))
			}
			_ = z.Close()
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes))
		case "/short":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "too little")
		}
	})
	c := open(t, Config{}, s)
	if a, err := get(t, c, s.URL+"/full"); err != nil || len(a.Body) != DefaultMaxBody {
		t.Errorf("%d bytes, %v", len(a.Body), err)
	}
	_, err := get(t, c, s.URL+"/large")
	refused(t, err, "the answer is larger than 1 MiB")
	_, err = get(t, c, s.URL+"/bomb")
	refused(t, err, "the answer is larger than 1 MiB")
	_, err = get(t, c, s.URL+"/header")
	refused(t, err, "host 127.0.0.1 gave no answer")
	_, err = get(t, c, s.URL+"/short")
	refused(t, err, "the answer was cut short")
}

// TestSlowAnswers: the clock is virtual, so nobody waits ten seconds.
func TestSlowAnswers(t *testing.T) {
	for _, path := range []string{"/head", "/body"} {
		for _, tt := range []struct{ within, want time.Duration }{{0, DefaultTimeout}, {3 * time.Second, 3 * time.Second}, {time.Hour, DefaultTimeout}} {
			asked := make(chan struct{}, 1)
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/body" {
					_, _ = io.WriteString(w, "begun")
					w.(http.Flusher).Flush()
				}
				asked <- struct{}{}
				<-r.Context().Done()
			})
			began := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
			virtual := clock.NewVirtual(began)
			c := open(t, Config{Clock: virtual}, s)
			go func() { <-asked; virtual.Advance(tt.want) }()
			a, err := c.Fetch(t.Context(), Request{Method: "GET", URL: s.URL + path, Within: tt.within})
			refused(t, err, "timeout")
			if a.Took != tt.want {
				t.Errorf("%s took %s, want %s", path, a.Took, tt.want)
			}
		}
	}
}

func TestNobodyThere(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := open(t, Config{Hosts: []string{"nowhere.invalid"}, Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}}}, gone)
	_, err := get(t, c, gone.URL)
	refused(t, err, "host 127.0.0.1 cannot be reached")
	_, err = get(t, c, "http://nowhere.invalid/?key=secret")
	refused(t, err, "host nowhere.invalid was not found")
	hangup := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	c = open(t, Config{}, hangup)
	_, err = get(t, c, hangup.URL+"/?key=secret")
	refused(t, err, "host 127.0.0.1 gave no answer")
}

func TestGivenUp(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := open(t, Config{}, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Fetch(ctx, Request{Method: "GET", URL: s.URL})
	refused(t, err, "the request was given up")
}

// TestAtTheSameTime: a client serves many turns at once.
func TestAtTheSameTime(t *testing.T) {
	var served atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { served.Add(1); _, _ = io.WriteString(w, r.URL.Path) })
	c := open(t, Config{}, s)
	done := make(chan error)
	for i := range 20 {
		go func() {
			path := fmt.Sprintf("/%d", i)
			a, err := c.Fetch(context.Background(), Request{Method: "GET", URL: s.URL + path})
			if err == nil && string(a.Body) != path {
				err = fmt.Errorf("%s got %s", path, a.Body)
			}
			done <- err
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if served.Load() != 20 {
		t.Errorf("%d were served", served.Load())
	}
}
