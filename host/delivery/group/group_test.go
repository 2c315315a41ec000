package group

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const page = "100"

// graph is a platform that takes its time; it notes who was written to in one call.
type graph struct {
	took   time.Duration
	refuse error // of a call with several messages

	mu    sync.Mutex
	calls [][]string // people
	said  map[string][]string
}

func (g *graph) Send(_ context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	out, err := g.carry([]messenger.Parcel{{Person: psid, Message: m}})
	return out[0].Receipt, err
}

func (g *graph) SendAll(_ context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	if g.refuse != nil {
		time.Sleep(g.took)
		return nil, g.refuse
	}
	return g.carry(parcels)
}

func (g *graph) carry(parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	g.mu.Lock()
	var people []string
	out := make([]messenger.Outcome, len(parcels))
	for i, p := range parcels {
		people = append(people, p.Person)
		g.said[p.Person] = append(g.said[p.Person], p.Message.Text)
		out[i].Receipt.MessageID = "m_" + p.Message.Text
	}
	g.calls = append(g.calls, people)
	g.mu.Unlock()
	time.Sleep(g.took) // of the bubble's clock
	return out, nil
}

// sizes of the calls, in order: of calls that leave at the same moment any may come first.
func (g *graph) sizes() []int {
	var out []int
	for _, c := range g.calls {
		out = append(out, len(c))
	}
	slices.Sort(out)
	return out
}

func on(ctx context.Context, g *graph, calls int) *Groups {
	g.said = map[string][]string{}
	return New(ctx, func(string) (Client, bool) { return g, true }, clock.Real{}, calls)
}

func parcel(person, text string) messenger.Parcel {
	return messenger.Parcel{Person: person, Message: messenger.Outgoing{Text: text}}
}

func always() bool { return true }

// Who goes alone, who together, and how long they wait (messenger.md section 3.10).
func TestWhoGoesTogether(t *testing.T) {
	for _, row := range []struct {
		name   string
		people int
		took   time.Duration
		want   []int // sizes of the calls, in order
		within time.Duration
	}{
		{"one", 1, time.Second, []int{1}, time.Second},
		{"few", 2, time.Second, []int{1, 1}, time.Second},
		{"those behind them", 7, time.Millisecond, []int{1, 1, 5}, 2 * time.Millisecond},
		{"no more than MaxSize", 2 + MaxSize + 3, time.Millisecond, []int{1, 1, 3, MaxSize}, 2 * time.Millisecond},
		{"behind slow calls they wait no longer than Wait", 7, time.Second, []int{1, 1, 5}, time.Second + Wait},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				platform := &graph{took: row.took}
				g := on(t.Context(), platform, DefaultCalls)
				start := time.Now()
				var all sync.WaitGroup
				for i := range row.people {
					all.Go(func() {
						text := fmt.Sprint("to ", i)
						r, err := g.Send(t.Context(), page, parcel(fmt.Sprint(i), text), always)
						if err != nil || r.MessageID != "m_"+text {
							t.Errorf("%d: %+v %v", i, r, err)
						}
					})
					synctest.Wait()
				}
				all.Wait()
				if got := platform.sizes(); !slices.Equal(got, row.want) {
					t.Errorf("calls of %v messages, want %v", got, row.want)
				}
				if took := time.Since(start); took > row.within {
					t.Errorf("took %s, want %s at most", took, row.within)
				}
			})
		})
	}
}

