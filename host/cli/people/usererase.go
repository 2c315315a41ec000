package people

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/person"
)

func (c *counter) erase() *cobra.Command {
	var sure bool
	var request string
	cmd := &cobra.Command{
		Use: "erase [PAGE] PSID", Short: "erase all that is kept of a person",
		Long: `Erases all that is kept of a person, for good: variables, history, reminders, what waits
and what was given up. A turn under way is lost with it. What remains for up to seven
days are hashes of event ids, so that a repeated webhook does not bring the person back;
nobody can be read out of them. Another running host forgets the person's name, which it keeps in
memory, within two days.`,
		Example: "  footlight user erase 104290001 24680135791357 --yes",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().BoolVar(&sure, "yes", false, "do not ask")
	cmd.Flags().StringVar(&request, "request", "", "code of the request that this answers; it is closed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		command, err := c.personOf(cmd, args)
		if err != nil {
			return err
		}
		return c.visit(cmd.Context(), func(v *app.Visit) error {
			command.Verb = person.Show
			if err := v.Do(cmd.Context(), command, nil); errors.Is(err, person.ErrUnknown) {
				return err // before anybody is asked
			}
			if !sure {
				if err := c.confirm(fmt.Sprintf("Erase all that is kept of person %s on page %s? Type yes: ", command.Person, command.Page)); err != nil {
					return err
				}
			}
			command.Verb, command.Code = person.Erase, request
			if err := v.Do(cmd.Context(), command, nil); err != nil {
				return err
			}
			_, _ = fmt.Fprintf(c.env.Out, "person %s is erased\n", command.Person)
			return nil
		})
	}
	return cmd
}

// confirm asks whoever sits there.
func (c *counter) confirm(question string) error {
	if !c.env.Keyboard {
		return errors.New("nothing was erased: nobody is there to confirm it; add --yes")
	}
	_, _ = fmt.Fprint(c.env.Err, question)
	var answer string
	if _, err := fmt.Fscanln(c.env.In, &answer); err != nil || answer != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}

func (c *counter) requests() *cobra.Command {
	cmd := &cobra.Command{
		Use: "requests", Short: "people who asked Meta to be forgotten, and what came of it",
		Long: `Lists the requests to be forgotten that Meta passed on to /deletion. Most are done by
the host itself. One that needs you names the person by the id that your Meta app
knows; find out who that is, then

  footlight user erase PAGE PSID --request CODE   erases the person and closes the request
  footlight user close CODE                       closes it, when nothing is kept of them`,
		Example: "  footlight user requests",
		Args:    shell.None,
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := c.settle(); err != nil {
			return err
		}
		return c.visit(cmd.Context(), func(v *app.Visit) error {
			var list []person.Request
			if err := v.Do(cmd.Context(), person.Command{Verb: person.Requests}, &list); err != nil {
				return err
			}
			if c.json {
				return c.writeJSON(c.env.Out, list)
			}
			writeRequests(c.env.Out, list)
			return nil
		})
	}
	return cmd
}

func (c *counter) finish() *cobra.Command {
	return &cobra.Command{
		Use: "close CODE", Short: "close a request to be forgotten that you have seen to",
		Example: "  footlight user close k7c2mq4x3tz5hd6w",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.settle(); err != nil {
				return err
			}
			return c.run(cmd.Context(), person.Command{Verb: person.Finish, Code: args[0]}, "request "+args[0]+" is closed")
		},
	}
}
