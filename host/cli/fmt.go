package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/file"
	"github.com/footlight-bots/footlight/host/script/format"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/source"
)

func newFmt(env shell.Environment) *cobra.Command {
	var check, show bool
	cmd := &cobra.Command{
		Use:   "fmt DIR|FILE...",
		Short: "write scripts in the house style",
		Long: `Writes *.topic and *.rive files in the house style: one blank behind the sign of a
line, an empty line before each trigger, continuations two blanks in, definitions in
line. What people say and read, macros and comments stay as they are. Lines with an
error are left alone until you have mended them.

The names of changed files are printed. With --check or --diff nothing is written,
and the exit code is 1 when a file is not in style.`,
		Example: "  footlight fmt scripts/tea\n  footlight fmt --diff scripts/tea/order.topic",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := scriptsIn(args)
			if err != nil {
				return err
			}
			f := formatter{env: env, write: !check && !show, diff: show}
			for _, name := range files {
				if err := f.file(name); err != nil {
					return err
				}
			}
			return f.verdict()
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "only list the files that are not in style")
	cmd.Flags().BoolVar(&show, "diff", false, "only show what would change")
	return cmd
}

// formatter formats files and remembers which.
type formatter struct {
	env         shell.Environment
	write, diff bool
	changed     []string
	unreadable  []string // not UTF-8
}

func (f *formatter) file(name string) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("fmt: %w", err)
	}
	text, ok := format.Document(source.New(filepath.ToSlash(name), old))
	if !ok {
		f.unreadable = append(f.unreadable, name)
		return nil
	}
	if text == string(old) {
		return nil
	}
	f.changed = append(f.changed, name)
	if f.diff {
		_, err = f.env.Out.Write(diff.Diff(name, old, name+" (formatted)", []byte(text)))
		return err
	}
	if f.write {
		if err := file.Replace(name, []byte(text)); err != nil {
			return fmt.Errorf("fmt: %w", err)
		}
	}
	_, err = fmt.Fprintln(f.env.Out, name)
	return err
}

// verdict is what the command ends with.
func (f *formatter) verdict() error {
	switch {
	case len(f.unreadable) > 0:
		return shell.Finding(strings.Join(f.unreadable, ", ") + ": not UTF-8, left alone; save it as UTF-8")
	case !f.write && len(f.changed) > 0:
		return shell.Finding(shell.Count(len(f.changed), "file") + " not in the house style; footlight fmt mends that")
	}
	return nil
}

// scriptsIn lists the documents in folders, and files as they are given, in order.
func scriptsIn(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("fmt: there is no file or folder %s", arg)
		case err != nil:
			return nil, fmt.Errorf("fmt: %w", err)
		case !info.IsDir() && !link.IsDocument(filepath.Base(arg)):
			return nil, fmt.Errorf("fmt: %s is no script; scripts end in .topic or .rive", arg)
		case !info.IsDir():
			files = append(files, arg)
			continue
		}
		documents, err := link.Read(os.DirFS(arg))
		if err != nil {
			return nil, fmt.Errorf("fmt: %s: %w", arg, err)
		}
		for _, d := range documents {
			files = append(files, filepath.Join(arg, filepath.FromSlash(d.Path)))
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}
