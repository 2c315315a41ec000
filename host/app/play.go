package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/repertoire"
	"github.com/footlight-bots/footlight/host/turn"
)

// play is a bot that the host plays, on one Page or on several.
type play struct {
	name     string // in logs and metrics
	dir      string // empty: what is published is played
	troupe   *troupe
	follower *release.Follower // nil: a folder is played
	host     *Host
	seat     *repertoire.Seat // in the repertoire of a host of several; nil: the bot is loaded always

	comments atomic.Bool // it answered what people write in public when it was loaded last
}

var _ repertoire.Piece = (*play)(nil)

// openPlays builds the bots. Bookings of the same bot share it.
func (h *Host) openPlays(ctx context.Context) error {
	h.plugins = bot.NewPlugins(bot.PluginsConfig{
		Runtime: h.runtime, Values: shelves{h.store}, Secret: h.config.Secret, Private: h.config.HTTPPrivate == allow,
		Clock: clock.Real{}, // calls take real time, whatever the clock of the bot says
	})
	names := h.config.names()
	known := map[string]int{}
	for i, b := range h.config.Bookings {
		n, ok := known[names[i]]
		if !ok {
			n = len(h.plays)
			p, err := h.newPlay(names[i], b)
			if err != nil {
				return b.at(err)
			}
			h.plays, known[names[i]] = append(h.plays, p), n
		}
		h.booked = append(h.booked, n)
	}
	if len(h.plays) > 1 {
		h.openRepertoire(ctx)
	} else {
		h.plays[0].Load(ctx)
	}
	return watchRepertoire(h.metrics, h.repertoire)
}

// earlyLoads is how many bots are loaded before the host serves, so that it can tell at once which of
// them cannot be put on stage.
const earlyLoads = 8

// openRepertoire keeps several bots, of which those rest that nobody talks to.
func (h *Host) openRepertoire(ctx context.Context) {
	h.repertoire = repertoire.New(repertoire.Config{
		Clock: h.config.Clock, Idle: h.tuning.idle, Most: h.tuning.mostLoaded, Log: h.config.Log,
	})
	for _, p := range h.plays {
		p.seat = h.repertoire.Add(p)
	}
	for _, p := range h.plays[:min(len(h.plays), earlyLoads, h.tuning.mostLoaded)] {
		p.seat.Load(ctx)
	}
}

// at says where an error comes from.
func (b Booking) at(err error) error {
	if err == nil || b.Where == "" {
		return err
	}
	return fmt.Errorf("%s: %w", b.Where, err)
}

// names are the names of the bots of all bookings: of a published one its own, of a folder the folder's,
// with as many of those above it as tell it from others.
func (c Config) names() []string {
	taken := map[string]string{} // name → folder; of published bots: its name with a colon
	out := make([]string, len(c.Bookings))
	for i, b := range c.Bookings {
		if b.Dir == "" {
			out[i] = b.Bot
			taken[b.Bot] = ":" + b.Bot
		}
	}
	for i, b := range c.Bookings {
		if b.Dir == "" {
			continue
		}
		full := filepath.ToSlash(absolute(b.Dir))
		parts := strings.Split(strings.TrimPrefix(full, "/"), "/")
		for n := 1; ; n++ {
			name := strings.Join(parts[max(0, len(parts)-n):], "/")
			if owner, ok := taken[name]; !ok || owner == full || n > len(parts) {
				out[i], taken[name] = name, full
				break
			}
		}
	}
	return out
}

// absolute is the whole path of a folder, as far as it can be found out.
func absolute(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		return full
	}
	return dir
}

// newPlay builds a bot that has no version yet.
func (h *Host) newPlay(name string, b Booking) (p *play, err error) {
	c := h.config
	p = &play{name: name, dir: b.Dir, host: h}
	var dir fs.FS
	if b.Dir != "" {
		if dir, err = bot.Folder(b.Dir); err != nil {
			return nil, err
		}
	}
	spare := func() *bot.Bot {
		return bot.New(bot.Config{
			Dir: dir, Name: name, Loader: bot.Sandboxed{Runtime: h.runtime, Clock: c.Clock},
			Clock: c.Clock, Log: c.Log, ShowErrors: c.showErrors,
			Private: c.HTTPPrivate == allow, Plugins: h.plugins,
		})
	}
	p.troupe = &troupe{stage: spare(), spare: spare}
	if dir == nil {
		p.follower, err = release.NewFollower(release.FollowerConfig{
			Papers: h.store, Bot: b.Bot, Publishers: h.trusted, Player: p.troupe,
			Clock: c.Clock, Log: c.Log, Host: h.hostName(), Release: c.Release,
		})
	}
	return p, err
}

// Load implements repertoire.Piece. A version that does not build is no obstacle: its messages wait.
func (p *play) Load(ctx context.Context) {
	if p.follower != nil {
		p.follower.Look(ctx)
	} else if _, err := p.troupe.stage.Reload(ctx); err != nil && ctx.Err() == nil {
		p.host.config.Log.WarnContext(ctx, "the scripts cannot be put on stage yet; messages wait", "bot", p.dir, "error", err)
	}
}

