package macro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// TestConcurrentTurns has many people use one Set: nobody may see anything of another.
func TestConcurrentTurns(t *testing.T) {
	const people, turns = 6, 40
	s := load(t, nil, "mine", "const before = globalThis.last; globalThis.last = rs.getUservar(rs.currentUser(), 'n'); await null; return before + ' ' + globalThis.last")
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			stage := newStage()
			stage.vars["n"] = json.RawMessage(fmt.Sprint(n))
			for range turns {
				if result, problem := run(t, s, stage, "mine"); result != fmt.Sprintf("undefined %d", n) {
					t.Errorf("person %d gets %q, %q", n, result, problem)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestOneTurn: the macros of one turn share their world, those of the next do not.
func TestOneTurn(t *testing.T) {
	s := load(t, nil, "count", "return globalThis.n = (globalThis.n || 0) + 1")
	for range 2 {
		turn := s.Turn(context.Background(), newStage())
		for want := range 3 {
			if got, _, _ := turn.Run(world.Macro{Name: "count"}); got != fmt.Sprint(want+1) {
				t.Errorf("call %d gives %s", want+1, got)
			}
		}
		if err := turn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestGrownMachines: a machine whose memory has grown too far is not used again.
func TestGrownMachines(t *testing.T) {
	s := load(t, nil, "small", "return 1", "large", "globalThis.a = new Uint8Array(4 << 20).fill(1); return a.length")
	first := s.idle[0]
	run(t, s, newStage(), "small")
	if len(s.idle) != 1 || s.idle[0] != first {
		t.Error("a machine that stayed small is not used again")
	}
	run(t, s, newStage(), "large")
	if len(s.idle) != 0 {
		t.Error("a machine that has grown is used again")
	}
	if result, _ := run(t, s, newStage(), "small"); result != "1" {
		t.Errorf("the next turn: %q", result)
	}
}

func TestCloseWaitsForTurns(t *testing.T) {
	meta := &ir.Meta{Files: []string{"a.topic"}, Objects: []ir.Object{{Name: "ask", Language: "javascript", Code: "return rs.reply(rs.currentUser(), 'x')"}}}
	s, err := Load(context.Background(), Config{Runtime: openRuntime(t), Program: meta})
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	turn := s.Turn(context.Background(), newStage())
	result, problem, _ := turn.Run(world.Macro{Name: "ask", Reply: func(string) ([]reply.Token, error) {
		go func() { closed <- s.Close(context.Background()) }()
		for { // until Close has begun
			if _, problem, _ := s.Turn(context.Background(), newStage()).Run(world.Macro{Name: "ask"}); problem == ErrClosed.Error() {
				break
			}
		}
		select {
		case err := <-closed:
			t.Errorf("Close returned %v while a macro was running", err)
		default:
		}
		return []reply.Token{{Kind: reply.Text, Text: "y"}}, nil
	}})
	if result != "y" || problem != "" {
		t.Errorf("the macro that was running: %q, %q", result, problem)
	}
	if err := turn.Close(); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

// TestNoMacros: a bot without macros pays nothing and knows none.
func TestNoMacros(t *testing.T) {
	s, err := Load(context.Background(), Config{Program: &ir.Meta{}})
	if s != nil || err != nil {
		t.Fatalf("%v, %v", s, err)
	}
	turn := s.Turn(context.Background(), newStage())
	if _, _, found := turn.Run(world.Macro{Name: "x"}); found {
		t.Error("a macro is found")
	}
	if err := errors.Join(turn.Close(), s.Close(context.Background())); err != nil || s.Problems() != nil {
		t.Errorf("%v, %v", err, s.Problems())
	}
}

// TestOtherLanguages: macros that are no JavaScript cannot be called (L-JS-4).
func TestOtherLanguages(t *testing.T) {
	meta := &ir.Meta{Files: []string{"a.topic"}, Objects: []ir.Object{{Name: "p", Language: "perl", Code: "return 1"}}}
	s, err := Load(context.Background(), Config{Runtime: openRuntime(t), Program: meta})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, found := s.Turn(context.Background(), newStage()).Run(world.Macro{Name: "p"}); found {
		t.Error("perl runs")
	}
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
