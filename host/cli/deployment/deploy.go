// Package deployment is the commands that put a bot on its Page, take it off, and look
// why it does not answer: deploy, undeploy and doctor. It shows, asks and keeps; what is
// looked at and mended is package deploy's. No API of the host is promised.
package deployment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/turn"
)

// testMessage is what a walk says to whoever wrote last, when it may.
const testMessage = "This is a test: the bot can speak to you."

// deployFlags are what the command line says.
type deployFlags struct {
	host                      app.Config
	yes, dryRun, serve, speak bool
	json, everywhere          bool
	named                     map[string]string // settings that flags have named
	places                    map[string]string // of a Page of a table: see shell.Engagement; nil: there are no tables
}

// NewDeploy is footlight deploy.
func NewDeploy(env shell.Environment) *cobra.Command {
	var f deployFlags
	cmd := &cobra.Command{
		Use:   "deploy DIR",
		Short: "put a bot on its Facebook Page, step by step",
		Long: `Walks through all that a bot needs to answer on a Page: credentials, the Page's token, the
app's permissions, your role, the callback, webhooks for app and Page, what the Page shows
([page] in bot.toml), and a first talk. Each step looks before it acts, shows what it is
going to change, and asks. Where only you can help it stops and says how; start it again
after that, and it goes on.

What it needs to know it takes from the settings of footlight serve, or asks for. Of a user
token (FOOTLIGHT_USER_TOKEN, or a file that FOOTLIGHT_USER_TOKEN_FILE names) it makes a Page
token that does not expire. Secrets are kept in files below .footlight that only you can
read, and footlight.toml names them; they are never shown, and never taken from the
command line.

Where footlight.toml has [[page]] tables, the Page is the one that plays DIR, or that --page names.`,
		Example: "  footlight deploy scripts/tea --public-url https://bot.example\n  footlight deploy scripts/tea --dry-run\n  footlight deploy scripts/tea --yes --serve",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.host.Dir = args[0]
			return runDeploy(cmd.Context(), env, f)
		},
	}
	f.about(cmd)
	cmd.Flags().BoolVar(&f.serve, "serve", false, "start the host here when nobody answers the callback, and go on serving")
	cmd.Flags().StringVar(&f.host.Addr, "addr", "", "with --serve: listen address of the webhook server")
	cmd.Flags().BoolVar(&f.speak, "test-message", false, "send a message to whoever wrote last")
	return cmd
}

// about adds the flags that deploy and undeploy share.
func (f *deployFlags) about(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.host.Page.ID, "page", "", "id of the Page (FOOTLIGHT_PAGE_ID)")
	cmd.Flags().StringVar(&f.host.Page.AppID, "app", "", "id of the Meta app (FOOTLIGHT_APP_ID)")
	cmd.Flags().StringVar(&f.host.PublicURL, "public-url", "", "where the world reaches the host (FOOTLIGHT_PUBLIC_URL)")
	cmd.Flags().StringVar(&f.host.Store, "store", "", "where the host keeps state: bolt:PATH, redis://… or rediss://…")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "agree to every change; nobody is asked")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "look, and show what would be changed")
	cmd.Flags().BoolVar(&f.json, "json", false, "write JSON at the end, and nothing else")
}

// site is what the flags, the environment and footlight.toml say of a deployment.
func (f *deployFlags) site(env shell.Environment) (deploy.Site, deploy.Memory, error) {
	f.named = map[string]string{}
	for name, value := range map[string]string{deploy.NamePublicURL: f.host.PublicURL, deploy.NameAppID: f.host.Page.AppID} {
		if value != "" {
			f.named[name] = value
		}
	}
	if err := f.settle(env); err != nil {
		return deploy.Site{}, deploy.Memory{}, err
	}
	memory, err := deploy.Recall(f.memoryFile())
	if err != nil {
		return deploy.Site{}, memory, err
	}
	memory = memory.Of(f.host.Page.ID)
	user, err := userToken(env)
	if err != nil {
		return deploy.Site{}, memory, err
	}
	c := f.host
	return deploy.Site{
		GraphURL: c.GraphURL, GraphVersion: c.GraphVersion, AppID: c.Page.AppID, AppSecret: c.Page.AppSecret,
		VerifyToken: c.Page.VerifyToken, PageID: c.Page.ID, PageToken: c.Page.PageToken, UserToken: user, Public: c.PublicURL,
		Ours: memory.Ours, Said: memory.Said, Clock: env.Clock, Host: kept{env, c.Store}, Masks: mask.New(kept{env, c.Store}, timeOf(env)),
		Stored: func(ctx context.Context) (deploy.Stored, error) { return app.StoredAt(ctx, c.Store) },
	}, memory, nil
}

