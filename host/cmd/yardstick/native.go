package main

import (
	"context"

	"github.com/footlight-bots/footlight/host/bench"
	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
)

// native finds the winners of one brain twice: with the search of package index in
// plain Go, and with that of the module, over the same tables. A module is entered and
// left for it, and checks every address it looks at.
func (y *yardstick) native(ctx context.Context, kind brain.Kind, p *ir.Program, a *actor, written *brain.Brain) error {
	x := index.Build(p)
	group := &x.Groups[0] // these brains have one topic
	search, l := index.NewSearch(&x.Table), a.listener()
	matcher := interp.NewMatcher(p, func(n *ir.Node) string { return value(a.words, l, n) })
	for _, class := range written.Classes {
		if class.Name == brain.Previous {
			continue // what the bot said before is looked at once for many messages
		}
		forms := make([]message.Forms, len(class.Messages))
		for i, m := range class.Messages {
			forms[i] = a.words.Forms(m.Text, false)
		}
		plain, err := y.timed(len(forms), func(i int) error {
			text := forms[i].Plain
			search.First(group.Root, group.Number, x.Split(text), len(group.Order), func(rank int) bool {
				return matcher.Matches(p.Triggers[group.Order[rank]].Pattern, text)
			})
			return nil
		})
		if err != nil {
			return err
		}
		emitted, err := y.timed(len(forms), func(i int) error {
			_, err := a.script.Probe(ctx, l, forms[i])
			return err
		})
		if err != nil {
			return err
		}
		at := y.sheet.Row(nativeTable, written.Triggers, string(kind)+" "+class.Name)
		at.Took("plain Go", plain.Share(0.5), sheet.Free, 0)
		at.Took("module", emitted.Share(0.5), sheet.Free, 0)
		at.Add("ratio", float64(emitted.Share(0.5))/float64(plain.Share(0.5)), sheet.Times, sheet.Free, 0)
	}
	return nil
}

// nativeShare of the time of a class is enough for the winner alone.
const nativeShare = 3

// timed does something again and again with numbers below n.
func (y *yardstick) timed(n int, do func(int) error) (*bench.Spread, error) {
	var quietest *bench.Spread
	for range rounds {
		s := new(bench.Spread)
		before := y.clock.Now()
		for i, end := 0, before.Add(y.time/nativeShare/rounds); i == 0 || before.Before(end); i++ {
			if err := do(i % n); err != nil {
				return nil, err
			}
			now := y.clock.Now()
			s.Add(now.Sub(before))
			before = now
		}
		if quietest == nil || s.Share(0.5) < quietest.Share(0.5) {
			quietest = s
		}
	}
	return quietest, nil
}

// value is what stands for a variable in a pattern (L-TRIG-6).
func value(words *message.Normalizer, l *listener, n *ir.Node) string {
	scope := world.User
	if n.Dynamic == ir.BotVar {
		scope = world.Bot
	}
	text, ok := l.Get(scope, n.Name)
	if !ok {
		text = "undefined"
	}
	return words.Value(text)
}
