// Package publication is the commands for published versions: publish, versions, rollback,
// canary and diff. No API of the host is promised.
package publication

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/release"
)

// publisher is a command's way to what is published of a bot.
type publisher struct {
	env   shell.Environment
	clock clock.Clock
	store string         // --store
	bot   string         // --bot
	key   string         // --key
	wait  time.Duration  // --wait
	by    release.Public // whose key it is

	papers *app.Papers
	ledger *release.Ledger
}

// The times of waiting for hosts.
const (
	defaultWait = 15 * time.Second
	// hostPoll is how often their reports are looked at meanwhile.
	hostPoll = 100 * time.Millisecond
)

func newPublisher(env shell.Environment) *publisher {
	p := &publisher{env: env, clock: env.Clock}
	if p.clock == nil {
		p.clock = clock.Real{}
	}
	return p
}

// flags adds the flags of all commands about what is published.
func (p *publisher) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.store, "store", "", "where it is kept: bolt:PATH, redis://… or rediss://…")
	cmd.Flags().StringVar(&p.bot, "bot", "", "which bot (the only one, or that of the folder)")
}

// signing adds the flags of those that give orders.
func (p *publisher) signing(cmd *cobra.Command) {
	p.flags(cmd)
	cmd.Flags().StringVar(&p.key, "key", "", "file with the publisher's key (made at the first time)")
	cmd.Flags().DurationVar(&p.wait, "wait", defaultWait, "how long to wait for hosts to follow")
}

// open opens the ledger of the bot that is meant; without a name, the only one that is published.
func (p *publisher) open(ctx context.Context, name string) error {
	host := app.Config{Store: p.store, Bot: p.bot}
	if err := shell.ApplySettings(&host, p.env.Getenv, "."); err != nil {
		return err
	}
	if host.Bot != "" {
		name = host.Bot
	}
	var err error
	if p.papers, err = app.OpenPapers(ctx, host.Store, shell.NewLogger(p.env, p.env.Err, slog.LevelError)); err != nil {
		return err
	}
	if name == "" {
		if name, err = p.only(ctx); err != nil {
			return errors.Join(err, p.papers.Close())
		}
	}
	p.bot = name
	if p.ledger, err = release.OpenLedger(p.papers, name); err != nil {
		return errors.Join(err, p.papers.Close())
	}
	return nil
}

// only is the only bot that is published.
func (p *publisher) only(ctx context.Context) (string, error) {
	bots, err := release.Bots(ctx, p.papers)
	switch {
	case err != nil:
		return "", err
	case len(bots) == 0:
		return "", errors.New("no bot is published in this store; footlight publish DIR does it")
	case len(bots) > 1:
		return "", fmt.Errorf("several bots are published in this store: name one with --bot: %s", strings.Join(bots, ", "))
	}
	return bots[0], nil
}

// visit runs do with the ledger of a bot open.
func (p *publisher) visit(ctx context.Context, name string, do func() error) error {
	if err := p.open(ctx, name); err != nil {
		return err
	}
	return errors.Join(do(), p.papers.Close())
}

// openKey reads the publisher's key, or makes it and says what to do with it.
func (p *publisher) openKey() (release.Key, error) {
	path := p.key
	if path == "" {
		path = p.env.Getenv("FOOTLIGHT_PUBLISH_KEY_FILE")
	}
	if path == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return release.Key{}, fmt.Errorf("publisher's key: %w; name a file with --key", err)
		}
		path = filepath.Join(base, "footlight", "publisher.key")
	}
	key, made, err := release.OpenKey(path)
	p.by = key.Public()
	if err == nil && made {
		_, _ = fmt.Fprintf(p.env.Out, "This is the first time: a key was made that signs what you publish.\n"+
			"  it lies in %s: keep it to yourself, and a copy of it safe\n"+
			"  hosts play what you publish when they know its public half:\n\n    FOOTLIGHT_PUBLISHERS=%s\n\n", path, key.Public())
	}
	return key, err
}

// NewPublish is footlight publish.
func NewPublish(env shell.Environment) *cobra.Command {
	p := newPublisher(env)
	var note, share string
	var untested bool
	cmd := &cobra.Command{
		Use:   "publish DIR",
		Short: "put a version of a bot on stage on all hosts",
		Long: `Builds the bot in DIR, runs its conversation tests, and stores the version, signed, where
all hosts of the bot find it. Each host that was started with "footlight serve" and no folder
builds it beside the one on stage, tries it, and changes over; no message is lost and none
is answered by both. A host that cannot play it keeps the one it has, and says so here.

With --canary 5% only that share of the people get the new version, until you write
"footlight canary promote" or "footlight canary abort".`,
		Example: "  footlight publish scripts/tea --note \"winter menu\"\n  footlight publish scripts/tea --canary 5%",
		Args:    shell.ExactlyOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			percent, err := parseShare(share)
			if err != nil {
				return fmt.Errorf("publish: --canary: %w", err)
			}
			return p.publish(cmd.Context(), args[0], note, percent, untested)
		},
	}
	p.signing(cmd)
	cmd.Flags().StringVar(&note, "note", "", "what is new, for those who list the versions")
	cmd.Flags().StringVar(&share, "canary", "", "share of the people who get it, as in 5%")
	cmd.Flags().BoolVar(&untested, "no-test", false, "do not run the conversation tests")
	return cmd
}

