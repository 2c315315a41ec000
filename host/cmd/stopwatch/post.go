package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// errRefused is wrapped by the error of a webhook that was answered, but not with 200.
var errRefused = errors.New("webhook was not accepted")

// line is one connection to a host, as one of Meta's servers keeps it.
type line struct {
	conn    net.Conn
	answers *bufio.Reader
}

// answerWithin is how long a webhook waits for its answer (messenger.md section 2.2).
const answerWithin = 5 * time.Second

func dial(addr string) (*line, error) {
	conn, err := net.DialTimeout("tcp", addr, answerWithin)
	if err != nil {
		return nil, err
	}
	return &line{conn, bufio.NewReader(conn)}, nil
}

func (l *line) close() { _ = l.conn.Close() }

// post sends a webhook and waits for its 200.
func (l *line) post(now time.Time, request string) error {
	if err := l.conn.SetDeadline(now.Add(answerWithin)); err != nil {
		return err
	}
	if _, err := io.Copy(l.conn, strings.NewReader(request)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: status %d", errRefused, answer.StatusCode)
	}
	return nil
}

// webhook is the signed POST of a message that a person wrote at a time.
func webhook(person string, n int, at time.Time, text string) string {
	body := fmt.Sprintf(`{"object":"page","entry":[{"id":"%s","time":%d,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},`+
		`"timestamp":%d,"message":{"mid":"m_%s_%d_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfip","text":"%s"}}]}]}`,
		pageID, at.UnixMilli(), person, pageID, at.UnixMilli(), person, n, text)
	return fmt.Sprintf("POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n%s: %s\r\nContent-Length: %d\r\n\r\n%s",
		messenger.HeaderSignature, messenger.Sign(appSecret, []byte(body)), len(body), body)
}
