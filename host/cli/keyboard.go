package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// keyboard reads single keys from a terminal.
type keyboard struct {
	on    bool
	in    *os.File
	state *term.State
}

// openKeyboard switches the terminal to single keys when there is one on both
// ends, and returns the writer to use while it is so.
func openKeyboard(env shell.Environment) (*keyboard, io.Writer, error) {
	in, isFile := env.In.(*os.File)
	if !env.Keyboard || !env.Terminal || !isFile {
		return &keyboard{}, env.Out, nil
	}
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, fmt.Errorf("keyboard: %w", err)
	}
	return &keyboard{on: true, in: in, state: state}, crlf{env.Out}, nil
}

// read calls pressed for every key until ctx ends.
func (k *keyboard) read(ctx context.Context, pressed func(byte)) {
	keys := make(chan byte)
	go func() { // ends with the process: a read of the terminal cannot be called off
		var b [1]byte
		for {
			if n, err := k.in.Read(b[:]); err != nil || n == 0 {
				return
			}
			select {
			case keys <- b[0]:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case key := <-keys:
			pressed(key)
		}
	}
}

// close puts the terminal back as it was.
func (k *keyboard) close() {
	if k.on {
		_ = term.Restore(int(k.in.Fd()), k.state)
	}
}
