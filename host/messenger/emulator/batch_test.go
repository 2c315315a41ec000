package emulator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// item is a send as a batch has it.
func item(person, text, more string) map[string]any {
	body := url.Values{"recipient": {`{"id":"` + person + `"}`}, "messaging_type": {"RESPONSE"}, "message": {`{"text":"` + text + `"}`}}.Encode()
	m := map[string]any{"method": "POST", "relative_url": "v26.0/me/messages", "body": body}
	if name, after, _ := strings.Cut(more, " after "); more != "" {
		m["name"], m["omit_response_on_success"] = name, false
		if after != "" {
			m["depends_on"] = after
		}
	}
	return m
}

// postBatch posts a batch and returns its answers.
func postBatch(t testing.TB, h http.Handler, items ...any) []any {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(value.Raw(map[string]any{"batch": items, "include_headers": false}))))
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	v, err := value.Decode(w.Body.Bytes())
	list, ok := value.List(v)
	if err != nil || !ok {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	return list
}

// The calls of a batch run side by side: one that is slow holds up those who wait for it, and the answer
// (emulator.md §2).
func TestSlowCallsOfABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := New(Config{Seed: 1, Pages: []Page{{ID: testPage, Token: testToken, Fields: []string{}}}, People: []Person{{ID: testPSID}}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if err := e.Act(t.Context(), Action{Kind: "say", Text: "hi", Person: testPSID}); err != nil {
			t.Fatal(err)
		}
		const slow = time.Minute
		if _, err := e.Arm(Fault{Kind: "slow", Endpoint: "messages", Delay: int(slow / time.Millisecond), Times: 100}); err != nil {
			t.Fatal(err)
		}
		began := e.Now()
		answers := postBatch(t, e.Handler(),
			item(testPSID, "a", "first"), item(testPSID, "b", "second after first"), item(testPSID, "c", ""), item(testPSID, "d", "third after second"), item(testPSID, "e", ""))
		if took := e.Now().Sub(began); took != 3*slow {
			t.Errorf("the batch took %s, want that of its longest chain, %s", took, 3*slow)
		}
		for i, a := range answers {
			if value.Text(value.Object(a)["code"]) != "200" {
				t.Errorf("answer %d: %v", i, a)
			}
		}
		seen, err := e.Thread("", testPSID)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]time.Duration{"a": 0, "b": slow, "c": 0, "d": 2 * slow, "e": 0}
		for _, b := range seen.Bubbles[1:] {
			if after := b.At.Sub(began).Truncate(time.Second); after != want[b.Text] {
				t.Errorf("%s was accepted after %s, want %s", b.Text, after, want[b.Text])
			}
		}
	})
}

// TestMediaOfABatch: what the messages of a batch name by URL is fetched all at once, and each gets what is wrong with its own.
func TestMediaOfABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow = 3 * time.Second
		media := &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(slow) // of the bubble's clock
			status := http.StatusOK
			if r.URL.Path == "/no" {
				status = http.StatusNotFound
			}
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"image/png"}}, Body: io.NopCloser(strings.NewReader("x")), Request: r}, nil
		})}
		e, err := New(Config{Seed: 1, Media: media, Pages: []Page{{ID: testPage, Token: testToken, Fields: []string{}}}, People: []Person{{ID: testPSID}}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if err := e.Act(t.Context(), Action{Kind: "say", Text: "hi", Person: testPSID}); err != nil {
			t.Fatal(err)
		}
		show := func(path, more string) map[string]any {
			it := item(testPSID, "", more)
			it["body"] = url.Values{
				"recipient": {`{"id":"` + testPSID + `"}`}, "messaging_type": {"RESPONSE"},
				"message": {`{"attachment":{"type":"image","payload":{"url":"https://media.example` + path + `"}}}`},
			}.Encode()
			return it
		}
		began := e.Now()
		answers := postBatch(t, e.Handler(), show("/a", "first"), show("/b", ""), show("/no", ""), show("/c", "last after first"))
		if took := e.Now().Sub(began); took != 2*slow { // the last waits for the first
			t.Errorf("it took %s, want %s", took, 2*slow)
		}
		for i, want := range []string{"200", "200", "400", "200"} {
			if got := value.Text(value.Object(answers[i])["code"]); got != want {
				t.Errorf("answer %d is %v, want %s", i, answers[i], want)
			}
		}
	})
}
