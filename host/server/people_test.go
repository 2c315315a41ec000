package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// people keeps what it is told.
type people struct {
	mu    sync.Mutex
	codes map[string]string // code to user
	left  []string
	err   error
}

func (p *people) Forget(_ context.Context, code, _, user string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.codes[code] = user
	return nil
}

func (p *people) Progress(_ context.Context, code string) (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.codes[code]
	return "It is being seen to.", ok, p.err
}

func (p *people) Leave(_ context.Context, _, user string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = append(p.left, user)
	return p.err
}

func withPeople(t *testing.T, change ...func(*Config)) (*house, *people) {
	p := &people{codes: map[string]string{}}
	return open(t, func(c *Config) {
		c.People = p
		for _, one := range change {
			one(c)
		}
	}), p
}

var formType = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}

func signedForm(user string, at time.Time) []byte {
	payload := fmt.Sprintf(`{"user_id":%q,"algorithm":"HMAC-SHA256","issued_at":%d}`, user, at.Unix())
	return []byte(url.Values{"signed_request": {messenger.SignRequest(secret, []byte(payload))}}.Encode())
}

// Rule 17: the request is kept, the code leads to its state and says nothing of the person.
func TestDeletion(t *testing.T) {
	const user = "218471990001"
	h, p := withPeople(t)
	form := signedForm(user, time.Now())
	status, text, _ := h.do("POST", "/deletion", formType, form)
	var answer struct {
		URL  string `json:"url"`
		Code string `json:"confirmation_code"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || status != 200 || p.codes[answer.Code] != user || answer.Code == "" {
		t.Fatalf("%d %q: kept %v, %v", status, text, p.codes, err)
	}
	if want := h.url + "/deletion?code=" + answer.Code; answer.URL != want {
		t.Errorf("url %q, want %q", answer.URL, want)
	}
	if _, again, _ := h.do("POST", "/deletion", formType, form); again != text || len(p.codes) != 1 {
		t.Errorf("the same request again: %q, kept %v", again, p.codes)
	}
	if _, other, _ := h.do("POST", "/deletion", formType, signedForm("2", time.Now())); other == text {
		t.Error("two people have one code")
	}
	status, text, header := h.do("GET", "/deletion?code="+answer.Code, nil, nil)
	if status != 200 || !strings.Contains(text, "It is being seen to.") || strings.Contains(text, user) {
		t.Errorf("state page: %d %q", status, text)
	}
	if header.Get("Content-Security-Policy") == "" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("state page: header %v", header)
	}
	for query, want := range map[string]int{"": 400, "?code=": 400, "?code=" + url.QueryEscape("<script>"): 404} {
		if status, text, _ := h.do("GET", "/deletion"+query, nil, nil); status != want || strings.Contains(text, "<script") {
			t.Errorf("state page %q: %d %q, want %d", query, status, text, want)
		}
	}
	p.err = errors.New("the disk is full")
	if status, text, _ := h.do("POST", "/deletion", formType, form); status != 503 || strings.Contains(text, "disk") {
		t.Errorf("store down: %d %q", status, text)
	}
	if status, text, _ := h.do("GET", "/deletion?code=x", nil, nil); status != 503 || strings.Contains(text, "disk") {
		t.Errorf("store down, state page: %d %q", status, text)
	}
	if strings.Contains(h.log.String(), user) {
		t.Error("the log names who wants to be forgotten")
	}
}

// The address that people are given is the public one.
func TestDeletionAddress(t *testing.T) {
	for _, row := range []struct{ public, host, want string }{
		{"", "bot.example", "https://bot.example/deletion?code="},
		{"", "bot.example:8443", "https://bot.example:8443/deletion?code="},
		{"", "localhost:8080", "http://localhost:8080/deletion?code="},
		{"https://front.example/bot/", "inside:8080", "https://front.example/bot/deletion?code="},
	} {
		h, _ := withPeople(t, func(c *Config) { c.Public = row.public })
		header := map[string]string{"Content-Type": formType["Content-Type"], "Host": row.host}
		if _, text, _ := h.do("POST", "/deletion", header, signedForm("1", time.Now())); !strings.Contains(text, `"url":"`+row.want) {
			t.Errorf("%+v: %s", row, text)
		}
	}
}

// Rule 18, and both callbacks refuse what Meta has not signed.
func TestDeauthorise(t *testing.T) {
	h, p := withPeople(t)
	if status, text, _ := h.do("POST", "/deauthorise", formType, signedForm("77", time.Now())); status != 200 || len(p.left) != 1 || p.left[0] != "77" {
		t.Errorf("%d %q, %v have left", status, text, p.left)
	}
	p.err = errors.New("no")
	if status, _, _ := h.do("POST", "/deauthorise", formType, signedForm("77", time.Now())); status != 503 {
		t.Errorf("store down: %d", status)
	}
}

func TestCallbacksRefuse(t *testing.T) {
	h, p := withPeople(t)
	other := url.Values{"signed_request": {messenger.SignRequest("another secret", []byte(`{"user_id":"1","algorithm":"HMAC-SHA256"}`))}}.Encode()
	for _, path := range []string{"/deletion", "/deauthorise"} {
		for _, row := range []struct {
			name, body string
			want       int
		}{
			{"nothing", "", 400},
			{"no form", "{}", 400},
			{"a bad escape", "signed_request=%zz", 400},
			{"no signature", "signed_request=abc", 400},
			{"another secret", other, 403},
			{"an old one", string(signedForm("1", time.Now().Add(-2*time.Hour))), 400},
			{"too large", "signed_request=" + strings.Repeat("a", MaxForm), 413},
		} {
			if status, text, _ := h.do("POST", path, formType, []byte(row.body)); status != row.want {
				t.Errorf("%s, %s: %d %q, want %d", path, row.name, status, text, row.want)
			}
		}
	}
	if len(p.codes)+len(p.left) != 0 {
		t.Errorf("something was believed: %v, %v", p.codes, p.left)
	}
	plain := open(t, nil)
	if status, _, _ := plain.do("POST", "/deletion", formType, signedForm("1", time.Now())); status != 404 {
		t.Errorf("without anybody to tell: %d", status)
	}
}
