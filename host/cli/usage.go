package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// exactlyOne wants the one argument that the command's usage names.
func exactlyOne(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return wrongUsage(cmd, len(args))
}

// atMostOne wants one argument or none.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return wrongUsage(cmd, len(args))
}

// none wants no arguments.
func none(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return wrongUsage(cmd, len(args))
}

// wrongUsage shows how the command is written.
func wrongUsage(cmd *cobra.Command, got int) error {
	example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	return fmt.Errorf("%s: %s given; write footlight %s, as in: %s", cmd.Name(), count(got, "argument"), cmd.Use, example)
}

// unknownCommand names the commands that may have been meant.
func unknownCommand(root *cobra.Command, name string) error {
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return fmt.Errorf("there is no command %q; did you mean %s?", name, strings.Join(near, " or "))
	}
	return fmt.Errorf("there is no command %q; footlight --help lists them", name)
}
