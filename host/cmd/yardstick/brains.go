package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
)

// Tables and names of figures that others look for.
const (
	breakingTable = "triggers that break interpreters: messages of 200 words"
	buildTable    = "building, loading, memory"
	nativeTable   = "beside the same search in plain Go: the winner alone"
	npmTable      = "beside npm rivescript: the median of a reply"

	median = "p50"
)

func turnsTable(kind brain.Kind) string {
	return string(kind) + " brain: a whole turn in the sandbox, normalisation included"
}

// What is to be reached, on one core.
var (
	targetMedian   = 5 * time.Microsecond
	targetTail     = 25 * time.Microsecond
	targetSlowest  = 5 * time.Millisecond // a message of 2,000 characters, on any brain
	targetBreaking = 500 * time.Microsecond
	targetChange   = 150 * time.Millisecond
	targetBuild    = map[int]time.Duration{1000: 50 * time.Millisecond, 10_000: 400 * time.Millisecond, 100_000: 4 * time.Second}
	targetReload   = map[int]time.Duration{10_000: 20 * time.Millisecond, 100_000: 150 * time.Millisecond}
	targetKeyword  = map[string]time.Duration{ // in a brain of targetFrom triggers
		brain.KeywordClass(8): 20 * time.Microsecond, brain.KeywordClass(50): 100 * time.Microsecond, brain.KeywordClass(200): 400 * time.Microsecond,
	}
)

const (
	targetPair    = 1.8    // times as many replies for two people on two cores
	targetTrigger = 120    // bytes of a trigger beside its text
	targetNpm     = 2000   // times as quick as npm rivescript, in a brain of targetFrom triggers
	targetFrom    = 10_000 // triggers from which on the targets of turns hold
)

// document is the name of a brain's script.
const document = "brain.rive"

func folder(script string) fstest.MapFS {
	return fstest.MapFS{document: {Data: []byte(script)}}
}

func (y *yardstick) link() link.Settings { return link.Settings{Dialect: y.dialect} }

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
	runtime, module, err := y.load(ctx, at, cache, written, built)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, module.Close(ctx), runtime.Close(ctx)) }()
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
		if err := y.change(ctx, at, written); err != nil {
			return err
		}
	}
	if err := y.native(ctx, kind, built.Program, a, written); err != nil {
		return err
	}
	return y.beside(ctx, a, kind, written)
}

// build is the way from the source to a bot that is ready, without any cache.
func (y *yardstick) build(ctx context.Context, at place, written *brain.Brain) (*compile.Result, error) {
	began := y.clock.Now()
	built, err := compile.Build(folder(written.Script), y.link())
	if err != nil {
		return nil, err
	}
	for _, d := range built.Diagnostics {
		if d.Code.IsError() {
			return nil, fmt.Errorf("%s: %s", d.Code, d.Message)
		}
	}
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return nil, err
	}
	module, err := r.Load(ctx, built.Wasm)
	if err != nil {
		return nil, errors.Join(err, r.Close(ctx))
	}
	took := y.clock.Now().Sub(began)
	target, limited := targetBuild[at.triggers]
	at.took("source to ready", took, boundIf(limited), target)
	at.add("module", float64(len(built.Wasm)), octets, free, 0)
	return built, errors.Join(module.Close(ctx), r.Close(ctx))
}

// boundIf is atMost where there is a target.
func boundIf(limited bool) bound {
	if limited {
		return atMost
	}
	return free
}

// load loads a module that is in the cache on disk, and weighs it.
func (y *yardstick) load(ctx context.Context, at place, cache string, written *brain.Brain, built *compile.Result) (*sandbox.Runtime, *sandbox.Module, error) {
	first, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		return nil, nil, err
	}
	module, err := first.Load(ctx, built.Wasm)
	if err != nil {
		return nil, nil, errors.Join(err, first.Close(ctx))
	}
	if err := errors.Join(module.Close(ctx), first.Close(ctx)); err != nil {
		return nil, nil, err
	}
	r, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		return nil, nil, err
	}
	heap := heapBytes()
	began := y.clock.Now()
	if module, err = r.Load(ctx, built.Wasm); err != nil {
		return nil, nil, errors.Join(err, r.Close(ctx))
	}
	target, limited := targetReload[at.triggers]
	at.took("from the cache", y.clock.Now().Sub(began), boundIf(limited), target)
	at.add("an instance", float64(module.InstanceBytes()), octets, free, 0)
	each := func(n int) float64 { return float64(n-len(written.Script)) / float64(written.Triggers) }
	at.add("a trigger, its text aside", each(module.InstanceBytes()), octets, boundIf(at.triggers >= targetFrom), targetTrigger)
	at.add("host, a trigger", float64(heapBytes()-heap-module.InstanceBytes())/float64(written.Triggers), octets, free, 0)
	return r, module, nil
}

// heapBytes is what lives on the heap.
func heapBytes() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
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
		at.took("slowest message", c.slowest, boundIf(hard), targetSlowest)
		at.add("allocations", c.count, number, free, 0)
	}
	return nil
}

// changes is how often a trigger is changed; the median counts.
const changes = 5

// change is how long it takes until a bot is ready again of which one trigger was changed.
func (y *yardstick) change(ctx context.Context, at place, written *brain.Brain) (err error) {
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close(ctx)) }()
	dir := folder(written.Script)
	dir[bot.SettingsFile] = &fstest.MapFile{Data: fmt.Appendf(nil, "dialect = %q\n", y.dialect)}
	b := bot.New(bot.Config{Dir: dir, Name: at.class, Loader: bot.Sandboxed{Runtime: r}, Clock: y.clock, Log: slog.New(slog.DiscardHandler)})
	defer func() { err = errors.Join(err, b.Close(ctx)) }()
	if _, err := b.Reload(ctx); err != nil {
		return err
	}
	list := make([]time.Duration, changes)
	for i := range list {
		changed := strings.Replace(written.Script, "- That is answer 0.", fmt.Sprintf("- That is answer 0, version %d.", i), 1)
		changed = strings.Replace(changed, "\n+ *\n", fmt.Sprintf("\n+ a new one number%d [*]\n- Yes.\n\n+ *\n", i), 1)
		dir[document] = &fstest.MapFile{Data: []byte(changed)}
		began := y.clock.Now()
		if ok, err := b.Reload(ctx); err != nil || !ok || b.Status().Broken {
			return errors.Join(err, fmt.Errorf("a changed trigger: reloaded %v: %s", ok, b.Status().Fault))
		}
		list[i] = y.clock.Now().Sub(began)
	}
	slices.Sort(list)
	at.took("one trigger changed", list[changes/2], boundIf(at.triggers == targetFrom), targetChange)
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
