package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/footlight-bots/footlight/host/messenger"
)

// errRefused is wrapped by the error of a webhook that was answered, but not with 200.
var errRefused = errors.New("webhook was not accepted")

// line is one connection to a host, as one of Meta's servers keeps it.
type line struct {
	conn    net.Conn
	answers *bufio.Reader
	answer  fasthttp.Response // the last one; its room is used again
}

// answerWithin is how long a webhook waits for its answer (messenger.md section 2.2).
const answerWithin = 5 * time.Second

func dial(addr string) (*line, error) {
	conn, err := net.DialTimeout("tcp", addr, answerWithin)
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, answers: bufio.NewReader(conn)}, nil
}

func (l *line) close() { _ = l.conn.Close() }

// post sends a webhook and waits for its 200.
func (l *line) post(now time.Time, request []byte) error {
	if err := l.conn.SetDeadline(now.Add(answerWithin)); err != nil {
		return err
	}
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	if err := l.answer.Read(l.answers); err != nil {
		return err
	}
	if status := l.answer.StatusCode(); status != fasthttp.StatusOK {
		return fmt.Errorf("%w: status %d", errRefused, status)
	}
	return nil
}

// webhook is the signed POST of a message that a person wrote to a Page at a time.
func webhook(page, person string, n int, at time.Time, text string) []byte {
	body := fmt.Appendf(make([]byte, 0, 512), `{"object":"page","entry":[{"id":"%s","time":%d,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},`+
		`"timestamp":%d,"message":{"mid":"m_%s_%d_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfip","text":"%s"}}]}]}`,
		page, at.UnixMilli(), person, page, at.UnixMilli(), person, n, text)
	request := fmt.Appendf(make([]byte, 0, 1024), "POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n%s: %s\r\nContent-Length: %d\r\n\r\n",
		messenger.HeaderSignature, messenger.Sign(appSecret, body), len(body))
	return append(request, body...)
}
