package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/clock"
)

// errLate is why a request was answered before what it asked for was done.
var errLate = errors.New("it took too long")

// inTime runs f for a request. When it is not done within the server's patience, its context ends and the request is
// answered with a, the last on its connection; f is waited for all the same, the error is an errLate then and
// the request Hijacked. For what is done in time, as nearly everything is, no other goroutine has to be woken, nor does
// a context watch the time, which would take several times what a timer does: that costs as much as a good part of what there is to do.
func (s *Server) inTime(c *fiber.Ctx, a answer, f func(context.Context) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn := c.Context().Conn()
	var told sync.WaitGroup
	told.Add(1)
	limit := time.AfterFunc(s.patience, func() {
		defer told.Done()
		s.late.Add(1)
		cancel()
		s.meters.webhooks[a.name].Inc()
		s.log.Error("webhook not accepted in time: the platform is asked to send it again", "patience", s.patience)
		cutShort(conn, a)
	})
	err := f(ctx)
	if limit.Stop() {
		return err
	}
	told.Wait()
	s.late.Add(-1)
	c.Context().HijackSetNoResponse(true) // there was one
	c.Context().Hijack(func(net.Conn) {}) // nor another; the connection is closed
	return errors.Join(errLate, err)
}

// cutShort writes an answer after which nothing more is said on a connection. If that fails there is nobody to be told.
func cutShort(conn net.Conn, a answer) {
	r := http.Response{
		StatusCode: a.status, ProtoMajor: 1, ProtoMinor: 1, Close: true,
		Header: http.Header{fiber.HeaderContentType: {fiber.MIMETextPlainCharsetUTF8}},
		Body:   io.NopCloser(strings.NewReader(a.text)), ContentLength: int64(len(a.text)),
	}
	_ = conn.SetWriteDeadline(clock.Real{}.Now().Add(WriteTimeout)) // connections know no other clock
	w := bufio.NewWriter(conn)
	_ = r.Write(w)
	_ = w.Flush()
}
