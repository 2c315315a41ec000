package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/link"
)

// TestConcurrentTurns has many people talk to one module at once: nobody may see
// anything of another.
func TestConcurrentTurns(t *testing.T) {
	const people, turns = 8, 200
	m := loaded(t, openEngines(t).compiler, emitted(t, front(t, map[string]string{
		"default.topic": "+ i am *\n- <set name=<star>>{@ who}\n+ who\n- You are <get name>.\n",
	}, link.Settings{})))
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			name := fmt.Sprintf("p%d", n)
			p := newPerson(m.Program(), uint64(n))
			heard := forms(m, "i am "+name)
			for range turns {
				tokens, err := m.Answer(context.Background(), p, heard)
				if got, want := reply.Flatten(tokens, nil), "You are "+name+"."; err != nil || got != want {
					t.Errorf("%s: %q, %v, want %q", name, got, err, want)
					return
				}
			}
		})
	}
	all.Wait()
}

// waiting is a World in which a turn waits for the test.
type waiting struct {
	person
	inside  chan struct{}
	proceed chan struct{}
}

func (w *waiting) Topic() int {
	w.inside <- struct{}{}
	<-w.proceed
	return 0
}

func begin(m *Module) (*waiting, chan error) {
	w := &waiting{*newPerson(m.Program(), 1), make(chan struct{}), make(chan struct{})}
	done := make(chan error)
	go func() {
		_, err := m.Answer(context.Background(), w, forms(m, "hello"))
		done <- err
	}()
	<-w.inside
	return w, done
}

func TestCloseWaitsForTurns(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	turn, answered := begin(m)
	closed := make(chan error)
	go func() { closed <- m.Close(context.Background()) }()

	for { // until Close has begun
		if _, err := m.Probe(context.Background(), newPerson(m.Program(), 1), forms(m, "x")); errors.Is(err, ErrClosed) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-closed:
		t.Fatalf("Close returned %v while a turn was running", err)
	default:
	}
	turn.proceed <- struct{}{}
	if err := <-answered; err != nil {
		t.Errorf("the turn that was running: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestCloseGivesUpWaiting(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	turn, answered := begin(m)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Close: %v, want the error of its context", err)
	}
	turn.proceed <- struct{}{}
	if err := <-answered; err != nil {
		t.Errorf("the turn that was running: %v", err)
	}
	if err := m.Close(context.Background()); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// TestPool says which instances are used again.
func TestPool(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, front(t, map[string]string{
		"default.topic": "+ *\n- <star>\n",
	}, link.Settings{})))
	idle := func() *instance {
		for i := range m.pool.bays {
			if in := m.pool.bays[i].instance; in != nil {
				return in
			}
		}
		return nil
	}
	first := idle()
	say := func(w *person, text string) error {
		_, err := m.Answer(context.Background(), w, forms(m, text))
		return err
	}
	if err := say(newPerson(m.Program(), 1), "hello"); err != nil || idle() != first {
		t.Errorf("after a turn: %v; the instance should be used again", err)
	}
	if first.call.world != nil {
		t.Error("the instance still knows the person")
	}
	if _, ok := first.memory.Grow((maxKeptGrowth + pageSize) / pageSize); !ok {
		t.Fatal("the memory does not grow")
	}
	if err := say(newPerson(m.Program(), 1), "hello"); err != nil || idle() != nil {
		t.Errorf("after growing: %v; the instance should be gone", err)
	}
	if err := say(newPerson(m.Program(), 1), "hello"); err != nil || idle() == nil {
		t.Errorf("a new instance: %v; it should be kept", err)
	}
	idle().turns = maxTurns - 1
	if err := say(newPerson(m.Program(), 1), "hello"); err != nil || idle() != nil {
		t.Errorf("after its last turn: %v; the instance should be gone", err)
	}
}

// TestPoolIsBounded: as many instances wait as turns can run at once, however many ran.
func TestPoolIsBounded(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	for range 2 {
		var turns []*waiting
		var ends []chan error
		for range len(m.pool.bays) + 3 {
			turn, done := begin(m)
			turns, ends = append(turns, turn), append(ends, done)
		}
		for i := range m.pool.bays {
			if m.pool.bays[i].instance != nil {
				t.Errorf("bay %d is not empty while all are lent", i)
			}
		}
		for i, turn := range turns {
			turn.proceed <- struct{}{}
			if err := <-ends[i]; err != nil {
				t.Error(err)
			}
		}
		seen := map[*instance]bool{}
		for i := range m.pool.bays {
			b := &m.pool.bays[i]
			if b.instance == nil || seen[b.instance] || b.running != 0 {
				t.Errorf("bay %d: %v waits, %d loans", i, b.instance, b.running)
			}
			seen[b.instance] = true
		}
	}
}

// TestPoolCloses: turns that end while the pool is closed, and after that, all count.
func TestPoolCloses(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, program("one", [2]string{"r", "hi"})))
	var turning sync.WaitGroup
	for range 4 {
		turning.Go(func() {
			for {
				if _, err := m.Answer(context.Background(), newPerson(m.Program(), 1), forms(m, "hello")); err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	if err := m.Close(context.Background()); err != nil {
		t.Error(err)
	}
	turning.Wait()
	if rest := m.pool.rest.Load(); rest != 0 {
		t.Errorf("%d loans are left in a closed pool", rest)
	}
}

// TestPoolIsFreedOnce: the last loan that ends frees a closed pool, whenever it ends.
func TestPoolIsFreedOnce(t *testing.T) {
	for range 2000 {
		var p pool
		p.init(nil)
		freed := 0 // whoever comes last does it, and nobody else
		var leaving sync.WaitGroup
		for range 4 {
			_, at, err := p.take()
			if err != nil {
				t.Fatal(err)
			}
			leaving.Go(func() { _ = p.leave(at) })
		}
		err := p.close(context.Background(), func(context.Context) error { freed++; return nil })
		leaving.Wait()
		if err != nil || freed != 1 {
			t.Fatalf("it was freed %d times, %v", freed, err)
		}
	}
}

// TestManyReloads loads and closes modules in a row, as a watched bot does.
func TestManyReloads(t *testing.T) {
	r := openEngines(t).compiler
	for i := range 50 {
		wasm := emitted(t, program("one", [2]string{"r", fmt.Sprint("reply ", i%5)}))
		m, err := r.Load(context.Background(), wasm)
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := m.Answer(context.Background(), newPerson(m.Program(), 1), forms(m, "hello"))
		if want := fmt.Sprint("reply ", i%5); err != nil || len(tokens) != 1 || tokens[0].Text != want {
			t.Fatalf("load %d: %v, %v, want %s", i, tokens, err, want)
		}
		if err := m.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Probe(context.Background(), newPerson(&ir.Meta{}, 1), forms(m, "x")); !errors.Is(err, ErrClosed) {
			t.Fatalf("a turn after Close: %v, want ErrClosed", err)
		}
	}
}
