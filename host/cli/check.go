package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// formats are the forms in which check reports.
var formats = [...]string{"text", "json", "github"}

func newCheck(env shell.Environment) *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:     "check DIR",
		Short:   "build a bot and say what is wrong with it; nothing is served",
		Example: "  footlight check scripts/tea\n  footlight check scripts/tea --format github",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(formats[:], format) {
				return fmt.Errorf("check: --format is %q; write %s", format, strings.Join(formats[:], ", "))
			}
			b, err := shell.BuildFolder(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			list := b.Result.Diagnostics
			switch format {
			case "text":
				writePlugins(env, b.Plugins)
				writeSamples(env, b.Result.Reached, b.Result.Samples)
				shell.WriteDiagnostics(env, args[0], list, len(b.Result.Files), b.Took)
			case "json":
				err = diag.WriteJSON(env.Out, list, len(b.Result.Files), b.Took)
			case "github":
				err = diag.WriteGitHub(env.Out, list, args[0])
			}
			if err != nil {
				return err
			}
			errs, warnings := shell.ErrorsIn(list)
			if errs > 0 || strict && warnings > 0 {
				return shell.Finding(fmt.Sprintf("%s: %s, %s", args[0], shell.Count(errs, "error"), shell.Count(warnings, "warning")))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", strings.Join(formats[:], ", "))
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings count as findings")
	return cmd
}

// writePlugins tells what the plug-ins of a bot offer, what they want and why, and
// what of it they get.
func writePlugins(env shell.Environment, plugins []*direction.Plugin) {
	for _, p := range plugins {
		_, _ = fmt.Fprintf(env.Out, "plug-in %s %s (%s): %s\n", p.Name, p.Manifest.Version, p.File, strings.Join(tags(p), " "))
		for _, w := range p.Wishes() {
			what := strings.Join(append([]string{w.Capability}, w.Items...), " ")
			_, _ = fmt.Fprintf(env.Out, "  %s: %s, %q%s\n", what, w.State(), w.Reason, behind("; write ", w.Cure))
		}
		for _, note := range p.Notes {
			_, _ = fmt.Fprintf(env.Out, "  note: %s\n", note)
		}
	}
}

// tags are the tags of a plug-in.
func tags(p *direction.Plugin) []string {
	list := make([]string, len(p.Manifest.Directions))
	for i, d := range p.Manifest.Directions {
		list[i] = "<" + d.Name + ">"
	}
	return list
}

// writeSamples tells how the messages above triggers fare. Those that do not reach
// their trigger are among the diagnostics.
func writeSamples(env shell.Environment, reached, of int) {
	switch {
	case of == 0:
	case reached == of:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, all answered there\n", shell.Count(of, "sample"))
	default:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, %d not answered there\n", shell.Count(of, "sample"), of-reached)
	}
}
