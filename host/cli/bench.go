package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bench"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
)

// maxInputs is the size of a file of messages in bytes.
const maxInputs = 16 << 20

// benchTime is how long a bot is measured if nobody says otherwise.
const benchTime = 2 * time.Second

type benchOptions struct {
	inputs string
	time   time.Duration
	people int
	seed   uint64
	json   bool
}

func newBench(env shell.Environment) *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench DIR",
		Short: "say how fast a bot is: build, load, memory, replies",
		Long: `Builds the bot in DIR, has somebody say things to it for a while, and tells how long
the replies took, apart for each kind of trigger that answered.

The messages are those of --inputs: one on each line, "# ..." is a comment, and after
an empty line somebody new goes on. Without it they are the samples above triggers
("//? hello") and what people say in the conversation tests (*.chat).

Every message is said once to see where it meets the bot; then the same turns are
repeated. The same seed draws the same replies. Nothing leaves the machine: lines that
ask a web service get an error at once.`,
		Example: "  footlight bench scripts/tea\n  footlight bench scripts/tea --inputs said.txt --time 10s\n  footlight bench scripts/tea --people 8 --json",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return measure(cmd.Context(), env, args[0], o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.inputs, "inputs", "", "say the lines of this file; - reads them from the input")
	f.DurationVar(&o.time, "time", benchTime, "how long to measure")
	f.IntVar(&o.people, "people", 1, "how many talk at once")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the first draw")
	f.BoolVar(&o.json, "json", false, "one JSON object instead of a table")
	return cmd
}

// measure is the command.
func measure(ctx context.Context, env shell.Environment, dir string, o benchOptions) (err error) {
	folder, err := bot.Folder(dir)
	if err != nil {
		return err
	}
	c := env.Clock
	if c == nil {
		c = clock.Real{}
	}
	began := c.Now()
	b := bench.Options{Folder: folder, Time: o.time, People: o.people, Seed: o.seed, Clock: c}
	if b.Settings, err = bot.ReadSettings(folder); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if b.Talks, err = o.talks(env, &b); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if b.CacheDir, err = os.MkdirTemp("", "footlight-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.CacheDir)) }()
	report, err := bench.Run(ctx, b)
	var refused *bot.RefusedError
	switch {
	case errors.As(err, &refused):
		shell.WriteDiagnostics(env, dir, refused.Problems, refused.Files, c.Now().Sub(began))
		return shell.Finding(dir + ": the scripts have errors")
	case err != nil:
		return fmt.Errorf("%s: %w", dir, err)
	case o.json:
		return report.WriteJSON(env.Out, dir)
	default:
		return report.WriteText(env.Out, dir)
	}
}

// talks finds what is said.
func (o *benchOptions) talks(env shell.Environment, b *bench.Options) ([]bench.Talk, error) {
	if o.inputs != "" {
		text, err := readInputs(env, o.inputs)
		if err != nil {
			return nil, fmt.Errorf("--inputs: %w", err)
		}
		talks := bench.Lines(text)
		if len(talks) == 0 {
			return nil, fmt.Errorf("--inputs: %s holds no message: write one on each line", o.inputs)
		}
		return talks, nil
	}
	talks, err := bench.Samples(b.Folder, b.Settings)
	if err != nil {
		return nil, err
	}
	files, wrong, err := rehearsal.ReadChats(b.Folder)
	if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s of tests cannot be read: see footlight test, or name messages with --inputs FILE", shell.Count(len(wrong), "line"))
	}
	talks = append(talks, bench.Tests(files)...)
	if len(talks) == 0 {
		return nil, errors.New(`there is nothing to say: write samples above triggers ("//? hello"), or name messages with --inputs FILE`)
	}
	return talks, nil
}

// readInputs reads a file of messages.
func readInputs(env shell.Environment, name string) (text string, err error) {
	in := env.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxInputs+1))
	if err != nil {
		return "", err
	}
	if len(data) > maxInputs {
		return "", fmt.Errorf("%s is larger than %s", name, bench.Bytes(maxInputs))
	}
	return string(data), nil
}
