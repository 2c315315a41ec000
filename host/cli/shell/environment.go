// Package shell is what all commands share: the terminal they see, settings, the build of a
// folder, the words of their errors and of what they show. It knows no command.
// No API of the host is promised.
package shell

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/footlight-bots/footlight/host/clock"
)

// Environment is what a command sees of the machine.
type Environment struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Terminal bool        // Out is a terminal
	Keyboard bool        // In is a terminal
	Width    func() int  // of the terminal in cells, 0 when it does not tell; nil without one
	Clock    clock.Clock // of the hosts that are started; nil: the machine's
}

// System is the environment of this process.
func System() Environment {
	return Environment{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
		Terminal: term.IsTerminal(int(os.Stdout.Fd())), Keyboard: term.IsTerminal(int(os.Stdin.Fd())),
		Width: func() int {
			width, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return width
		},
	}
}

// Colour tells whether output may be coloured.
func (e Environment) Colour() bool { return e.Terminal && e.Getenv("NO_COLOR") == "" }

// overhang is what a frame's help may stand out, in cells.
const overhang = 2

// Cells is how many cells a frame may have; 0 leaves that to the frame.
func (e Environment) Cells() int {
	if !e.Terminal || e.Width == nil {
		return 0
	}
	return max(e.Width()-overhang, 0)
}

// Findings is the error of a command that ran and found something wrong.
type Findings struct{ Reason string }

// Error implements error: the last line of the command.
func (f Findings) Error() string { return f.Reason }

// Finding is the error of a command that found something wrong, which is its last line.
func Finding(reason string) error { return Findings{reason} }
