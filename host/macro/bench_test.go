package macro

import (
	"context"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox"
)

const greet = "const n = rs.getUservar(rs.currentUser(), 'name'); return n === 'undefined' ? 'Hello, ' + args[0] : n"

// BenchmarkCall is a further macro of a turn.
func BenchmarkCall(b *testing.B) {
	s := load(b, nil, "greet", greet)
	turn := s.Turn(context.Background(), newStage())
	b.ReportAllocs()
	for b.Loop() {
		turn.stage.(*fakeStage).trace = nil
		turn.Run(world.Macro{Name: "greet", Args: []string{"Ann"}})
	}
	if err := turn.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTurn is a turn with one macro: a call, and making the machine forget.
func BenchmarkTurn(b *testing.B) {
	for name, code := range map[string]string{"plain": greet, "lodash and moment": "_; moment; " + greet} {
		b.Run(name, func(b *testing.B) {
			s := load(b, nil, "greet", code)
			stage := newStage()
			b.ReportAllocs()
			for b.Loop() {
				stage.trace = nil
				run(b, s, stage, "greet", "Ann")
			}
			b.ReportMetric(float64(s.image.Size())/(1<<20), "MiB")
		})
	}
}

// BenchmarkLoad is what a new version of a bot costs: with the engine compiled
// already, with its code in the cache of the disk, and without both.
func BenchmarkLoad(b *testing.B) {
	load := func(b *testing.B, r *sandbox.Runtime, code string) *Set {
		meta := &ir.Meta{Files: []string{"a.topic"}, Objects: []ir.Object{{Name: "greet", Language: "javascript", Code: code}}}
		s, err := Load(context.Background(), Config{Runtime: r, Program: meta})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	for name, code := range map[string]string{"plain": greet, "lodash and moment": "_; moment; " + greet} {
		b.Run("again, "+name, func(b *testing.B) {
			r := openRuntime(b)
			first := load(b, r, code)
			for b.Loop() {
				if err := load(b, r, code).Close(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
			if err := first.Close(context.Background()); err != nil {
				b.Fatal(err)
			}
		})
	}
	for name, config := range map[string]sandbox.Config{"from disk": {CacheDir: b.TempDir()}, "first": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := sandbox.New(config)
				if err != nil {
					b.Fatal(err)
				}
				s := load(b, r, greet)
				if err := s.Close(context.Background()); err != nil {
					b.Fatal(err)
				}
				if err := r.Close(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
