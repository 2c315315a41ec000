package mask

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// slow makes a persona when it is let, and counts.
type slow struct {
	graph
	called int
	let    chan struct{} // closed: at once
}

func (s *slow) MakePersona(ctx context.Context, p messenger.Persona) (string, error) {
	s.called++
	select {
	case <-s.let:
		return s.graph.MakePersona(ctx, p)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// drawer keeps papers in memory.
type drawer struct {
	mu     sync.Mutex
	papers map[string]store.Paper
}

func (d *drawer) Paper(_ context.Context, name string) (store.Paper, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.papers[name]
	p.Name = name
	return p, nil
}

func (d *drawer) SetPaper(_ context.Context, p store.Paper) (revision uint64, done bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.papers[p.Name].Revision; now != p.Revision {
		return now, false, nil
	}
	p.Revision++
	d.papers[p.Name] = p
	return p.Revision, true, nil
}

// answer is what Find gave.
type answer struct {
	id  string
	err error
}

// TestMaking: while a persona of a Page is being made nobody else is held up, neither another Page nor another persona;
// who wants the same waits for it for as long as they like, and takes over when the first gives up.
func TestMaking(t *testing.T) {
	w := New(&drawer{papers: map[string]store.Paper{}}, clock.Real{})
	quick := &graph{}
	for page, first := range map[string]bool{"101": true, "102": false} { // whether the first makes it, or gives up
		synctest.Test(t, func(t *testing.T) {
			by := &slow{let: make(chan struct{})}
			ctx, giveUp := context.WithCancel(t.Context())
			find := func(ctx context.Context) <-chan answer {
				out := make(chan answer, 1)
				go func() {
					id, err := w.Find(ctx, page, vera, by)
					out <- answer{id, err}
				}()
				return out
			}
			one := find(ctx)
			synctest.Wait()
			impatient, leave := context.WithCancel(t.Context())
			two, three := find(t.Context()), find(impatient)
			synctest.Wait()
			for name, c := range map[string]struct {
				page string
				who  messenger.Persona
			}{"another Page": {"1" + page, vera}, "another persona": {page, messenger.Persona{Name: "Bo"}}} {
				if id, err := w.Find(t.Context(), c.page, c.who, quick); id == "" || err != nil {
					t.Errorf("%s: %q, %v", name, id, err)
				}
			}
			leave()
			if got := <-three; !errors.Is(got.err, context.Canceled) {
				t.Errorf("one who does not wait any longer: %+v", got)
			}
			if !first {
				giveUp()
				if got := <-one; !errors.Is(got.err, context.Canceled) {
					t.Errorf("the first: %+v", got)
				}
				synctest.Wait()
			}
			close(by.let)
			if got := <-two; got != (answer{"1", nil}) {
				t.Errorf("the second: %+v", got)
			}
			if first {
				if got := <-one; got != (answer{"1", nil}) {
					t.Errorf("the first: %+v", got)
				}
			}
			giveUp()
			if len(by.made) != 1 || by.called != map[bool]int{true: 1, false: 2}[first] {
				t.Errorf("made %v in %d calls", by.made, by.called)
			}
		})
	}
}
