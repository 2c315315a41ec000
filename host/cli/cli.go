// Package cli is the command line: commands, settings, and what a terminal shows.
// Results go to stdout, progress and logs to stderr; a command that ends with
// anything but 0 says why in its last line. No API of the host is promised.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/deployment"
	"github.com/footlight-bots/footlight/host/cli/people"
	"github.com/footlight-bots/footlight/host/cli/publication"
	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

// Exit codes.
const (
	exitFine     = 0
	exitFindings = 1 // errors in scripts, failing tests
	exitFailed   = 2 // it could not run: wrong usage, file not found, port in use
)

// Main runs one command and returns its exit code. SIGINT and SIGTERM end it
// gracefully.
func Main(args []string, env shell.Environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var found shell.Findings
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &found):
		_, _ = fmt.Fprintln(env.Err, found.Reason)
		return exitFindings
	default:
		_, _ = fmt.Fprintf(env.Err, "footlight: %v\n", err)
		return exitFailed
	}
}

func newRoot(env shell.Environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "footlight",
		Short: "chat bots on Facebook Messenger from plain text scripts",
		Long: `Footlight runs chat bots on Facebook Messenger from plain text scripts.

Start with "footlight dev scripts/welcome": it opens a desk in your browser with
a chat, and every line you save is on stage at once.`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
		Version:           shell.Version(),
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return shell.UnknownCommand(cmd, args[0])
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
		newDev(env), newServe(env), newCheck(env), rehearsal.NewTest(env), newChat(env), newBench(env), newFmt(env), newImport(env), newExplain(env), newEmulator(env),
		publication.NewPublish(env), publication.NewVersions(env), publication.NewRollback(env), publication.NewCanary(env), publication.NewDiff(env),
		deployment.NewDeploy(env), deployment.NewUndeploy(env), deployment.NewDoctor(env),
		newDirection(env), people.NewUser(env), people.NewPage(env), newTrace(env),
	)
	fitHelp(root)
	return root
}
