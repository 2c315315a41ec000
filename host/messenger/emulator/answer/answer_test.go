package answer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// An answer is written as a response, and within a batch with its headers in order, or without them.
func TestAnswer(t *testing.T) {
	a := Answer{Status: 400, Headers: []Header{{"X-Fb-Trace-Id", "T"}, {"Content-Type", "application/json"}}, Body: json.RawMessage(`{"a":"\"é"}`)}
	w := httptest.NewRecorder()
	a.Write(w)
	if w.Code != 400 || w.Header().Get("X-FB-Trace-ID") != "T" || w.Header().Get("Content-Type") != "application/json" || w.Body.String() != string(a.Body) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	w.Header().Add("X-FB-Trace-ID", "U")
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("a value added to one header changed another: %q", got)
	}
	const body = `{"body":"{\"a\":\"\\\"é\"}","code":400`
	for _, row := range []struct {
		in   Inner
		want string
	}{
		{Inner{Answer: a, Bare: true}, body + "}"},
		{Inner{Answer: a}, body + `,"headers":[{"name":"Content-Type","value":"application/json"},{"name":"X-Fb-Trace-Id","value":"T"}]}`},
	} {
		if got := string(value.Raw(row.in)); got != row.want {
			t.Errorf("%s, want %s", got, row.want)
		}
	}
}

// The date is that of the second, whichever came before.
func TestDate(t *testing.T) {
	var d Date
	for _, at := range []time.Time{time.Unix(0, 0), time.Unix(0, 999), time.Unix(1, 0), time.Unix(0, 0), time.Unix(1_700_000_000, 0)} {
		if got, want := d.Text(at), at.UTC().Format(http.TimeFormat); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
