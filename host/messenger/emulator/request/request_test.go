package request

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// The parts of a call, wherever they stand (emulator.md §2).
func TestRead(t *testing.T) {
	const form, multi = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	for _, row := range []struct {
		name, method, target, auth, kind, body string
		want                                   Request
	}{
		{"header", "GET", "/v26.0/me?fields=id", "Bearer T", "", "", Request{
			Method: "GET", Version: "v26.0", Path: []string{"me"}, Secret: "T", Params: map[string]any{"fields": "id"},
		}},
		{"old header", "GET", "/me/", "OAuth T", "", "", Request{Method: "GET", Path: []string{"me"}, Secret: "T", Params: map[string]any{}}},
		{"query beats header", "GET", "/me?access_token=Q", "Bearer T", "", "", Request{Method: "GET", Path: []string{"me"}, Secret: "Q", Params: map[string]any{}}},
		{"method override", "POST", "/me?method=delete", "", "", "", Request{Method: "DELETE", Path: []string{"me"}, Params: map[string]any{}}},
		{"json body beats query", "POST", "/me?a=query", "", "application/json", `{"a":"body"}`, Request{
			Method: "POST", Path: []string{"me"}, Params: map[string]any{"a": "body"},
		}},
		{"form with JSON in single quotes", "POST", "/me", "", form, `a={'id':'5'}&b={x`, Request{
			Method: "POST", Path: []string{"me"}, Params: map[string]any{"a": map[string]any{"id": "5"}, "b": "{x"},
		}},
		{
			"upload", "POST", "/me", "", multi,
			"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n",
			Request{Method: "POST", Path: []string{"me"}, Params: map[string]any{}, Upload: &Upload{MIME: "image/png", Size: 3}},
		},
	} {
		r := httptest.NewRequest(row.method, row.target, strings.NewReader(row.body))
		r.Header.Set("Authorization", row.auth)
		r.Header.Set("Content-Type", row.kind)
		if got := Read(httptest.NewRecorder(), r); !reflect.DeepEqual(*got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, *got, row.want)
		}
	}
}

func TestReadRefusesBrokenBodies(t *testing.T) {
	for _, row := range []struct {
		name, kind, body string
		subcode          int
	}{
		{"json", "application/json", `{"a":`, 0},
		{"json that is no object", "application/json", `[1]`, 0},
		{"form", "application/x-www-form-urlencoded", "a=%zz", 0},
		{"multipart", "multipart/form-data; boundary=b", "--b\r\nbroken", 0},
		{"too large", "text/plain", strings.Repeat("x", maxBody+1), 2018109},
	} {
		r := httptest.NewRequest("POST", "/me", strings.NewReader(row.body))
		r.Header.Set("Content-Type", row.kind)
		if got := Read(httptest.NewRecorder(), r).Broken; got == nil || got.Code != 100 || got.Subcode != row.subcode {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

func TestFieldsAndRedacted(t *testing.T) {
	r := &Request{Params: map[string]any{"a": " x, ,y", "b": []any{"x", "y"}, "input_token": "EAAsecret"}}
	for _, name := range []string{"a", "b"} {
		if got := r.Fields(name); !reflect.DeepEqual(got, []string{"x", "y"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := r.Redacted(); got["input_token"] != "***" || got["a"] != " x, ,y" || r.Get("input_token") != "EAAsecret" {
		t.Errorf("redacted: %v of %v", got, r.Params)
	}
}
