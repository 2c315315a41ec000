package mask

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

const page = "100"

var vera = messenger.Persona{Name: "Vera", Picture: "https://tea.example/vera.png"}

// graph makes personas; the n-th gets the id "n".
type graph struct {
	made, dropped []string
	err           error
	hook          func() // while one is made
}

func (g *graph) MakePersona(_ context.Context, p messenger.Persona) (string, error) {
	g.made = append(g.made, p.Name)
	id, hook := fmt.Sprint(len(g.made)), g.hook
	if g.hook = nil; hook != nil {
		hook()
	}
	return id, g.err
}
func (g *graph) Personas(context.Context) (map[string]string, error) { return nil, nil }
func (g *graph) DropPersona(_ context.Context, id string) error {
	g.dropped = append(g.dropped, id)
	return nil
}

// A persona is made once, whichever host it speaks on, and again when it is gone; one that cannot be made is
// not asked for with every message.
func TestFind(t *testing.T) {
	kept, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	now, g := clock.NewVirtual(time.Unix(1, 0)), &graph{}
	here, there := New(kept, now), New(kept, now)
	find := func(w *Wardrobe, p messenger.Persona, want string) {
		t.Helper()
		if id, err := w.Find(t.Context(), page, p, g); id != want || err != nil {
			t.Errorf("%s is %q, %v; want %q", p.Name, id, err, want)
		}
	}
	find(here, vera, "1")
	find(here, vera, "1")
	find(there, vera, "1")
	find(there, messenger.Persona{Name: "Vera", Picture: "https://tea.example/older.png"}, "2")
	if err := here.Forget(t.Context(), page, "1"); err != nil {
		t.Fatal(err)
	}
	find(here, vera, "3")
	g.hook = func() { find(there, messenger.Persona{Name: "Bo"}, "5") } // both make the same at the same time
	find(here, messenger.Persona{Name: "Bo"}, "5")
	if !slices.Equal(g.dropped, []string{"4"}) {
		t.Errorf("dropped: %v, want the second one of the two", g.dropped)
	}
	g.err = errors.New("not in this region")
	cy := messenger.Persona{Name: "Cy"}
	for range 3 {
		_, _ = here.Find(t.Context(), page, cy, g)
	}
	now.Advance(RetryAfter)
	_, _ = here.Find(t.Context(), page, cy, g)
	if n := strings.Count(strings.Join(g.made, " "), "Cy"); n != 2 {
		t.Errorf("asked %d times for a persona that is refused, want 2", n)
	}
	worn, err := there.Worn(t.Context(), page)
	if err != nil || len(worn) != 3 {
		t.Errorf("kept: %v, %v", worn, err)
	}
}

// A store that is down, or whose list others change without end, is an error; a list that nobody can read begins anew.
func TestStoreFaults(t *testing.T) {
	for name, papers := range map[string]Papers{
		"down": stuck{err: errors.New("down")}, "races": stuck{},
	} {
		if id, err := New(papers, clock.Real{}).Find(t.Context(), page, vera, &graph{}); err == nil || name == "down" && id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	if got := read(store.Paper{Body: []byte("{")}); got != nil {
		t.Errorf("a broken list: %v", got)
	}
}

// stuck is a store into which nothing can be written.
type stuck struct{ err error }

func (s stuck) Paper(context.Context, string) (store.Paper, error) { return store.Paper{}, s.err }
func (s stuck) SetPaper(context.Context, store.Paper) (uint64, bool, error) {
	return 0, false, s.err
}
