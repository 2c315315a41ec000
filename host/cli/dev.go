package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/deployment"
	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

func newDev(env shell.Environment) *cobra.Command {
	var c app.Config
	cmd := &cobra.Command{
		Use:   "dev [DIR]",
		Short: "your bot on your desk: chat with it, every save is on stage",
		Long: `Serves the bot in DIR (default: this folder) with a chat in your browser. No account,
no Redis, no internet: an emulator stands in for Messenger, so what works here is
what Messenger will get.

The console also puts the bot on its Facebook Page and asks the doctor, with the settings of
footlight deploy and footlight doctor.

State is kept in a file in the bot's folder unless --store names another place; of the
host's settings (see footlight serve --help) only the addresses count. A console that
others than this machine may use needs a token of 16 characters or more in
FOOTLIGHT_CONSOLE_TOKEN.`,
		Example: "  footlight dev scripts/welcome\n  footlight dev scripts/tea --addr 127.0.0.1:9000 --console 127.0.0.1:9001",
		Args:    shell.AtMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Dir = "."
			if len(args) > 0 {
				c.Dir = args[0]
			}
			var host app.Config // credentials in the environment are for serve
			if err := shell.ApplySettings(&host, env.Getenv, "."); err != nil {
				return err
			}
			c.Addr, c.ConsoleAddr = first(c.Addr, host.Addr), first(c.ConsoleAddr, host.ConsoleAddr)
			c.Press, c.Bot = first(c.Store, host.Store, app.DefaultStore), host.Bot
			c.PressCommand = publishing(c)
			c.ConsoleToken, c.HTTPPrivate, c.Secret = host.ConsoleToken, host.HTTPPrivate, shell.Secrets(env.Getenv)
			return dev(cmd.Context(), env, c)
		},
	}
	cmd.Flags().StringVar(&c.Addr, "addr", "", "listen address of the webhook server (default "+app.DefaultAddr+")")
	cmd.Flags().StringVar(&c.ConsoleAddr, "console", "", "listen address of the console (default "+app.DefaultConsoleAddr+")")
	cmd.Flags().StringVar(&c.Store, "store", "", "where state is kept (default: a file in the bot's folder)")
	return cmd
}

