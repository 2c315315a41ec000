package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

const oneMessage = `{"object":"page","entry":[{"id":"9","time":1,"messaging":[{"sender":{"id":"24680135791357"},"recipient":{"id":"9"},"timestamp":1,"message":{"mid":"m_1","text":"a secret of mine"}}]}]}`

// Section 2.1.
func TestHandshake(t *testing.T) {
	h := open(t, nil)
	for _, tt := range []struct {
		name, mode, token string
		status            int
		body              string
	}{
		{"right", "subscribe", token, 200, "1158201444"},
		{"wrong token", "subscribe", token + "x", 403, ""},
		{"beginning of the token", "subscribe", token[:5], 403, ""},
		{"wrong mode", "unsubscribe", token, 403, ""},
		{"no token", "subscribe", "", 400, ""},
		{"no mode", "", token, 400, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := url.Values{"hub.challenge": {"1158201444"}}
			if tt.mode != "" {
				q.Set("hub.mode", tt.mode)
			}
			if tt.token != "" {
				q.Set("hub.verify_token", tt.token)
			}
			status, body, header := h.do("GET", "/webhook?"+q.Encode(), nil, nil)
			if status != tt.status || tt.status == 200 && body != tt.body || strings.Contains(body, token) {
				t.Errorf("%d %q", status, body)
			}
			if kind := header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
				t.Errorf("content type %s", kind)
			}
		})
	}
}

func TestReceive(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		status     int
		answer     string
		texts      string
	}{
		{"one message", oneMessage, 200, "EVENT_RECEIVED", "a secret of mine"},
		{
			"two events in one entry, one more in the next",
			`{"object":"page","entry":[{"id":"9","messaging":[{"message":{"mid":"a","text":"one"}},{"message":{"mid":"b","text":"two"}}]},{"id":"8","standby":[{"message":{"mid":"c","text":"three"}}]}]}`,
			200, "EVENT_RECEIVED", "one|two|three",
		},
		{"escapes", `{"object":"page","entry":[{"messaging":[{"message":{"mid":"a","text":"\u00e4\ud83c\udfad \/ \u003Cb> \u0025 \u0040"}}]}]}`, 200, "EVENT_RECEIVED", "ä🎭 / <b> % @"},
		{"bare letters", `{"object":"page","entry":[{"messaging":[{"message":{"mid":"a","text":"ä🎭 / <b> % @"}}]}]}`, 200, "EVENT_RECEIVED", "ä🎭 / <b> % @"},
		{"no events", `{"object":"page","entry":[]}`, 200, "EVENT_RECEIVED", ""},
		{"unknown event", `{"object":"page","entry":[{"messaging":[{"curtain_call":{}}]}]}`, 200, "EVENT_RECEIVED", ""},
		{"other object", `{"object":"instagram","entry":[]}`, 404, "page", ""},
		{"no object", `{}`, 404, "page", ""},
		{"garbage", `{"object":"page","entry":[`, 400, "not a JSON object", ""},
		{"empty", ``, 400, "not a JSON object", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, nil)
			status, answer := h.post(tt.body)
			if status != tt.status || !strings.Contains(answer, tt.answer) || h.inbox.texts() != tt.texts {
				t.Errorf("%d %q, kept %q", status, answer, h.inbox.texts())
			}
		})
	}
}

// Rule 1: nothing that is not signed reaches the Inbox, and no answer helps to forge.
func TestReceiveRefusesUnsigned(t *testing.T) {
	good := messenger.Sign(secret, []byte(oneMessage))
	for _, tt := range []struct{ name, header, body string }{
		{"no header", "", oneMessage},
		{"other secret", messenger.Sign("other", []byte(oneMessage)), oneMessage},
		{"flipped byte", good, strings.Replace(oneMessage, "page", "pagf", 1)},
		{"garbage is not even read", "", "{"},
		{"legacy header's digest", messenger.SignLegacy(secret, []byte(oneMessage)), oneMessage},
		{"many equals signs", "sha256====", oneMessage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, nil)
			status, answer, _ := h.do("POST", "/webhook", map[string]string{
				messenger.HeaderSignature:       tt.header,
				messenger.HeaderSignatureLegacy: messenger.SignLegacy(secret, []byte(tt.body)),
			}, []byte(tt.body))
			if status != 403 || len(h.inbox.events) != 0 {
				t.Errorf("%d, %d events", status, len(h.inbox.events))
			}
			for _, out := range []string{answer, h.log.String()} {
				if strings.Contains(out, strings.TrimPrefix(good, "sha256=")) || strings.Contains(out, secret) {
					t.Errorf("%q tells how to sign", out)
				}
			}
			if !strings.Contains(h.log.String(), "level=ERROR") || !strings.Contains(h.log.String(), "app secret is wrong") {
				t.Errorf("nobody is alarmed: %s", h.log)
			}
		})
	}
}

// A flood of forged webhooks is one line a second in the log, not one each.
func TestAlarmIsNotAFlood(t *testing.T) {
	h := open(t, nil)
	for range 20 {
		h.do("POST", "/webhook", nil, []byte("{}"))
	}
	if n := strings.Count(h.log.String(), "level=ERROR"); n < 1 || n > 10 {
		t.Errorf("%d lines", n)
	}
}

