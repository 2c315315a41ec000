package simulator

import (
	"context"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/turn"
)

// editions is how many versions there are of the script. They differ in the number that each answer ends with.
const editions = 4

// editionFile is the document of a version in which its number stands.
const editionFile = "edition.topic"

// botName is what the bot is published as.
const botName = "play"

// company is all editions of the script, ready to be played, and as they are published. Turns are taken outside of
// the bubble: the sandbox outlives it.
type company struct {
	outside *outside
	runners [editions]*turn.Runner
	bundles [editions]bundle
	key     release.Key
	ends    []func()
}

// bundle is an edition as it is published.
type bundle struct {
	release.Manifest
	data []byte
}

// gather compiles all editions and makes them ready.
func gather(ctx context.Context, o *outside, cache string) (*company, error) {
	runtime, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		return nil, err
	}
	c := &company{outside: o, ends: []func(){func() { _ = runtime.Close(context.Background()) }}}
	if c.key, err = release.NewKey(); err != nil {
		c.close()
		return nil, err
	}
	for i := range editions {
		if err := c.load(ctx, runtime, i); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// close gives everything back.
func (c *company) close() {
	for i := range c.ends {
		c.ends[len(c.ends)-1-i]()
	}
}

// load compiles one edition and packs it.
func (c *company) load(ctx context.Context, runtime *sandbox.Runtime, i int) error {
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
	b := &c.bundles[i]
	if b.Manifest, err = release.Pack(botName, dir, year, ""); err != nil {
		return err
	}
	b.data, err = release.Encode(b.Manifest, dir, c.key)
	return err
}

// play takes a turn by an edition.
func (c *company) play(edition int, in turn.Input) (out turn.Result, err error) {
	c.outside.do(func(ctx context.Context) { out, err = c.runners[edition-1].Run(ctx, in) })
	return out, err
}

// editionOf is the number of the edition in a folder.
func editionOf(dir fs.FS) (n int, err error) {
	text, err := fs.ReadFile(dir, editionFile)
	if err == nil {
		_, err = fmt.Sscanf(string(text), "! var edition = %d", &n)
	}
	return n, err
}

// edition is the number of a published version; 0: it is none.
func (c *company) edition(version string) int {
	for i := range c.bundles {
		if c.bundles[i].Version == version {
			return i + 1
		}
	}
	return 0
}
