package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
)

func newServe(env Environment) *cobra.Command {
	var c app.Config
	cmd := &cobra.Command{
		Use:   "serve DIR",
		Short: "serve a bot to Messenger",
		Long: `Takes Messenger's webhooks for the bot in DIR and answers through the Send API.

Settings come from flags, then the environment, then footlight.toml in this folder:

` + settingsHelp() + `
A secret may also lie in a file: NAME_FILE in the environment, as in
FOOTLIGHT_APP_SECRET_FILE, or name_file in footlight.toml, as in app_secret_file.
The other names in footlight.toml are addr, store, page_id and so on.`,
		Example: "  footlight serve scripts/tea\n  footlight serve scripts/tea --addr :8080 --store redis://127.0.0.1:6379/0\n" +
			"  footlight serve scripts/tea --store 'redis://node1:6379?addr=node2:6379'",
		Args: exactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Dir = args[0]
			if err := applySettings(&c, env.Getenv, "."); err != nil {
				return err
			}
			return serve(cmd.Context(), env, c)
		},
	}
	cmd.Flags().StringVar(&c.Addr, "addr", "", "listen address of the webhook server")
	cmd.Flags().StringVar(&c.Store, "store", "", "where state is kept: bolt:PATH, redis://… or rediss://…")
	return cmd
}

func serve(ctx context.Context, env Environment, c app.Config) error {
	if c.ConsoleAddr != "" && c.ConsoleAddr != app.Off {
		return errors.New("serve has no console: it is for an author's desk; start it with footlight dev")
	}
	c.CacheDir, c.Clock, c.Secret = cacheDir(), env.Clock, secrets(env.Getenv)
	c.Log = newLogger(env, env.Err, slog.LevelInfo)
	host, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(env.Out, "serving %s\n  webhook   http://%s/webhook\n  store     %s\n", c.Dir, host.Addr(), host.StoreName())
	status := host.Bot().Status()
	if status.Broken {
		env.Out, env.Terminal = env.Err, false
		writeDiagnostics(env, c.Dir, status.Problems, len(status.Files), status.BuildTime)
		_, _ = fmt.Fprintln(env.Err, "messages are kept until the scripts are mended")
	}
	err = host.Run(ctx)
	return errors.Join(err, host.Close(context.WithoutCancel(ctx)))
}
