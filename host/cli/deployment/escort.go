package deployment

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/deploy"
)

// escort leads a walk through the terminal: it shows, asks and keeps.
type escort struct {
	env   shell.Environment
	out   io.Writer // what is shown; io.Discard: nothing
	lines *bufio.Reader
	yes   bool            // agree to everything
	ended <-chan struct{} // closed when the command is to end
	vault shell.Vault
	qr    string // where pictures of QR codes go
}

var _ deploy.Guide = (*escort)(nil)

// newEscort returns an escort that asks nobody any more once ctx has ended.
func newEscort(ctx context.Context, env shell.Environment, vault shell.Vault, yes, silent bool) *escort {
	g := &escort{ended: ctx.Done(), env: env, out: env.Out, lines: bufio.NewReader(env.In), yes: yes, vault: vault, qr: shell.PrivateFolder}
	if silent {
		g.out = io.Discard
	}
	return g
}

// Begin implements deploy.Guide. On a terminal it says what is being looked at, until
// that is found.
func (g *escort) Begin(number, of int, title string) {
	if g.env.Colour() {
		_, _ = fmt.Fprintf(g.out, "%s  %d of %d: %s …%s", dim, number, of, title, plain)
	}
}

// clear takes back what Begin has said.
func (g *escort) clear() {
	if g.env.Colour() {
		_, _ = fmt.Fprint(g.out, "\r\x1b[K")
	}
}

// Found implements deploy.Guide.
func (g *escort) Found(f deploy.Finding) {
	g.clear()
	writeFinding(g.out, f, g.env.Colour())
}

// Consent implements deploy.Guide.
func (g *escort) Consent(f deploy.Finding) (bool, error) {
	g.clear()
	for i, line := range shell.Wrap(shell.Harmless(f.Title+": "+f.Found), shell.Column-6) {
		_, _ = fmt.Fprintln(g.out, strings.Repeat(" ", 4+2*min(i, 1))+line)
	}
	writePlan(g.out, f.Plan)
	if g.yes {
		return true, nil
	}
	if !g.env.Keyboard {
		return false, nil
	}
	return g.agree("    Do that?", true)
}

// agree asks a question of yes or no.
func (g *escort) agree(question string, usual bool) (bool, error) {
	choice := " [Y/n] "
	if !usual {
		choice = " [y/N] "
	}
	for {
		_, _ = fmt.Fprint(g.out, question+choice)
		answer, err := g.line()
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "":
			return usual, nil
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
	}
}

// listen waits for what is typed, or for the command's end. What reads the keyboard then
// ends with the process: no read of a terminal can be called off.
func (g *escort) listen(read func() (string, error)) (string, error) {
	type typed struct {
		text string
		err  error
	}
	heard := make(chan typed, 1)
	go func() {
		text, err := read()
		heard <- typed{text, err}
	}()
	select {
	case t := <-heard:
		return t.text, t.err
	case <-g.ended:
		_, _ = fmt.Fprintln(g.out)
		return "", context.Canceled
	}
}

// line reads one line.
func (g *escort) line() (string, error) { return g.listen(g.read) }

func (g *escort) read() (string, error) {
	text, err := g.lines.ReadString('\n')
	if errors.Is(err, io.EOF) && text != "" {
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("nobody answers any more: %w", err)
	}
	return strings.TrimSpace(text), nil
}

// Ask implements deploy.Guide. A secret is not shown while it is typed.
func (g *escort) Ask(q deploy.Question) (string, error) {
	if !g.env.Keyboard {
		return "", deploy.ErrNobody
	}
	g.clear()
	_, _ = fmt.Fprintln(g.out)
	shell.Paragraph(g.out, 4, "needed", q.What)
	shell.Paragraph(g.out, 4, "it is at", q.Where)
	_, _ = fmt.Fprint(g.out, "    > ")
	file, isFile := g.env.In.(*os.File)
	if !q.Secret || !isFile || !term.IsTerminal(int(file.Fd())) {
		return g.line()
	}
	state, err := term.GetState(int(file.Fd()))
	if err != nil {
		return "", fmt.Errorf("keyboard: %w", err)
	}
	defer func() { _ = term.Restore(int(file.Fd()), state) }() // what is typed shows again, also after Ctrl-C
	return g.listen(func() (string, error) {
		secret, err := term.ReadPassword(int(file.Fd()))
		_, _ = fmt.Fprintln(g.out)
		if err != nil {
			return "", fmt.Errorf("keyboard: %w", err)
		}
		return strings.TrimSpace(string(secret)), nil
	})
}

// Keep implements deploy.Guide.
func (g *escort) Keep(values map[string]string) error {
	shadowed, err := g.vault.Keep(values)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	for _, name := range shadowed {
		shell.Paragraph(g.out, 4, "careful", name+" in the environment holds another value, and wins over what is kept now: take it out of the environment before you start the host.")
	}
	return nil
}

// Write implements deploy.Guide: it shows how to write to the Page, and offers to wait
// for it where somebody can be asked.
func (g *escort) Write(link string) (bool, error) {
	g.clear()
	code, err := deploy.QR(link)
	if err != nil {
		return false, err
	}
	if g.env.Terminal {
		_, _ = fmt.Fprintf(g.out, "\n%s\n", code.Text(g.env.Colour()))
	}
	picture, err := code.PNG()
	if err != nil {
		return false, err
	}
	path := filepath.Join(g.qr, "m.me-"+link[strings.LastIndex(link, "/")+1:]+".png")
	if err := os.MkdirAll(g.qr, 0o700); err != nil {
		return false, err
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		return false, err
	}
	_, _ = fmt.Fprintln(g.out)
	shell.Paragraph(g.out, 4, "link", link)
	shell.Paragraph(g.out, 4, "QR code", path)
	if g.yes || !g.env.Keyboard {
		_, _ = fmt.Fprintln(g.out)
		return false, nil
	}
	wait, err := g.agree("    Write \"hi\" there with your telephone. Wait for the bot's answer?", true)
	if wait {
		_, _ = fmt.Fprintln(g.out, "    Waiting, ten minutes at most …")
	}
	return wait, err
}
