package direction

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Folder is where the plug-ins of a bot stand: plugins/NAME/NAME.wasm, or one module of
// another name in that folder, or plugins/NAME/NAME.js.
const Folder = "plugins"

// Config is what a Set is made of.
type Config struct {
	Runtime *plugin.Runtime
	Sandbox *sandbox.Runtime  // for plug-ins in JavaScript
	Dir     fs.FS             // the bot's folder
	Grants  map[string]Grants // by plug-in
	Values  Values            // what plug-ins keep; nil: for as long as the Set lives
	Secret  func(name string) (string, bool)
	Private bool        // hosts inside private networks may be asked
	Clock   clock.Clock // how long calls take; nil: only their steps are counted
	Core    []byte      // the module of the language's own directions; nil: they are compiled into the script
}

// Files are the files of a bot's folder that its plug-ins are made of, by plug-in. A
// folder without a module is none yet: its author is still building.
func Files(dir fs.FS) (map[string]string, error) {
	entries, err := fs.ReadDir(dir, Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Folder, err)
	}
	found := map[string]string{}
	for _, e := range entries {
		name := e.Name()
		if !isFolder(dir, e) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
			continue
		}
		file, err := moduleOf(dir, name)
		if err != nil {
			return nil, err
		}
		if file == "" {
			continue
		}
		if problem := checkName(name); problem != "" {
			return nil, fmt.Errorf("%s/%s: %s", Folder, name, problem)
		}
		if name == world.Core {
			return nil, fmt.Errorf("%s/%s: that name is kept for the directions of the language; choose another", Folder, name)
		}
		found[name] = file
	}
	return found, nil
}

// isFolder tells whether an entry is a folder, or leads to one.
func isFolder(dir fs.FS, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := fs.Stat(dir, path.Join(Folder, e.Name()))
	return err == nil && info.IsDir()
}

// moduleOf is the module in a plug-in's folder, or the file of JavaScript that is one, or
// nothing.
func moduleOf(dir fs.FS, name string) (string, error) {
	folder := path.Join(Folder, name)
	modules, err := fs.Glob(dir, folder+"/*.wasm")
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	own, script := path.Join(folder, name+".wasm"), path.Join(folder, name+".js")
	if _, err := fs.Stat(dir, script); err == nil {
		if slices.Contains(modules, own) {
			return "", fmt.Errorf("%s: there are %s.wasm and %s.js; keep the one that is meant", folder, name, name)
		}
		return script, nil
	}
	switch {
	case slices.Contains(modules, own):
		return own, nil
	case len(modules) > 1:
		return "", fmt.Errorf("%s: there are %d modules; name the one that is meant %s.wasm", folder, len(modules), name)
	case len(modules) == 1:
		return modules[0], nil
	}
	return "", nil
}

// Load makes the plug-ins of a bot ready. The error says what keeps them from it, plug-in
// by plug-in; then there is no Set. A bot without plug-ins has a nil Set, which knows no
// direction and costs nothing.
func Load(ctx context.Context, c Config) (*Set, error) {
	files, err := Files(c.Dir)
	if err != nil {
		return nil, err
	}
	var problems []error
	for name := range c.Grants {
		if _, there := files[name]; !there {
			problems = append(problems, fmt.Errorf("bot.toml: [plugins.%s]: there is no plug-in %s/%s with a module in it", name, Folder, name))
		}
	}
	if len(files) == 0 && c.Core == nil {
		return nil, errors.Join(problems...)
	}
	if c.Values == nil {
		c.Values = &Memory{}
	}
	s := &Set{values: c.Values}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		p, err := c.load(ctx, name, files[name])
		if err != nil {
			problems = append(problems, fmt.Errorf("plug-in %s (%s): %w", name, files[name], err))
			continue
		}
		s.Plugins = append(s.Plugins, p)
	}
	if c.Core != nil {
		if s.core, err = c.language(ctx); err != nil {
			problems = append(problems, fmt.Errorf("the directions of the language: %w", err))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(append(problems, s.Close(ctx))...)
	}
	s.index()
	return s, nil
}

// language makes the plug-in ready that defines the language's own directions. It is
// the host's, so it is granted everything.
func (c Config) language(ctx context.Context) (*Plugin, error) {
	c.Grants = map[string]Grants{world.Core: {all: true, Stateless: true}}
	return c.ready(ctx, world.Core, world.Core+".wasm", c.Core)
}

// load makes one plug-in ready.
func (c Config) load(ctx context.Context, name, file string) (*Plugin, error) {
	code, err := fs.ReadFile(c.Dir, file)
	if err != nil {
		return nil, err
	}
	return c.ready(ctx, name, file, code)
}

// Single makes one plug-in ready that stands in no bot's folder: on the desk of its
// author. The Config's Dir is not looked at.
func Single(ctx context.Context, c Config, name, file string, code []byte) (*Set, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	p, err := c.ready(ctx, name, file, code)
	if err != nil {
		return nil, err
	}
	if c.Values == nil {
		c.Values = &Memory{}
	}
	s := &Set{values: c.Values, Plugins: []*Plugin{p}}
	s.index()
	return s, nil
}

// ready makes a plug-in of its code.
func (c Config) ready(ctx context.Context, name, file string, code []byte) (*Plugin, error) {
	g := c.Grants[name]
	if err := g.Check(); err != nil {
		return nil, fmt.Errorf("bot.toml: [plugins.%s]: %w", name, err)
	}
	p := &Plugin{Name: name, File: file, Sum: sha256.Sum256(code), grants: g, secret: c.Secret}
	if p.secret == nil {
		p.secret = func(string) (string, bool) { return "", false }
	}
	if err := c.checkSecrets(g); err != nil {
		return nil, err
	}
	if err := p.compile(ctx, c, code); err != nil {
		return nil, err
	}
	var err error
	p.client, err = g.client(c.Private)
	if err == nil {
		p.budget.Clock = c.Clock
		p.budget.Time, err = g.time(time.Duration(p.Manifest.Time) * time.Millisecond)
	}
	if err != nil {
		return nil, errors.Join(err, p.engine.Close(ctx))
	}
	return p, nil
}

