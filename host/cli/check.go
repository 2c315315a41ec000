package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// formats are the forms in which check reports.
var formats = [...]string{"text", "json", "github"}

func newCheck(env Environment) *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:     "check DIR",
		Short:   "build a bot and say what is wrong with it; nothing is served",
		Example: "  footlight check scripts/tea\n  footlight check scripts/tea --format github",
		Args:    exactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(formats[:], format) {
				return fmt.Errorf("check: --format is %q; write %s", format, strings.Join(formats[:], ", "))
			}
			b, err := buildFolder(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			list := b.result.Diagnostics
			switch format {
			case "text":
				writePlugins(env, b.plugins)
				writeSamples(env, b.result.Reached, b.result.Samples)
				writeDiagnostics(env, args[0], list, len(b.result.Files), b.took)
			case "json":
				err = diag.WriteJSON(env.Out, list, len(b.result.Files), b.took)
			case "github":
				err = diag.WriteGitHub(env.Out, list, args[0])
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
	cmd.Flags().StringVar(&format, "format", "text", strings.Join(formats[:], ", "))
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings count as findings")
	return cmd
}

// writePlugins tells what the plug-ins of a bot offer, what they want and why, and
// what of it they get.
func writePlugins(env Environment, plugins []*direction.Plugin) {
	for _, p := range plugins {
		_, _ = fmt.Fprintf(env.Out, "plug-in %s %s (%s): %s\n", p.Name, p.Manifest.Version, p.File, strings.Join(tags(p), " "))
		for _, w := range p.Wishes() {
			cure := ""
			if w.Cure != "" {
				cure = "; " + w.Cure
			}
			what := strings.Join(append([]string{w.Capability}, w.Items...), " ")
			_, _ = fmt.Fprintf(env.Out, "  %s: %s, because: %s%s\n", what, w.State(), w.Reason, cure)
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
func writeSamples(env Environment, reached, of int) {
	switch {
	case of == 0:
	case reached == of:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, all answered there\n", count(of, "sample"))
	default:
		_, _ = fmt.Fprintf(env.Out, "%s above triggers, %d not answered there\n", count(of, "sample"), of-reached)
	}
}
