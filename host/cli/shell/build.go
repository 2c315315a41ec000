package shell

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

// built is a bot's folder after a build.
type built struct {
	settings bot.Settings
	Result   *compile.Result
	Plugins  []*direction.Plugin // to look at; they do not run any more
	Refused  bool                // it has errors and would not be put in service
	Took     time.Duration
}

// BuildFolder is the build that dev and serve use, without the swap.
func BuildFolder(ctx context.Context, path string) (b built, err error) {
	dir, err := bot.Folder(path)
	if err != nil {
		return built{}, err
	}
	began := time.Now()
	settings, err := bot.ReadSettings(dir)
	if err != nil {
		return built{}, fmt.Errorf("%s: %w", path, err)
	}
	plugins, done, err := openPlugins(ctx, dir, settings)
	if err != nil {
		return built{}, fmt.Errorf("%s: %w", path, err)
	}
	defer func() { err = errors.Join(err, done()) }()
	result, err := bot.Compile(dir, settings, plugins.Links()...)
	var refused *bot.RefusedError
	if err != nil && !errors.As(err, &refused) {
		return built{}, fmt.Errorf("%s: %w", path, err)
	}
	if err := compileMacros(ctx, result, settings); err != nil {
		return built{}, fmt.Errorf("%s: %w", path, err)
	}
	return built{settings, result, plugins.List(), refused != nil, time.Since(began)}, nil
}

// compileMacros adds what is wrong with the macros of a bot to what its build has found.
func compileMacros(ctx context.Context, result *compile.Result, s bot.Settings) error {
	if len(result.Program.Meta.Objects) == 0 {
		return nil
	}
	runtime, err := OpenRuntime()
	if err != nil {
		return err
	}
	macros, err := macro.Load(ctx, macro.Config{Runtime: runtime, Program: &result.Program.Meta})
	if err == nil {
		result.Diagnostics = bot.Diagnose(result, s, macros)
		err = macros.Close(ctx)
	}
	return errors.Join(err, runtime.Close(context.WithoutCancel(ctx)))
}

// openPlugins makes the plug-ins of a folder ready, in a sandbox of their own if there
// are any.
func openPlugins(ctx context.Context, dir fs.FS, s bot.Settings) (*direction.Set, func() error, error) {
	none := func() error { return nil }
	if files, err := direction.Files(dir); err != nil || len(files) == 0 && len(s.Plugins) == 0 && !s.Called() {
		return nil, none, err
	}
	runtime, err := OpenRuntime()
	if err != nil {
		return nil, none, err
	}
	plugins := bot.NewPlugins(bot.PluginsConfig{Runtime: runtime})
	ctx = context.WithoutCancel(ctx)
	end := func() error { return errors.Join(plugins.Close(ctx), runtime.Close(ctx)) }
	set, err := plugins.Load(ctx, dir, s)
	if err != nil {
		return nil, none, errors.Join(err, end())
	}
	return set, func() error { return errors.Join(set.Close(ctx), end()) }, nil
}

// Secrets reads the secrets of plug-ins from the environment, or from files that are
// named there. An empty one is none.
func Secrets(getenv func(string) string) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		if value := getenv(direction.SecretPrefix + name); value != "" {
			return value, true
		}
		path := getenv(direction.SecretPrefix + name + "_FILE")
		if path == "" {
			return "", false
		}
		data, err := os.ReadFile(path)
		value := strings.TrimRight(string(data), "\r\n")
		return value, err == nil && value != ""
	}
}

// OpenRuntime opens the sandbox with its cache of compiled modules.
func OpenRuntime() (*sandbox.Runtime, error) {
	return sandbox.New(sandbox.Config{CacheDir: CacheDir()})
}

// CacheDir is where compiled modules are kept between runs; empty when this
// machine has no place for it.
func CacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "footlight")
}

// Caster makes casts for tests: on the sandbox, or on the reference interpreter.
func Caster(loader bot.Loader) dialogue.Build {
	return func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*dialogue.Cast, error) {
		result, err := bot.Compile(dir, s, directions...)
		if err != nil {
			return nil, err
		}
		script, err := loader.Load(ctx, result)
		if err != nil {
			return nil, err
		}
		return &dialogue.Cast{
			Script: script, Macros: script.Macros(), Program: result.Program, Diagnostics: result.Diagnostics,
			Close: func() { _ = script.Close(context.WithoutCancel(ctx)) },
		}, nil
	}
}

// ErrorsIn counts what is wrong and what is doubtful.
func ErrorsIn(list []diag.Diagnostic) (errs, warnings int) {
	for _, d := range list {
		if d.Code.IsError() {
			errs++
		} else {
			warnings++
		}
	}
	return errs, warnings
}

// WriteDiagnostics shows what a build of a folder had to say. What cannot be
// written to a terminal cannot be reported to it either.
func WriteDiagnostics(env Environment, dir string, list []diag.Diagnostic, files int, took time.Duration) {
	_ = diag.WriteText(env.Out, list, diag.TextOptions{
		Color: env.Colour(), Width: env.Cells(), Folder: dir, Files: files, Took: took,
	})
}
