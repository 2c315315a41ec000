package main

import (
	"context"
	"errors"
	"os"

	"github.com/footlight-bots/footlight/host/bench/brain"
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
	at := place{&y.sheet, buildTable, n, string(kind)}
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
		target := free
		if n >= targetFrom {
			target = atLeast
		}
		ratio, err := y.pair(ctx, a, written.Classes)
		if err != nil {
			return err
		}
		at.add("two people", ratio, times, target, targetPair)
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

// often is how many times a message is said at least that has a target of its own.
const often = 5

// turns says the messages of all classes.
func (y *yardstick) turns(ctx context.Context, a *actor, kind brain.Kind, written *brain.Brain) error {
	for _, class := range written.Classes {
		at := place{&y.sheet, turnsTable(kind), written.Triggers, class.Name}
		hard, each := class.Name == brain.Long || class.Name == brain.KeywordClass(200), 0
		if hard {
			each = often
		}
		c, err := y.say(ctx, a, class.Messages, each)
		if err != nil {
			return err
		}
		strict := kind == brain.Realistic && !hard && written.Triggers >= targetFrom
		target, limited := targetKeyword[class.Name]
		if limited = limited && written.Triggers == targetFrom; strict {
			target, limited = targetMedian, true
		}
		at.took(median, c.Share(0.5), boundIf(limited), target)
		at.took("p99", c.Share(0.99), boundIf(strict), targetTail)
		at.took("max", c.Max(), free, 0)
		at.took("slowest message", c.slowest(), boundIf(hard), targetSlowest)
		at.add("allocations", c.count, number, free, 0)
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
	c, err := y.say(ctx, newActor(module, nil), written.Classes[0].Messages, often)
	if err != nil {
		return err
	}
	at := place{sheet: &y.sheet, table: breakingTable, class: b.Name}
	at.took(median, c.Share(0.5), atMost, targetBreaking)
	at.took("p99", c.Share(0.99), free, 0)
	at.took("max", c.Max(), free, 0)
	return nil
}
