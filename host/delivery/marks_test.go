package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// seer is a client that only marks as seen.
type seer struct {
	Client
	calls chan []string
}

func (s seer) MarkSeen(_ context.Context, psids []string) error {
	s.calls <- psids
	return nil
}

// Who is heard at the same time is told so in one call for each Page (messenger.md section 9, rule 10), as many
// as a batch has at most, and somebody alone is not forgotten.
func TestSeenTogether(t *testing.T) {
	for _, row := range []struct {
		name  string
		heard map[string]int // people by page
		want  []int          // of the calls, ascending
	}{
		{"alone", map[string]int{"1": 1}, []int{1}},
		{"many", map[string]int{"1": 30}, []int{30}},
		{"two pages", map[string]int{"1": 3, "2": 4}, []int{3, 4}},
		{"more than a batch", map[string]int{"1": messenger.MaxBatch + 1}, []int{1, messenger.MaxBatch}},
		{"more than there is room for", map[string]int{"1": 2 * MaxMarks}, slices.Repeat([]int{messenger.MaxBatch}, MaxMarks/messenger.MaxBatch)},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := seer{calls: make(chan []string, MaxMarks)}
				m := newMarks(func(string) (Client, bool) { return s, true }, nil, clock.Real{}, slog.New(slog.DiscardHandler))
				for page, n := range row.heard {
					for i := range n {
						m.seen(store.Key{Page: page, Person: fmt.Sprint(i)})
					}
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan struct{})
				go func() {
					m.run(ctx)
					close(ended)
				}()
				if err := clock.Sleep(ctx, clock.Real{}, SeenGap); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				cancel()
				<-ended
				close(s.calls)
				var got []int
				for people := range s.calls {
					got = append(got, len(people))
				}
				slices.Sort(got)
				if !slices.Equal(got, row.want) {
					t.Errorf("calls for %d people, want %d", got, row.want)
				}
			})
		})
	}
}
