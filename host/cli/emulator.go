package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Times of the emulator's server.
const (
	emulatorHeaderTime = 10 * time.Second
	emulatorCloseTime  = 5 * time.Second
)

func newEmulator(env Environment) *cobra.Command {
	var addr, callback string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "a Graph API on this machine, with people who chat",
		Long: `Stands in for Meta's Graph API: it sends signed webhooks to --callback, takes messages
with Meta's rules and refusals, and shows each thread on a page. It prints the
credentials with which footlight serve talks to it.`,
		Example: "  footlight emulator --callback http://127.0.0.1:8080/webhook",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := emulator.New(emulator.Config{Callback: callback, VerifyToken: rand.Text(), Seed: seed, Logger: newLogger(env, env.Err, slog.LevelWarn)})
			if err != nil {
				return fmt.Errorf("emulator: %w", err)
			}
			defer e.Close()
			return serveEmulator(cmd.Context(), env, e, addr)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8090", "listen address")
	cmd.Flags().StringVar(&callback, "callback", "http://127.0.0.1:8080/webhook", "where webhooks go")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "of the ids and tokens it makes up")
	return cmd
}

func serveEmulator(ctx context.Context, env Environment, e *emulator.Emulator, addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	app, page, person := e.Apps()[0], e.Pages()[0], e.People()[0]
	_, _ = fmt.Fprintf(env.Out, `graph API at http://%[1]s, chat at http://%[1]s/chat
  export FOOTLIGHT_GRAPH_URL=http://%[1]s
  export FOOTLIGHT_APP_ID=%[2]s
  export FOOTLIGHT_APP_SECRET=%[3]s
  export FOOTLIGHT_VERIFY_TOKEN=%[4]s
  export FOOTLIGHT_PAGE_ID=%[5]s
  export FOOTLIGHT_PAGE_TOKEN=%[6]s
  # %[7]s is there to chat: %[8]s
`, listener.Addr(), app.ID, app.Secret, app.VerifyToken, page.ID, page.Token, person.FirstName, person.ID)
	server := &http.Server{Handler: e.Handler(), ReadHeaderTimeout: emulatorHeaderTime}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("emulator: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), emulatorCloseTime)
	defer cancel()
	err = server.Shutdown(stop)
	if served := <-done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return err
}
