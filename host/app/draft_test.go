package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// stands waits until the desk stands so to what is published.
func (d *desk) stands(want console.Standing, holds func(*console.Published) bool) {
	d.t.Helper()
	changes, stop := d.Watch()
	defer stop()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	for {
		now := d.Snapshot().Published
		if now != nil && now.Stand == want && now.Fault == "" && (holds == nil || holds(now)) {
			return
		}
		select {
		case <-changes:
		case <-ctx.Done():
			d.t.Fatalf("the desk stands %+v to what is published, want %q", now, want)
		}
	}
}

func aKey(t *testing.T) release.Key {
	t.Helper()
	key, err := release.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestDraftAndPublished: the desk tells whether what is saved is what is published, at once when it is saved, published,
// tried out or put back, by whichever way others come into the store; and it leaves the store alone.
func TestDraftAndPublished(t *testing.T) {
	const first, second = "+ *\n- One.\n", "+ *\n- Two.\n"
	file := filepath.Join(t.TempDir(), "state.db")
	p := press{t, aKey(t)}
	d := perform(t, map[string]string{"default.topic": first}, func(c *Config) { c.Press, c.Bot, c.PressCommand = "bolt:"+file, "cafe", "footlight publish cafe" })
	d.stands(console.Unpublished, func(p *console.Published) bool { return p.Command == "footlight publish cafe" })
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking at the store has made it: %v", err)
	}

	inFile := func(do func(store.Store)) {
		t.Helper()
		s, err := bolt.Open(bolt.Options{Path: file})
		if err != nil {
			t.Fatal(err)
		}
		do(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	inFile(func(s store.Store) { p.publish(s, "cafe", first, 100) })
	d.stands(console.Same, func(p *console.Published) bool {
		return p.Stage.Number == 1 && p.Draft.Number == 1 && len(p.Changes) == 0
	})

	write(t, d.dir, "default.topic", second+"+ tea\n- Tea.\n")
	d.stands(console.Differs, func(p *console.Published) bool {
		want := []console.Change{{Kind: console.TopicKind, State: "changed", Name: "default", Triggers: []console.TriggerChange{{State: "added", Text: "tea"}, {State: "changed", Text: "*"}}}}
		return p.Draft == nil && cmp.Equal(p.Changes, want)
	})
	write(t, d.dir, "stage.png", "\x89PNG")
	d.stands(console.Differs, func(p *console.Published) bool {
		return len(p.Changes) == 2 && cmp.Equal(p.Changes[1], console.Change{Kind: console.MaterialKind, State: "added", Name: "stage.png"})
	})
	if err := os.Remove(filepath.Join(d.dir, "stage.png")); err != nil {
		t.Fatal(err)
	}
	write(t, d.dir, "default.topic", first)
	write(t, d.dir, "tea.chat", "test \"x\"\n")
	d.stands(console.Alike, func(p *console.Published) bool {
		return len(p.Changes) == 1 && p.Changes[0].Kind == console.BackstageKind
	})
	if err := os.Remove(filepath.Join(d.dir, "tea.chat")); err != nil {
		t.Fatal(err)
	}
	write(t, d.dir, "default.topic", second)

	// A host has the file now, and lets others in.
	inFile(func(s store.Store) {
		door, err := hatch.Open(hatch.Path(file))
		if err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- hatch.Serve(ctx, door, map[string]hatch.Desk{papersDesk: (&Host{store: s}).papers}) }()
		p.publish(s, "cafe", second, 5)
		d.stands(console.Differs, func(p *console.Published) bool {
			return p.Stage.Number == 1 && p.Canary.Number == 2 && p.Percent == 5 && p.Draft.Number == 2
		})
		p.publish(s, "cafe", second, 100)
		d.stands(console.Same, func(p *console.Published) bool { return p.Stage.Number == 2 })
		p.publish(s, "cafe", first, 100)
		d.stands(console.Differs, func(p *console.Published) bool { return p.Stage.Number == 1 && p.Draft.Number == 2 })
		leave()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})

	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	for changes, stop := d.Watch(); d.Snapshot().Published.Fault == ""; <-changes {
		defer stop()
	}
}

// TestDraftInOwnStore: a desk that shares its store with what is published looks at that.
func TestDraftInOwnStore(t *testing.T) {
	file := "bolt:" + filepath.Join(t.TempDir(), "state.db")
	d := perform(t, map[string]string{"default.topic": "+ *\n- One.\n"}, func(c *Config) { c.Press, c.Store, c.Bot = file, file, "cafe" })
	d.stands(console.Unpublished, nil)
	press{t, aKey(t)}.publish(d.store, "cafe", "+ *\n- One.\n", 100)
	d.stands(console.Same, nil)
}

// TestDraftOfNoName: a folder whose name nothing can be published under says so, and plays all the same.
func TestDraftOfNoName(t *testing.T) {
	d := perform(t, map[string]string{"default.topic": "+ *\n- One.\n"}, func(c *Config) { c.Press, c.Bot = "bolt:nowhere.db", "my bot/1" })
	if p := d.Snapshot().Published; p == nil || p.Stand != console.Unknown || p.Fault == "" {
		t.Errorf("%+v", p)
	}
}
