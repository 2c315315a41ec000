// Package bot is a bot in service: a folder and its settings become a Generation,
// which answers until the next one has been built beside it and swapped in. A
// build that fails changes nothing and is kept to be shown.
// No API of the host is promised.
package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/fetch"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/turn"
)

// Script is a loaded script. Close waits for the turns in flight.
type Script interface {
	world.Script
	Macros() *macro.Set // nil: the bot has none
	Close(ctx context.Context) error
}

// Loader makes a compiled script ready to run.
type Loader interface {
	Load(ctx context.Context, built *compile.Result) (Script, error)
}

// Generation is one built version of a bot. It never changes; it is closed when
// it has been replaced and its last turn has left.
type Generation struct {
	Number      int    // counts the versions of this bot in this process, from 1
	Hash        string // of the folder's content
	Settings    Settings
	Program     *ir.Meta
	Diagnostics []diag.Diagnostic // what the build had to say, warnings included
	BuiltAt     time.Time
	BuildTime   time.Duration
	ModuleBytes int
	Plugins     *direction.Set // nil: the bot has none

	files     map[string]string // texts of the documents, by path
	imprint   imprint           // of all files
	keys      map[string]string // of bot.toml
	mentioned sync.Map          // whether words stand in them, by word
	runner    *turn.Runner
	script    Script
	client    *fetch.Client // nil when no host is granted
	users     atomic.Int64  // turns in flight, and one for being in service
}

// Mentions tells whether a word stands anywhere in the documents of the bot.
func (g *Generation) Mentions(word string) bool {
	if known, ok := g.mentioned.Load(word); ok {
		return known.(bool)
	}
	found := false
	for _, text := range g.files {
		found = found || strings.Contains(text, word)
	}
	g.mentioned.Store(word, found)
	return found
}

// enter takes part in the generation; it fails when it is being closed.
func (g *Generation) enter() bool {
	for {
		n := g.users.Load()
		if n == 0 {
			return false
		}
		if g.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// leave ends what enter began; the last one to leave closes the script.
func (g *Generation) leave(ctx context.Context) error {
	if g.users.Add(-1) > 0 {
		return nil
	}
	if g.client != nil {
		g.client.Close()
	}
	ctx = context.WithoutCancel(ctx)
	return errors.Join(g.script.Close(ctx), g.Plugins.Close(ctx))
}
