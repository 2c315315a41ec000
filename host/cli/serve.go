package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
)

func newServe(env shell.Environment) *cobra.Command {
	var c app.Config
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "serve a bot to Messenger",
		Long: `Takes Messenger's webhooks for the bot in DIR and answers through the Send API. Without
DIR it plays what footlight publish has put into the store, and follows every later
publication, canary and rollback.

Settings come from flags, then the environment, then footlight.toml in this folder:

` + shell.SettingsHelp() + `
A secret may also lie in a file: NAME_FILE in the environment, as in
FOOTLIGHT_APP_SECRET_FILE, or name_file in footlight.toml, as in app_secret_file.
The other names in footlight.toml are addr, store, page_id and so on.

Several Pages are served by tables in footlight.toml, each Page with its bot:

  [[app]]                             # one for each app at Meta
  id = "2001"
  secret = "file:/run/secrets/app"    # or "env:NAME"
  verify_token = "env:VERIFY_TOKEN"

  [[page]]                            # one for each Page
  id = "1001"
  token = "env:TEA_TOKEN"
  dir = "bots/tea"                    # or bot = "tea": what is published
  human_for = "30m"                   # and human_word, fallback, sends_per_second`,
		Example: "  footlight serve scripts/tea\n  footlight serve scripts/tea --addr :8080 --store redis://127.0.0.1:6379/0\n" +
			"  footlight serve scripts/tea --store 'redis://node1:6379?addr=node2:6379'",
		Args: shell.AtMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				c.Dir = args[0]
			}
			if err := shell.ApplySettings(&c, env.Getenv, "."); err != nil {
				return err
			}
			if err := shell.ApplyBookings(&c, env.Getenv, "."); err != nil {
				return err
			}
			return serve(cmd.Context(), env, c)
		},
	}
	cmd.Flags().StringVar(&c.Addr, "addr", "", "listen address of the webhook server")
	cmd.Flags().StringVar(&c.Store, "store", "", "where state is kept: bolt:PATH, redis://… or rediss://…")
	cmd.Flags().StringVar(&c.Bot, "bot", "", "without DIR: which of the published bots")
	return cmd
}

// gcPercent is how much of what is alive a host makes anew, in percent, before it looks for what is not: it keeps little
// alive, some tens of MiB, so four times the usual costs little memory and saves most of the looking.
const gcPercent = 400

func serve(ctx context.Context, env shell.Environment, c app.Config) error {
	if c.ConsoleAddr != "" && c.ConsoleAddr != app.Off {
		return errors.New("serve has no console: it is for an author's desk; start it with footlight dev")
	}
	c.CacheDir, c.Clock, c.Secret, c.Release = shell.CacheDir(), env.Clock, shell.Secrets(env.Getenv), shell.Version()
	lines := shell.NewLines(env.Err, clock.Real{})
	defer func() { _ = lines.Close() }() // who keeps the log sees what is missing
	c.Log = lines.Logger(env, slog.LevelInfo)
	if env.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	}
	host, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(env.Out, "serving %s\n  webhook   http://%s/webhook\n  store     %s\n", served(c, host), host.Addr(), host.StoreName())
	for _, p := range host.Broken() {
		aside := env
		aside.Out, aside.Terminal = env.Err, false
		shell.WriteDiagnostics(aside, p.Dir, p.Problems, len(p.Files), p.BuildTime)
		_, _ = fmt.Fprintln(env.Err, "messages are kept until the scripts are mended")
	}
	err = host.Run(ctx)
	return errors.Join(err, host.Close(context.WithoutCancel(ctx)))
}

// served says what a host serves.
func served(c app.Config, host *app.Host) string {
	switch {
	case len(c.Bookings) > 0:
		return fmt.Sprintf("%s on %s", shell.Count(host.Bots(), "bot"), shell.Count(len(c.Bookings), "Page"))
	case c.Dir == "":
		return "what is published" + host.Playing()
	}
	return c.Dir
}
