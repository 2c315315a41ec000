// Package sandbox runs compiled scripts in wazero, and is the only package that
// imports it. A Runtime compiles modules, with a cache on disk; a Module is a
// world.Script over a pool of instances. An instance serves one turn at a time
// and keeps nothing of it; after a trap or a limit it is thrown away. Errors name
// the line of the script, never a number of a function. Every address that comes
// from a module is checked. No API of the host is promised.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
)

// Config says how modules are run.
type Config struct {
	// CacheDir keeps compiled code between runs of the host. Empty: only in memory.
	CacheDir string
	// Interpreter has wazero interpret modules, some fifty times slower. It is for
	// tests that compare wazero's two engines.
	Interpreter bool
}

// Runtime compiles modules. It is safe for concurrent use. Its modules are
// closed before it is.
type Runtime struct {
	wazero wazero.Runtime
	cache  wazero.CompilationCache
	config wazero.RuntimeConfig

	mu      sync.Mutex
	foreign wazero.Runtime // of engines; nil while there was none
}

// New makes a Runtime.
func New(c Config) (*Runtime, error) {
	cache := wazero.NewCompilationCache()
	if c.CacheDir != "" {
		var err error
		if cache, err = wazero.NewCompilationCacheWithDir(c.CacheDir); err != nil {
			return nil, fmt.Errorf("sandbox: cache %s: %w", c.CacheDir, err)
		}
	}
	engine := wazero.NewRuntimeConfigCompiler()
	if c.Interpreter {
		engine = wazero.NewRuntimeConfigInterpreter()
	}
	ctx := context.Background()
	engine = engine.WithCompilationCache(cache)
	r := &Runtime{wazero: wazero.NewRuntimeWithConfig(ctx, engine), cache: cache, config: engine}
	if err := instantiateHost(ctx, r.wazero); err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: host functions: %w", err), r.Close(ctx))
	}
	return r, nil
}

// Config is how modules are run, for rooms below this one that run modules of another
// kind: they share the compiled code that is kept.
func (r *Runtime) Config() wazero.RuntimeConfig { return r.config }

// Close frees everything. All modules must have been closed.
func (r *Runtime) Close(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := []error{r.wazero.Close(ctx)}
	if r.foreign != nil {
		errs = append(errs, r.foreign.Close(ctx))
	}
	// The cache holds the code that closing modules give back: it goes last.
	if err := errors.Join(append(errs, r.cache.Close(ctx))...); err != nil {
		return fmt.Errorf("sandbox: close: %w", err)
	}
	return nil
}
