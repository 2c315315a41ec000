package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/importer"
	"github.com/footlight-bots/footlight/host/script/diag"
)

func newImport(env shell.Environment) *cobra.Command {
	var o importer.Options
	cmd := &cobra.Command{
		Use:   "import OLD NEW",
		Short: "make a bot's folder of an old RiveScript or Dexter project",
		Long: `Reads the project in OLD and writes a bot's folder NEW, which must not exist or be
empty: nothing is ever overwritten, and OLD stays as it is.

RiveScript brains (*.rive, *.rs, *.txt) become a bot that speaks the dialect they were
written for. With --dexter, each document becomes a topic of its name (*.topic). Talks
that were kept as text ("You> hello", "Bot> Hi!") become tests.

The report lists what was changed, what was left out, and, with frames, what the new
bot still has wrong; the exit code is then 1.`,
		Example: "  footlight import ~/brain scripts/brain\n  footlight import --dexter export scripts/quiz",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Name == "" {
				o.Name = filepath.Base(filepath.Clean(args[1]))
			}
			return importProject(cmd.Context(), env, args[0], args[1], o)
		},
	}
	cmd.Flags().BoolVar(&o.Dexter, "dexter", false, "every document is a topic")
	cmd.Flags().StringVar(&o.Name, "name", "", "name of the bot (default: that of the folder NEW)")
	return cmd
}

func importProject(ctx context.Context, env shell.Environment, old, target string, o importer.Options) error {
	dir, err := bot.Folder(old)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if err := vacant(target); err != nil {
		return err
	}
	result, err := importer.Import(dir, o)
	if err != nil {
		return err
	}
	if err := writeFolder(target, result.Files); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if err := result.WriteReport(env.Out); err != nil {
		return err
	}
	b, err := shell.BuildFolder(ctx, target)
	if err != nil {
		return err
	}
	err = diag.WriteText(env.Out, b.Result.Diagnostics, diag.TextOptions{
		Color: env.Colour(), Width: env.Cells(), Folder: target, Files: len(b.Result.Files), Took: b.Took,
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(env.Out, "%s and %s in %s\n", shell.Count(result.Triggers, "trigger"), shell.Count(result.Tests, "test"), target)
	if errs, _ := shell.ErrorsIn(b.Result.Diagnostics); errs > 0 {
		return shell.Finding(fmt.Sprintf("%s: %s could not be carried over as they are", target, shell.Count(errs, "line")))
	}
	return nil
}

// vacant is an error if there is something at a path already.
func vacant(target string) error {
	entries, err := os.ReadDir(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("import: %s is there already, and is no folder; nothing was written", target)
	case len(entries) > 0:
		return fmt.Errorf("import: %s is there already, and not empty; nothing was written", target)
	}
	return nil
}

// writeFolder writes files below a folder. It makes all of them, and replaces none.
func writeFolder(target string, files map[string][]byte) error {
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		name := filepath.Join(target, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = f.Write(files[p])
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
