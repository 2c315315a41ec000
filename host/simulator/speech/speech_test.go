package speech

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// say is a Speech on one line.
func say(s Speech) string {
	line := s.Recipient.ID + " " + s.Action
	if m := s.Message; m != nil {
		line += fmt.Sprintf(" %s/%s/%s/%s", m.Metadata, m.Text, m.Attachment.Payload.URL, m.Attachment.Payload.ID)
	}
	return line
}

const (
	textBody    = `{"recipient":{"id":"5"},"message":{"text":"hello","metadata":"m1"}}`
	pictureBody = `{"recipient":{"id":"6"},"message":{"attachment":{"type":"image","payload":{"attachment_id":"a9"}},"metadata":"m2"}}`
)

// batch is a call that brings several others.
func batch(bodies ...string) string {
	var inner []string
	for _, b := range bodies {
		body, _ := json.Marshal(b) // a string is JSON
		inner = append(inner, `{"method":"POST","relative_url":"7/messages","body":`+string(body)+`}`)
	}
	return `{"batch":[` + strings.Join(inner, ",") + `]}`
}

func TestRead(t *testing.T) {
	form := func(recipient, message string) string {
		return url.Values{"recipient": {recipient}, "message": {message}, "messaging_type": {"RESPONSE"}}.Encode()
	}
	for _, row := range []struct {
		name, body string
		want       []string
	}{
		{"no body", "", []string{" "}},
		{"no JSON", "<html>", []string{" "}},
		{"a text", textBody, []string{"5  m1/hello//"}},
		{"a picture by its id", pictureBody, []string{"6  m2///a9"}},
		{"an upload", `{"message":{"attachment":{"payload":{"url":"https://x.example/p.png"}}}}`, []string{"  //https://x.example/p.png/"}},
		{"a sign of typing", `{"recipient":{"id":"5"},"sender_action":"typing_on"}`, []string{"5 typing_on"}},
		{"a batch", batch(form(`{"id":"5"}`, `{"text":"a&b","metadata":"m1"}`), form(`{"id":"6"}`, `{"text":"c","metadata":"m2"}`)), []string{"5  m1/a&b//", "6  m2/c//"}},
		{"a sign of typing in a batch", batch("recipient=%7B%22id%22%3A%225%22%7D&sender_action=typing_on"), []string{"5 typing_on"}},
		{"a batch of what cannot be read", batch("recipient=%zz", form("5", "[")), []string{" ", " "}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, s := range Read([]byte(row.body)) {
				got = append(got, say(s))
			}
			if strings.Join(got, "\n") != strings.Join(row.want, "\n") {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// FuzzRead: whatever a call says, it says something, of a batch as many things as it has calls.
func FuzzRead(f *testing.F) {
	f.Add("")
	f.Add(textBody)
	f.Add(batch("recipient=5", pictureBody))
	f.Fuzz(func(t *testing.T, body string) {
		if len(Read([]byte(body))) == 0 {
			t.Error("a call says nothing at all")
		}
		if n := len(Read([]byte(batch(body, body)))); n != 2 {
			t.Errorf("a batch of two says %d things", n)
		}
	})
}

func TestAddress(t *testing.T) {
	for attachment, want := range map[string]string{
		"": "", `{"type":"image","payload":{"url":"https://x.example/p.png"}}`: "https://x.example/p.png",
		`{"payload":{"attachment_id":"a9"}}`: "",
	} {
		if got := Address([]byte(attachment)); got != want {
			t.Errorf("address in %q is %q, want %q", attachment, got, want)
		}
	}
}

func TestTold(t *testing.T) {
	const each = `[{"code":200,"body":"{}"},null,{"code":400,"body":"{\"error\":{\"code\":100,\"error_subcode\":2018001}}"}]`
	for _, row := range []struct {
		name       string
		status     int
		body       string
		i, several int
		code       int
		sub        int
		want       int
	}{
		{"of one message", 400, `{"error":{"code":613}}`, 0, 1, 613, 0, 400},
		{"of one message, in a list all the same", 200, each, 2, 1, 0, 0, 200},
		{"of the first", 200, each, 0, 3, 0, 0, 200},
		{"of one that is left out", 200, each, 1, 3, 0, 0, 0},
		{"of one that is refused", 200, each, 2, 3, 100, 2018001, 400},
		{"of one beyond the end", 200, each, 3, 4, 0, 0, 0},
		{"of a batch that is refused", 400, `{"error":{"code":4}}`, 2, 3, 4, 0, 400},
		{"without a list", 200, `{}`, 0, 2, 0, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := NewAnswer(http.StatusOK, 1)
			a.WriteHeader(row.status)
			_, _ = a.Write([]byte(row.body))
			a.WriteHeader(http.StatusTeapot) // too late
			status, body := a.Told(row.i, row.several)
			code, sub := Refusal(body)
			if status != row.want || code != row.code || sub != row.sub {
				t.Errorf("told %d, %d/%d, want %d, %d/%d", status, code, sub, row.want, row.code, row.sub)
			}
		})
	}
}

func TestUploaded(t *testing.T) {
	a := NewAnswer(http.StatusOK, 1)
	if id := a.Uploaded(); id != "" {
		t.Errorf("id %q of nothing", id)
	}
	_, _ = a.Write([]byte(`{"attachment_id":"a9"}`))
	if id := a.Uploaded(); id != "a9" {
		t.Errorf("id %q, want a9", id)
	}
}

func TestResponse(t *testing.T) {
	a := NewAnswer(http.StatusServiceUnavailable, 0)
	a.Header().Set("Retry-After", "1")
	r := a.Response(nil)
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") != "1" || r.ContentLength != 0 {
		t.Errorf("got %+v", r)
	}
}
