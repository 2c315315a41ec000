package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net"
	"strconv"
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

// pen writes webhooks, one after another into the same room.
type pen struct {
	mac           hash.Hash
	body, request []byte
}

func newPen() *pen { return &pen{mac: hmac.New(sha256.New, []byte(appSecret))} }

// signature is how a webhook's signature begins (messenger.md section 2.3).
const signature = "sha256="

// webhook is the signed POST of a message that a person wrote to a Page at a time. It stands until the next.
func (p *pen) webhook(page, person string, n int, at time.Time, text string) []byte {
	b := append(p.body[:0], `{"object":"page","entry":[{"id":"`...)
	b = append(append(b, page...), `","time":`...)
	b = strconv.AppendInt(b, at.UnixMilli(), 10)
	b = append(b, `,"messaging":[{"sender":{"id":"`...)
	b = append(b, person...)
	b = append(b, `"},"recipient":{"id":"`...)
	b = append(append(b, page...), `"},"timestamp":`...)
	b = strconv.AppendInt(b, at.UnixMilli(), 10)
	b = append(b, `,"message":{"mid":"m_`...)
	b = append(b, person...)
	b = strconv.AppendInt(append(b, '_'), int64(n), 10)
	b = append(b, `_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfip","text":"`...)
	b = append(b, text...)
	p.body = append(b, `"}}]}]}`...)

	p.mac.Reset()
	p.mac.Write(p.body)
	r := append(p.request[:0], "POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"+messenger.HeaderSignature+": "+signature...)
	r = hex.AppendEncode(r, p.mac.Sum(nil))
	r = strconv.AppendInt(append(r, "\r\nContent-Length: "...), int64(len(p.body)), 10)
	p.request = append(append(r, "\r\n\r\n"...), p.body...)
	return p.request
}
