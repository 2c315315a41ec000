// Package people is the commands that look after people and Pages: user and page.
// No API of the host is promised.
package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/person"
)

// counter is a command's way to the people of a store.
type counter struct {
	env   shell.Environment
	store string // --store
	page  string // FOOTLIGHT_PAGE_ID
	json  bool
}

// NewUser is footlight user.
func NewUser(env shell.Environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "look after people: what is kept of them, change, export, erase",
		Long: `Looks at what is kept of people who talk with a bot, and changes it between two turns:
no turn under way is ever overwritten, however many hosts run.

A person is named by the Page's id and the person's id on that Page (PSID). The Page
may be left out when FOOTLIGHT_PAGE_ID, or page_id in footlight.toml, names it. The store
is the host's: --store, FOOTLIGHT_STORE, or store in footlight.toml. When it is a file
that a running host has open, that host is asked, through a socket beside the file that
only the owner of the file can open.`,
		Example: "  footlight user list 104290001\n  footlight user show 104290001 24680135791357",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return shell.UnknownCommand(cmd, args[0])
		},
	}
	c := &counter{env: env}
	cmd.SuggestionsMinimumDistance = 2
	cmd.PersistentFlags().StringVar(&c.store, "store", "", "where state is kept: bolt:PATH, redis://… or rediss://…")
	cmd.AddCommand(c.list(), c.show(), c.set(), c.reset(), c.export(), c.erase(), c.requests(), c.finish())
	return cmd
}

// visit runs do with a way into the store.
func (c *counter) visit(ctx context.Context, do func(v *app.Visit) error) error {
	v, err := app.NewVisit(ctx, c.store, c.env.Clock, shell.NewLogger(c.env, c.env.Err, slog.LevelError))
	if err != nil {
		return err
	}
	return errors.Join(do(v), v.Close())
}

// run does one command whose answer nobody reads, and then says what was done.
func (c *counter) run(ctx context.Context, command person.Command, done string) error {
	return c.visit(ctx, func(v *app.Visit) error {
		if err := v.Do(ctx, command, nil); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(c.env.Out, done)
		return nil
	})
}

// settle finds out which store and which Page is meant unless a command says so.
func (c *counter) settle() error {
	host := app.Config{Store: c.store}
	if err := shell.ApplySettings(&host, c.env.Getenv, "."); err != nil {
		return err
	}
	c.store, c.page = host.Store, host.Page.ID
	return nil
}

// pageOf reads [PAGE].
func (c *counter) pageOf(cmd *cobra.Command, args []string) (string, error) {
	if err := c.settle(); err != nil {
		return "", err
	}
	switch {
	case len(args) == 1:
		return args[0], nil
	case len(args) == 0 && c.page != "":
		return c.page, nil
	case len(args) == 0:
		return "", fmt.Errorf("%s: which Page? Name it, as in: %s; or set FOOTLIGHT_PAGE_ID", cmd.Name(), exampleOf(cmd))
	}
	return "", shell.WrongUsage(cmd, len(args))
}

// personOf reads [PAGE] PSID.
func (c *counter) personOf(cmd *cobra.Command, args []string) (person.Command, error) {
	if err := c.settle(); err != nil {
		return person.Command{}, err
	}
	switch {
	case len(args) == 2:
		return person.Command{Page: args[0], Person: args[1]}, nil
	case len(args) == 1 && c.page != "":
		return person.Command{Page: c.page, Person: args[0]}, nil
	case len(args) == 1:
		return person.Command{}, fmt.Errorf("%s: on which Page is %s? Name it first, as in: %s; or set FOOTLIGHT_PAGE_ID", cmd.Name(), args[0], exampleOf(cmd))
	}
	return person.Command{}, shell.WrongUsage(cmd, len(args))
}

func exampleOf(cmd *cobra.Command) string {
	example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	return example
}

// writeJSON writes an answer for programs.
func (c *counter) writeJSON(w io.Writer, answer any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(answer)
}

func (c *counter) list() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list [PAGE]", Short: "ids of the people of a Page of whom anything is kept",
		Example: "  footlight user list 104290001",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		page, err := c.pageOf(cmd, args)
		if err != nil {
			return err
		}
		return c.visit(cmd.Context(), func(v *app.Visit) error { return c.listAll(cmd.Context(), v, page) })
	}
	return cmd
}