// Section 2.3: the signature covers the packed bytes.
func TestReceiveGzip(t *testing.T) {
	h := open(t, nil)
	packed := pack(t, []byte(oneMessage))
	header := map[string]string{"Content-Encoding": "gzip", messenger.HeaderSignature: messenger.Sign(secret, packed)}
	if status, _, _ := h.do("POST", "/webhook", header, packed); status != 200 || h.inbox.texts() != "a secret of mine" {
		t.Errorf("%d, kept %q", status, h.inbox.texts())
	}
	header[messenger.HeaderSignature] = messenger.Sign(secret, []byte(oneMessage))
	if status, _, _ := h.do("POST", "/webhook", header, packed); status != 403 {
		t.Errorf("signature of the unpacked body: %d", status)
	}
	for _, tt := range []struct {
		name, encoding string
		body           []byte
		status         int
	}{
		{"not gzip", "gzip", []byte(oneMessage), 400},
		{"cut off", "gzip", packed[:len(packed)-9], 400},
		{"unpacks to more than the limit", "gzip", pack(t, make([]byte, MaxBody+1)), 413},
		{"brotli", "br", packed, 415},
	} {
		header := map[string]string{"Content-Encoding": tt.encoding, messenger.HeaderSignature: messenger.Sign(secret, tt.body)}
		if status, _, _ := h.do("POST", "/webhook", header, tt.body); status != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, status, tt.status)
		}
	}
}

func pack(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// padded is oneMessage as a body of size bytes.
func padded(size int) string {
	return strings.TrimSuffix(oneMessage, "}") + `,"pad":"` + strings.Repeat("x", size-len(oneMessage)-len(`,"pad":""`)) + `"}`
}

func TestBodyLimit(t *testing.T) {
	h := open(t, nil)
	for _, tt := range []struct {
		name   string
		size   int
		status int
	}{
		{"at the limit", MaxBody, 200},
		{"one beyond", MaxBody + 1, 413},
		{"as much as is read", MaxBody + BodySlack, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, answer := h.post(padded(tt.size)); status != tt.status {
				t.Errorf("%d %q", status, answer)
			}
		})
	}
	t.Run("announced far too large", func(t *testing.T) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := fmt.Fprintf(conn, "POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", 1<<30, strings.Repeat("x", 8<<10)); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != 413 || !strings.Contains(string(answer), "over 10 MiB") {
			t.Errorf("%d %q", resp.StatusCode, answer)
		}
	})
}

// Keeping repeated events apart is the store's work, in one step with keeping them.
func TestRepeatedPostsReachTheInbox(t *testing.T) {
	h := open(t, nil)
	for range 3 {
		h.post(oneMessage)
	}
	if len(h.inbox.events) != 3 || h.inbox.events[0].ID != h.inbox.events[2].ID {
		t.Errorf("%d events", len(h.inbox.events))
	}
}

// Rule 2: a store that is down is answered 503, so that the platform sends again.
func TestStoreDown(t *testing.T) {
	h := open(t, func(c *Config) {
		c.Inbox = &inbox{do: func(context.Context) error { return errors.New("disk is full") }}
	})
	if status, _ := h.post(oneMessage); status != 503 {
		t.Errorf("status %d", status)
	}
	if !strings.Contains(h.log.String(), "disk is full") {
		t.Errorf("log: %s", h.log)
	}
}

// A store that hangs, even one that does not heed its context, is answered for in time.
func TestStoreHangs(t *testing.T) {
	goOn := make(chan struct{})
	h := open(t, func(c *Config) {
		c.Inbox = &inbox{do: func(context.Context) error { <-goOn; return nil }}
	}, func(s *Server) { s.patience = 20 * time.Millisecond })
	if status, _ := h.post(oneMessage); status != 503 {
		t.Errorf("status %d", status)
	}
	close(goOn)
	if ReadTimeout >= 5*time.Second || AcceptTimeout >= 4*time.Second {
		t.Error("the platform waits five seconds")
	}
}

// Rule 15, and the privacy of people: the log of a day holds neither texts nor ids of
// people nor secrets.
func TestLogHoldsNothingPrivate(t *testing.T) {
	h := open(t, nil)
	h.post(oneMessage)
	h.do("POST", "/webhook", map[string]string{messenger.HeaderSignature: messenger.Sign("other", []byte(oneMessage))}, []byte(oneMessage))
	h.post(strings.TrimSuffix(oneMessage, "}"))
	h.post(strings.Replace(oneMessage, `"page"`, `"user"`, 1))
	h.do("GET", "/webhook?hub.mode=subscribe&hub.verify_token="+url.QueryEscape(token)+"&hub.challenge=1", nil, nil)
	h.do("GET", "/webhook?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", nil, nil)
	if h.log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, private := range []string{"a secret of mine", "24680135791357", secret, token, "wrong&"} {
		if strings.Contains(h.log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, h.log)
		}
	}
}

// What is cut for the log stays text.
func TestClip(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		strings.Repeat("a", 64):       strings.Repeat("a", 64),
		strings.Repeat("a", 65):       strings.Repeat("a", 64) + "…",
		strings.Repeat("é", 40):       strings.Repeat("é", 32) + "…",
		"a" + strings.Repeat("é", 40): "a" + strings.Repeat("é", 31) + "…",
	} {
		if got := clip(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
