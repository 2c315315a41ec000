package chronicle

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
)

// BenchmarkHeard is a line of the log of a host: each turn writes three of the kind.
func BenchmarkHeard(b *testing.B) {
	w := NewWriter(slog.New(slog.NewJSONHandler(io.Discard, nil)), false)
	event := messenger.Event{Kind: messenger.KindMessage, Page: ann.Page, Person: ann.Person, ID: "message|m_1", At: time.Now(), Message: &messenger.Message{ID: "m_1", Text: "hush hush"}}
	b.ReportAllocs()
	for b.Loop() {
		w.Heard(event, delivery.Kept)
	}
}