// parseShare reads a share; 0 without one.
func parseShare(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	percent, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, "%")), 64)
	if err != nil || !(percent > 0 && percent < 100) {
		return 0, fmt.Errorf("%q is no share; write a number above 0 and below 100, as in 5%%", text)
	}
	return percent, nil
}

func (p *publisher) publish(ctx context.Context, dir, note string, percent float64, untested bool) error {
	manifest, err := p.prepare(ctx, dir, note, untested)
	if err != nil {
		return err
	}
	key, err := p.openKey()
	if err != nil {
		return err
	}
	return p.visit(ctx, filepath.Base(absolute(dir)), func() error {
		manifest.Bot = p.bot
		folder, err := bot.Folder(dir)
		if err != nil {
			return err
		}
		bundle, err := release.Encode(manifest, folder, key)
		if err != nil {
			return err
		}
		version, fresh, err := p.ledger.Put(ctx, manifest, bundle, key.Public())
		if err != nil {
			return err
		}
		state := "the same files as before"
		if fresh {
			state = fmt.Sprintf("%s, %s", shell.Count(version.Files, "file"), shell.Size(version.Bytes))
		}
		_, _ = fmt.Fprintf(p.env.Out, "version %d of %s (%s): %s\n", version.Number, p.bot, version.Short(), state)
		return p.give(ctx, key, func(before release.Order) (release.Order, error) {
			if percent == 0 {
				return release.Order{Stage: version.ID, Why: release.Published}, nil
			}
			return tryOut(before, version.ID, percent)
		})
	})
}

// tryOut orders a canary beside what is on stage.
func tryOut(before release.Order, version string, percent float64) (release.Order, error) {
	switch before.Stage {
	case "":
		return before, errors.New("canary: nothing is on stage yet that the others could get; publish without --canary first")
	case version:
		return before, errors.New("canary: this version is on stage for everybody already")
	}
	return release.Order{Stage: before.Stage, Canary: version, Percent: percent, Why: release.Tried}, nil
}

func absolute(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		return full
	}
	return dir
}

// prepare builds a folder and runs its tests, and says what is known of the version then.
func (p *publisher) prepare(ctx context.Context, dir, note string, untested bool) (m release.Manifest, err error) {
	folder, err := bot.Folder(dir)
	if err != nil {
		return m, err
	}
	// First what is published, then the build: what changes between the two is seen when it is packed.
	if m, err = release.Pack("", folder, p.clock.Now(), note); err != nil {
		return m, err
	}
	b, err := shell.BuildFolder(ctx, dir)
	if err != nil {
		return m, err
	}
	if b.Refused {
		shell.WriteDiagnostics(p.env, dir, b.Result.Diagnostics, len(b.Result.Files), b.Took)
		return m, shell.Finding(dir + ": a version with errors is not published")
	}
	sum := sha256.Sum256(b.Result.Wasm)
	m.Module, m.Release = hex.EncodeToString(sum[:]), shell.Version()
	for _, one := range b.Plugins {
		entry := release.Plugin{Name: one.Name, Version: one.Manifest.Version}
		for _, w := range one.Wishes() {
			if w.Granted {
				entry.Grants = append(entry.Grants, w.Capability)
			}
		}
		m.Plugins = append(m.Plugins, entry)
	}
	if untested {
		return m, nil
	}
	m.Tests, err = rehearsal.Gate(ctx, p.env, dir)
	return m, err
}

// give gives an order and waits for the hosts to follow it.
func (p *publisher) give(ctx context.Context, key release.Key, alter func(release.Order) (release.Order, error)) error {
	order, err := p.ledger.Give(ctx, key, p.clock.Now(), alter)
	if err != nil {
		return err
	}
	reports, err := p.await(ctx, order)
	if err != nil {
		return err
	}
	return p.tell(ctx, order, reports)
}

// await waits until every host that is there has seen an order.
func (p *publisher) await(ctx context.Context, order release.Order) ([]release.Report, error) {
	until := p.clock.Now().Add(p.wait)
	for {
		reports, err := p.ledger.Reports(ctx)
		if err != nil {
			return nil, err
		}
		now, missing := p.clock.Now(), false
		for _, r := range reports {
			missing = missing || r.Fresh(now) && r.Order < order.Number
		}
		if !missing || !now.Before(until) {
			return reports, nil
		}
		again, stop := p.clock.At(now.Add(hostPoll))
		select {
		case <-ctx.Done():
			stop()
			return nil, ctx.Err()
		case <-again:
			stop()
		}
	}
}
