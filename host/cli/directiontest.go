package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/host/workshop"
	"github.com/footlight-bots/footlight/sdk/abi"
)

func newDirectionTest(env shell.Environment) *cobra.Command {
	var run string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "test FILE|FOLDER CASES.json",
		Short: "play cases of a plug-in: clock, chance and network stand still",
		Long: `Plays every case of a file: a list of tags with the world around them and what is
expected. What a case does not expect may be anything.

  [{"name": "Oslo", "tag": "<weather city=Oslo>",
    "http": [{"request": "GET https://api.example.org/*", "json": {"temp": 18}}],
    "expect": {"text": "18 degrees", "log": ["info: asked for Oslo"]}}]

A case may also set now, seed, person, vars, state, about, config, secrets and granted
(which of its wishes are granted; all without), and expect error, effects, vars, state
and about.`,
		Example: "  footlight direction test hello.wasm cases.json\n  footlight direction test hello.wasm cases.json --run Oslo",
		Args:    directionArgs(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := regexp.Compile(run)
			if err != nil {
				return fmt.Errorf("direction test: --run: %w", err)
			}
			data, err := os.ReadFile(args[1])
			if err != nil {
				return fmt.Errorf("direction test: %w", err)
			}
			cases, err := workshop.ReadCases(data)
			if err != nil {
				return shell.Finding(fmt.Sprintf("%s: %v", args[1], err))
			}
			return atDesk(cmd.Context(), env, args[0], func(d *workshop.Desk) error {
				return playCases(cmd.Context(), env, d, cases, func(c *workshop.Case) bool {
					if cmd.Flags().Changed("seed") {
						c.Seed = seed
					}
					return only.MatchString(c.Name)
				})
			})
		},
	}
	cmd.Flags().StringVar(&run, "run", "", "only cases whose name matches this pattern")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "use this seed for every case")
	return cmd
}

// playCases plays those cases that are chosen, and reports.
func playCases(ctx context.Context, env shell.Environment, d *workshop.Desk, cases []workshop.Case, choose func(*workshop.Case) bool) error {
	passed, failed := 0, 0
	for _, c := range cases {
		if !choose(&c) {
			continue
		}
		played, err := d.Play(ctx, c, false)
		if err != nil {
			return err
		}
		faults, err := played.Judge(ctx, c.Expect)
		if err != nil {
			return err
		}
		word := "ok"
		if passed++; len(faults) > 0 {
			word = "FAIL"
			passed--
			failed++
		}
		_, _ = fmt.Fprintf(env.Out, "%-5s%s\n", word, c.Name)
		writePlayed(env.Out, c.Tag, &played, false)
		for _, f := range faults {
			writeFault(env.Out, f)
		}
	}
	_, _ = fmt.Fprintf(env.Out, "\n%d passed, %d failed\n", passed, failed)
	switch {
	case failed > 0:
		return shell.Finding(fmt.Sprintf("%d of %d cases failed", failed, passed+failed))
	case passed == 0:
		return shell.Finding("no case was played: the file has none, or --run leaves none")
	}
	return nil
}

// writePlayed shows what came of a tag: what was said and done, the log, and what it
// cost; how long it took only if it is wanted, for it is never the same.
func writePlayed(out io.Writer, tag string, p *workshop.Played, timed bool) {
	_, _ = fmt.Fprintf(out, "  %s\n", tag)
	for _, m := range p.Mistakes {
		_, _ = fmt.Fprintf(out, "    %s: %s\n", m.Code, m.Message)
		if m.Help != "" {
			_, _ = fmt.Fprintf(out, "    %s\n", m.Help)
		}
	}
	if text := p.Text(); text != "" {
		_, _ = fmt.Fprintf(out, "    says   %s\n", indented(text))
	}
	for _, effect := range p.Effects() {
		_, _ = fmt.Fprintf(out, "    does   %s\n", effect)
	}
	for _, line := range p.Log() {
		_, _ = fmt.Fprintf(out, "    log    %s\n", line)
	}
	for _, call := range p.Calls {
		if call.Problem != "" {
			_, _ = fmt.Fprintf(out, "    fails  %s (%s)\n", call.Problem, call.Failure)
		}
		_, _ = fmt.Fprintf(out, "    used   %s\n", cost(&call, timed))
	}
}

// cost is what a call has used, in words.
func cost(call *turn.Directed, timed bool) string {
	text := fmt.Sprintf("%s steps, %d KiB", grouped(call.Fuel), call.Memory>>10)
	if timed && call.Took > 0 {
		text += ", " + call.Took.Round(time.Microsecond).String()
	}
	return text
}

