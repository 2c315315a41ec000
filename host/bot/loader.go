package bot

import (
	"context"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// Sandboxed runs compiled modules: the way bots are served.
type Sandboxed struct{ Runtime *sandbox.Runtime }

// Load implements Loader.
func (s Sandboxed) Load(ctx context.Context, built *compile.Result) (Script, error) {
	return s.Runtime.Load(ctx, built.Wasm)
}

// Interpreted runs the intermediate form in plain Go: the way tests compare.
type Interpreted struct{}

// Load implements Loader.
func (Interpreted) Load(_ context.Context, built *compile.Result) (Script, error) {
	return interpreted{interp.New(built.Program)}, nil
}

type interpreted struct{ *interp.Machine }

// Close implements Script: there is nothing to give back.
func (interpreted) Close(context.Context) error { return nil }
