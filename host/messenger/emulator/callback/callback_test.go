package callback

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// host serves h and returns its address and a caller with a virtual clock.
func host(t *testing.T, h http.HandlerFunc) (string, Caller, *clock.Virtual) {
	t.Helper()
	server := httptest.NewServer(h)
	c := clock.NewVirtual(start)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
	return server.URL, Caller{Client: client, Clock: c}, c
}

func TestPost(t *testing.T) {
	address, caller, _ := host(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("X-Test")+" "+string(body))
	})
	a, err := caller.Post(t.Context(), address, http.Header{"X-Test": {"yes"}}, []byte("hello"), 0)
	if err != nil || a.Status != http.StatusTeapot || string(a.Body) != "POST yes hello" {
		t.Errorf("answer %d %s, %v", a.Status, a.Body, err)
	}
}

// TestBrokenAnswer: an answer that breaks off is none, whatever its status (emulator.md §6).
func TestBrokenAnswer(t *testing.T) {
	address, caller, _ := host(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "14")
		_, _ = io.WriteString(w, "EVENT")
	})
	if a, err := caller.Post(t.Context(), address, nil, nil, 0); err == nil {
		t.Errorf("answer %d %s", a.Status, a.Body)
	}
}

// A body that pauses in its middle arrives whole, or late.
func TestSlowBody(t *testing.T) {
	for pause, want := range map[time.Duration]error{4 * time.Second: nil, 6 * time.Second: ErrSlow} {
		half := make(chan struct{})
		address, caller, c := host(t, func(w http.ResponseWriter, r *http.Request) {
			first := make([]byte, 2)
			_, _ = io.ReadFull(r.Body, first)
			close(half)
			rest, _ := io.ReadAll(r.Body)
			_, _ = w.Write(append(first, rest...))
		})
		waits := make(chan time.Time, 8)
		caller.Clock = spy{c, waits}
		done := make(chan error, 1)
		go func() {
			a, err := caller.Post(t.Context(), address, nil, []byte("abcd"), pause)
			if err == nil && string(a.Body) != "abcd" {
				err = errors.New("body " + string(a.Body))
			}
			done <- err
		}()
		<-half
		for begun := false; !begun; { // the pause, not only the limit of the whole call
			begun = (<-waits).Equal(start.Add(pause))
		}
		c.Advance(min(pause, Limit))
		if err := <-done; !errors.Is(err, want) {
			t.Errorf("pause of %s: %v, want %v", pause, err, want)
		}
	}
}

// spy is a clock that tells what is waited for.
type spy struct {
	*clock.Virtual
	waits chan<- time.Time
}

// At implements clock.Clock.
func (s spy) At(t time.Time) (<-chan struct{}, func()) {
	reached, stop := s.Virtual.At(t)
	s.waits <- t
	return reached, stop
}

// What Meta says of a challenge that is not answered as it should be.
func TestChallenge(t *testing.T) {
	for _, row := range []struct{ name, answer, want string }{
		{"right", "42", ""},
		{"quoted", `"42"`, "Response does not match challenge, expected value="},
		{"with a newline", "42\n", "does not match"},
		{"refused", "", "HTTP Status Code = 403; HTTP Message = Forbidden"},
	} {
		address, caller, _ := host(t, func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			if q.Get("hub.mode") != "subscribe" || q.Get("hub.verify_token") != "v" || q.Get("own") != "1" || row.answer == "" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			_, _ = io.WriteString(w, strings.Replace(row.answer, "42", q.Get("hub.challenge"), 1))
		})
		if got := caller.Challenge(t.Context(), address+"?own=1", "v", "42"); (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: %q", row.name, got)
		}
	}
	_, caller, _ := host(t, nil)
	if got := caller.Challenge(t.Context(), "http://127.0.0.1:1", "v", "42"); got != "The callback could not be reached" {
		t.Errorf("nobody there: %q", got)
	}
}

// check verifies a signed request the way messenger.md §7 says, apart from Sign's code.
func check(signed, secret string, now time.Time) (user string, ok bool) {
	signature, payload, cut := strings.Cut(signed, ".")
	sum, err := base64.RawURLEncoding.DecodeString(signature)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, payload)
	if !cut || err != nil || !hmac.Equal(sum, mac.Sum(nil)) {
		return "", false
	}
	text, err := base64.RawURLEncoding.DecodeString(payload)
	var claim struct {
		User      string `json:"user_id"`
		Algorithm string
		Expires   int64
	}
	if err != nil || json.Unmarshal(text, &claim) != nil || claim.Algorithm != "HMAC-SHA256" || claim.Expires < now.Unix() {
		return "", false
	}
	return claim.User, true
}

func TestSign(t *testing.T) {
	for _, wrong := range spoilt {
		signed, err := Sign("s3cret", "7", wrong, start)
		if err != nil {
			t.Fatal(err)
		}
		if user, ok := check(signed, "s3cret", start); ok != (wrong == "") || ok && user != "7" {
			t.Errorf("%q: %s verifies as %q, %v", wrong, signed, user, ok)
		}
	}
	if _, err := Sign("s", "7", "odd", start); err == nil {
		t.Error("an unknown way to be wrong: no error")
	}
}

func TestTell(t *testing.T) {
	address, caller, _ := host(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.PostFormValue("signed_request"))
	})
	if a, err := caller.Tell(t.Context(), address, "a.b"); err != nil || string(a.Body) != "a.b" {
		t.Errorf("%s, %v", a.Body, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := caller.Tell(ended, address, "a.b"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}
