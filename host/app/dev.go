package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/draft"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/messenger/emulator/control"
)

// DefaultConsoleAddr is where the console is served in dev without a setting.
const DefaultConsoleAddr = "127.0.0.1:8081"

// Off is the console address that means none.
const Off = "off"

// deskPlatform is what scripts read as _platform on the desk (section 19 of the language).
const deskPlatform = "test"

// headerTime bounds how long a client of the emulator may take to send its headers.
const headerTime = 10 * time.Second

// Stage is a host with an emulator in Meta's place and a desk in front of it: all
// that an author needs on one machine.
type Stage struct {
	Desk    *Desk
	Host    *Host
	console *console.Console
	face    net.Listener // of the console

	draft    *draft.Draft // nil: nobody looks at what is published
	showcase *showcase    // likewise

	emulator *emulator.Emulator
	graph    *http.Server
	wire     net.Listener // of the emulator
}

// NewStage builds a stage for the bot in c.Dir. Credentials are made up; the rest
// of c counts as for a Host, except that state is kept in the bot's own folder, apart from
// that of a host that may serve it to Messenger.
func NewStage(ctx context.Context, c Config) (*Stage, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Store == "" {
		c.Store = "bolt:" + filepath.ToSlash(filepath.Join(c.Dir, ".footlight", "desk.db"))
	}
	s := &Stage{}
	if err := s.open(ctx, c); err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (s *Stage) open(ctx context.Context, c Config) (err error) {
	if _, err := bot.Folder(c.Dir); err != nil {
		return err // before the store makes a folder of that name
	}
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	running := clock.NewRunning(c.Clock)
	fields := append(emulator.HostFields(), messenger.FieldFeed)
	app := emulator.App{Secret: rand.Text(), VerifyToken: rand.Text(), Fields: fields}
	s.emulator, err = emulator.New(emulator.Config{
		Clock: running, Apps: []emulator.App{app}, Pages: []emulator.Page{{Fields: fields}}, Logger: c.Log, Seed: seed(),
	})
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if s.wire, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	s.graph = control.Server(s.emulator, headerTime)
	page, meta := s.emulator.Pages()[0], s.emulator.Apps()[0]
	s.Desk = &Desk{emulator: s.emulator, clock: running, page: page.ID}
	c.GraphURL = "http://" + s.wire.Addr().String()
	c.Page = Page{ID: page.ID, AppID: meta.ID, AppSecret: meta.Secret, VerifyToken: meta.VerifyToken, PageToken: page.Token}
	c.HealthEvery = Off // there is nothing of Meta's
	c.Clock, c.observer, c.showErrors, c.platform = running, s.Desk, true, deskPlatform
	if s.Host, err = New(ctx, c); err != nil {
		return err
	}
	s.Desk.bot, s.Desk.store = s.Host.Bot(), s.Host.store
	if err := s.emulator.SetCallback(meta.ID, "http://"+s.Host.Addr()+"/webhook"); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if err := s.openDraft(c); err != nil {
		return err
	}
	return s.openConsole(c)
}

func (s *Stage) openConsole(c Config) (err error) {
	if c.ConsoleAddr == Off {
		return nil
	}
	if c.ConsoleAddr == "" {
		c.ConsoleAddr = DefaultConsoleAddr
	}
	if s.console, err = console.New(console.Config{Desk: s.Desk, Producer: c.Producer, Clock: c.Clock, Logger: c.Log, Token: c.ConsoleToken}); err != nil {
		return err
	}
	s.face, err = s.console.Listen(c.ConsoleAddr)
	return err
}

// seed makes every desk's ids its own.
func seed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	n := uint64(0)
	for _, x := range b {
		n = n<<8 | uint64(x)
	}
	return n
}

// ConsoleAddr is where the console is served, or empty.
func (s *Stage) ConsoleAddr() string {
	if s.face == nil {
		return ""
	}
	return s.face.Addr().String()
}

// Run serves until ctx ends. started is called once the person at the desk has
// said hello.
func (s *Stage) Run(ctx context.Context, started func()) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := s.graph.Serve(s.wire); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("emulator: %w", err)
		}
		return nil
	})
	group.Go(func() error { return s.Host.Run(ctx) })
	group.Go(func() error { s.Desk.follow(ctx); return nil })
	if s.draft != nil {
		group.Go(func() error { return s.draft.Run(ctx) })
	}
	if s.console != nil {
		group.Go(func() error { return s.console.Serve(s.face) })
	}
	group.Go(func() error {
		if err := s.Desk.Reset(ctx); err != nil {
			return err
		}
		started()
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		var err error
		if s.console != nil {
			err = s.console.Shutdown(stop)
		}
		return errors.Join(err, s.graph.Shutdown(stop))
	})
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Close gives back what NewStage opened; Run must have ended.
func (s *Stage) Close(ctx context.Context) error {
	for _, l := range []net.Listener{s.wire, s.face} {
		if l != nil {
			_ = l.Close() // closed already when it was served
		}
	}
	var err error
	if s.showcase != nil {
		err = s.showcase.close()
	}
	if s.Host != nil {
		err = errors.Join(err, s.Host.Close(ctx))
	}
	if s.emulator != nil {
		s.emulator.Close()
	}
	return err
}
