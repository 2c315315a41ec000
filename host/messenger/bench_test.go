package messenger

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkSend is the processor time of a message on its way out and of its answer on its way back, alone and with others; that
// of a server that says nothing but yes is in it.
func BenchmarkSend(b *testing.B) {
	const inner = `{"code":200,"headers":[{"name":"Content-Type","value":"text/javascript; charset=UTF-8"},{"name":"X-App-Usage","value":"{\"call_count\":1,\"total_cputime\":1,\"total_time\":1}"},{"name":"X-Business-Use-Case-Usage","value":"{\"104290001\":[{\"call_count\":1,\"estimated_time_to_regain_access\":0,\"total_cputime\":1,\"total_time\":1,\"type\":\"messenger\"}]}"}],"body":"{\"recipient_id\":\"7\",\"message_id\":\"m_1\"}"}`
	for _, size := range []int{1, 2, 4, 16} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) {
			yes := "[" + strings.TrimSuffix(strings.Repeat(inner+",", size), ",") + "]"
			c := graph(b, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if size == 1 {
					answer(w, http.StatusOK, `{"recipient_id":"7","message_id":"m_1"}`)
					return
				}
				answer(w, http.StatusOK, yes)
			})
			parcels := make([]Parcel, size)
			for i := range parcels {
				parcels[i] = Parcel{Person: fmt.Sprint(1000 + i), Message: Outgoing{Text: "12: ticket 12", Metadata: "0123456789abcdef0123456789abcdef.0"}}
			}
			b.ReportAllocs()
			for range b.N {
				if size == 1 {
					if _, err := c.Send(b.Context(), parcels[0].Person, parcels[0].Message); err != nil {
						b.Fatal(err)
					}
					continue
				}
				each, err := c.SendAll(b.Context(), parcels)
				if err != nil || each[size-1].Err != nil {
					b.Fatal(err, each)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/message")
		})
	}
}
