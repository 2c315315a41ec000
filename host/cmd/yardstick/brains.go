package main

import (
	"context"
	"errors"
	"os"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// brain measures one brain.
func (y *yardstick) brain(ctx context.Context, kind brain.Kind, n int) (err error) {
	written := brain.Write(kind, n, y.seed)
	cache, err := os.MkdirTemp("", "footlight-yardstick-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(cache)) }()
	at := y.sheet.Row(buildTable, n, string(kind))
	built, err := y.build(ctx, at, written)
	if err != nil {
		return err
	}
	r, module, err := y.load(ctx, at, cache, written, built)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, module.Close(ctx), r.Close(ctx)) }()
	a := newActor(module, written.Vars)
	if err := y.turns(ctx, a, kind, written); err != nil {
		return err
	}
	if kind == brain.Realistic {
		target := sheet.Free
		if n >= targetFrom {
			target = sheet.AtLeast
		}
		one, each, err := y.pairs(ctx, a, built, written)
		if err != nil {
			return err
		}
		at.Add("two people", one, sheet.Times, target, targetPair)
		at.Add("a bot each", each, sheet.Times, sheet.Free, 0)
		if n <= targetFrom { // there is no target for larger ones, and their builds take their time
			if err := y.change(ctx, at, written); err != nil {
				return err
			}
		}
	}
	if err := y.native(ctx, kind, built.Program, a, written); err != nil {
		return err
	}
	return y.beside(ctx, a, kind, written)
}

// turns says the messages of all classes.
func (y *yardstick) turns(ctx context.Context, a *actor, kind brain.Kind, written *brain.Brain) error {
	for _, class := range written.Classes {
		at := y.sheet.Row(turnsTable(kind), written.Triggers, class.Name)
		hard := class.Name == brain.Long || class.Name == brain.KeywordClass(200)
		c, err := y.say(ctx, a, class.Messages, hard)
		if err != nil {
			return err
		}
		strict := kind == brain.Realistic && !hard && written.Triggers >= targetFrom
		target, limited := targetKeyword[class.Name]
		if limited = limited && written.Triggers == targetFrom; strict {
			target, limited = targetMedian, true
		}
		at.Took(median, c.Share(0.5), boundIf(limited), target)
		at.Took("p99", c.Share(0.99), boundIf(strict), targetTail)
		at.Took("max", c.Max(), sheet.Free, 0)
		at.Took("slowest message", c.slowest(), boundIf(hard), targetSlowest)
		at.Add("allocations", c.count, sheet.Number, sheet.Free, 0)
	}
	return nil
}

// breaking measures a trigger that breaks interpreters.
func (y *yardstick) breaking(ctx context.Context, b *brain.Breaking) (err error) {
	written := b.Brain()
	built, err := compile.Build(folder(written.Script), y.link())
	if err != nil {
		return err
	}
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close(ctx)) }()
	module, err := r.Load(ctx, built.Wasm)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, module.Close(ctx)) }()
	c, err := y.say(ctx, newActor(module, nil), written.Classes[0].Messages, true)
	if err != nil {
		return err
	}
	at := y.sheet.Row(breakingTable, 0, b.Name)
	at.Took(median, c.Share(0.5), sheet.AtMost, targetBreaking)
	at.Took("p99", c.Share(0.99), sheet.Free, 0)
	at.Took("max", c.Max(), sheet.Free, 0)
	return nil
}
