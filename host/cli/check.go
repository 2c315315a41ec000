package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/script/diag"
)

func newCheck(env Environment) *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:     "check DIR",
		Short:   "build a bot and say what is wrong with it; nothing is served",
		Example: "  footlight check scripts/tea\n  footlight check scripts/tea --format github",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := buildFolder(args[0])
			if err != nil {
				return err
			}
			list := b.result.Diagnostics
			switch format {
			case "text":
				writeSamples(env, b.result.Reached, b.result.Samples)
				err = diag.WriteText(env.Out, list, diag.TextOptions{
					Color: env.colour(), Width: env.width(), Folder: args[0], Files: len(b.result.Files), Took: b.took,
				})
			case "json":
				err = diag.WriteJSON(env.Out, list, len(b.result.Files), b.took)
			case "github":
				err = diag.WriteGitHub(env.Out, list, args[0])
			default:
				return fmt.Errorf("check: --format is %q; write text, json or github", format)
			}
			if err != nil {
				return err
			}
			errs, warnings := errorsIn(list)
			if errs > 0 || strict && warnings > 0 {
				return findings{fmt.Sprintf("%s: %s, %s", args[0], count(errs, "error"), count(warnings, "warning"))}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or github")
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings count as findings")
	return cmd
}

// writeSamples tells how the messages above triggers fare. Those that do not reach
// their trigger are among the diagnostics.
func writeSamples(env Environment, reached, of int) {
	switch {
	case of == 0:
	case reached == of:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, all answered there\n", count(of, "sample"))
	default:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, %d not answered there\n", count(of, "sample"), of-reached)
	}
}
