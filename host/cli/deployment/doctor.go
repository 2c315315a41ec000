package deployment

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/deploy"
)

// NewDoctor is footlight doctor.
func NewDoctor(env shell.Environment) *cobra.Command {
	var f deployFlags
	var strict bool
	cmd := &cobra.Command{
		Use:   "doctor [DIR]",
		Short: "why the bot does not answer, and what helps",
		Long: `Looks at all that a bot needs to answer on its Page, from the app's secret to the newest
conversation, and says of each what was found, what it means, and what helps. It changes
nothing, and sends nothing that anybody sees. With DIR it also builds the bot, and compares
what the Page shows with [page] in bot.toml.

Run it where the host runs, with the host's settings. The exit code is 0 as long as the bot
works, and 1 when it does not; with --strict also when something is not as it should be.
Where footlight.toml names several Pages it looks at one after the other.`,
		Example: "  footlight doctor scripts/tea\n  footlight doctor --json",
		Args:    shell.AtMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				f.host.Dir = args[0]
			}
			return runDoctor(cmd.Context(), env, f, strict)
		},
	}
	cmd.Flags().StringVar(&f.host.Page.ID, "page", "", "id of the Page; of several Pages without it: all")
	cmd.Flags().StringVar(&f.host.PublicURL, "public-url", "", "where the world reaches the host (FOOTLIGHT_PUBLIC_URL)")
	cmd.Flags().StringVar(&f.host.Store, "store", "", "where the host keeps state: bolt:PATH, redis://… or rediss://…")
	cmd.Flags().BoolVar(&f.json, "json", false, "write JSON")
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings count as findings")
	return cmd
}

// examine looks at all that the settings name.
func (f *deployFlags) examine(ctx context.Context, env shell.Environment) (deploy.Report, error) {
	site, _, err := f.site(env)
	if err == nil && f.host.Dir != "" {
		site, err = withScripts(site, f.host.Dir)
	}
	if err != nil {
		return deploy.Report{}, err
	}
	site.UserToken = "" // it is for making tokens
	return deploy.NewReport(deploy.Examine(ctx, site)), nil
}

// checkup is what was found of one of several Pages.
type checkup struct {
	Page string `json:"page"`
	deploy.Report
}

func runDoctor(ctx context.Context, env shell.Environment, f deployFlags, strict bool) error {
	found, several, err := f.checkups(ctx, env)
	if err != nil {
		return err
	}
	broken, warnings := 0, 0
	for _, c := range found {
		broken, warnings = broken+c.Count(deploy.Broken), warnings+c.Count(deploy.Warning)
		if f.json {
			continue
		}
		if several {
			_, _ = fmt.Fprintf(env.Out, "Page %s\n\n", c.Page)
		}
		for _, finding := range c.Findings {
			writeFinding(env.Out, finding, env.Colour())
		}
		_, _ = fmt.Fprintln(env.Out)
	}
	if f.json {
		var out any = found
		if !several {
			out = found[0].Report
		}
		if err := deploy.WriteJSON(env.Out, out); err != nil {
			return err
		}
	}
	switch {
	case broken > 0 || strict && warnings > 0:
		return shell.Finding(fmt.Sprintf("%s, %s", shell.Count(broken, "thing")+" that keep the bot from answering", shell.Count(warnings, "warning")))
	case !f.json && several:
		_, _ = fmt.Fprintf(env.Out, "the bots of %s can answer; %s\n", shell.Count(len(found), "Page"), shell.Count(warnings, "warning"))
	case !f.json:
		_, _ = fmt.Fprintf(env.Out, "the bot can answer; %s\n", shell.Count(warnings, "warning"))
	}
	return ctx.Err()
}

// checkups examines the Page that is meant, or all of several, each with the folder of its bot. Without
// several there is one, which is not told by its name.
func (f *deployFlags) checkups(ctx context.Context, env shell.Environment) (found []checkup, several bool, err error) {
	var all []shell.Engagement
	if f.host.Page.ID == "" && f.host.Dir == "" {
		if all, err = f.pages(env); err != nil {
			return nil, false, err
		}
	}
	if len(all) == 0 {
		report, err := f.examine(ctx, env)
		return []checkup{{Report: report}}, false, err
	}
	for _, e := range all {
		one := *f
		one.host.Page.ID, one.host.Dir = e.Host.Page.ID, e.Host.Dir
		report, err := one.examine(ctx, env)
		if err != nil {
			return nil, true, fmt.Errorf("page %s: %w", e.Which(), err)
		}
		found = append(found, checkup{e.Which(), report})
	}
	return found, true, nil
}
