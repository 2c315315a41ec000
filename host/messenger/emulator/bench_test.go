package emulator

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// One send through the handler: parsed, checked, shown and logged. Its cost does not
// grow with the people on the Page.
func BenchmarkSend(b *testing.B) {
	for _, people := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) { benchmarkSend(b, people) })
	}
}

// A batch of sends to as many people; the cost of one of them is what matters.
func BenchmarkBatch(b *testing.B) {
	const people = 20
	e, c := benchmarked(b, people)
	defer e.Close()
	items := make([]any, people)
	for i, p := range c.People {
		items[i] = item(p.ID, "hello", "")
	}
	h := e.Handler()
	b.ReportAllocs()
	for b.Loop() {
		if answers := postBatch(b, h, items...); value.Text(value.Object(answers[0])["code"]) != "200" {
			b.Fatal(answers)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*people), "ns/send")
}

// benchmarked is an emulator whose people have written, and nobody hears of what they are sent.
func benchmarked(b *testing.B, people int) (*Emulator, Config) {
	c := Config{Quotas: Quotas{SendsPerSecond: -1, CallsPerEngagedUser: math.MaxInt32}, Pages: []Page{{ID: testPage, Token: testToken, Fields: []string{}}}}
	for i := range people {
		c.People = append(c.People, Person{ID: fmt.Sprintf("30000000000%05d", i)})
	}
	e, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range c.People {
		if err := e.Act(b.Context(), Action{Kind: "say", Text: "hi", Person: p.ID}); err != nil {
			b.Fatal(err)
		}
	}
	return e, c
}

func benchmarkSend(b *testing.B, people int) {
	e, c := benchmarked(b, people)
	defer e.Close()
	bodies := make([]string, people)
	for i, p := range c.People {
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
