package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/script/diag"
)

func newExplain(env Environment) *cobra.Command {
	return &cobra.Command{
		Use:     "explain CODE",
		Short:   "what a code of a diagnostic means, with an example and the cure",
		Example: "  footlight explain E021",
		Args:    exactlyOne,
		RunE: func(_ *cobra.Command, args []string) error {
			text, ok := diag.Explain(args[0])
			if !ok {
				return fmt.Errorf("explain: there is no code %q; codes look like E021 or W104", args[0])
			}
			_, err := fmt.Fprint(env.Out, text)
			return err
		},
	}
}
