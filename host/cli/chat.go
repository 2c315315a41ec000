package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/console"
)

func newChat(env shell.Environment) *cobra.Command {
	var why bool
	cmd := &cobra.Command{
		Use:   "chat DIR",
		Short: "talk with a bot in the terminal",
		Long: `Talks with the bot in DIR. Quick replies have numbers: type one to tap it. When the
lines come from a file or a pipe, delays are skipped.

  /reset   somebody new        /why   explain the last answer        /quit   end`,
		Example: "  footlight chat scripts/tea\n  echo hello | footlight chat scripts/tea --why",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return talk(cmd.Context(), env, args[0], why)
		},
	}
	cmd.Flags().BoolVar(&why, "why", false, "explain every answer")
	return cmd
}

// talker is a terminal in which somebody talks to a bot.
type talker struct {
	env    shell.Environment
	desk   *app.Desk
	why    bool
	shown  map[string]bool // bubbles, by id
	taps   []string        // titles that a number stands for
	traced string          // turn that was explained last
}

func talk(ctx context.Context, env shell.Environment, dir string, why bool) error {
	b, err := shell.BuildFolder(ctx, dir)
	if err != nil {
		return err
	}
	if b.Refused {
		shell.WriteDiagnostics(env, dir, b.Result.Diagnostics, len(b.Result.Files), b.Took)
		return shell.Finding(dir + ": the scripts have errors")
	}
	state, err := os.MkdirTemp("", "footlight-chat-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(state) }()
	var host app.Config // of its settings only what a talk depends on
	if err := shell.ApplySettings(&host, env.Getenv, "."); err != nil {
		return err
	}
	stage, err := app.NewStage(ctx, app.Config{
		HTTPPrivate: host.HTTPPrivate, Secret: shell.Secrets(env.Getenv),
		Dir: dir, Addr: "127.0.0.1:0", ConsoleAddr: app.Off, CacheDir: shell.CacheDir(), Clock: env.Clock,
		Store: "bolt:" + filepath.ToSlash(filepath.Join(state, "state.db")), Log: shell.NewLogger(env, env.Err, slog.LevelError),
	})
	if err != nil {
		return err
	}
	if status := stage.Host.Bot().Status(); status.Generation == nil {
		return errors.Join(fmt.Errorf("%s: %s", dir, status.Fault), stage.Close(context.WithoutCancel(ctx)))
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	t := &talker{env: env, desk: stage.Desk, why: why, shown: map[string]bool{}}
	group, ctx := errgroup.WithContext(ctx)
	started := make(chan struct{})
	group.Go(func() error { return stage.Run(ctx, func() { close(started) }) })
	group.Go(func() error {
		defer quit()
		select {
		case <-started:
			return t.run(ctx)
		case <-ctx.Done():
			return nil
		}
	})
	err = group.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, stage.Close(context.WithoutCancel(ctx)))
}

// run reads lines until they end.
func (t *talker) run(ctx context.Context) error {
	changes, stop := t.desk.Watch()
	defer stop()
	typed, err := openPrompt(&t.env)
	if err != nil {
		return err
	}
	defer typed.close()
	lines := make(chan string)
	var unread error // set before lines is closed
	go func() {      // ends with the process: a read of the terminal cannot be called off
		defer close(lines)
		for {
			line, err := typed.read()
			if err != nil {
				unread = err
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	talk := t.script
	if t.env.Keyboard {
		talk = t.converse
	}
	if err := talk(ctx, changes, lines); err != nil {
		return err
	}
	select {
	case _, more := <-lines:
		if !more && !errors.Is(unread, io.EOF) {
			return fmt.Errorf("chat: input: %w", unread)
		}
	default:
	}
	return nil
}

// converse answers to lines while the bot may speak at any time.
func (t *talker) converse(ctx context.Context, changes <-chan struct{}, lines <-chan string) error {
	for {
		t.show()
		select {
		case <-ctx.Done():
			return nil
		case <-changes:
		case line, open := <-lines:
			if !open || !t.say(ctx, line) {
				return nil
			}
		}
	}
}

// script plays lines from a file: each is answered, delays included, before the next.
func (t *talker) script(ctx context.Context, changes <-chan struct{}, lines <-chan string) error {
	if err := t.settle(ctx, changes); err != nil {
		return err
	}
	for line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		_, _ = fmt.Fprintf(t.env.Out, "> %s\n", line)
		if !t.say(ctx, line) {
			return nil
		}
		if err := t.settle(ctx, changes); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// settle waits until the bot has said all it has to say, and skips its delays, but
// not its reminders: there may always be one more.
func (t *talker) settle(ctx context.Context, changes <-chan struct{}) error {
	for {
		idle, err := t.desk.Idle(ctx)
		if err != nil {
			return err
		}
		if idle {
			t.show()
			if p := t.desk.Snapshot().Pending; p == nil || p.Reminder {
				return nil
			}
			if err := t.desk.Skip(ctx); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changes:
		}
	}
}

// say does what a line says; false ends the talk.
func (t *talker) say(ctx context.Context, line string) bool {
	var err error
	line = strings.TrimSpace(line)
	switch n, notNumber := strconv.Atoi(line); {
	case line == "":
		return true
	case line == "/quit":
		return false
	case line == "/reset":
		err = t.desk.Reset(ctx)
	case line == "/why":
		t.explain()
	case notNumber == nil && n >= 1 && n <= len(t.taps):
		err = t.desk.Tap(ctx, t.taps[n-1])
	default:
		err = t.desk.Say(ctx, line)
	}
	if err != nil {
		_, _ = fmt.Fprintf(t.env.Out, "  %v\n", err)
	}
	return true
}

// show prints what is new in the thread.
func (t *talker) show() {
	state := t.desk.Snapshot()
	for _, b := range state.Thread {
		if t.shown[b.ID] {
			continue
		}
		t.shown[b.ID] = true
		if b.From == console.FromPerson {
			continue
		}
		if t.why && b.Why != nil && b.Why.Turn != t.traced {
			t.explain()
		}
		_, _ = fmt.Fprintf(t.env.Out, "%s\n", strings.ReplaceAll(strings.Join(written(b), "\n"), "\n", "\n  "))
		t.offer(b)
	}
}

// written is a bubble in lines of text. Who speaks in place of the Page is named before the first.
func written(b console.Bubble) []string {
	var lines []string
	if b.Text != "" {
		lines = append(lines, b.Text)
	}
	if b.Attachment != nil {
		lines = append(lines, fmt.Sprintf("(%s) %s", b.Attachment.Kind, b.Attachment.URL))
	}
	for _, c := range b.Cards {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("[%s] %s", c.Title, c.Subtitle), " "))
	}
	if b.Persona != "" && len(lines) > 0 {
		lines[0] = b.Persona + ": " + lines[0]
	}
	return lines
}

// offer lists what can be tapped under a bubble.
func (t *talker) offer(b console.Bubble) {
	t.taps = nil
	choices := append(append([]console.Button{}, b.QuickReplies...), b.Buttons...)
	for _, c := range b.Cards {
		choices = append(choices, c.Buttons...)
	}
	var items []string
	for _, c := range choices {
		if c.URL != "" {
			items = append(items, fmt.Sprintf("%s <%s>", c.Title, c.URL))
			continue
		}
		t.taps = append(t.taps, c.Title)
		items = append(items, fmt.Sprintf("[%d] %s", len(t.taps), c.Title))
	}
	if len(items) > 0 {
		_, _ = fmt.Fprintf(t.env.Out, "  %s\n", strings.Join(items, "  "))
	}
}

// explain prints the trace of the latest turn.
func (t *talker) explain() {
	traces := t.desk.Snapshot().Traces
	if len(traces) == 0 {
		return
	}
	last := traces[len(traces)-1]
	t.traced = last.Turn
	for _, line := range last.Lines {
		place := ""
		if line.File != "" {
			place = fmt.Sprintf("   %s:%d", line.File, line.Line)
		}
		_, _ = fmt.Fprintf(t.env.Out, "    %s%s%s\n", strings.Repeat("  ", line.Indent), line.Text, place)
	}
}
