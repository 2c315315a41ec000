package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/workshop"
)

func newDirection(env shell.Environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "direction",
		Short: "make and try plug-ins: tags that your own code answers",
		Long: `A direction is a tag such as <weather city=Oslo> that a plug-in of yours answers: a
WebAssembly module in Go, AssemblyScript, Rust, C or another language, or one file of
JavaScript. These commands are its author's; none of them needs a bot.`,
		Example: "  footlight direction new plugins/hello --lang go\n  footlight direction check plugins/hello/hello.wasm",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return fmt.Errorf("direction: there is no %q; write new, check, test or run, as in: footlight direction new hello --lang go", args[0])
		},
	}
	cmd.AddCommand(newDirectionNew(env), newDirectionCheck(env), newDirectionTest(env), newDirectionRun(env))
	return cmd
}

func newDirectionNew(env shell.Environment) *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "new FOLDER",
		Short: "make the folder of a new plug-in, which works as it is",
		Long: `Makes a folder with a plug-in that greets people: its code, tests on your machine,
cases for "footlight direction test", and the library beside it. The plug-in is named
like the folder. In a bot's folder that is plugins/NAME.`,
		Example: "  footlight direction new plugins/hello --lang go\n  footlight direction new hello --lang js",
		Args:    directionArgs(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if language == "" {
				return fmt.Errorf("direction new: which language? write --lang %s", strings.Join(workshop.Languages, ", --lang "))
			}
			if err := workshop.New(args[0], language); err != nil {
				return fmt.Errorf("direction new: %w", err)
			}
			writeNew(env, args[0], language)
			return nil
		},
	}
	cmd.Flags().StringVar(&language, "lang", "", strings.Join(workshop.Languages, ", "))
	return cmd
}

// writeNew says what to do next.
func writeNew(env shell.Environment, folder, language string) {
	name := filepath.Base(filepath.Clean(folder))
	_, _ = fmt.Fprintf(env.Out, "made %s: <%s to=Ann> says hello\n\nnext\n  cd %s\n", folder, name, folder)
	file := name + ".wasm"
	if language == "js" {
		file = name + ".js"
	}
	for _, line := range workshop.Commands(language, name) {
		_, _ = fmt.Fprintf(env.Out, "  %s\n", line)
	}
	_, _ = fmt.Fprintf(env.Out, "  footlight direction check %s\n  footlight direction test %s cases.json\n\n"+
		"direction/README.md says the rest on one page\n", file, file)
}

func newDirectionCheck(env shell.Environment) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE|FOLDER",
		Short: "say what is wrong with a plug-in, what it offers and wants",
		Long: `Admits a plug-in like a bot does, and asks it what it is: its tags, their attributes,
and what it wants to be granted and why. Nothing is granted and no tag is called, but
for one call with made-up values. A folder stands for the plug-in in it.`,
		Example: "  footlight direction check plugins/hello/hello.wasm\n  footlight direction check plugins/shout/shout.js",
		Args:    directionArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return atDesk(cmd.Context(), env, args[0], func(d *workshop.Desk) error {
				writeManifest(env, d.File(), d.Plugin)
				if notes := d.Plugin.Notes; len(notes) > 0 {
					return shell.Finding(fmt.Sprintf("%s: %s", d.File(), shell.Count(len(notes), "note")))
				}
				return nil
			})
		},
	}
}

// atDesk opens a plug-in and does something with it.
func atDesk(ctx context.Context, env shell.Environment, file string, do func(*workshop.Desk) error) (err error) {
	file, err = moduleIn(file)
	if err != nil {
		return fmt.Errorf("direction: %w", err)
	}
	code, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("direction: %w", err)
	}
	base, err := shell.OpenRuntime()
	if err != nil {
		return err
	}
	ends := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, base.Close(ends)) }()
	runtime, err := plugin.New(ctx, base)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runtime.Close(ends)) }()
	timer := env.Clock
	if timer == nil {
		timer = clock.Real{}
	}
	desk, err := workshop.Open(ctx, workshop.Config{Sandbox: base, Runtime: runtime, Clock: timer}, file, code)
	var refused *plugin.Refused
	switch {
	case errors.As(err, &refused):
		return shell.Finding(fmt.Sprintf("%s: %v", file, err))
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	}
	defer func() { err = errors.Join(err, desk.Close(ends)) }()
	return do(desk)
}

// moduleIn is the file that is meant: of a folder the one in it that is named like it.
func moduleIn(file string) (string, error) {
	if info, err := os.Stat(file); err != nil || !info.IsDir() {
		return file, nil // whatever is wrong with it, reading it tells
	}
	whole, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	name := filepath.Base(whole)
	for _, extension := range []string{".wasm", ".js"} {
		if in := filepath.Join(file, name+extension); isFile(in) {
			return in, nil
		}
	}
	return "", fmt.Errorf("there is no %s.wasm and no %s.js in %s: build it first, as %s says",
		name, name, file, filepath.Join(file, "direction", "README.md"))
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// directionArgs wants from least to most arguments.
func directionArgs(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
		return fmt.Errorf("direction %s: %s given; write footlight direction %s, as in: %s", cmd.Name(), shell.Count(len(args), "argument"), cmd.Use, example)
	}
}
