package media

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func subcode(r *refusal.Refusal) int {
	if r == nil {
		return 0
	}
	if r.Subcode == 0 {
		return r.Code
	}
	return r.Subcode
}

// What Meta finds when it fetches a medium (emulator.md §4.3).
func TestCheck(t *testing.T) {
	virtual := clock.NewVirtual(start)
	silent := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/image":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(picture(t, 30))
		case "/tiny":
			_, _ = w.Write(picture(t, 23))
		case "/large":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(make([]byte, 8<<20+1))
		case "/silent":
			silent <- struct{}{}
			<-r.Context().Done()
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
	f := Fetcher{Client: client, Clock: virtual}
	for _, row := range []struct {
		name, kind, path string
		want             int
	}{
		{"fine", "image", "/image", 0},
		{"of another kind", "video", "/image", refusal.WrongMedia},
		{"too large", "image", "/large", refusal.TooLarge},
		{"not there", "image", "/nothing", 2018008},
		{"no host", "image", "://", 2018008},
	} {
		if got := subcode(f.Check(t.Context(), row.kind, server.URL+row.path)); got != row.want {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
	for kind, want := range map[string]struct {
		after   time.Duration
		subcode int
	}{"image": {maxFetch, 2018008}, "video": {maxVideo, 2018294}} {
		got := make(chan int)
		go func() { got <- subcode(f.Check(t.Context(), kind, server.URL+"/silent")) }()
		<-silent
		virtual.Advance(want.after)
		if n := <-got; n != want.subcode {
			t.Errorf("silent %s: %d, want %d", kind, n, want.subcode)
		}
	}
	for path, want := range map[string]int{"/image": 0, "/tiny": 100, "/nothing": 100} {
		if got := subcode(f.Picture(t.Context(), server.URL+path)); got != want {
			t.Errorf("picture %s: %d, want %d", path, got, want)
		}
	}
}
