package direction

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
)

// web is a Fetcher that is a function.
type web func(q turn.Request) (turn.Answer, error)

func (w web) Fetch(_ context.Context, q turn.Request) (turn.Answer, error) { return w(q) }

// TestHTTP: what is asked goes through the grants and the client, and whatever is wrong
// is in the answer.
func TestHTTP(t *testing.T) {
	tests := []struct{ name, request, want string }{
		{"get", `{"url":"https://a.example/x?key=1","headers":{"accept":"text/plain"}}`, `{"status":200,"body":"GET https://a.example/x?key=1 text/plain "}`},
		{"post", `{"method":"post","url":"https://a.example/","body":"b"}`, `{"status":200,"body":"POST https://a.example/  b"}`},
		{"no text", `{"url":"https://a.example/bytes"}`, `{"status":200,"base64":"//4="}`},
		{"empty", `{"url":"https://a.example/empty"}`, `{"status":204,"body":""}`},
		{"failed", `{"url":"https://a.example/down"}`, `{"error":"timeout"}`},
		{"other host", `{"url":"https://b.example/"}`, `{"error":"host b.example is not granted"}`},
		{"no request", `[]`, `{"error":"the request is no JSON of the form {\"url\": …}"}`},
		{"no address", `{"url":"https://a.example/ü"}`, `{"error":"the address is broken"}`},
		{"no method", `{"method":"GET X","url":"https://a.example/"}`, `{"error":"the method is broken"}`},
	}
	for _, tt := range tests {
		s := installed(t, Grants{Hosts: []string{"a.example"}}, func(_ string, s plugin.Stage) (string, error) {
			got, err := s.HTTP(tt.request)
			if err != nil || got != tt.want {
				t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
			}
			if again, err := s.HTTP(""); again != got || err != nil {
				t.Errorf("%s: again: %s, %v", tt.name, again, err)
			}
			return "", nil
		})
		c := cue("mark", "")
		c.Fetcher = web(func(q turn.Request) (turn.Answer, error) {
			switch {
			case strings.HasSuffix(q.URL, "bytes"):
				return turn.Answer{Status: 200, Body: "\xff\xfe"}, nil
			case strings.HasSuffix(q.URL, "empty"):
				return turn.Answer{Status: 204}, nil
			case strings.HasSuffix(q.URL, "down"):
				return turn.Answer{}, errors.New("timeout")
			}
			return turn.Answer{Status: 200, Body: q.Method + " " + q.URL + " " + q.Header["Accept"] + " " + q.Body}, nil
		})
		done := s.Direct(t.Context(), c)
		if done.Problem != "" || len(done.Log) != 1 || strings.Contains(done.Log[0].Text, "key") {
			t.Errorf("%s: %+v", tt.name, done)
		}
	}
}

// TestTooManyRequests: requests of a call are counted, and so is their time.
func TestTooManyRequests(t *testing.T) {
	for name, took := range map[string]time.Duration{"more than 5 requests in a call": time.Second, "the requests of a call may take 20s together": 10 * time.Second} {
		asked, last := 0, ""
		s := installed(t, Grants{Hosts: []string{"a.example"}}, func(_ string, s plugin.Stage) (string, error) {
			for range 6 {
				last, _ = s.HTTP(`{"url":"https://a.example/"}`)
			}
			return "", nil
		})
		c := cue("mark", "")
		c.Fetcher = web(func(turn.Request) (turn.Answer, error) {
			asked++
			return turn.Answer{Status: 200, Took: took}, nil
		})
		s.Direct(t.Context(), c)
		if last != `{"error":"`+name+`"}` || asked > 5 {
			t.Errorf("the last of %d answers is %s", asked, last)
		}
	}
}

// TestPrivateNetworks: a host of a private network is refused though it is granted, and
// so is a redirection to one.
func TestPrivateNetworks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("inside")) }))
	defer server.Close()
	ask := func(_ string, s plugin.Stage) (string, error) {
		answer, err := s.HTTP(`{"url":"` + server.URL + `/"}`)
		return answer, err
	}
	host := strings.TrimPrefix(server.URL, "http://")
	s := installed(t, Grants{Hosts: []string{host}}, ask)
	defer s.Plugins[0].client.Close()
	var lines []string
	for _, line := range s.Direct(t.Context(), cue("mark", "")).Log {
		lines = append(lines, line.Text)
	}
	if diff := cmp.Diff([]string{"GET " + server.URL + "/: the host lies in a private network"}, lines); diff != "" {
		t.Error(diff)
	}
}
