// Package rehearsal is the command that runs conversation tests, and the running of them for
// other commands. No API of the host is promised.
package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/dialogue/chat"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/turn"
)

// TestOptions say which tests are run, and how their outcome is told.
type TestOptions struct {
	run    string
	seed   uint64
	cases  string
	interp bool
	called bool   // the directions of the language are called, not compiled
	Format string // text, json or github
	json   bool
	junit  string
	update bool
	yes    bool
	Watch  bool // run again whenever a file is saved
}

// NewTest is footlight test.
func NewTest(env shell.Environment) *cobra.Command {
	var o TestOptions
	cmd := &cobra.Command{
		Use:   "test DIR...",
		Short: "run the conversation tests of bots (*.chat)",
		Long: `Runs every *.chat file below each folder against the bot in it. Delays take no
time, chance is seeded, nothing leaves the machine.

With --update the lines of tests that begin with < are written anew where the bot
says something else by now. With --cases FILE.jsonl conformance cases are run instead.`,
		Example: "  footlight test scripts/tea\n  footlight test scripts/tea --run order\n  footlight test scripts/tea --update",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(env, args); err != nil {
				return fmt.Errorf("test: %w", err)
			}
			return RunTests(cmd.Context(), env, o, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.run, "run", "", "only tests whose name matches this pattern")
	f.Uint64Var(&o.seed, "seed", 0, "use this seed for every test")
	f.StringVar(&o.cases, "cases", "", "run the conformance cases of this file")
	f.BoolVar(&o.interp, "interp", false, "run on the reference interpreter instead of the compiled module")
	f.BoolVar(&o.called, "no-intrinsics", false, "call the directions of the language as the plug-in that defines them")
	f.StringVar(&o.Format, "format", "text", "text, json or github")
	f.BoolVar(&o.json, "json", false, "the same as --format json")
	f.StringVar(&o.junit, "junit", "", "write the results to this file as well, as JUnit XML")
	f.BoolVar(&o.update, "update", false, "write down what the bot says now, after asking")
	f.BoolVar(&o.yes, "yes", false, "with --update: do not ask")
	f.BoolVar(&o.Watch, "watch", false, "run again whenever a file is saved")
	return cmd
}

// check refuses options that do not go together.
func (o *TestOptions) check(env shell.Environment, args []string) error {
	if o.json {
		o.Format = "json"
	}
	switch {
	case (o.cases == "") == (len(args) == 0):
		return errors.New("name a bot's folder, or cases with --cases FILE.jsonl")
	case !slices.Contains([]string{"text", "json", "github"}, o.Format):
		return fmt.Errorf("--format is %q; write text, json or github", o.Format)
	case o.cases != "" && (o.junit != "" || o.update || o.Watch || o.Format == "github"):
		return errors.New("--cases goes with --run, --interp, --no-intrinsics and --json only")
	case o.update && o.Watch:
		return errors.New("--update and --watch do not go together: one asks, the other does not wait")
	case o.yes && !o.update:
		return errors.New("--yes says yes to --update, which is not there")
	case o.update && env.Getenv("CI") != "":
		return errors.New("--update is refused where CI is set: tests are changed by people, who look at what changes")
	case o.update && !o.yes && !env.Keyboard:
		return errors.New("--update asks before it writes, and there is nobody to ask: add --yes")
	}
	return nil
}

// RunTests runs the tests of some folders and reports; tests that fail are a shell.Findings.
func RunTests(ctx context.Context, env shell.Environment, o TestOptions, dirs []string) error {
	only, err := regexp.Compile(o.run)
	if err != nil {
		return fmt.Errorf("test: --run: %w", err)
	}
	t, end, err := NewTester(ctx, env, o, only)
	if err != nil {
		return err
	}
	defer end()
	switch {
	case o.cases != "" && o.called:
		return t.runCasesCalled(ctx, o.cases)
	case o.cases != "":
		return t.runCases(ctx, o.cases)
	case o.Watch:
		return t.watch(ctx, dirs)
	default:
		return t.runFolders(ctx, dirs)
	}
}

// NewTester opens what tests run in. end gives it back.
func NewTester(ctx context.Context, env shell.Environment, o TestOptions, only *regexp.Regexp) (t *Tester, end func(), err error) {
	runtime, err := shell.OpenRuntime()
	if err != nil {
		return nil, nil, err
	}
	var loader bot.Loader = bot.Sandboxed{Runtime: runtime}
	if o.interp {
		loader = bot.Interpreted{Runtime: runtime}
	}
	plugins := bot.NewPlugins(bot.PluginsConfig{Runtime: runtime, Secret: madeUp})
	ctx = context.WithoutCancel(ctx)
	return &Tester{env: env, options: o, only: only, build: shell.Caster(loader), plugins: plugins}, func() {
		_ = plugins.Close(ctx)
		_ = runtime.Close(ctx)
	}, nil
}

// Tester runs tests.
type Tester struct {
	env     shell.Environment
	options TestOptions
	only    *regexp.Regexp
	build   dialogue.Build
	plugins *bot.Plugins
}

// madeUp are the secrets of plug-ins in tests, which have none of their own: their
// names, so that a test that lets one out shows it.
func madeUp(name string) (string, bool) { return name, true }

// tested is a folder with what came of its tests.
type tested struct {
	dir      string
	outcomes []chat.Outcome
	unused   []string // places of stubs
}

// runFolders runs the tests of some bots and reports.
func (t *Tester) runFolders(ctx context.Context, dirs []string) error {
	var all []tested
	for _, dir := range dirs {
		one, err := t.folder(ctx, dir)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	if err := t.report(all); err != nil {
		return err
	}
	if t.options.update {
		if err := t.update(all); err != nil {
			return err
		}
	}
	switch sum := total(all); {
	case sum.Failed > 0:
		return shell.Finding(fmt.Sprintf("%d of %d tests failed", sum.Failed, sum.Failed+sum.Passed))
	case sum == (chat.Summary{}):
		return shell.Finding("no test was run: there is no *.chat file, or --run leaves none")
	}
	return nil
}

func total(all []tested) chat.Summary {
	var list []chat.Outcome
	for _, one := range all {
		list = append(list, one.outcomes...)
	}
	return chat.Count(list)
}

// folder runs the tests of one bot.
func (t *Tester) folder(ctx context.Context, dir string) (out tested, err error) {
	out.dir = dir
	began := time.Now()
	folder, err := bot.Folder(dir)
	if err != nil {
		return out, err
	}
	settings, err := bot.ReadSettings(folder)
	if err != nil {
		return out, fmt.Errorf("%s: %w", dir, err)
	}
	if t.options.called {
		settings.Intrinsics = new(bool)
	}
	files, found, err := ReadChats(folder)
	if err != nil {
		return out, fmt.Errorf("%s: %w", dir, err)
	}
	if len(found) > 0 {
		t.diagnostics(dir, found, len(files), time.Since(began))
		return out, shell.Finding(fmt.Sprintf("%s: %s of tests cannot be read", dir, shell.Count(len(found), "line")))
	}
	stage, end, err := t.Rig(ctx, folder, settings)
	var refused *bot.RefusedError
	if errors.As(err, &refused) {
		t.diagnostics(dir, refused.Problems, refused.Files, time.Since(began))
		return out, shell.Finding(fmt.Sprintf("%s: %v", dir, err))
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", dir, err)
	}
	defer func() { err = errors.Join(err, end()) }()
	stage.Seed, stage.Update = t.options.seed, t.options.update
	only := func(one chat.Test) bool { return t.only.MatchString(one.Name) }
	out.outcomes, out.unused, err = stage.PlayAll(ctx, files, only)
	return out, err
}

// Rig builds a bot to play tests on. end takes it down.
func (t *Tester) Rig(ctx context.Context, folder fs.FS, settings bot.Settings) (stage chat.Stage, end func() error, err error) {
	plugins, err := t.plugins.Load(ctx, folder, settings)
	if err != nil {
		return stage, nil, err
	}
	ctx = context.WithoutCancel(ctx)
	cast, err := t.build(ctx, folder, settings, plugins.Links()...)
	if err != nil {
		return stage, nil, errors.Join(err, plugins.Close(ctx))
	}
	stage = chat.Stage{Cast: cast, Settings: settings, Folder: folder}
	if plugins != nil {
		stage.Installed = func() turn.Directions { return plugins.With(&direction.Memory{}) }
	}
	return stage, func() error {
		cast.Close()
		return plugins.Close(ctx)
	}, nil
}

// diagnostics shows what is wrong in the format that was asked for.
func (t *Tester) diagnostics(dir string, list []diag.Diagnostic, files int, took time.Duration) {
	switch t.options.Format {
	case "json":
		_ = diag.WriteJSON(t.env.Out, list, files, took) // what cannot be written cannot be reported either
	case "github":
		_ = diag.WriteGitHub(t.env.Out, list, dir)
	default:
		shell.WriteDiagnostics(t.env, dir, list, files, took)
	}
}

// ReadChats reads the tests of a folder.
func ReadChats(folder fs.FS) (files []chat.File, found []diag.Diagnostic, err error) {
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() || path.Ext(name) != ".chat" {
			return nil
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		file, mistakes := chat.Parse(name, data)
		files, found = append(files, file), append(found, mistakes...)
		return nil
	})
	return files, found, err
}

// create makes a file anew and writes it.
func create(name string, write func(*os.File) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
