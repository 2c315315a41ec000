package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/chronicle"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

func newTrace(env shell.Environment) *cobra.Command {
	return &cobra.Command{
		Use:   "trace ID [LOG...]",
		Short: "follow one message through the log: event, turn, sends, receipts",
		Long: `Reads logs of footlight serve (JSON lines, several hosts' if there are, or stdin) and
shows all that belongs to an ID, in the order of time: the id of a message that the
person or the bot sent (mid), of a turn, or of a send. Whole conversations hang
together by the label that the lines call conversation; it, too, is an ID.`,
		Example: "  footlight trace m_AG5Hz2Uq7tuw serve.log\n  journalctl -u footlight -o cat | footlight trace 4f1c0a77b2d95e0c11aa02be",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return shell.WrongUsage(cmd, 0)
			}
			r := &chronicle.Reader{}
			for _, path := range args[1:] {
				if err := readLog(r, path); err != nil {
					return err
				}
			}
			if len(args) == 1 {
				if err := r.Read(env.In); err != nil {
					return err
				}
			}
			found := r.About(args[0])
			if len(found) == 0 {
				return shell.Finding(fmt.Sprintf("nothing in %s belongs to %s", shell.Count(r.Len(), "line"), args[0]))
			}
			for _, line := range found {
				_, _ = fmt.Fprintln(env.Out, shell.Harmless(line.String()))
			}
			return nil
		},
	}
}

func readLog(r *chronicle.Reader, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	defer func() { _ = f.Close() }()
	return r.Read(f)
}