// userToken is the user token that the environment holds, or the file that it names.
func userToken(env shell.Environment) (string, error) {
	if token := env.Getenv(deploy.NameUserToken); token != "" {
		return token, nil
	}
	name := deploy.NameUserToken + "_FILE"
	return shell.ReadSecret(name, env.Getenv(name))
}

// withScripts adds what the bot's folder says to a site.
func withScripts(s deploy.Site, dir string) (deploy.Site, error) {
	folder, err := bot.Folder(dir)
	if err != nil {
		return s, err
	}
	settings, err := bot.ReadSettings(folder)
	if err != nil {
		return s, fmt.Errorf("%s: %w", dir, err)
	}
	s.Foyer = &settings.Page
	for _, name := range slices.Sorted(maps.Keys(settings.Personas)) {
		p, _ := settings.Persona(name)
		s.Personas = append(s.Personas, messenger.Persona{Name: p.Name, Picture: p.Picture})
	}
	comments := false
	s.Comments = func() bool { return comments }
	s.Scripts = func(ctx context.Context) (int, error) {
		built, err := shell.BuildFolder(ctx, dir)
		if err != nil {
			return 0, err
		}
		comments = turn.AwaitsComments(&built.Result.Program.Meta)
		errs, _ := shell.ErrorsIn(built.Result.Diagnostics)
		return errs, nil
	}
	return s, nil
}

func runDeploy(ctx context.Context, env shell.Environment, f deployFlags) error {
	site, memory, err := f.site(env)
	if err == nil {
		site, err = withScripts(site, f.host.Dir)
	}
	if err != nil {
		return err
	}
	if f.speak || env.Keyboard && !f.yes {
		site.TestMessage = testMessage
	}
	var stage served
	if f.serve {
		site.Serve = func(ctx context.Context, k deploy.Keys) error { return stage.open(ctx, env, f.host, k) }
	}
	g := newEscort(ctx, env, f.vault(env), f.yes, f.json)
	_, _ = fmt.Fprintf(g.out, "Putting %s on its Page\n", f.host.Dir)
	if memory.Stopped != "" {
		_, _ = fmt.Fprintf(g.out, "Last time it stopped at %q, on %s.\n", memory.Stopped, shell.Stamp(memory.At))
	}
	_, _ = fmt.Fprintln(g.out)
	out, err := f.walk(ctx, env, site, g)
	if errors.Is(err, context.Canceled) {
		err = shell.Finding("stopped; run the same again, and it goes on")
	}
	if err != nil {
		return errors.Join(err, stage.close())
	}
	if f.json {
		if err := deploy.WriteJSON(env.Out, out); err != nil {
			return errors.Join(err, stage.close())
		}
	}
	if reason := unfinished(out, f); reason != "" {
		return errors.Join(shell.Finding(reason), stage.close())
	}
	if !f.dryRun {
		farewell(g, out, f.host.Dir, stage.host != nil)
	}
	return stage.wait(ctx)
}

// walk goes down the steps, and remembers how far it came.
func (f *deployFlags) walk(ctx context.Context, env shell.Environment, site deploy.Site, g deploy.Guide) (deploy.Outcome, error) {
	out, err := deploy.Walk(ctx, site, g, f.dryRun)
	if !f.dryRun && out.PageID != "" {
		m := deploy.Memory{Page: out.PageID, Ours: out.Ours, Said: out.Said, Stopped: out.Stopped, At: now(env).UTC()}
		if keeping := errors.Join(g.Keep(f.named), m.Keep(f.memoryFile())); keeping != nil {
			err = errors.Join(err, keeping)
		}
	}
	return out, err
}

// unfinished says why a walk has not done what it was asked for; empty: it has.
func unfinished(out deploy.Outcome, f deployFlags) string {
	switch {
	case f.dryRun && deploy.Worst(out.Findings) == deploy.Broken:
		return "some of it only you can mend; nothing was changed"
	case out.Stopped == "":
		return ""
	case len(out.Findings[len(out.Findings)-1].Plan) > 0:
		return fmt.Sprintf("stopped at %q: nobody has agreed to the change; add --yes, or --dry-run to look only", out.Stopped)
	}
	return fmt.Sprintf("stopped at %q; after the cure, run the same again: it goes on there", out.Stopped)
}

