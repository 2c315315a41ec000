package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// Who is answered because the time is up gets one whole answer, the last of the connection: not another
// when the store comes back, whatever it says then.
func TestLateAnswerIsTheLast(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  error
	}{
		{"kept after all", nil},
		{"not kept", errors.New("disk is full")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			goOn := make(chan struct{})
			h := open(t, func(c *Config) {
				c.Inbox = &inbox{do: func(context.Context) error { <-goOn; return tt.end }}
			}, func(s *Server) { s.patience = time.Millisecond })
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, err := fmt.Fprintf(conn, "POST /webhook HTTP/1.1\r\nHost: a\r\n%s: %s\r\nContent-Length: %d\r\n\r\n%s",
				messenger.HeaderSignature, messenger.Sign(secret, []byte(oneMessage)), len(oneMessage), oneMessage); err != nil {
				t.Fatal(err)
			}
			answers := bufio.NewReader(conn)
			r, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r.Body)
			if err != nil || r.StatusCode != unavailable.status || string(body) != unavailable.text || !r.Close {
				t.Errorf("%d %q, close %t, %v", r.StatusCode, body, r.Close, err)
			}
			close(goOn)
			if more, err := http.ReadResponse(answers, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("one more answer: %v, %v", more, err)
			}
		})
	}
}