// checkSecrets tells of secrets that are granted and not there. Without it the plug-in
// would find out, in front of people.
func (c Config) checkSecrets(g Grants) error {
	if c.Secret == nil {
		return nil
	}
	for _, name := range g.Secrets {
		if _, there := c.Secret(name); !there {
			return fmt.Errorf("secret %s is granted, but has no value: set the environment variable %s%s", name, SecretPrefix, name)
		}
	}
	return nil
}

// SecretPrefix begins the names of environment variables that hold secrets of plug-ins.
const SecretPrefix = "FOOTLIGHT_SECRET_"

// compile admits the code of a plug-in and asks it what it is. The error is a
// *plugin.Refused when the code is at fault.
func (p *Plugin) compile(ctx context.Context, c Config, code []byte) (err error) {
	if path.Ext(p.File) == ".js" {
		err = p.script(ctx, c, code)
	} else {
		err = p.module(ctx, c, code)
	}
	if err != nil || p.grants.all {
		return err
	}
	if taken := p.Manifest.taken(); len(taken) > 0 {
		err = &plugin.Refused{Cause: fmt.Errorf("%s belongs to the language and cannot be declared", strings.Join(taken, ", "))}
		return errors.Join(err, p.engine.Close(ctx))
	}
	return nil
}

// script makes a plug-in ready that is a file of JavaScript.
func (p *Plugin) script(ctx context.Context, c Config, source []byte) error {
	if c.Sandbox == nil {
		return errors.New("a plug-in in JavaScript needs a sandbox")
	}
	memory, err := sizeWithin(p.grants.Memory, MaxMemory, MaxMemory)
	if err != nil {
		return err
	}
	s, err := macro.LoadPlugin(ctx, c.Sandbox, p.File, source, memory)
	if err != nil {
		return err
	}
	if p.Manifest, err = Parse(s.Manifest()); err != nil {
		return errors.Join(&plugin.Refused{Cause: err}, s.Close(ctx))
	}
	p.engine = s
	return nil
}

// module makes a plug-in ready that is a module.
func (p *Plugin) module(ctx context.Context, c Config, wasm []byte) error {
	memory, err := sizeWithin(p.grants.Memory, MaxMemory, MaxMemory)
	if err != nil {
		return err
	}
	m, err := c.Runtime.Load(ctx, wasm, plugin.Options{Pages: uint32((memory + pageSize - 1) / pageSize), Try: trial, Clock: c.Clock})
	if err != nil {
		return err
	}
	if p.Manifest, err = Parse(m.Manifest()); err != nil {
		return errors.Join(&plugin.Refused{Cause: err}, m.Close(ctx))
	}
	pool, err := m.Pool(ctx, p.Manifest.Stateless && p.grants.Stateless)
	if err != nil {
		return errors.Join(err, m.Close(ctx))
	}
	p.engine = native{pool, m}
	p.note(m)
	return nil
}

// pageSize is the unit of a module's memory, in bytes.
const pageSize = 64 << 10

// note tells what does not keep a plug-in from running but looks wrong.
func (p *Plugin) note(m *plugin.Module) {
	if err := m.Trial(); err != nil {
		p.Notes = append(p.Notes, "tried with made-up values, "+err.Error())
	}
	for _, i := range m.Report().Imports {
		f, known := abi.FunctionNamed(i.Name)
		if i.Module != abi.Host || !known || f.Capability == "" {
			continue
		}
		if !slices.ContainsFunc(p.Manifest.Wants, func(w Want) bool { return w.Capability == f.Capability }) {
			p.Notes = append(p.Notes, "it can call "+f.Name+" but does not ask for "+f.Capability)
		}
	}
	if p.grants.Stateless && !p.Manifest.Stateless {
		p.Notes = append(p.Notes, "bot.toml takes it for stateless, but it does not say that it is")
	}
}

// native is a plug-in that is a module of its own.
type native struct {
	*plugin.Pool
	module *plugin.Module
}

// Close implements Engine.
func (n native) Close(ctx context.Context) error {
	return errors.Join(n.Pool.Close(ctx), n.module.Close(ctx))
}

// trial makes up a call with which a module is tried: its first direction with values
// that fit.
func trial(manifest []byte) ([]byte, error) {
	m, err := Parse(manifest)
	if err != nil {
		return nil, err
	}
	d := &m.Directions[0]
	values := map[string]any{}
	for i := range d.Attributes {
		a := &d.Attributes[i]
		if a.Required || a.Default != nil {
			values[a.Name] = a.sample()
		}
	}
	call := map[string]any{"name": d.Name, "attributes": values}
	if d.Form == abi.FormBlock {
		call["block"] = "text"
	}
	return json.Marshal(call)
}

// sample is a value that fits an attribute.
func (a *Attribute) sample() any {
	value := "text"
	switch {
	case a.Default != nil:
		value = *a.Default
	case a.Kind == abi.KindChoice:
		value = a.Choices[0]
	case a.Kind == abi.KindURL:
		value = "https://example.org/"
	case a.Kind == abi.KindBoolean:
		value = "true"
	case a.Kind == abi.KindNumber || a.Kind == abi.KindInteger:
		n := 1.0
		if a.Min != nil {
			n = max(n, *a.Min)
		}
		if a.Max != nil {
			n = min(n, *a.Max)
		}
		return n
	}
	return json.RawMessage(appendValue(nil, a.Kind, value))
}