// farewell says what to do with a bot that is on its Page.
func farewell(g *escort, out deploy.Outcome, dir string, serving bool) {
	_, _ = fmt.Fprintf(g.out, "\nThe bot is on the Page %q.\n\n", out.PageName)
	for _, n := range out.Farewell(dir, serving) {
		shell.Paragraph(g.out, 2, n.Label, n.Text)
	}
}

// served is a host that a walk has started.
type served struct {
	host  *app.Host
	stop  context.CancelFunc
	ended chan error
	over  func() // lets the host's watch begin: before the walk is over it would mend what the walk asks about
}

// open starts a host.
func (s *served) open(ctx context.Context, env shell.Environment, c app.Config, k deploy.Keys) (err error) {
	c.Page = app.Page{ID: k.PageID, AppID: k.AppID, AppSecret: k.AppSecret, VerifyToken: k.VerifyToken, PageToken: k.PageToken}
	c.CacheDir, c.Clock, c.Secret, c.ConsoleAddr = shell.CacheDir(), env.Clock, shell.Secrets(env.Getenv), app.Off
	c.Log = shell.NewLogger(env, env.Err, slog.LevelWarn)
	begin := make(chan struct{})
	c.Watch, s.over = begin, sync.OnceFunc(func() { close(begin) })
	if s.host, err = app.New(ctx, c); err != nil {
		return err
	}
	ctx, s.stop = context.WithCancel(ctx)
	s.ended = make(chan error, 1)
	go func() { s.ended <- s.host.Run(ctx) }()
	return nil
}

// wait serves until ctx ends.
func (s *served) wait(ctx context.Context) error {
	if s.host == nil {
		return nil
	}
	s.over()
	select {
	case err := <-s.ended:
		s.ended <- err
	case <-ctx.Done():
	}
	return s.close()
}

// close stops the host, if there is one.
func (s *served) close() error {
	if s.host == nil {
		return nil
	}
	s.stop()
	err := <-s.ended
	s.ended <- err // for whoever else waits
	return errors.Join(err, s.host.Close(context.Background()))
}

// NewUndeploy is footlight undeploy.
func NewUndeploy(env shell.Environment) *cobra.Command {
	var f deployFlags
	cmd := &cobra.Command{
		Use:   "undeploy",
		Short: "take a bot off its Page",
		Long: `Takes away what footlight deploy has set: what the Page shows, and the app's subscription
to the Page. What was set by hand stays. With --everywhere Meta also stops sending webhooks
of any Page of the app. The scripts, and what is kept of people, stay.`,
		Example: "  footlight undeploy --dry-run\n  footlight undeploy --yes",
		Args:    shell.None,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runUndeploy(cmd.Context(), env, f) },
	}
	f.about(cmd)
	cmd.Flags().BoolVar(&f.everywhere, "everywhere", false, "end the app's webhooks too, for all its Pages")
	return cmd
}

func runUndeploy(ctx context.Context, env shell.Environment, f deployFlags) error {
	site, _, err := f.site(env)
	if err != nil {
		return err
	}
	var missing []string
	for name, value := range map[string]string{deploy.NameAppID: site.AppID, deploy.NameAppSecret: site.AppSecret, deploy.NamePageToken: site.PageToken} {
		if value == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("undeploy: %s: not set; run it where the host runs, with its settings", strings.Join(missing, ", "))
	}
	g := newEscort(ctx, env, f.vault(env), f.yes, f.json)
	found, err := deploy.Undo(ctx, site, g, f.everywhere, f.dryRun)
	if errors.Is(err, context.Canceled) {
		return shell.Finding("stopped; run the same again, and it goes on")
	}
	if err != nil {
		return err
	}
	if f.json {
		if err := deploy.WriteJSON(env.Out, found); err != nil {
			return err
		}
	}
	switch worst := deploy.Worst(found); {
	case worst == deploy.Broken:
		return shell.Finding("the bot is not off its Page yet; after the cure, run the same again")
	case worst == deploy.Warning:
		return shell.Finding("nobody has agreed to every change, so some of it stays; add --yes")
	case f.dryRun:
		return nil
	}
	if err := os.Remove(f.memoryFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	_, _ = fmt.Fprintln(g.out, "\nThe bot is off its Page. A host that still runs hears nothing any more.")
	return nil
}