func (c *counter) listAll(ctx context.Context, v *app.Visit, page string) error {
	all := []string{}
	for after := ""; ; {
		var some person.People
		if err := v.Do(ctx, person.Command{Verb: person.List, Page: page, After: after}, &some); err != nil {
			return err
		}
		for _, id := range some.People {
			after = id
			if !c.json {
				_, _ = fmt.Fprintln(c.env.Out, id)
			}
		}
		if all = append(all, some.People...); !some.More {
			break
		}
	}
	if c.json {
		return c.writeJSON(c.env.Out, all)
	}
	if len(all) == 0 {
		_, _ = fmt.Fprintf(c.env.Err, "nothing is kept of anybody on page %s\n", page)
	}
	return nil
}

func (c *counter) show() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show [PAGE] PSID", Short: "what is kept of a person, and what waits to be sent",
		Example: "  footlight user show 104290001 24680135791357",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		command, err := c.personOf(cmd, args)
		if err != nil {
			return err
		}
		command.Verb = person.Show
		return c.visit(cmd.Context(), func(v *app.Visit) error {
			var p person.Portrait
			if err := v.Do(cmd.Context(), command, &p); err != nil {
				return err
			}
			if c.json {
				return c.writeJSON(c.env.Out, p)
			}
			writePortrait(c.env.Out, p)
			return nil
		})
	}
	return cmd
}

func (c *counter) set() *cobra.Command {
	var clear []string
	cmd := &cobra.Command{
		Use: "set [PAGE] PSID NAME=VALUE...", Short: "set variables of a person, or the topic they are in",
		Long: `Sets variables of a person, as <set name=value> in a script does: the value is a text,
and counts from the next turn on. topic=NAME puts the person into a topic; one that the
bot does not have is the root topic. All of it happens, or nothing.`,
		Example: "  footlight user set 104290001 24680135791357 name=Ann topic=menu\n  footlight user set 104290001 24680135791357 --clear name",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().StringArrayVar(&clear, "clear", nil, "clear this variable; may be given several times")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var settings []person.Setting
		for len(args) > 0 && strings.Contains(args[len(args)-1], "=") {
			name, value, _ := strings.Cut(args[len(args)-1], "=")
			settings = append([]person.Setting{{Name: name, Value: value}}, settings...)
			args = args[:len(args)-1]
		}
		for _, name := range clear {
			settings = append(settings, person.Setting{Name: name, Clear: true})
		}
		command, err := c.personOf(cmd, args)
		if err != nil {
			return err
		}
		command.Verb, command.Settings = person.Set, settings
		return c.run(cmd.Context(), command, fmt.Sprintf("%s changed; it counts from the next turn on", shell.Count(len(settings), "variable")))
	}
	return cmd
}

func (c *counter) reset() *cobra.Command {
	return &cobra.Command{
		Use: "reset [PAGE] PSID", Short: "make a person new to the bot",
		Long: `Makes a person new to the bot: variables, topic, history, reminders and what waits to be
sent are gone. What the person said and was not answered yet is answered by then, and
the messaging window stays as it is.`,
		Example: "  footlight user reset 104290001 24680135791357",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			command, err := c.personOf(cmd, args)
			if err != nil {
				return err
			}
			command.Verb = person.Reset
			return c.run(cmd.Context(), command, "person "+command.Person+" is new to the bot")
		},
	}
}

func (c *counter) export() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "export [PAGE] PSID", Short: "all that is kept of a person, as JSON",
		Example: "  footlight user export 104290001 24680135791357 --out ann.json",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().StringVar(&out, "out", "", "write to this file, which only you can read")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		command, err := c.personOf(cmd, args)
		if err != nil {
			return err
		}
		command.Verb = person.Exports
		return c.visit(cmd.Context(), func(v *app.Visit) error {
			var e person.Export
			if err := v.Do(cmd.Context(), command, &e); err != nil {
				return err
			}
			if out == "" {
				return c.writeJSON(c.env.Out, e)
			}
			file, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			return errors.Join(c.writeJSON(file, e), file.Close())
		})
	}
	return cmd
}
