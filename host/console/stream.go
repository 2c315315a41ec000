package console

import (
	"bufio"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	// maxStreams is how many pages may be open at once.
	maxStreams = 32
	// heartbeat is how often a silent stream sends a comment. A page that has
	// vanished is noticed at the first one that cannot be written.
	heartbeat = 15 * time.Second
	// retryAfter is how long a page waits before it connects again, in milliseconds.
	retryAfter = 1000
)

// stream sends the desk as server-sent events: what is newer than Last-Event-ID,
// then each change, until the page or the console goes away.
func (c *Console) stream(ctx *fiber.Ctx) error {
	select {
	case c.slots <- struct{}{}:
	default:
		return refuse(ctx, fiber.StatusServiceUnavailable, fmt.Sprintf("%d pages are open already: close one", maxStreams))
	}
	seen := c.feed.seen(ctx.Get("Last-Event-ID"))
	ctx.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	ctx.Set("X-Accel-Buffering", "no")
	ctx.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer func() { <-c.slots }()
		c.send(w, seen)
	})
	return nil
}

// send writes events to w until a write fails or the console ends.
func (c *Console) send(w *bufio.Writer, seen uint64) {
	// An error of the buffered writes comes back from Flush.
	_, _ = fmt.Fprintf(w, "retry: %d\n: open\n\n", retryAfter)
	for {
		data, now, wake := c.feed.since(seen)
		if data != nil {
			_, _ = fmt.Fprintf(w, "id: %s\nevent: state\ndata: %s\n\n", c.feed.id(now), data)
			seen = now
		}
		if w.Flush() != nil || !c.await(w, wake) {
			return
		}
	}
}

// await waits for wake and keeps the stream alive meanwhile. It returns false
// when the stream is over.
func (c *Console) await(w *bufio.Writer, wake <-chan struct{}) bool {
	for {
		beat, stop := c.clock.At(c.clock.Now().Add(heartbeat))
		select {
		case <-wake:
			stop()
			return true
		case <-c.ctx.Done():
			stop()
			return false
		case <-beat:
			stop()
			_, _ = w.WriteString(": still here\n\n")
			if w.Flush() != nil {
				return false
			}
		}
	}
}
