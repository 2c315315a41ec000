package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/turn"
)

// ErrWaiting is wrapped by the error of a turn while no version of the bot has
// ever compiled: what was heard is kept and answered once one does.
var ErrWaiting = errors.New("waiting for a version that compiles")

// Config is what a Bot is made of.
type Config struct {
	Dir        fs.FS  // the bot's folder; nil: versions come through Load only
	Name       string // without a name in bot.toml
	Loader     Loader
	Clock      clock.Clock
	Log        *slog.Logger
	ShowErrors bool     // error texts are shown, whatever hide_errors says (L-ERR-2)
	Private    bool     // scripts may ask granted hosts inside private networks (L-HTTP-9)
	Plugins    *Plugins // nil: bots with plug-ins are refused
}

// Status is what people may know about a bot's versions.
type Status struct {
	Name       string
	Generation *Generation       // in service; nil while waiting for the first
	Problems   []diag.Diagnostic // of the current files, errors and warnings
	Fault      string            // what else is wrong with them: settings, unreadable files
	Broken     bool              // the current files are not what is in service
	Files      map[string]string // texts of the current documents, by path
	Report     Report            // what the last swap changed
	BuildTime  time.Duration     // of the last build, whatever came of it
	Swaps      uint64            // generations put in service since the start
	Failures   uint64            // reloads that failed since the start
	FailedAt   time.Time         // the last of them; zero: none
}

// Bot serves one bot. It is safe for concurrent use.
type Bot struct {
	config  Config
	current atomic.Pointer[Generation]

	mu       sync.Mutex // held while building and swapping
	lastHash string
	number   int
	memory   compile.Memory // of the last build
	scout    scout          // of the folder

	statusMu sync.Mutex
	status   Status
	changes  bell.Bell // rung after every change of status
}

// New returns a bot without a generation; Reload builds the first.
func New(c Config) *Bot {
	return &Bot{config: c, status: Status{Name: c.Name}}
}

// Turn runs one turn on the generation in service.
func (b *Bot) Turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	for {
		g := b.current.Load()
		if g == nil {
			return turn.Result{}, fmt.Errorf("bot %s: %w", b.config.Name, ErrWaiting)
		}
		if !g.enter() {
			continue // it was just replaced
		}
		result, err := g.runner.Run(ctx, in)
		return result, errors.Join(err, g.leave(ctx))
	}
}

// Settings returns the settings in service, and false while there are none.
func (b *Bot) Settings() (Settings, bool) {
	g := b.current.Load()
	if g == nil {
		return Settings{}, false
	}
	return g.Settings, true
}

// Status tells how things stand.
func (b *Bot) Status() Status {
	b.statusMu.Lock()
	defer b.statusMu.Unlock()
	return b.status
}

// Watch returns a channel that receives after every change of the status (one
// value for several changes in a row), and a function that ends the watching.
func (b *Bot) Watch() (changes <-chan struct{}, stop func()) { return b.changes.Watch() }

// failed notes a reload that failed.
func (s *Status) failed(at time.Time) { s.Failures, s.FailedAt = s.Failures+1, at }

func (b *Bot) setStatus(change func(*Status)) {
	b.statusMu.Lock()
	change(&b.status)
	b.statusMu.Unlock()
	b.changes.Ring()
}

// Reload builds the folder as it is now and puts the result in service. Content
// that is in service already is left alone. It reports whether anything was
// looked at anew; what is wrong with the files is in the Status.
func (b *Bot) Reload(ctx context.Context) (changed bool, err error) {
	return b.load(ctx, b.config.Dir, false)
}

// Load is Reload with a version of the bot that came from elsewhere. A version that cannot take a few
// trial turns is not put in service. One that was refused is looked at anew each time: what was in its way may
// be gone.
func (b *Bot) Load(ctx context.Context, dir fs.FS) (changed bool, err error) {
	return b.load(ctx, dir, true)
}

// load builds a folder and puts the result in service, one of foreign origin after a trial.
func (b *Bot) load(ctx context.Context, dir fs.FS, foreign bool) (changed bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if foreign {
		b.scout = scout{} // two versions may have files of the same size and time
	}
	now, err := b.scout.look(dir, b.config.Clock.Now())
	if err != nil {
		b.lastHash = "" // when the folder can be read again, the fault has to go
		b.setStatus(func(s *Status) { s.Fault, s.Broken = err.Error(), true; s.failed(b.config.Clock.Now()) })
		return true, fmt.Errorf("bot %s: %w", b.config.Name, err)
	}
	if now.hash() == b.lastHash {
		return false, nil
	}
	b.lastHash = now.hash()
	if g := b.current.Load(); foreign && g != nil && g.Hash == b.lastHash {
		b.setStatus(func(s *Status) { s.Fault, s.Problems, s.Files, s.Broken = "", g.Diagnostics, g.files, false })
		return false, nil
	}
	began := b.config.Clock.Now()
	next, files, err := b.steady(ctx, dir, now)
	if err == nil && b.emptied(next) {
		err = errors.Join(errEmptied, next.leave(ctx))
	}
	if err == nil && foreign {
		if err = next.try(ctx); err != nil {
			err = errors.Join(err, next.leave(ctx))
		}
	}
	took := b.config.Clock.Now().Sub(began)
	if err != nil {
		if foreign {
			b.lastHash = ""
		}
		b.setStatus(func(s *Status) {
			s.Fault, s.Problems, s.Broken, s.BuildTime = err.Error(), nil, true, took
			s.failed(began.Add(took))
			var refused *RefusedError
			if errors.As(err, &refused) {
				s.Fault, s.Problems, s.Files = "", refused.Problems, files
			}
		})
		return true, err
	}
	next.BuildTime = took
	return true, b.swap(ctx, next, files)
}

