package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
)

// document is the name of a brain's script.
const document = "brain.rive"

func folder(script string) fstest.MapFS {
	return fstest.MapFS{document: {Data: []byte(script)}}
}

func (y *yardstick) link() link.Settings { return link.Settings{Dialect: y.dialect} }

// patience is how many seconds builds of one brain are repeated, up to the number of
// rounds.
const patience = 3

// build is the way from the source to a bot that is ready, without any cache; the
// quickest counts.
func (y *yardstick) build(ctx context.Context, at sheet.Row, written *brain.Brain) (*compile.Result, error) {
	built, quickest, err := y.ready(ctx, written)
	for n, total := 1, quickest; err == nil && n < rounds && total < patience*time.Second; n++ {
		var took time.Duration
		built, took, err = y.ready(ctx, written)
		total, quickest = total+took, min(took, quickest)
	}
	if err != nil {
		return nil, err
	}
	target, limited := targetBuild[at.Size]
	at.Took("source to ready", quickest, boundIf(limited), target)
	at.Add("module", float64(len(built.Wasm)), sheet.Octets, sheet.Free, 0)
	return built, nil
}

// ready builds and loads a brain.
func (y *yardstick) ready(ctx context.Context, written *brain.Brain) (*compile.Result, time.Duration, error) {
	runtime.GC() // what was there before is no part of it
	began := y.clock.Now()
	built, err := compile.Build(folder(written.Script), y.link())
	if err != nil {
		return nil, 0, err
	}
	for _, d := range built.Diagnostics {
		if d.Code.IsError() {
			return nil, 0, fmt.Errorf("%s: %s", d.Code, d.Message)
		}
	}
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return nil, 0, err
	}
	module, err := r.Load(ctx, built.Wasm)
	if err != nil {
		return nil, 0, errors.Join(err, r.Close(ctx))
	}
	return built, y.clock.Now().Sub(began), errors.Join(module.Close(ctx), r.Close(ctx))
}

// boundIf is atMost where there is a target.
func boundIf(limited bool) sheet.Bound {
	if limited {
		return sheet.AtMost
	}
	return sheet.Free
}

// load loads a module that is in the cache on disk, and weighs it.
func (y *yardstick) load(ctx context.Context, at sheet.Row, cache string, written *brain.Brain, built *compile.Result) (*sandbox.Runtime, *sandbox.Module, error) {
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
	target, limited := targetReload[at.Size]
	at.Took("from the cache", y.clock.Now().Sub(began), boundIf(limited), target)
	at.Add("an instance", float64(module.InstanceBytes()), sheet.Octets, sheet.Free, 0)
	aside := float64(module.InstanceBytes()-len(written.Script)) / float64(written.Triggers)
	at.Add("a trigger, its text aside", aside, sheet.Octets, boundIf(at.Size >= targetFrom), targetTrigger)
	at.Add("host, a trigger", float64(heapBytes()-heap-module.InstanceBytes())/float64(written.Triggers), sheet.Octets, sheet.Free, 0)
	return r, module, nil
}

// heapBytes is what lives on the heap.
func heapBytes() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// changes is how often a trigger is changed; the median counts, for an author waits for
// every one of them.
const changes = 15

// change is how long it takes until a bot is ready again of which one trigger was changed.
func (y *yardstick) change(ctx context.Context, at sheet.Row, written *brain.Brain) (err error) {
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close(ctx)) }()
	dir := folder(written.Script)
	dir[bot.SettingsFile] = &fstest.MapFile{Data: fmt.Appendf(nil, "dialect = %q\n", y.dialect)}
	b := bot.New(bot.Config{Dir: dir, Name: at.Name, Loader: bot.Sandboxed{Runtime: r}, Clock: y.clock, Log: slog.New(slog.DiscardHandler)})
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
	at.Took("one trigger changed", list[changes/2], boundIf(at.Size == targetFrom), targetChange)
	return nil
}
