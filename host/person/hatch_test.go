package person

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Through the hatch comes what Do answers, errors included; only the owner gets in.
func TestHatch(t *testing.T) {
	r := open(t)
	r.known(ann)
	path := Hatch(filepath.Join(t.TempDir(), "state.db"))
	ask := func(c Command, out any) error { return Knock(t.Context(), path, c, out) }
	if err := ask(Command{Verb: Pages}, nil); !errors.Is(err, ErrNoHatch) {
		t.Errorf("before it is open: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil { // what a killed host left
		t.Fatal(err)
	}
	l, err := OpenHatch(path)
	r.must(err)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.ServeHatch(ctx, l) }()
	var p Portrait
	r.must(ask(Command{Verb: Show, Page: ann.Page, Person: ann.Person}, &p))
	if p.Topic != "tea" || len(p.Sends) != 1 {
		t.Errorf("portrait %+v", p)
	}
	r.must(ask(Command{Verb: Set, Page: ann.Page, Person: ann.Person, Settings: []Setting{{Name: "a", Value: "b"}}}, nil))
	if string(r.state(ann).Vars["a"]) != `"b"` {
		t.Error("nothing was set")
	}
	for want, c := range map[string]Command{
		"nothing is kept of this person": {Verb: Show, Page: "1", Person: "2"},
		"of another release":             {Verb: "dance"},
		"page 1 is not paused":           {Verb: Resume, Page: "1"},
	} {
		if err := ask(c, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
	stop()
	r.must(<-done)
	if err := ask(Command{Verb: Pages}, nil); !errors.Is(err, ErrNoHatch) {
		t.Errorf("after it was closed: %v", err)
	}
}

// A path that no socket can have is told of.
func TestHatchOfALongPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	if _, err := OpenHatch(path); err == nil || !strings.Contains(err.Error(), "longer than 100 bytes") {
		t.Errorf("%v", err)
	}
	if err := Knock(t.Context(), path, Command{Verb: Pages}, nil); !errors.Is(err, ErrNoHatch) {
		t.Errorf("%v", err)
	}
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 90))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	l, err := OpenHatch(filepath.Join(dir, "s"))
	if err != nil {
		t.Fatalf("a short way to a long path: %v", err)
	}
	_ = l.Close()
}
