package people

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/messenger/advice"
	"github.com/footlight-bots/footlight/host/person"
)

// NewPage is footlight page.
func NewPage(env shell.Environment) *cobra.Command {
	c := &counter{env: env}
	cmd := &cobra.Command{
		Use:   "page",
		Short: "pause a Page's messages, and let them go on",
		Long: `A paused Page goes on hearing and thinking, and says nothing: its messages are kept, and
go out when it is resumed, as far as Messenger's window still allows. The host pauses a
Page by itself when Meta refuses its token, blocks it, or lets its quota run out.`,
		Example: "  footlight page list\n  footlight page resume 104290001",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return shell.UnknownCommand(cmd, args[0])
		},
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.PersistentFlags().StringVar(&c.store, "store", "", "where state is kept: bolt:PATH, redis://… or rediss://…")
	cmd.AddCommand(c.pages(), c.pause(), c.resume())
	return cmd
}

func (c *counter) pages() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "Pages, the bot of each, and which are paused, how long and why",
		Example: "  footlight page list", Args: shell.None,
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := c.settle(); err != nil {
			return err
		}
		bots, order, err := c.bots()
		if err != nil {
			return err
		}
		return c.visit(cmd.Context(), func(v *app.Visit) error {
			var list []person.Paused
			if err := v.Do(cmd.Context(), person.Command{Verb: person.Pages}, &list); err != nil {
				return err
			}
			if c.json {
				return c.writeJSON(c.env.Out, withBots(list, bots))
			}
			for _, page := range order {
				if !slices.ContainsFunc(list, func(p person.Paused) bool { return p.Page == page }) {
					_, _ = fmt.Fprintf(c.env.Out, "%s  sends\n", withBot(page, bots))
				}
			}
			for _, p := range list {
				until := "until it is resumed"
				if !p.Until.IsZero() {
					until = "until " + shell.Stamp(p.Until)
				}
				_, _ = fmt.Fprintf(c.env.Out, "%s  %s\n  %s\n", withBot(p.Page, bots), until, shell.Harmless(p.Reason))
				if found := advice.Find(p.Reason); len(found) > 0 {
					shell.Paragraph(c.env.Out, 2, "it means", found[0].Means)
					shell.Paragraph(c.env.Out, 2, "the cure", found[0].Cure)
				}
			}
			if len(list) == 0 {
				_, _ = fmt.Fprintln(c.env.Err, "no Page is paused")
			}
			return nil
		})
	}
	return cmd
}

// bots are the bots of the Pages that the settings name, by Page, and these in their order.
func (c *counter) bots() (bots map[string]string, order []string, err error) {
	bots = map[string]string{}
	list, err := shell.Engagements(app.Config{}, c.env.Getenv, ".")
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 { // there are no tables
		var one shell.Engagement
		if err := shell.ApplySettings(&one.Host, c.env.Getenv, "."); err != nil {
			return nil, nil, err
		}
		if one.Host.Page.ID != "" {
			list = append(list, one)
		}
	}
	for _, e := range list {
		name := e.Host.Bot
		if e.Host.Dir != "" {
			name = filepath.Base(e.Host.Dir)
		}
		bots[e.Host.Page.ID] = name
		order = append(order, e.Host.Page.ID)
	}
	return bots, order, nil
}

// pausedBot is a paused Page with the bot that plays on it; empty: the settings name none.
type pausedBot struct {
	person.Paused
	Bot string `json:"bot,omitempty"`
}

// withBot is a Page with its bot, as far as the settings name one: that of footlight serve DIR they do not.
func withBot(page string, bots map[string]string) string {
	return strings.TrimSpace(page + "  " + shell.Harmless(bots[page]))
}

func withBots(list []person.Paused, bots map[string]string) []pausedBot {
	out := make([]pausedBot, len(list))
	for i, p := range list {
		out[i] = pausedBot{p, bots[p.Page]}
	}
	return out
}

func (c *counter) pause() *cobra.Command {
	var wait time.Duration
	var reason string
	cmd := &cobra.Command{
		Use: "pause [PAGE]", Short: "keep a Page's messages until it is resumed",
		Example: "  footlight page pause 104290001 --for 2h --reason \"new menu\"",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().DurationVar(&wait, "for", 0, "resume by itself after this time (default: never)")
	cmd.Flags().StringVar(&reason, "reason", "", "what to tell those who ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		page, err := c.pageOf(cmd, args)
		if err != nil {
			return err
		}
		return c.run(cmd.Context(), person.Command{Verb: person.Pause, Page: page, For: wait, Reason: reason}, "page "+page+" is paused")
	}
	return cmd
}

func (c *counter) resume() *cobra.Command {
	return &cobra.Command{
		Use: "resume [PAGE]", Short: "let a Page send what it has kept",
		Example: "  footlight page resume 104290001",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := c.pageOf(cmd, args)
			if err != nil {
				return err
			}
			return c.run(cmd.Context(), person.Command{Verb: person.Resume, Page: page}, "page "+page+" sends again")
		},
	}
}
