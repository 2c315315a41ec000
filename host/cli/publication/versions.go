package publication

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/release"
)

// NewVersions is footlight versions.
func NewVersions(env shell.Environment) *cobra.Command {
	p := newPublisher(env)
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "versions",
		Short:   "published versions of a bot, and which hosts play which",
		Example: "  footlight versions\n  footlight versions --bot tea --json",
		Args:    shell.None,
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		return p.visit(ctx, "", func() error {
			list, err := p.ledger.Versions(ctx)
			if err != nil {
				return err
			}
			orders, err := p.ledger.Orders(ctx)
			if err != nil {
				return err
			}
			reports, err := p.ledger.Reports(ctx)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(env.Out).Encode(map[string]any{"bot": p.bot, "versions": list, "orders": orders, "hosts": reports})
			}
			now := release.Order{}
			if n := len(orders); n > 0 {
				now = orders[n-1]
			}
			p.list(list, now)
			if n := len(list); n > 0 {
				p.by = list[n-1].Key
			}
			names, err := p.names(ctx)
			if err != nil {
				return err
			}
			p.hosts(reports, now, names)
			if now.Stage == "" {
				return nil
			}
			return p.next(ctx, now)
		})
	}
	return cmd
}

// list shows versions, the newest first.
func (p *publisher) list(list []release.Version, now release.Order) {
	for i := len(list) - 1; i >= 0; i-- {
		v := list[i]
		mark := ""
		switch v.ID {
		case now.Stage:
			mark = "on stage"
		case now.Canary:
			mark = fmt.Sprintf("for %g%%", now.Percent)
		}
		tests := "untested"
		if v.Tests > 0 {
			tests = shell.Count(v.Tests, "test")
		}
		_, _ = fmt.Fprintf(p.env.Out, "%4d  %s  %s  %-9s %-9s %s\n", v.Number, v.Short(), shell.Stamp(v.At), tests, mark, shell.Harmless(v.Note))
	}
}

// NewRollback is footlight rollback.
func NewRollback(env shell.Environment) *cobra.Command {
	p := newPublisher(env)
	cmd := &cobra.Command{
		Use:   "rollback [VERSION]",
		Short: "put an earlier version on stage again, on all hosts",
		Long: `Puts VERSION on stage again, a number or the beginning of an id as footlight versions shows
them; without one, the version that was there before the present one. A canary ends.`,
		Example: "  footlight rollback\n  footlight rollback 12",
		Args:    shell.AtMostOne,
	}
	p.signing(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		key, err := p.openKey()
		if err != nil {
			return err
		}
		return p.visit(ctx, "", func() error {
			target := ""
			if len(args) == 1 {
				v, err := p.ledger.Find(ctx, args[0])
				if err != nil {
					return err
				}
				target = v.ID
			}
			orders, err := p.ledger.Orders(ctx)
			if err != nil {
				return err
			}
			return p.give(ctx, key, func(before release.Order) (release.Order, error) {
				next := release.Order{Stage: target, Why: release.RolledBack}
				if next.Stage == "" {
					next.Stage = earlier(orders, before.Stage)
				}
				switch next.Stage {
				case "":
					return next, errors.New("rollback: nothing else was on stage before; footlight versions lists what there is")
				case before.Stage:
					if before.Canary == "" {
						return next, errors.New("rollback: this version is on stage already")
					}
				}
				return next, nil
			})
		})
	}
	return cmd
}

// earlier is what was on stage before a version was.
func earlier(orders []release.Order, now string) string {
	for i := len(orders) - 1; i >= 0; i-- {
		if orders[i].Stage != now {
			return orders[i].Stage
		}
	}
	return ""
}

// NewCanary is footlight canary.
func NewCanary(env shell.Environment) *cobra.Command {
	p := newPublisher(env)
	cmd := &cobra.Command{
		Use:   "canary promote|abort|SHARE",
		Short: "give a version that some people get to all, to none or to others",
		Long: `A version that was published with --canary 5% is played to that share of the people.
promote puts it on stage for everybody, abort takes it away again; a share, as in 20%,
plays it to more or fewer.`,
		Example: "  footlight canary 20%\n  footlight canary promote",
		Args:    shell.ExactlyOne,
	}
	p.signing(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		percent := 0.0
		if args[0] != release.Promoted && args[0] != release.Aborted {
			var err error
			if percent, err = parseShare(args[0]); err != nil {
				return fmt.Errorf("canary: %w; or promote, or abort", err)
			}
		}
		key, err := p.openKey()
		if err != nil {
			return err
		}
		return p.visit(cmd.Context(), "", func() error {
			return p.give(cmd.Context(), key, func(before release.Order) (release.Order, error) {
				switch {
				case before.Canary == "":
					return before, errors.New("canary: there is none; footlight publish DIR --canary 5% begins one")
				case args[0] == release.Promoted:
					return release.Order{Stage: before.Canary, Why: release.Promoted}, nil
				case args[0] == release.Aborted:
					return release.Order{Stage: before.Stage, Why: release.Aborted}, nil
				}
				return release.Order{Stage: before.Stage, Canary: before.Canary, Percent: percent, Why: release.Tried}, nil
			})
		})
	}
	return cmd
}
