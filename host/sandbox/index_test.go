package sandbox

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

var pairs = flag.Int("pairs", 40_000, "pairs of a brain and a message that TestIndex compares, on all cores")

// pairsOfBrain are the messages that one dense brain hears: so many that the time
// goes into matching, not into building. A brain of more than usualTriggers hears
// fewer, for the naive scan asks all of them.
const (
	pairsOfBrain  = 1000
	usualTriggers = 50
)

// TestIndex has dense brains hear messages near to their triggers, and compares the
// winner and its captures with those of the naive scan, for as long as it is told to:
//
//	go test ./host/sandbox -run TestIndex -pairs 10000000 -timeout 0
//
// What it finds can be played again with -seed and -pairs 1.
func TestIndex(t *testing.T) {
	e := openEngines(t)
	crew{unit: "pairs", want: *pairs, play: e.pair}.run(t)
}

// pair compares one brain with itself.
func (e engines) pair(seed uint64) (played int, err error) {
	d := newDense(rand.New(rand.NewPCG(seed, 3)))
	text, s := d.brain(), d.settings()
	p, err := lowered(text, s)
	if err != nil {
		return 0, err
	}
	wasm, err := emit.Module(p)
	if err != nil {
		return 0, err
	}
	ctx := context.Background()
	module, err := e.compiler.Load(ctx, wasm)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, module.Close(ctx)) }()
	naive, words := interp.New(p), message.New(p.Meta.Message)
	q := &quiet{*newPerson(&p.Meta, 0)}
	for most := pairsOfBrain * usualTriggers / max(len(p.Triggers), usualTriggers); played < most; played++ {
		d.stand(q)
		said := d.message()
		forms := words.Forms(said, p.Meta.Kept)
		want, wantErr := naive.Answer(ctx, q, forms)
		got, gotErr := module.Answer(ctx, q, forms)
		switch {
		case (gotErr == nil) != (wantErr == nil) || errors.Is(gotErr, world.ErrLimit) != errors.Is(wantErr, world.ErrLimit):
			err = fmt.Errorf("error %s, want %s", fmt.Sprint(gotErr), fmt.Sprint(wantErr))
		case wantErr == nil:
			if d := differ(want, any(got)); d != "" {
				err = fmt.Errorf("tokens (-interp +module):\n%s", d)
			}
		}
		if err != nil {
			return played, fmt.Errorf("pair %d, %q in topic %d: %w\nvariables %q, messages %q, replies %q, last part %q\n%+v\n%s", played, said, q.topic, err, q.vars, q.inputs, q.replies, q.part, s, text)
		}
	}
	return played, nil
}

// sameHash is two words of one length that have one hash.
func sameHash(t *testing.T) (a, b string) {
	seen := map[uint32]string{}
	for n := range 1 << 21 {
		word := fmt.Sprintf("w%07d", n)
		h := index.HashWord(word)
		if other, known := seen[h]; known {
			return other, word
		}
		seen[h] = word
	}
	t.Fatal("all words have hashes of their own")
	return "", ""
}

// TestWordsWithOneHash: words are told apart by what they are, also where the outline
// of a pattern is all that is asked.
func TestWordsWithOneHash(t *testing.T) {
	a, b := sameHash(t)
	m := loaded(t, openEngines(t).compiler, emitted(t, front(t, map[string]string{
		"default.topic": fmt.Sprintf("+ [*] %s [*]\n- in a row\n\n+ %s\n- alone\n\n+ *\n- no\n", a, a),
	}, link.Settings{})))
	for said, want := range map[string]string{a: "alone", "x " + a: "in a row", b: "no", "x " + b: "no"} {
		tokens, err := m.Answer(context.Background(), newPerson(m.Program(), 1), forms(m, said))
		if got := reply.Flatten(tokens, nil); err != nil || got != want {
			t.Errorf("%q is answered by %q, %v, want %q", said, got, err, want)
		}
	}
}

// stand puts a person into a state that triggers may look at.
func (d *dense) stand(q *quiet) {
	q.topic = d.IntN(len(q.meta.Topics))
	for _, name := range []string{"x", "y"} {
		q.vars[world.User][name] = d.row(2)
		if d.maybe(3) {
			delete(q.vars[world.User], name)
		}
	}
	if d.writes {
		q.vars[world.Bot]["n"] = d.row(2)
	}
	if d.maybe(4) {
		q.inputs = []string{d.row(2), d.row(2)}[:d.IntN(3)]
	}
	if d.maybe(2) {
		q.part = d.said()
		q.replies = []string{q.part, d.row(2)}[:d.IntN(3)]
		if len(q.replies) > 0 && d.maybe(4) {
			q.replies[0] = d.said() + " " + q.part
		}
	}
}

// lowered is a program without what proofs about it would cost.
func lowered(text string, s link.Settings) (p *ir.Program, err error) {
	dir := fstest.MapFS{"default.rive": {Data: []byte(text)}}
	_, _, err = link.Build(dir, s, nil, func(linked *link.Program) []diag.Diagnostic {
		p = lower.Program(linked)
		return nil
	})
	return p, err
}

// TestDenseBrainsAreDense: of the messages that dense brains hear, many find a
// trigger other than "*", or TestIndex would say little.
func TestDenseBrainsAreDense(t *testing.T) {
	const brains, messages = 40, 100
	var found, previous, captured int
	for seed := range uint64(brains) {
		d := newDense(rand.New(rand.NewPCG(seed, 4)))
		p, err := lowered(d.brain(), d.settings())
		if err != nil {
			t.Fatal(err)
		}
		naive, words := interp.New(p), message.New(p.Meta.Message)
		q := &quiet{*newPerson(&p.Meta, 0)}
		for range messages {
			d.stand(q)
			n, err := naive.Probe(context.Background(), q, words.Forms(d.message(), p.Meta.Kept))
			if err != nil {
				t.Fatal(err)
			}
			if n == ir.None || p.Patterns[p.Triggers[n].Pattern].Bare {
				continue
			}
			found++
			if p.Triggers[n].Captures > 1 {
				captured++
			}
			if p.Triggers[n].Previous != ir.None {
				previous++
			}
		}
	}
	const all = brains * messages
	if found < all/2 || captured < all/5 || previous < all/50 {
		t.Errorf("of %d messages %d find a trigger, %d one with several captures, %d one with %%", all, found, captured, previous)
	}
}
