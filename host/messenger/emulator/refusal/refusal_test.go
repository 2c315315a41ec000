package refusal

import (
	"net/http"
	"reflect"
	"testing"
)

// The body of emulator.md §3: optional fields stand only where they are meant.
func TestAnswer(t *testing.T) {
	for _, row := range []struct {
		name     string
		refusal  *Refusal
		language string
		want     map[string]any
	}{
		{"plain", New(100, 0, "param %s must be an array.", "x"), "", map[string]any{
			"message": "(#100) param x must be an array.", "type": "OAuthException", "code": 100, "fbtrace_id": "T",
		}},
		{"subcode", New(10, Window, "late"), "", map[string]any{
			"message": "(#10) late", "type": "OAuthException", "code": 10, "error_subcode": 2018278, "fbtrace_id": "T",
		}},
		{"bare", Missing("7"), "", map[string]any{
			"message": "Unsupported request. Object with ID '7' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
			"type":    "GraphMethodException", "code": 100, "error_subcode": 33, "fbtrace_id": "T",
		}},
		{"code 2 is transient", &Refusal{Code: 2, Text: "x", Bare: true}, "", map[string]any{
			"message": "x", "type": "OAuthException", "code": 2, "is_transient": true, "fbtrace_id": "T",
		}},
		{"foreign", New(10, 0, "late"), "de", map[string]any{
			"message": "(#10) " + foreign["de"], "type": "OAuthException", "code": 10, "fbtrace_id": "T",
		}},
		{"listed by itself", Listed(0, 2018300, "x"), "", map[string]any{
			"message": "(#2018300) x", "type": "OAuthException", "code": 2018300, "fbtrace_id": "T",
		}},
		{"listed under a code", Listed(10, 2018300, "x"), "", map[string]any{
			"message": "(#10) x", "type": "OAuthException", "code": 10, "error_subcode": 2018300, "fbtrace_id": "T",
		}},
	} {
		if got := row.refusal.Answer(row.language, "T")["error"]; !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

// F5: the refusal's own status counts before the switch, the switch before the rule.
func TestHTTPStatus(t *testing.T) {
	byCode := map[int]int{2: 503, 10: 403}
	for _, row := range []struct {
		name    string
		refusal Refusal
		byCode  map[int]int
		want    int
	}{
		{"usual", Refusal{Code: 10}, nil, http.StatusBadRequest},
		{"code 2", Refusal{Code: 2}, nil, http.StatusInternalServerError},
		{"switched", Refusal{Code: 10}, byCode, 403},
		{"code 2, switched", Refusal{Code: 2}, byCode, 503},
		{"its own", Refusal{Code: 10, Status: 429}, byCode, 429},
	} {
		if got := row.refusal.HTTPStatus(row.byCode); got != row.want {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
}

// The header is one line of quoted words, whatever the text holds.
func TestChallenge(t *testing.T) {
	if got := New(100, 0, "x").Challenge(); got != "" {
		t.Errorf("a refusal that is not of the token has the header %q", got)
	}
	got := Token(463, "Session \"x\"\nended").Challenge()
	if want := `OAuth "Facebook Platform" "invalid_token" "Session 'x' ended"`; got != want {
		t.Errorf("header %s, want %s", got, want)
	}
}

func TestTexts(t *testing.T) {
	if Text(613, 0) == Text(-1, 0) || Text(-1, 0) == "" {
		t.Errorf("texts of 613 and of no code: %q, %q", Text(613, 0), Text(-1, 0))
	}
	if text, known := Death(463); !known || text == "" {
		t.Errorf("death 463: %q, %v", text, known)
	}
	if _, known := Death(1); known {
		t.Error("a token died of 1")
	}
}
