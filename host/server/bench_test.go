package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/messenger"
)

// BenchmarkReceive measures webhook POSTs over loopback, client included: a Fiber
// handler that only answers, and the whole way to an Inbox, side by side in one run.
// Compare the two, never figures of different runs.
func BenchmarkReceive(b *testing.B) {
	body := `{"object":"page","entry":[{"id":"104290001","time":1782900000500,"messaging":[{"sender":{"id":"24680135791357"},` +
		`"recipient":{"id":"104290001"},"timestamp":1782900000123,"message":{"mid":"m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P","text":"Two tickets for tonight, please"}}]}]}`
	request := fmt.Appendf(nil, "POST /webhook HTTP/1.1\r\nHost: stage.example\r\nContent-Type: application/json\r\n%s: %s\r\nContent-Length: %d\r\n\r\n%s",
		messenger.HeaderSignature, messenger.Sign(secret, []byte(body)), len(body), body)
	for _, connections := range []int{8, 64} {
		b.Run(fmt.Sprintf("bare/%d", connections), func(b *testing.B) {
			load(b, bare(b), connections, request)
		})
		b.Run(fmt.Sprintf("accept/%d", connections), func(b *testing.B) {
			h := open(b, func(c *Config) { c.Inbox = &inbox{do: func(context.Context) error { return nil }} })
			load(b, h.url[len("http://"):], connections, request)
		})
	}
}

// bare is a server that answers and does nothing else.
func bare(b *testing.B) string {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post(webhookPath, func(c *fiber.Ctx) error { return c.SendString(accepted.text) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(l) }()
	b.Cleanup(func() {
		if err := app.ShutdownWithTimeout(10 * time.Second); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
	return l.Addr().String()
}

// load sends b.N requests over the connections and reports rate and times.
func load(b *testing.B, address string, connections int, request []byte) {
	conns := make([]net.Conn, connections)
	for i := range conns {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		conns[i] = conn
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, connections)
	var wg sync.WaitGroup
	b.ResetTimer()
	for i, conn := range conns {
		wg.Go(func() {
			r := bufio.NewReader(conn)
			for left.Add(-1) >= 0 {
				begun := time.Now()
				if err := roundTrip(conn, r, request); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(begun))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	for _, conn := range conns {
		_ = conn.Close()
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		return
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "POST/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}

func roundTrip(conn net.Conn, r *bufio.Reader, request []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	return resp.Body.Close()
}
