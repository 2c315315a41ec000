package emulator

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// One send through the handler: parsed, checked, shown and logged. Its cost does not
// grow with the people on the Page.
func BenchmarkSend(b *testing.B) {
	for _, people := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) { benchmarkSend(b, people) })
	}
}

func benchmarkSend(b *testing.B, people int) {
	c := Config{Quotas: Quotas{SendsPerSecond: -1}, Pages: []Page{{ID: testPage, Token: testToken, Fields: []string{}}}}
	for i := range people {
		c.People = append(c.People, Person{ID: fmt.Sprintf("30000000000%05d", i)})
	}
	e, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	bodies := make([]string, people)
	for i, p := range c.People {
		if err := e.Act(b.Context(), Action{Kind: "say", Text: "hi", Person: p.ID}); err != nil {
			b.Fatal(err)
		}
		bodies[i] = `{"recipient":{"id":"` + p.ID + `"},"messaging_type":"RESPONSE","message":{"text":"hello"}}`
	}
	h := e.Handler()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequest(http.MethodPost, "/v26.0/me/messages", strings.NewReader(bodies[i%people]))
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
