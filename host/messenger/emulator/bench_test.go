package emulator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// One send through the handler: parsed, checked, shown and logged.
func BenchmarkSend(b *testing.B) {
	e, err := New(Config{Quotas: Quotas{SendsPerSecond: -1}, Pages: []Page{{ID: testPage, Token: testToken, Fields: []string{}}}, People: []Person{{ID: testPSID}}})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	if err := e.Act(b.Context(), Action{Kind: "say", Text: "hi"}); err != nil {
		b.Fatal(err)
	}
	h := e.Handler()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/v26.0/me/messages", strings.NewReader(
			`{"recipient":{"id":"`+testPSID+`"},"messaging_type":"RESPONSE","message":{"text":"hello"}}`))
		r.Header.Set("Authorization", "Bearer "+testToken)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			body, _ := io.ReadAll(w.Body)
			b.Fatalf("%d %s", w.Code, body)
		}
	}
}
