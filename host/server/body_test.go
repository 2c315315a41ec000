package server

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// dial opens a raw connection, which the test closes.
func (h *house) dial() (net.Conn, *bufio.Reader) {
	h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func status(t *testing.T, r *bufio.Reader) int {
	t.Helper()
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// head is the head of a webhook POST whose body is signed.
func head(body string) string {
	return fmt.Sprintf("POST /webhook HTTP/1.1\r\nHost: x\r\n%s: %s\r\n", messenger.HeaderSignature, messenger.Sign(secret, []byte(body)))
}

// eager is a listener that tells when one of its connections has given so many bytes and is asked for more: what was given
// has been dealt with then.
type eager struct {
	net.Listener
	bytes int
	asked chan struct{} // closed then
	once  sync.Once
}

func (e *eager) Accept() (net.Conn, error) {
	conn, err := e.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &giver{Conn: conn, to: e}, nil
}

type giver struct {
	net.Conn
	to    *eager
	given int
}

func (g *giver) Read(p []byte) (int, error) {
	if g.given == g.to.bytes {
		g.to.once.Do(func() { close(g.to.asked) })
	}
	n, err := g.Conn.Read(p)
	g.given += n
	return n, err
}

// Bodies on their way in have bounded memory together: who finds no room is asked to
// come again, small bodies have room always, and room comes back.
func TestRoomForBodies(t *testing.T) {
	const room = 2 << 20
	large := padded(room)
	begin := head(large) + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(large)) + large[:len(large)-1]
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	door := &eager{Listener: l, bytes: len(begin), asked: make(chan struct{})}
	h := openAt(t, door, nil, func(s *Server) { s.room.Store(room) })
	slow, answers := h.dial()
	if _, err := slow.Write([]byte(begin)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-door.asked:
	case <-time.After(10 * time.Second):
		t.Fatal("the first large body is not read")
	}
	if left := h.server.room.Load(); left > room/4 {
		t.Fatalf("the first large body leaves %d bytes", left)
	}
	if code, text := h.post(padded(room)); code != 503 || text != crowded.text {
		t.Errorf("a second large body: %d %q, want 503", code, text)
	}
	if code, text := h.post(oneMessage); code != 200 {
		t.Errorf("a small body meanwhile: %d %q", code, text)
	}
	if _, err := slow.Write([]byte(large[len(large)-1:])); err != nil {
		t.Fatal(err)
	}
	if code := status(t, answers); code != 200 {
		t.Errorf("the first large body: %d", code)
	}
	if code, text := h.post(padded(room)); code != 200 {
		t.Errorf("a large body when there is room again: %d %q", code, text)
	}
	if left := h.server.room.Load(); left != room {
		t.Errorf("%d bytes of %d came back", left, room)
	}
}

// Who announces much and sends nothing takes no room.
func TestAnnouncedIsNotTaken(t *testing.T) {
	h := open(t, nil, func(s *Server) { s.room.Store(64 << 10) })
	for range 20 {
		conn, _ := h.dial()
		if _, err := fmt.Fprintf(conn, "POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", MaxBody, strings.Repeat("x", 9<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if code, text := h.post(padded(60 << 10)); code != 200 {
		t.Errorf("%d %q", code, text)
	}
}

// A body in chunks is signed as it is put together, is bounded alike, and nothing of it is taken
// for another request.
func TestChunkedBody(t *testing.T) {
	h := open(t, nil)
	chunked := func(body string) int {
		conn, answers := h.dial()
		var b bytes.Buffer
		b.WriteString(head(body) + "Transfer-Encoding: chunked\r\n\r\n")
		for rest := body; rest != ""; {
			n := min(len(rest), 70_000)
			_, _ = fmt.Fprintf(&b, "%x\r\n%s\r\n", n, rest[:n])
			rest = rest[n:]
		}
		b.WriteString("0\r\n\r\nPOST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
		go func() { _, _ = conn.Write(b.Bytes()) }()
		return status(t, answers)
	}
	for _, row := range []struct {
		name string
		body string
		want int
	}{
		{"small", oneMessage, 200},
		{"at the limit", padded(MaxBody), 200},
	} {
		if got := chunked(row.body); got != row.want {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
	if left := h.server.room.Load(); left != MaxInFlight {
		t.Errorf("%d bytes of %d came back", left, MaxInFlight)
	}
}

// What was not read of a refused body is not taken for the next request.
func TestRefusedBodyIsNoRequest(t *testing.T) {
	h := open(t, nil, func(s *Server) { s.room.Store(0) })
	smuggled := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	body := strings.Repeat("x", 100<<10) + smuggled
	conn, answers := h.dial()
	if _, err := fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%sGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", head(body), len(body), body); err != nil {
		t.Fatal(err)
	}
	if first, second := status(t, answers), status(t, answers); first != 503 || second != 404 {
		t.Errorf("answers %d and %d, want 503 and 404", first, second)
	}
}

// A form that nobody asked for is not read to disk before anybody looks at it.
func TestMultipartIsOnlyABody(t *testing.T) {
	h := open(t, nil)
	form := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"
	code, _, _ := h.do("POST", "/webhook", map[string]string{"Content-Type": "multipart/form-data; boundary=b"}, []byte(form))
	if code != 403 {
		t.Errorf("%d, want 403", code)
	}
}