// publishing is the command that publishes what is on the desk to where the desk looks.
func publishing(c app.Config) string {
	words := []string{"footlight", "publish", c.Dir}
	if strings.HasPrefix(c.Store, "bolt:") { // another address may hold a password
		words = append(words, "--store", c.Store)
	}
	for i, word := range words {
		if strings.ContainsAny(word, " \t'\"\\$&|;<>()*?`~#") {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func dev(ctx context.Context, env shell.Environment, c app.Config) (err error) {
	c.CacheDir, c.Clock = shell.CacheDir(), env.Clock
	keys, out, err := openKeyboard(env)
	if err != nil {
		return err
	}
	defer keys.close()
	c.Log = shell.NewTextLogger(env, out, shell.QuietLog)
	office := env
	office.Out, office.Err = out, out
	producer := deployment.NewProducer(office, c.Dir, first(c.Addr, app.DefaultAddr))
	defer func() { err = errors.Join(err, producer.Close()) }()
	c.Producer = producer
	stage, err := app.NewStage(ctx, c)
	if err != nil {
		return err
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	s := screen{env: env, out: out, dir: c.Dir}
	s.open(stage, keys.on)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return stage.Run(ctx, func() {}) })
	group.Go(func() error { s.follow(ctx, stage.Host.Bot()); return nil })
	if keys.on {
		group.Go(func() error {
			beside := func(do func()) { group.Go(func() error { do(); return nil }) }
			keys.read(ctx, func(key byte) { press(ctx, env, out, stage, c.Dir, key, quit, beside) })
			return nil
		})
	}
	err = group.Wait()
	if closing := stage.Close(context.WithoutCancel(ctx)); err == nil {
		err = closing
	}
	return err
}

// press does what a key stands for, and what takes long beside the keys that follow.
func press(
	ctx context.Context, env shell.Environment, out io.Writer, stage *app.Stage, dir string, key byte, quit func(), beside func(func()),
) {
	switch key {
	case 'q', 3: // Ctrl-C arrives as a key while the keyboard is read key by key
		quit()
	case 'o':
		beside(func() {
			if browser(ctx, "http://"+stage.ConsoleAddr()).Run() != nil && ctx.Err() == nil {
				_, _ = fmt.Fprintf(out, "open http://%s in your browser\n", stage.ConsoleAddr())
			}
		})
	case 'r':
		if err := stage.Desk.Reset(ctx); err != nil {
			_, _ = fmt.Fprintf(out, "reset: %v\n", err)
			return
		}
		_, _ = fmt.Fprintln(out, "somebody new is at the phone")
	case 't':
		env.Out = out
		if err := rehearsal.RunTests(ctx, env, rehearsal.TestOptions{}, []string{dir}); err != nil {
			_, _ = fmt.Fprintln(out, err)
		}
	case '?':
		_, _ = fmt.Fprintln(out, keyHelp)
	}
}

// browser opens an address. It may go on for as long as the browser does.
func browser(ctx context.Context, url string) *exec.Cmd {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	return exec.CommandContext(ctx, name, args...)
}

// keyHelp names the keys of dev.
const keyHelp = "[o] open  [t] test  [r] reset me  [q] quit"

// screen is what dev shows in the terminal.
type screen struct {
	env shell.Environment
	out io.Writer
	dir string
}

// open says where everything is.
func (s screen) open(stage *app.Stage, keys bool) {
	status := stage.Host.Bot().Status()
	line := func(label, text string) {
		_, _ = fmt.Fprintf(s.out, "  %s%-9s%s %s\n", s.paint(dim), label, s.paint(plain), text)
	}
	_, _ = fmt.Fprintf(s.out, "%sfootlight%s %s\n\n", s.paint(bold), s.paint(plain), status.Name)
	if addr := stage.ConsoleAddr(); addr != "" {
		line("console", "http://"+addr)
	}
	line("webhook", "http://"+stage.Host.Addr()+"/webhook")
	if g := status.Generation; g != nil {
		line("scripts", fmt.Sprintf("%s, %s in %s", shell.Count(len(g.Program.Topics), "topic"), shell.Count(g.Program.Triggers.Len(), "trigger"), s.dir))
	} else {
		line("scripts", "waiting for a version of "+s.dir+" that compiles")
	}
	line("store", stage.Host.StoreName())
	if keys {
		line("keys", keyHelp)
	}
	_, _ = fmt.Fprintln(s.out)
	s.trouble(status)
}

// follow tells of every new version, and of every save that makes none.
func (s screen) follow(ctx context.Context, b *bot.Bot) {
	changes, stop := b.Watch()
	defer stop()
	shown := b.Status()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changes:
		}
		status := b.Status()
		if g := status.Generation; g != nil && g != shown.Generation {
			_, _ = fmt.Fprintf(s.out, "%s%s%s  on stage: generation %d  %s\n",
				s.paint(green), g.BuiltAt.Format("15:04:05"), s.paint(plain), g.Number, status.Report)
		}
		s.trouble(status)
		shown = status
	}
}

// trouble shows what is wrong with the current files.
func (s screen) trouble(status bot.Status) {
	if status.Fault != "" {
		_, _ = fmt.Fprintf(s.out, "%serror%s: %s\n", s.paint(red), s.paint(plain), status.Fault)
	}
	if !status.Broken {
		return
	}
	if len(status.Problems) > 0 {
		env := s.env
		env.Out = s.out
		shell.WriteDiagnostics(env, s.dir, status.Problems, len(status.Files), status.BuildTime)
	}
	errs, _ := shell.ErrorsIn(status.Problems)
	if status.Fault != "" {
		errs++
	}
	if g := status.Generation; g != nil {
		_, _ = fmt.Fprintf(s.out, "%sserving generation %d (saved %s), %s in current files%s\n",
			s.paint(red), g.Number, g.BuiltAt.Format("15:04"), shell.Count(errs, "error"), s.paint(plain))
		return
	}
	_, _ = fmt.Fprintf(s.out, "%swaiting for a version that compiles%s: %s in current files\n", s.paint(red), s.paint(plain), shell.Count(errs, "error"))
}

// ANSI sequences.
const (
	plain = "\x1b[0m"
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
)

func (s screen) paint(sequence string) string {
	if !s.env.Colour() {
		return ""
	}
	return sequence
}

// crlf writes for a terminal in raw mode, which does not return the carriage by itself.
type crlf struct{ w io.Writer }

func (c crlf) Write(p []byte) (int, error) {
	if _, err := io.WriteString(c.w, strings.ReplaceAll(string(p), "\n", "\r\n")); err != nil {
		return 0, err
	}
	return len(p), nil
}
