package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// connections is how many clients send webhooks at once.
const connections = 64

// BenchmarkAccept is the way of a webhook until its 200, over loopback, client
// included: signature, decoding, and the event on disk. "bare" is a Fiber handler
// that answers and does nothing else, in the same run: compare with that.
func BenchmarkAccept(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		web := fiber.New(fiber.Config{DisableStartupMessage: true})
		web.Post("/webhook", func(c *fiber.Ctx) error { return c.SendString("EVENT_RECEIVED") })
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		go func() { _ = web.Listener(l) }()
		defer func() { _ = web.Shutdown() }()
		load(b, l.Addr().String())
	})
	b.Run("bolt", func(b *testing.B) {
		load(b, serving(b, "bolt:"+filepath.ToSlash(filepath.Join(b.TempDir(), "state.db"))))
	})
	b.Run("redis", func(b *testing.B) { load(b, serving(b, redistest.Start(b))) })
}

// benchSecret signs the webhooks of the benchmark.
const benchSecret = "bench"

// serving starts a host on a store and returns where it takes webhooks. Its bot has
// no script yet, so that events are kept and nothing else is measured.
func serving(b *testing.B, store string) string {
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "default.topic"), []byte("+ (\n- broken\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	h, err := New(b.Context(), Config{
		HealthEvery: Off,
		Dir:         dir, Addr: "127.0.0.1:0", Store: store, GraphURL: "http://127.0.0.1:1",
		Page: Page{AppSecret: benchSecret, VerifyToken: "v", PageToken: "t"},
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(h.listener) }()
	b.Cleanup(func() {
		stop()
		_ = h.server.Shutdown(context.WithoutCancel(ctx))
		if err := <-served; err != nil {
			b.Error(err)
		}
		if err := h.Close(context.WithoutCancel(ctx)); err != nil {
			b.Error(err)
		}
	})
	return h.Addr()
}

// load posts b.N webhooks of as many people and reports rate and latencies.
func load(b *testing.B, address string) {
	var next atomic.Int64
	took := make([][]time.Duration, connections)
	var clients sync.WaitGroup
	b.ResetTimer()
	for c := range connections {
		clients.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			answers := bufio.NewReader(conn)
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				request := webhook(n)
				began := time.Now()
				if err := post(conn, answers, request); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(began))
			}
		})
	}
	clients.Wait()
	elapsed := b.Elapsed()
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		return
	}
	b.ReportMetric(float64(len(all))/elapsed.Seconds(), "POST/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "µs-p99")
}

func webhook(n int64) string {
	person := 20_000_000_000_000 + n
	body := fmt.Sprintf(`{"object":"page","entry":[{"id":"1040","time":1,"messaging":[{"sender":{"id":"%d"},"recipient":{"id":"1040"},`+
		`"timestamp":1782900000123,"message":{"mid":"m_%d_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfip","text":"Two tickets, please"}}]}]}`, person, n)
	return fmt.Sprintf("POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n%s: %s\r\nContent-Length: %d\r\n\r\n%s",
		messenger.HeaderSignature, messenger.Sign(benchSecret, []byte(body)), len(body), body)
}

func post(conn net.Conn, answers *bufio.Reader, request string) error {
	if _, err := io.Copy(conn, strings.NewReader(request)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}
