package delivery

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// bell is a phone that rings when a message comes.
type bell struct {
	phone

	rung chan struct{}
}

func (b *bell) Send(context.Context, string, messenger.Outgoing) (messenger.Receipt, error) {
	b.rung <- struct{}{}
	return messenger.Receipt{MessageID: "m"}, nil
}

func (b *bell) SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	return together(ctx, b, parcels), nil
}

// The way of a message, from Accept until its answer is on its way to Messenger, with a store
// on disk; one at a time, and from a hundred people at a time.
func BenchmarkMessage(b *testing.B) {
	for _, people := range []int{1, 100} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			kept, err := bolt.Open(bolt.Options{Path: filepath.Join(b.TempDir(), "state.db")})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = kept.Close() }()
			rings := &bell{rung: make(chan struct{}, people)}
			d, err := New(Config{Store: kept, Bots: &actor{}, Clients: func(string) (Client, bool) { return rings, true }})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			var run sync.WaitGroup
			run.Go(func() { _ = d.Run(ctx) })
			defer run.Wait()
			defer cancel()
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for person := range people {
					n++
					mid := strconv.Itoa(n)
					run.Go(func() {
						if err := d.Accept(ctx, []messenger.Event{{
							Kind: messenger.KindMessage, Page: page, Person: strconv.Itoa(person), ID: mid, At: time.Now(),
							Message: &messenger.Message{ID: mid, Text: "hello"},
						}}); err != nil {
							b.Error(err)
						}
					})
				}
				for range people {
					<-rings.rung
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/message")
		})
	}
}
