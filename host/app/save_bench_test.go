package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// BenchmarkSave is the time from a save to the first answer by what was saved, as an author waits for it: the
// watcher's patience with editors, the build, the swap, and one turn. One trigger of so many is changed.
func BenchmarkSave(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("%d triggers", n), func(b *testing.B) { saves(b, n) })
	}
}

func saves(b *testing.B, n int) {
	dir := b.TempDir()
	script := brain.Write(brain.Realistic, n, 1).Script
	save := func(edition int) {
		text := strings.Replace(script, "\n+ *\n", fmt.Sprintf("\n+ which edition\n- Edition %d.\n\n+ *\n", edition), 1)
		if err := os.WriteFile(filepath.Join(dir, "brain.rive"), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	save(0)
	c := serviceConfig(b, dir)
	h, err := New(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	changes, end := h.Bot().Watch()
	defer end()
	answer := func() string {
		result, err := h.Bot().Turn(b.Context(), turn.Input{
			Event: turn.Event{Kind: turn.Text, Text: "which edition"}, Session: session.State{},
			Person: turn.Person{ID: "1", PageID: "2"}, Now: time.Unix(1, 0),
		})
		if err != nil {
			b.Fatal(err)
		}
		return result.Reply.Text
	}
	edition := 0
	for b.Loop() {
		edition++
		save(edition)
		for want := fmt.Sprintf("Edition %d.", edition); answer() != want; {
			<-changes
		}
	}
	stop()
	if err := <-done; err != nil {
		b.Error(err)
	}
	if err := h.Close(context.Background()); err != nil {
		b.Error(err)
	}
}