// errEmptied is the error of a version that could answer nobody, after one that could.
var errEmptied = errors.New("no trigger is left in the scripts; what is on stage stays until there is one again")

// emptied tells whether a version has lost all triggers: the editor has emptied the file, and has not
// written it yet.
func (b *Bot) emptied(next *Generation) bool {
	now := b.current.Load()
	return now != nil && now.Program.Triggers.Len() > 0 && next.Program.Triggers.Len() == 0
}

// maxUnsteady is how often a folder that changes while it is built is built again at once.
const maxUnsteady = 5

// steady builds the folder until it is the same afterwards: many editors empty a file before they
// write it, and half of a script must not go on stage. b.lastHash is that of what was built.
func (b *Bot) steady(ctx context.Context, dir fs.FS, seen imprint) (*Generation, map[string]string, error) {
	for n := 1; ; n++ {
		next, files, err := b.build(ctx, dir, seen)
		now, failed := b.scout.look(dir, b.config.Clock.Now())
		if failed != nil || now.hash() == b.lastHash || n == maxUnsteady {
			return next, files, err
		}
		if next != nil {
			if err := next.leave(ctx); err != nil {
				return nil, files, err
			}
		}
		seen, b.lastHash = now, now.hash()
	}
}

// build makes a generation beside the one in service.
func (b *Bot) build(ctx context.Context, dir fs.FS, seen imprint) (*Generation, map[string]string, error) {
	settings, err := ReadSettings(dir)
	if err != nil {
		return nil, nil, err
	}
	plugins, err := b.config.Plugins.Load(ctx, dir, settings)
	if err != nil {
		return nil, nil, err
	}
	g, files, err := b.assemble(ctx, dir, settings, plugins)
	if err != nil {
		return nil, files, errors.Join(err, plugins.Close(ctx))
	}
	g.Hash, g.imprint, g.keys = seen.hash(), seen, readKeys(dir)
	g.users.Store(1)
	return g, files, nil
}

// assemble makes a generation of scripts and plug-ins.
func (b *Bot) assemble(ctx context.Context, dir fs.FS, settings Settings, plugins *direction.Set) (*Generation, map[string]string, error) {
	built, err := compileWith(&b.memory, dir, settings, plugins.Links()...)
	files := texts(built)
	if err != nil {
		return nil, files, err
	}
	script, err := b.config.Loader.Load(ctx, built)
	if err != nil {
		return nil, files, fmt.Errorf("load the compiled script: %w", err)
	}
	client, err := newClient(settings, b.config.Private)
	if err != nil {
		return nil, files, errors.Join(err, script.Close(ctx))
	}
	turns := settings.Turn(b.config.ShowErrors)
	turns.Macros = script.Macros()
	for _, p := range turns.Macros.Problems() {
		b.config.Log.Warn("a macro does not compile", "bot", b.config.Name, "macro", p.Macro, "file", p.File, "line", p.Line, "problem", p.Text)
	}
	if client != nil {
		turns.Fetcher = fetcher{client}
	}
	if plugins != nil {
		turns.Directions = plugins
	}
	return &Generation{
		Number: b.number + 1, Settings: settings, Program: script.Program(),
		Diagnostics: Diagnose(built, settings, script.Macros()), BuiltAt: b.config.Clock.Now(), ModuleBytes: len(built.Wasm),
		files: files, runner: turn.New(script, turns), script: script, client: client, Plugins: plugins,
	}, files, nil
}

func texts(built *compile.Result) map[string]string {
	if built == nil {
		return nil
	}
	files := make(map[string]string, len(built.Files))
	for _, f := range built.Files {
		files[f.Path] = f.Text
	}
	return files
}

func (b *Bot) swap(ctx context.Context, next *Generation, files map[string]string) error {
	b.number = next.Number
	before := b.current.Swap(next)
	report := compare(before, next)
	b.setStatus(func(s *Status) {
		*s = Status{
			Name: b.config.Name, Generation: next, Problems: next.Diagnostics, Files: files, Report: report, BuildTime: next.BuildTime,
			Swaps: s.Swaps + 1, Failures: s.Failures, FailedAt: s.FailedAt,
		}
		if next.Settings.Name != "" {
			s.Name = next.Settings.Name
		}
	})
	if before == nil {
		return nil
	}
	return before.leave(ctx)
}

// Rest takes the bot out of service until the next Reload or Load, and keeps nothing of what it was built
// from. It waits for nobody: the last turn gives the rest back.
func (b *Bot) Rest(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lastHash, b.memory, b.scout = "", compile.Memory{}, scout{}
	g := b.current.Swap(nil)
	b.setStatus(func(s *Status) {
		*s = Status{Name: s.Name, BuildTime: s.BuildTime, Swaps: s.Swaps, Failures: s.Failures, FailedAt: s.FailedAt}
	})
	if g == nil {
		return nil
	}
	return g.leave(ctx)
}

// Close takes the bot out of service. It waits for nobody: the last turn gives back what it holds.
func (b *Bot) Close(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if g := b.current.Swap(nil); g != nil {
		return g.leave(ctx)
	}
	return nil
}
