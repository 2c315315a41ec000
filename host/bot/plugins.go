package bot

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/plugins/core"
)

// PluginsConfig says how plug-ins are run.
type PluginsConfig struct {
	Runtime *sandbox.Runtime
	Values  direction.Values // what they keep; nil: for as long as their bot's generation lives
	Secret  func(name string) (string, bool)
	Private bool        // they may ask granted hosts inside private networks (L-HTTP-9)
	Clock   clock.Clock // how long calls take; nil: only their steps are counted
}

// Plugins makes the plug-ins of bots ready. Bots that bring the same module share its
// compiled code. It is safe for concurrent use. A nil Plugins refuses all.
type Plugins struct {
	config PluginsConfig

	mu      sync.Mutex
	runtime *plugin.Runtime // nil as long as no bot had a plug-in
}

// NewPlugins returns a Plugins. It is closed after all bots and before the sandbox.
func NewPlugins(c PluginsConfig) *Plugins { return &Plugins{config: c} }

// Load makes the plug-ins of a bot's folder ready; nil without any. The caller closes
// them when no turn needs them any more.
func (p *Plugins) Load(ctx context.Context, dir fs.FS, s Settings) (*direction.Set, error) {
	files, err := direction.Files(dir)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 && len(s.Plugins) == 0 && !s.Called() {
		return nil, nil
	}
	if p == nil {
		return nil, errors.New("the plug-ins of this bot need a sandbox")
	}
	runtime, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	c := direction.Config{
		Runtime: runtime, Sandbox: p.config.Runtime, Dir: dir, Grants: s.Plugins,
		Values: p.config.Values, Secret: p.config.Secret, Private: p.config.Private, Clock: p.config.Clock,
	}
	if s.Called() {
		c.Core = core.Module()
	}
	return direction.Load(ctx, c)
}

// open makes the runtime of plug-ins when the first bot needs it.
func (p *Plugins) open(ctx context.Context) (*plugin.Runtime, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.runtime != nil {
		return p.runtime, nil
	}
	runtime, err := plugin.New(ctx, p.config.Runtime)
	p.runtime = runtime
	return runtime, err
}

// Close frees the runtime of plug-ins.
func (p *Plugins) Close(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.runtime == nil {
		return nil
	}
	return p.runtime.Close(ctx)
}

// isModule tells whether a file may be the code of a plug-in.
func isModule(file string) bool {
	if folder, name := path.Split(file); path.Ext(name) == ".js" {
		return folder == path.Join(direction.Folder, strings.TrimSuffix(name, ".js"))+"/"
	}
	ok, err := path.Match(direction.Folder+"/*/*.wasm", file)
	return ok && err == nil
}
