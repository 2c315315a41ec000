package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// Sandboxed runs compiled modules: the way bots are served.
type Sandboxed struct {
	Runtime *sandbox.Runtime
	Clock   clock.Clock // how long macros run; nil: only their steps are counted
}

// Load implements Loader.
func (s Sandboxed) Load(ctx context.Context, built *compile.Result) (Script, error) {
	module, err := s.Runtime.Load(ctx, built.Wasm)
	if err != nil {
		return nil, err
	}
	return withMacros(ctx, module, module.Close, macro.Config{Runtime: s.Runtime, Clock: s.Clock})
}

// Interpreted runs the intermediate form in plain Go: the way tests compare.
type Interpreted struct {
	Runtime *sandbox.Runtime // for macros; nil: bots with macros are refused
}

// Load implements Loader.
func (i Interpreted) Load(ctx context.Context, built *compile.Result) (Script, error) {
	nothing := func(context.Context) error { return nil }
	if i.Runtime == nil && len(built.Program.Meta.Objects) > 0 {
		return nil, errors.New("the macros of this bot need a sandbox")
	}
	return withMacros(ctx, interp.New(built.Program), nothing, macro.Config{Runtime: i.Runtime})
}

// performer is a script with its macros.
type performer struct {
	world.Script
	macros *macro.Set
	close  func(context.Context) error
}

func withMacros(ctx context.Context, script world.Script, end func(context.Context) error, c macro.Config) (Script, error) {
	c.Program = script.Program()
	macros, err := macro.Load(ctx, c)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load the macros: %w", err), end(ctx))
	}
	return &performer{script, macros, end}, nil
}

// Macros implements Script.
func (p *performer) Macros() *macro.Set { return p.macros }

// Close implements Script.
func (p *performer) Close(ctx context.Context) error {
	return errors.Join(p.close(ctx), p.macros.Close(ctx))
}
