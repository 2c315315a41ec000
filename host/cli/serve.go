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

  FOOTLIGHT_APP_SECRET     the app's secret               (required)
  FOOTLIGHT_VERIFY_TOKEN   the webhook's verify token     (required)
  FOOTLIGHT_PAGE_TOKEN     the Page's access token        (required)
  FOOTLIGHT_PAGE_ID        answer for this Page only
  FOOTLIGHT_ADDR           listen address                 (` + app.DefaultAddr + `)
  FOOTLIGHT_STORE          bolt:PATH or redis://…         (` + app.DefaultStore + `)
  FOOTLIGHT_GRAPH_URL      base of the Graph API          (Meta's)
  FOOTLIGHT_GRAPH_VERSION  version of the Graph API       (the current one)

A secret may also lie in a file: NAME_FILE in the environment, app_secret_file,
verify_token_file or page_token_file in footlight.toml.`,
		Args: cobra.ExactArgs(1),
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
	c.CacheDir, c.Clock = cacheDir(), env.Clock
	c.Log = newLogger(env, env.Err, slog.LevelInfo)
	host, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(env.Out, "serving %s\n  webhook   http://%s/webhook\n  store     %s\n", c.Dir, host.Addr(), host.StoreName())
	status := host.Bot().Status()
	if status.Broken {
		env.Out, env.Terminal = env.Err, false
		writeDiagnostics(env, c.Dir, status.Problems)
		_, _ = fmt.Fprintln(env.Err, "messages are kept until the scripts are mended")
	}
	err = host.Run(ctx)
	return errors.Join(err, host.Close(context.WithoutCancel(ctx)))
}
