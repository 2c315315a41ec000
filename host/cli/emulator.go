package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/messenger/emulator/control"
	"github.com/footlight-bots/footlight/host/messenger/emulator/scenario"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Times of the emulator's server.
const (
	emulatorHeaderTime = 10 * time.Second
	emulatorCloseTime  = 5 * time.Second
	defaultPatience    = 5 * time.Second
)

func newEmulator(env shell.Environment) *cobra.Command {
	var c emulatorFlags
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "a Graph API on this machine, with people who chat",
		Long: `Stands in for Meta's Graph API: it sends signed webhooks to --callback, takes messages
with Meta's rules and refusals, and shows each thread on a page. It prints the
credentials with which footlight serve talks to it.

With --world it begins as a file says, a JSON object with any of apps, pages, people, users,
switches and quotas: several Pages, people in all languages, and each of the behaviours that
Meta does not settle.

With --scenario it lets people act, moves the clock, arms faults and expects answers, as
the file says, then ends: with an error at the first step that does not come true.`,
		Example: `  footlight emulator --callback http://127.0.0.1:8080/webhook
  footlight emulator --scenario greeting.scenario
  footlight emulator --world town.json`,
		Args: shell.None,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEmulator(cmd.Context(), env, c) },
	}
	cmd.Flags().StringVar(&c.addr, "addr", "127.0.0.1:8090", "listen address")
	cmd.Flags().StringVar(&c.callback, "callback", "http://127.0.0.1:8080/webhook", "where webhooks go")
	cmd.Flags().Uint64Var(&c.seed, "seed", 1, "of the ids, tokens and misfortunes that it makes up")
	cmd.Flags().StringVar(&c.scenario, "scenario", "", "run this file, then end")
	cmd.Flags().DurationVar(&c.patience, "patience", defaultPatience, "how long an expectation of the scenario waits")
	cmd.Flags().StringVar(&c.world, "world", "", "begin as this file says")
	cmd.Flags().BoolVar(&c.bare, "bare", false, "app in development, nothing subscribed: for footlight deploy")
	cmd.Flags().BoolVar(&c.fetch, "fetch-media", false, "fetch what messages name by URL, and refuse what Meta would")
	cmd.MarkFlagsMutuallyExclusive("bare", "world")
	return cmd
}

// emulatorFlags are what the command line says.
type emulatorFlags struct {
	addr, callback, scenario, world string
	seed                            uint64
	patience                        time.Duration
	fetch, bare                     bool
}

func runEmulator(ctx context.Context, env shell.Environment, c emulatorFlags) error {
	var script *scenario.Script
	if c.scenario != "" {
		source, err := os.ReadFile(c.scenario)
		if err != nil {
			return fmt.Errorf("scenario: %w", err)
		}
		if script, err = scenario.Parse(string(source)); err != nil {
			return scenarioError(c.scenario, err)
		}
	}
	config := emulator.Config{
		Clock: clock.NewRunning(clock.Real{}), Callback: c.callback, VerifyToken: rand.Text(), Seed: c.seed,
		Logger: shell.NewLogger(env, env.Err, slog.LevelWarn),
	}
	if c.bare {
		config.Callback, config.VerifyToken = "", ""
		config.Apps = []emulator.App{{Development: true, Fields: []string{}}}
		config.Pages = []emulator.Page{{Fields: []string{}}}
		config.People = []emulator.Person{{Role: "tester"}}
	}
	if c.world != "" {
		if err := furnish(&config, c.world); err != nil {
			return err
		}
	}
	if c.fetch {
		config.Media = &http.Client{}
	}
	e, err := emulator.New(config)
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	defer e.Close()
	if script == nil {
		return serveEmulator(ctx, env, e, c.addr, nil)
	}
	return serveEmulator(ctx, env, e, c.addr, func(ctx context.Context) error {
		_, _ = fmt.Fprintf(env.Out, "scenario %s, seed %d\n", c.scenario, c.seed)
		return scenarioError(c.scenario, script.Run(ctx, e, scenario.Options{Report: env.Out, Patience: c.patience}))
	})
}

// furnish lets an emulator begin as a file says.
func furnish(c *emulator.Config, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("world: %w", err)
	}
	w, err := world.Read(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	c.Apps, c.Pages, c.People, c.Users, c.Switches, c.Quotas = w.Apps, w.Pages, w.People, w.Users, w.Switches, w.Quotas
	return nil
}

// scenarioError puts the file's name before each problem.
func scenarioError(file string, err error) error {
	if err == nil {
		return nil
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = file + ", " + line
	}
	return errors.New(strings.Join(lines, "\n"))
}

// introduce prints with what a host talks to an emulator. Of one to which nobody listens
// yet it prints what footlight deploy begins with.
func introduce(w io.Writer, e *emulator.Emulator, addr net.Addr) error {
	app, page, person := e.Apps()[0], e.Pages()[0], e.People()[0]
	_, _ = fmt.Fprintf(w, `graph API at http://%[1]s, chat at http://%[1]s/chat
  export FOOTLIGHT_GRAPH_URL=http://%[1]s
  export FOOTLIGHT_APP_ID=%[2]s
  export FOOTLIGHT_APP_SECRET=%[3]s
`, addr, app.ID, app.Secret)
	if app.Development {
		user, err := e.UserToken("")
		if err != nil {
			return fmt.Errorf("emulator: %w", err)
		}
		_, _ = fmt.Fprintf(w, "  export FOOTLIGHT_USER_TOKEN=%s\n", user)
	} else {
		_, _ = fmt.Fprintf(w, `  export FOOTLIGHT_VERIFY_TOKEN=%s
  export FOOTLIGHT_PAGE_ID=%s
  export FOOTLIGHT_PAGE_TOKEN=%s
`, app.VerifyToken, page.ID, page.Token)
	}
	_, _ = fmt.Fprintf(w, "  # %s is there to chat: %s\n", person.FirstName, person.ID)
	return nil
}

// serveEmulator serves until ctx ends, or until what it serves is done.
func serveEmulator(ctx context.Context, env shell.Environment, e *emulator.Emulator, addr string, run func(context.Context) error) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if err := introduce(env.Out, e, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := control.Server(e, emulatorHeaderTime)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	var outcome error
	if run != nil {
		outcome = run(ctx)
	} else {
		select {
		case err := <-done:
			return fmt.Errorf("emulator: %w", err)
		case <-ctx.Done():
		}
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), emulatorCloseTime)
	defer cancel()
	err = server.Shutdown(stop)
	if served := <-done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return errors.Join(outcome, err)
}