// writeFault shows what was expected and what came.
func writeFault(out io.Writer, f workshop.Fault) {
	shown := func(text string) string {
		if text == "" {
			return "nothing"
		}
		return indented(text)
	}
	_, _ = fmt.Fprintf(out, "    %s\n      want %s\n      got  %s\n", f.Of, shown(f.Want), shown(f.Got))
}

// indented is a text whose further lines stand below the first.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n           ") }

// runOptions are those of direction run.
type runOptions struct {
	network bool
	now     string
	seed    uint64
	vars    []string
	config  []string
}

func newDirectionRun(env shell.Environment) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run FILE|FOLDER TAG",
		Short: "make one call of a plug-in and show all that comes of it",
		Long: `Makes one call with everything granted that the plug-in wants, and shows what it says
and does, its log, its steps and its memory. Hosts are asked only with --network;
secrets come from the environment, as with a bot: FOOTLIGHT_SECRET_NAME.`,
		Example: "  footlight direction run hello.wasm '<hello to=Ann>'\n  footlight direction run weather.wasm '<weather city=Oslo>' --network --config units=celsius",
		Args:    directionArgs(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := o.prepare(args[1])
			if err != nil {
				return fmt.Errorf("direction run: %w", err)
			}
			return atDesk(cmd.Context(), env, args[0], func(d *workshop.Desk) error {
				c.Secrets = secretsOf(env, d)
				return runOnce(cmd.Context(), env, d, c, o.network)
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.network, "network", false, "let it ask the hosts that it wants")
	f.StringVar(&o.now, "now", "", "the time, such as 2026-01-02T15:04:05Z; without it, that of this machine")
	f.Uint64Var(&o.seed, "seed", 0, "of its random numbers")
	f.StringArrayVar(&o.vars, "var", nil, "variable of the person: name=value")
	f.StringArrayVar(&o.config, "config", nil, "setting of the owner: name=value")
	return cmd
}

// prepare makes a case of the options.
func (o *runOptions) prepare(tag string) (workshop.Case, error) {
	c := workshop.Case{Tag: tag, Seed: o.seed, Now: time.Now(), Vars: map[string]string{}, Config: map[string]any{}}
	if o.now != "" {
		at, err := time.Parse(time.RFC3339, o.now)
		if err != nil {
			return c, fmt.Errorf("--now is %q; write a time such as 2026-01-02T15:04:05Z", o.now)
		}
		c.Now = at
	}
	for _, list := range []struct {
		flag  string
		pairs []string
		put   func(name, value string)
	}{
		{"--var", o.vars, func(name, value string) { c.Vars[name] = value }},
		{"--config", o.config, func(name, value string) { c.Config[name] = value }},
	} {
		for _, pair := range list.pairs {
			name, value, ok := strings.Cut(pair, "=")
			if !ok || name == "" {
				return c, fmt.Errorf("%s is %q; write name=value", list.flag, pair)
			}
			list.put(name, value)
		}
	}
	return c, nil
}

// runOnce plays a call. It is a finding when the call fails.
func runOnce(ctx context.Context, env shell.Environment, d *workshop.Desk, c workshop.Case, network bool) error {
	played, err := d.Play(ctx, c, network)
	if err != nil {
		return err
	}
	writePlayed(env.Out, c.Tag, &played, true)
	switch {
	case len(played.Mistakes) > 0:
		return shell.Finding("the tag is not one that the plug-in answers: " + played.Mistakes[0].Message)
	case played.Problem() != "" && played.Unwritten != "":
		return shell.Finding("the call failed: there was no network; --network lets it ask the hosts that it wants")
	case played.Problem() != "":
		return shell.Finding("the call failed: " + played.Problem())
	case len(played.Calls) == 0:
		return shell.Finding("nothing was called: write a tag such as " + sample(&d.Plugin.Manifest.Directions[0]))
	}
	return nil
}

// secretsOf reads the secrets that a plug-in wants from the environment.
func secretsOf(env shell.Environment, d *workshop.Desk) map[string]string {
	secrets := map[string]string{}
	for _, w := range d.Plugin.Manifest.Wants {
		if w.Capability != abi.CapSecret {
			continue
		}
		for _, name := range w.Items {
			secrets[name] = env.Getenv(direction.SecretPrefix + name)
		}
	}
	return secrets
}
