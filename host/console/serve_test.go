package console

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
)

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// fasthttp keeps one ticker for the Date header as long as the program runs.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		// Its worker pool looks every ten seconds whether it was stopped.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

// open serves a console on a free port until the test ends.
func open(t *testing.T, cfg Config) (c *Console, base string) {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := c.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, c, ln)
	return c, "http://" + ln.Addr().String()
}

// serve serves ln until the test ends.
func serve(t *testing.T, c *Console, ln net.Listener) {
	t.Helper()
	served := make(chan error, 1)
	go func() { served <- c.Serve(ln) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

// request makes a request as curl would; header pairs follow.
func request(t *testing.T, method, url, body string, header ...string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience) // a stream that hangs is a failure, not a wait
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// complaint is the error text of an answer.
func complaint(t *testing.T, res *http.Response) string {
	t.Helper()
	var out struct{ Error string }
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 0 && json.Unmarshal(text, &out) != nil {
		t.Fatalf("not a JSON error: %s", text)
	}
	return out.Error
}

// frame is one server-sent event, or a comment.
type frame struct{ id, event, data, comment string }

// follow opens the event stream and returns a function that reads the next frame.
func follow(t *testing.T, base, lastID string) (next func() frame, res *http.Response) {
	t.Helper()
	header := []string{}
	if lastID != "" {
		header = append(header, "Last-Event-ID", lastID)
	}
	res = request(t, "GET", base+"/api/events", "", header...)
	if res.StatusCode != 200 {
		t.Fatalf("events: %s: %s", res.Status, complaint(t, res))
	}
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("events: content type %q", got)
	}
	lines := bufio.NewReader(res.Body)
	next = func() frame {
		t.Helper()
		var f frame
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("stream: %v", err)
			}
			line = strings.TrimSuffix(line, "\n")
			key, value, _ := strings.Cut(line, ": ")
			switch {
			case line == "" && f == frame{}:
			case line == "":
				return f
			case key == "":
				f.comment = value
			case key == "id":
				f.id = value
			case key == "event":
				f.event = value
			case key == "data":
				f.data = value
			}
		}
	}
	if first := next(); first.comment != "open" {
		t.Fatalf("first frame: %+v", first)
	}
	return next, res
}

func sections(t *testing.T, f frame) map[string]json.RawMessage {
	t.Helper()
	out := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(f.data), &out); err != nil {
		t.Fatalf("event data %q: %v", f.data, err)
	}
	return out
}

func TestNewRefusesBadConfigs(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no desk":     {},
		"short token": {Desk: newFakeDesk(), Token: "123456789012345"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(cfg); err == nil {
				t.Fatal("accepted")
			}
		})
	}
}

func TestListenStaysOnThisMachine(t *testing.T) {
	const token = "a token of some length"
	for _, row := range []struct {
		name, addr, token string
		refused           bool
	}{
		{"loopback", "127.0.0.1:0", "", false},
		{"every address", "0.0.0.0:0", "", true},
		{"every address, short form", ":0", "", true},
		{"every address with a token", "0.0.0.0:0", token, false},
		{"no port", "127.0.0.1", "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := New(Config{Desk: newFakeDesk(), Token: row.token})
			if err != nil {
				t.Fatal(err)
			}
			ln, err := c.Listen(row.addr)
			if ln != nil {
				defer func() { _ = ln.Close() }()
			}
			if (err != nil) != row.refused {
				t.Fatalf("err = %v, refused should be %v", err, row.refused)
			}
		})
	}
	t.Run("a listener made elsewhere", func(t *testing.T) {
		c, err := New(Config{Desk: newFakeDesk()})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "0.0.0.0:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Serve(ln); err == nil {
			t.Fatal("served on every address without a token")
		}
		if _, err := ln.Accept(); err == nil {
			t.Fatal("the refused listener is still open")
		}
	})
}

func TestServeOnlyOnce(t *testing.T) {
	c, base := open(t, Config{Desk: newFakeDesk()})
	request(t, "GET", base+"/api/state", "") // answered, so the first Serve is at work
	ln, err := c.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Serve(ln); err == nil || !strings.Contains(err.Error(), "already serving") {
		t.Fatalf("second Serve: %v", err)
	}
}

func TestShutdownWithoutServe(t *testing.T) {
	c, err := New(Config{Desk: newFakeDesk()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second is a no-op
		if err := c.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := c.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Serve(ln); err == nil {
		t.Fatal("served after shutdown")
	}
}

// TestShutdownLate: a shutdown that did not wait for the streams leaves it to the next one.
func TestShutdownLate(t *testing.T) {
	c, err := New(Config{Desk: newFakeDesk()})
	if err != nil {
		t.Fatal(err)
	}
	c.slots <- struct{}{} // somebody's stream
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("with a stream open: %v", err)
	}
	<-c.slots
	if n := len(c.slots); n > 0 {
		t.Fatalf("it keeps %d places", n)
	}
	if err := c.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestShutdownClosesStreams(t *testing.T) {
	desk := newFakeDesk()
	c, base := open(t, Config{Desk: desk, Clock: clock.NewVirtual(evening)})
	next, res := follow(t, base, "")
	next()
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	go func() { done <- c.Shutdown(ctx) }()
	if rest, err := io.ReadAll(res.Body); err != nil || len(rest) > 0 {
		t.Fatalf("stream ended with %q, %v", rest, err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if desk.stops != 1 {
		t.Fatalf("the watch was given up %d times", desk.stops)
	}
}
