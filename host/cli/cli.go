// Package cli is the command line: commands, settings, and what a terminal shows.
// Results go to stdout, progress and logs to stderr; a command that ends with
// anything but 0 says why in its last line. No API of the host is promised.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/footlight-bots/footlight/host/clock"
)

// Exit codes.
const (
	exitFine     = 0
	exitFindings = 1 // errors in scripts, failing tests
	exitFailed   = 2 // it could not run: wrong usage, file not found, port in use
)

// Environment is what a command sees of the machine.
type Environment struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Terminal bool        // Out is a terminal
	Keyboard bool        // In is a terminal
	Width    func() int  // of the terminal in cells, 0 when it does not tell; nil without one
	Clock    clock.Clock // of the hosts that are started; nil: the machine's
}

// System is the environment of this process.
func System() Environment {
	return Environment{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
		Terminal: term.IsTerminal(int(os.Stdout.Fd())), Keyboard: term.IsTerminal(int(os.Stdin.Fd())),
		Width: func() int {
			width, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return width
		},
	}
}

// colour tells whether output may be coloured.
func (e Environment) colour() bool { return e.Terminal && e.Getenv("NO_COLOR") == "" }

// overhang is what a frame's help may stand out, in cells.
const overhang = 2

// width is how many cells a frame may have; 0 leaves that to the frame.
func (e Environment) width() int {
	if !e.Terminal || e.Width == nil {
		return 0
	}
	return max(e.Width()-overhang, 0)
}

// findings is the error of a command that ran and found something wrong.
type findings struct{ reason string }

func (f findings) Error() string { return f.reason }

// Main runs one command and returns its exit code. SIGINT and SIGTERM end it
// gracefully.
func Main(args []string, env Environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var found findings
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &found):
		_, _ = fmt.Fprintln(env.Err, found.reason)
		return exitFindings
	default:
		_, _ = fmt.Fprintf(env.Err, "footlight: %v\n", err)
		return exitFailed
	}
}

func newRoot(env Environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "footlight",
		Short: "chat bots on Facebook Messenger from plain text scripts",
		Long: `Footlight runs chat bots on Facebook Messenger from plain text scripts.

Start with "footlight dev scripts/welcome": it opens a desk in your browser with
a chat, and every line you save is on stage at once.`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
		Version:           version(),
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%s: %w; %s --help lists the flags", cmd.Name(), err, cmd.CommandPath())
	})
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	root.AddCommand(
		newDev(env), newServe(env), newCheck(env), newTest(env), newChat(env), newBench(env), newFmt(env), newImport(env), newExplain(env), newEmulator(env),
		newDirection(env), newUser(env), newPage(env), newTrace(env),
	)
	return root
}
