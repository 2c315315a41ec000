package workshop

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
)

// Config is what a desk is made of.
type Config struct {
	Sandbox *sandbox.Runtime
	Runtime *plugin.Runtime
	Clock   clock.Clock // how long calls take; nil: only their steps are counted
}

// Desk is a plug-in on the desk of its author. It is used by one goroutine.
type Desk struct {
	Plugin *direction.Plugin // with nothing granted: to look at
	config Config
	file   string
	code   []byte
	set    *direction.Set // keeps the compiled code between calls
}

// Open admits a plug-in, compiles it and asks it what it is. Its name is that of its
// file. The error is a *plugin.Refused when its code is at fault.
func Open(ctx context.Context, c Config, file string, code []byte) (*Desk, error) {
	d := &Desk{config: c, file: filepath.ToSlash(file), code: code}
	var err error
	if d.set, err = d.load(ctx, direction.Config{}); err != nil {
		return nil, err
	}
	d.Plugin = d.set.List()[0]
	return d, nil
}

// File is where the plug-in was found, and how it is called in what is said of it.
func (d *Desk) File() string { return d.file }

// Close frees everything.
func (d *Desk) Close(ctx context.Context) error { return d.set.Close(ctx) }

// name is the name of the plug-in.
func (d *Desk) name() string {
	base := filepath.Base(d.file)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

func (d *Desk) load(ctx context.Context, c direction.Config) (*direction.Set, error) {
	c.Runtime, c.Sandbox, c.Clock = d.config.Runtime, d.config.Sandbox, d.config.Clock
	return direction.Single(ctx, c, d.name(), d.file, d.code)
}

// equip makes the plug-in ready with what a case grants it: all that it asks for, or
// only the capabilities that are listed.
func (d *Desk) equip(ctx context.Context, c *Case, values direction.Values) (*direction.Set, error) {
	wants := d.Plugin.Manifest.Wants
	if c.Granted != nil {
		wants = slices.DeleteFunc(slices.Clone(wants), func(w direction.Want) bool { return !slices.Contains(c.Granted, w.Capability) })
	}
	grants := direction.GrantAll(wants)
	grants.Config = c.Config
	set, err := d.load(ctx, direction.Config{
		Grants: map[string]direction.Grants{d.name(): grants}, Values: values,
		Secret: func(name string) (string, bool) { return c.Secrets[name], true },
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	return set, nil
}
