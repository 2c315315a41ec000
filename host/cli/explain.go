package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// maxAdvices is how many answers of the platform are explained at once.
const maxAdvices = 3

func newExplain(env shell.Environment) *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE|TEXT",
		Short: "what a code of ours or an error of Meta's means, and the cure",
		Long: `Explains the codes of our own diagnostics, such as E021, and the errors of Meta's Graph
API: by number, as in 190/463, or by Meta's words, whole or in part.`,
		Example: "  footlight explain E021\n  footlight explain 190/463\n  footlight explain \"Message cannot be empty\"",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return shell.WrongUsage(cmd, 0)
			}
			return explain(env.Out, strings.Join(args, " "))
		},
	}
}

func explain(w io.Writer, question string) error {
	if text, ok := diag.Explain(question); ok {
		_, err := fmt.Fprint(w, text)
		return err
	}
	found := deploy.Explain(question)
	if len(found) == 0 {
		return fmt.Errorf("explain: nothing is known of %q; codes of ours look like E021 or W104, those of Meta like 190 or 190/463; a few of Meta's words do too", question)
	}
	for i, e := range found[:min(len(found), maxAdvices)] {
		if i > 0 {
			_, _ = fmt.Fprintln(w)
		}
		_, _ = fmt.Fprintf(w, "%s\n\n", e.Title)
		for _, n := range e.Notes {
			shell.Paragraph(w, 2, n.Label, n.Text)
		}
	}
	if more := len(found) - maxAdvices; more > 0 {
		_, _ = fmt.Fprintf(w, "\n%s more; write more of Meta's words\n", shell.Count(more, "error"))
	}
	return nil
}
