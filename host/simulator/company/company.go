// Package company is the bot of a simulation in several Editions: compiled, published, and told a
// second time in Go, so that what people saw can be held against it. No API of the host is promised.
package company

import (
	"context"
	"fmt"
	"io/fs"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/turn"
)

// Editions is how many versions there are of the script. They differ in the number that each answer ends with.
const Editions = 4

// editionFile is the document of a version in which its number stands.
const editionFile = "edition.topic"

// Bot is what the bot is published as.
const Bot = "play"

// packed is when the editions were packed.
var packed = time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)

// Company is all Editions of the script, ready to be played, and as they are published.
type Company struct {
	runners [Editions]*turn.Runner
	Bundles [Editions]Bundle
	Key     release.Key
	ends    []func()
}

// Bundle is an edition as it is published.
type Bundle struct {
	release.Manifest
	Data []byte
}

// Gather compiles all Editions and makes them ready.
func Gather(ctx context.Context, cache string) (*Company, error) {
	runtime, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		return nil, err
	}
	c := &Company{ends: []func(){func() { _ = runtime.Close(context.Background()) }}}
	if c.Key, err = release.NewKey(); err != nil {
		c.Close()
		return nil, err
	}
	for i := range Editions {
		if err := c.load(ctx, runtime, i); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

// Close gives everything back.
func (c *Company) Close() {
	for i := range c.ends {
		c.ends[len(c.ends)-1-i]()
	}
}

// load compiles one edition and packs it.
func (c *Company) load(ctx context.Context, runtime *sandbox.Runtime, i int) error {
	text, err := fs.ReadFile(scripts, "script/default.topic")
	if err != nil {
		return err
	}
	dir := fstest.MapFS{
		"default.topic": {Data: text},
		editionFile:     {Data: fmt.Appendf(nil, "! var edition = %d\n", i+1)},
	}
	built, err := bot.Compile(dir, bot.Settings{})
	if err != nil {
		return err
	}
	loaded, err := bot.Sandboxed{Runtime: runtime}.Load(ctx, built)
	if err != nil {
		return err
	}
	c.ends = append(c.ends, func() { _ = loaded.Close(context.Background()) })
	c.runners[i] = turn.New(loaded, turn.Settings{})
	b := &c.Bundles[i]
	if b.Manifest, err = release.Pack(Bot, dir, packed, ""); err != nil {
		return err
	}
	b.Data, err = release.Encode(b.Manifest, dir, c.Key)
	return err
}

// Play takes a turn by an edition. It must not be called in a bubble: the sandbox outlives it.
func (c *Company) Play(ctx context.Context, edition int, in turn.Input) (turn.Result, error) {
	return c.runners[edition-1].Run(ctx, in)
}

// EditionOf is the number of the edition in a folder.
func EditionOf(dir fs.FS) (n int, err error) {
	text, err := fs.ReadFile(dir, editionFile)
	if err == nil {
		_, err = fmt.Sscanf(string(text), "! var edition = %d", &n)
	}
	return n, err
}

// Edition is the number of a published version; 0: it is none.
func (c *Company) Edition(version string) int {
	for i := range c.Bundles {
		if c.Bundles[i].Version == version {
			return i + 1
		}
	}
	return 0
}