// Whatever comes when: no call has two messages to one person, each person's messages keep their order, each
// message goes once and its sender hears of it, and nobody waits for more than Wait and a call.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		calls, people := rapid.IntRange(1, 3).Draw(rt, "calls"), rapid.IntRange(1, 30).Draw(rt, "people")
		took := time.Duration(rapid.IntRange(0, 50).Draw(rt, "took")) * time.Millisecond
		gaps := rapid.SliceOfN(rapid.IntRange(0, 10), people, people).Draw(rt, "gaps")
		twice := rapid.Bool().Draw(rt, "twice") // a lease was lost, and taken again: a second sender for each person
		var fault string
		synctest.Test(t, func(t *testing.T) {
			platform := &graph{took: took}
			g := on(t.Context(), platform, calls)
			var all sync.WaitGroup
			var mu sync.Mutex
			talk := func(person, mark string, gap int) {
				for n := range 4 {
					time.Sleep(time.Duration(gap) * time.Millisecond)
					begun := time.Now()
					text := fmt.Sprint(person, mark, n)
					r, err := g.Send(t.Context(), page, parcel(person, text), always)
					if waited := time.Since(begun); err != nil || r.MessageID != "m_"+text || waited > Wait+took {
						mu.Lock()
						fault = fmt.Sprintf("%s: %+v, %v after %s", text, r, err, waited)
						mu.Unlock()
					}
				}
			}
			for i, gap := range gaps {
				all.Go(func() { talk(fmt.Sprint(i), "a", gap) })
				if twice {
					all.Go(func() { talk(fmt.Sprint(i), "b", gap) })
				}
			}
			all.Wait()
			for _, c := range platform.calls {
				sorted := slices.Sorted(slices.Values(c))
				if len(slices.Compact(sorted)) != len(c) || len(c) > MaxSize {
					fault = fmt.Sprintf("one call to %v", c)
				}
			}
			for person, said := range platform.said {
				for _, mark := range []string{"a", "b"} {
					var own []string
					for _, text := range said {
						if len(text) > 1 && text[len(text)-2:len(text)-1] == mark {
							own = append(own, text)
						}
					}
					if (mark == "a" || twice) && (len(own) != 4 || !slices.IsSorted(own)) {
						fault = fmt.Sprintf("%s was told %v", person, own)
					}
				}
			}
		})
		if fault != "" {
			rt.Fatal(fault)
		}
	})
}

// What refuses a call as a whole befalls each of its messages, or none: then they stay, and go alone from then on.
func TestRefusalsOfTheWhole(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		each bool
	}{
		{"dead token", &messenger.APIError{Status: 400, Code: 190}, true},
		{"app limit", &messenger.APIError{Status: 400, Code: 4}, true},
		{"page limit", &messenger.APIError{Status: 400, Code: 32}, true},
		{"rate", &messenger.APIError{Status: 400, Code: 613}, true},
		{"passing", &messenger.APIError{Status: 400, Code: 1200}, true},
		{"arrived all the same", &messenger.APIError{Status: 400, Code: 1, Subcode: 1357046}, true},
		{"5xx", &messenger.APIError{Status: 503}, true},
		{"answer lost", &messenger.TransportError{Op: "send", Err: errors.New("reset")}, true},
		{"not reached", &messenger.TransportError{Op: "send", NotSent: true, Err: errors.New("dial")}, true},
		{"no batch", &messenger.APIError{Status: 400, Code: 100}, false},
		{"one person's matter", &messenger.APIError{Status: 400, Code: 551}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				platform := &graph{took: time.Millisecond, refuse: row.err}
				g := on(t.Context(), platform, 1)
				round := func() (errs []error) {
					errs = make([]error, 3)
					var all sync.WaitGroup
					for i := range errs {
						all.Go(func() { _, errs[i] = g.Send(t.Context(), page, parcel(fmt.Sprint(i), "hi"), always) })
						synctest.Wait()
					}
					all.Wait()
					return errs
				}
				want := row.err
				if !row.each {
					want = ErrStayed
				}
				if errs := round(); errs[0] != nil || !errors.Is(errs[1], want) || !errors.Is(errs[2], want) {
					t.Errorf("outcomes %v, want %v for those who went together", errs, want)
				}
				if row.each {
					return
				}
				if errs := round(); slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
					t.Errorf("alone they are refused: %v", errs)
				}
				time.Sleep(Rest)
				if errs := round(); !errors.Is(errs[1], ErrStayed) {
					t.Errorf("after %s they do not go together: %v", Rest, errs)
				}
			})
		})
	}
}

// Whose lease may have run out while it waited stays, and keeps nobody else; who gives up leaves the others their call.
func TestWhoStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := &graph{took: time.Millisecond}
		g := on(t.Context(), platform, 1)
		gone, cancel := context.WithCancel(t.Context())
		errs := make([]error, 5)
		var all sync.WaitGroup
		for i := range errs {
			ctx, fresh := t.Context(), always
			switch i {
			case 1:
				ctx = gone
			case 2:
				fresh = func() bool { return false }
			}
			all.Go(func() { _, errs[i] = g.Send(ctx, page, parcel(fmt.Sprint(i), "hi"), fresh) })
			synctest.Wait()
		}
		cancel()
		all.Wait()
		var lost *messenger.TransportError
		if !errors.As(errs[1], &lost) || !lost.NotSent || !errors.Is(errs[2], ErrStayed) || errs[0] != nil || errs[3] != nil || errs[4] != nil {
			t.Errorf("outcomes %v", errs)
		}
		if got := fmt.Sprint(platform.calls); got != "[[0] [3 4]]" {
			t.Errorf("calls %s", got)
		}
	})
}
