package server

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// body is what a request carries, in memory that is accounted for.
type body struct {
	bytes  []byte
	server *Server
	taken  int64 // of the server's room
}

// read reads a body of up to limit bytes, as it is sent. The first FreeBody bytes have
// room always, as connections are limited; what goes beyond takes from the room of all
// as it comes in. So who announces much and sends little keeps nobody out, and who
// sends much keeps out only others that do. The caller releases the body.
func (s *Server) read(c *fiber.Ctx, limit int) (*body, answer) {
	announced := c.Request().Header.ContentLength()
	if announced > limit {
		return nil, tooLarge
	}
	b := &body{server: s}
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return b, answer{}
	}
	size := FreeBody
	if announced >= 0 {
		size = min(size, announced)
	}
	b.bytes = make([]byte, 0, size)
	for {
		if len(b.bytes) == announced {
			return b, answer{}
		}
		if len(b.bytes) == cap(b.bytes) && !b.grow(limit, announced) {
			b.release()
			return nil, crowded
		}
		n, err := stream.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case len(b.bytes) > limit:
			b.release()
			return nil, tooLarge
		case errors.Is(err, io.EOF):
			return b, answer{}
		case err != nil:
			b.release()
			return nil, cutOff
		}
	}
}

// grow doubles the memory of a body, up to a byte more than it may have, if there is room.
func (b *body) grow(limit, announced int) bool {
	size := min(2*max(cap(b.bytes), FreeBody/2), limit+1)
	if announced >= 0 {
		size = min(size, announced)
	}
	if !b.take(int64(size - cap(b.bytes))) {
		return false
	}
	b.bytes = append(make([]byte, 0, size), b.bytes...)
	return true
}

// take takes room, if there is any.
func (b *body) take(n int64) bool {
	if b.server.room.Add(-n) < 0 {
		b.server.room.Add(n)
		return false
	}
	b.taken += n
	return true
}

// release gives the room back.
func (b *body) release() {
	b.server.room.Add(b.taken)
	b.taken = 0
}

// unpack undoes the content encoding. The platform is not known to use one; a proxy
// in front may.
func (b *body) unpack(encoding string) ([]byte, answer) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return b.bytes, answer{}
	case "gzip":
	default:
		return nil, badEncoding
	}
	z, err := gzip.NewReader(bytes.NewReader(b.bytes))
	if err != nil {
		return nil, unreadable
	}
	if !b.take(MaxBody) { // for as long as the request lasts
		return nil, crowded
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxBody+1))
	switch {
	case len(plain) > MaxBody:
		return nil, tooLarge
	case err != nil && !errors.Is(err, io.EOF):
		return nil, unreadable
	}
	return plain, answer{}
}

// leave looks after what is left of a body that was not read to its end, so that it is not
// taken for the next request. It is passed over, so that the answer is not lost with the
// connection; but one that is announced to be far too large, or that comes in chunks, of
// which nobody knows where they end, ends the connection.
func (s *Server) leave(c *fiber.Ctx) error {
	err := c.Next()
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return err
	}
	left := io.ErrUnexpectedEOF
	if n := c.Request().Header.ContentLength(); n >= 0 && n <= MaxBody+BodySlack {
		_, left = io.CopyN(io.Discard, stream, MaxBody+BodySlack+1)
	}
	if !errors.Is(left, io.EOF) {
		c.Context().SetConnectionClose()
	}
	return err
}
