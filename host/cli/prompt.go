package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// maxLine is the longest line of a file or pipe that is read, in bytes.
const maxLine = 64 << 10

// prompt reads lines: from a terminal with a prompt that stays below what is
// written meanwhile, from elsewhere as they are.
type prompt struct {
	read  func() (string, error) // io.EOF when they end
	close func()
}

// openPrompt makes env.Out the writer to use while lines are read.
func openPrompt(env *shell.Environment) (*prompt, error) {
	in, isFile := env.In.(*os.File)
	if !env.Keyboard || !env.Terminal || !isFile {
		lines := bufio.NewScanner(env.In)
		lines.Buffer(nil, maxLine)
		return &prompt{close: func() {}, read: func() (string, error) {
			if lines.Scan() {
				return lines.Text(), nil
			}
			if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
				return "", fmt.Errorf("a line has more than %d bytes", maxLine)
			} else if err != nil {
				return "", err
			}
			return "", io.EOF
		}}, nil
	}
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, fmt.Errorf("keyboard: %w", err)
	}
	out := env.Out
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "> ")
	fit := func() {
		if width, height, err := term.GetSize(int(in.Fd())); err == nil {
			_ = screen.SetSize(width, height) // a prompt that does not fit is no reason to end
		}
	}
	fit()
	env.Out = screen
	return &prompt{
		read:  func() (string, error) { fit(); return screen.ReadLine() },
		close: func() { _ = term.Restore(int(in.Fd()), state); _, _ = fmt.Fprintln(out) },
	}, nil
}