// Follow implements repertoire.Piece: it puts each new version on stage until ctx ends.
func (p *play) Follow(ctx context.Context) {
	var told sync.WaitGroup
	defer told.Wait()
	if !p.host.config.showErrors {
		told.Go(func() { p.host.tellReloads(ctx, p) })
	}
	follow := func() error { return p.troupe.stage.Follow(ctx, p.dir) }
	if p.follower != nil {
		follow = func() error { return p.follower.Run(ctx) }
	}
	if err := follow(); err != nil && ctx.Err() == nil {
		p.host.config.Log.ErrorContext(ctx, "new versions are not seen any more", "bot", p.name, "error", err)
	}
}

// Rest implements repertoire.Piece.
func (p *play) Rest(ctx context.Context) error {
	p.comments.Store(p.troupe.awaitsComments())
	if p.follower != nil {
		p.follower.Forget()
	}
	return p.troupe.rest(ctx)
}

// awaitsComments tells whether the bot answers what people write in public; one at rest did so before.
func (p *play) awaitsComments() bool {
	if p.resting() {
		return p.comments.Load()
	}
	return p.troupe.awaitsComments()
}

// resting tells whether the next turn loads the bot.
func (p *play) resting() bool { return p.seat != nil && p.seat.Resting() }

// turn takes a turn, on a bot that is loaded for it if need be.
func (p *play) turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	if p.seat == nil {
		return p.troupe.turn(ctx, in)
	}
	visit, err := p.seat.Enter(ctx)
	if errors.Is(err, repertoire.ErrBusy) {
		return turn.Result{}, errors.Join(delivery.ErrNotReady, err)
	}
	if err != nil {
		return turn.Result{}, fmt.Errorf("bot %s: %w", p.name, err)
	}
	defer visit.Leave()
	return p.troupe.turn(visit.Context(ctx), in)
}

// ready tells how the bot stands, or why nothing of it is on stage.
func (p *play) ready() (string, error) {
	status := p.troupe.stage.Status()
	if status.Generation == nil {
		return "", fmt.Errorf("%w%s", bot.ErrWaiting, p.playing())
	}
	detail := fmt.Sprintf("generation %d, built %s", status.Generation.Number, status.Generation.BuiltAt.Format(time.RFC3339))
	if status.Broken {
		detail += "; the current files are broken"
	}
	return detail + p.playing(), nil
}

// playing says what is played by which order, as the rest of a sentence; empty where a folder is played.
func (p *play) playing() string {
	if p.follower == nil {
		return ""
	}
	state := p.follower.State()
	text := fmt.Sprintf("; version %.10s by order %d", state.Stage, state.Order)
	if state.Canary != "" {
		text += fmt.Sprintf(", canary %.10s", state.Canary)
	}
	if state.Fault != "" {
		text += "; not as ordered: " + state.Fault
	}
	return text
}

// scriptsReady holds while any bot can play: a broken one must not take the webhooks of the others
// away. The detail names those that need care, the first few of them.
func (h *Host) scriptsReady(context.Context) (string, error) {
	if len(h.plays) == 1 {
		return h.plays[0].ready()
	}
	var faults []error
	var care []string
	resting := 0
	for _, p := range h.plays {
		if p.resting() {
			resting++
			continue
		}
		switch detail, err := p.ready(); {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %w", p.name, err))
			care = append(care, p.name+": "+err.Error())
		case strings.Contains(detail, "broken") || strings.Contains(detail, "not as ordered"):
			care = append(care, p.name+": "+detail)
		}
	}
	if len(faults) == len(h.plays) {
		return "", errors.Join(faults[:min(len(faults), maxNamed)]...)
	}
	text := fmt.Sprintf("%d of %d bots on stage", len(h.plays)-resting-len(faults), len(h.plays))
	if resting > 0 {
		text += fmt.Sprintf(", %d at rest", resting)
	}
	return summary(text, care), nil
}

// maxNamed is how many of the bots or Pages that need care a check of /readyz names.
const maxNamed = 10

// summary is a line with the first few things that need care.
func summary(text string, care []string) string {
	if len(care) > maxNamed {
		care = append(care[:maxNamed:maxNamed], fmt.Sprintf("and %d more", len(care)-maxNamed))
	}
	return strings.Join(append([]string{text}, care...), "; ")
}

// Broken is a bot whose folder cannot be put on stage.
type Broken struct {
	Dir string
	bot.Status
}

// Broken are the bots whose folders cannot be put on stage now.
func (h *Host) Broken() []Broken {
	var list []Broken
	for _, p := range h.plays {
		if s := p.troupe.stage.Status(); s.Broken && p.dir != "" {
			list = append(list, Broken{p.dir, s})
		}
	}
	return list
}

// Bots is how many bots the host serves.
func (h *Host) Bots() int { return len(h.plays) }
