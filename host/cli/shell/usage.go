package shell

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// ExactlyOne wants the one argument that the command's usage names.
func ExactlyOne(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return WrongUsage(cmd, len(args))
}

// ExactlyTwo wants the two arguments that the command's usage names.
func ExactlyTwo(cmd *cobra.Command, args []string) error {
	if len(args) == 2 {
		return nil
	}
	return WrongUsage(cmd, len(args))
}

// AtMostOne wants one argument or none.
func AtMostOne(cmd *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return WrongUsage(cmd, len(args))
}

// None wants no arguments.
func None(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return WrongUsage(cmd, len(args))
}

// WrongUsage shows how the command is written.
func WrongUsage(cmd *cobra.Command, got int) error {
	example, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	return fmt.Errorf("%s: %s given; write footlight %s, as in: %s", cmd.Name(), Count(got, "argument"), cmd.Use, example)
}

// UnknownCommand names the commands that may have been meant.
func UnknownCommand(root *cobra.Command, name string) error {
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return fmt.Errorf("there is no command %q; did you mean %s?", name, strings.Join(near, " or "))
	}
	return fmt.Errorf("there is no command %q; footlight --help lists them", name)
}
