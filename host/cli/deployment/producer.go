package deployment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/deploy"
)

// spareAddr is where a host that is started beside a desk listens, when the desk has the usual address.
const spareAddr = "127.0.0.1:8088"

// Producer makes the walk and the examination of the commands deploy and doctor for
// somebody who looks at the console: with the same settings, read anew each time, and
// kept in the same places. It is safe for concurrent use; Close ends all that it does.
type Producer struct {
	env     shell.Environment
	dir     string
	busy    string // where the desk's own host listens
	ctx     context.Context
	cancel  context.CancelFunc
	changes bell.Bell
	tasks   sync.WaitGroup

	mu      sync.Mutex
	walk    console.Walk
	checkup console.Checkup
	kept    console.Settings    // as the settings say
	wished  console.Settings    // as somebody has said at the console
	page    string              // id of the Page; empty: not known yet
	all     bool                // agree to every change
	answers chan console.Answer // to walk.Ask; holds one
	off     context.CancelFunc  // calls the walk off; nil: there is none
	stage   *served             // a host that a walk has started; nil: there is none
}

var _ console.Producer = (*Producer)(nil)

// NewProducer returns a Producer for the bot in dir. busy is the address of the desk's own
// host; env's streams get nothing but errors of what a walk has started.
func NewProducer(env shell.Environment, dir, busy string) *Producer {
	p := &Producer{env: env, dir: dir, busy: busy, answers: make(chan console.Answer, 1)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.walk = console.Walk{Stand: console.Idle, Steps: deploy.Steps(), Findings: []deploy.Finding{}, Cautions: []string{}, Notes: []deploy.Note{}}
	p.remember()
	return p
}

// place is where a host that is started here listens: as was wished, as the settings say,
// or as is usual, but not where the desk's own host is.
func (p *Producer) place(wished, set string) string {
	for _, addr := range []string{wished, set, app.DefaultAddr} {
		if addr != "" && addr != p.busy {
			return addr
		}
	}
	return spareAddr
}

// remember takes over what the settings say, and what an earlier walk has left. What
// cannot be read is told by the walk, which reads it too.
func (p *Producer) remember() {
	var f deployFlags
	f.host.Dir, f.host.Page.ID = p.dir, p.wished.Page
	site, memory, err := f.site(p.env)
	if err != nil {
		p.kept = console.Settings{}
	} else {
		p.kept = console.Settings{Public: site.Public, App: site.AppID, Page: site.PageID, Addr: f.host.Addr}
	}
	p.walk.Settings = console.Settings{
		Folder: p.dir, Public: either(p.wished.Public, p.kept.Public), App: either(p.wished.App, p.kept.App),
		Page: either(p.wished.Page, p.kept.Page), Addr: p.place(p.wished.Addr, p.kept.Addr),
	}
	p.walk.Earlier = nil
	if memory.Stopped != "" {
		p.walk.Earlier = &console.Earlier{Check: memory.Stopped, At: memory.At}
	}
	p.know(p.walk.Settings.Page)
}

// either is the first of two texts that is not empty.
func either(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// flags are what the command line would say for an order: what is kept already is not
// said again.
func (p *Producer) flags(o console.Order) deployFlags {
	p.wished = console.Settings{Public: either(o.Public, p.wished.Public), App: either(o.App, p.wished.App), Page: either(o.Page, p.wished.Page), Addr: either(o.Addr, p.wished.Addr)}
	f := deployFlags{dryRun: o.DryRun, serve: o.Serve, speak: o.TestMessage}
	f.host.Dir, f.host.Addr = p.dir, p.place(p.wished.Addr, p.kept.Addr)
	f.host.PublicURL, f.host.Page.AppID, f.host.Page.ID = p.wished.Public, p.wished.App, p.wished.Page
	if f.host.PublicURL == p.kept.Public {
		f.host.PublicURL = ""
	}
	if f.host.Page.AppID == p.kept.App {
		f.host.Page.AppID = ""
	}
	return f
}

// know takes over which Page it is.
func (p *Producer) know(page string) {
	if p.page = page; page != "" {
		p.walk.Link = deploy.Link(page, "")
	}
}

// change changes what is shown.
func (p *Producer) change(alter func(w *console.Walk)) {
	p.mu.Lock()
	alter(&p.walk)
	p.mu.Unlock()
	p.changes.Ring()
}

// Walk implements console.Producer.
func (p *Producer) Walk() console.Walk {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.walk
	w.Findings, w.Cautions = slices.Clone(w.Findings), slices.Clone(w.Cautions)
	return w
}

// Checkup implements console.Producer.
func (p *Producer) Checkup() console.Checkup {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.checkup
}

// Watch implements console.Producer.
func (p *Producer) Watch() (changed <-chan struct{}, stop func()) { return p.changes.Watch() }

// Start implements console.Producer.
func (p *Producer) Start(o console.Order) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.ctx.Err() != nil:
		return errors.New("the desk is closing")
	case p.off != nil:
		return errors.New("a walk is under way already: answer what it asks, or call it off")
	}
	ctx, off := context.WithCancel(p.ctx)
	p.off, p.all = off, o.All
	f := p.flags(o)
	p.walk = console.Walk{
		Stand: console.Walking, Steps: p.walk.Steps, Findings: []deploy.Finding{}, Cautions: []string{}, Notes: []deploy.Note{},
		DryRun: o.DryRun, Settings: p.walk.Settings, Link: p.walk.Link, PageName: p.walk.PageName, Serving: p.walk.Serving,
	}
	p.tasks.Go(func() {
		defer off()
		out, err := p.tour(ctx, f)
		p.end(out, err, o.DryRun)
	})
	p.changes.Ring()
	return nil
}

// tour makes one walk.
func (p *Producer) tour(ctx context.Context, f deployFlags) (deploy.Outcome, error) {
	site, _, err := f.site(p.env)
	if err == nil {
		site, err = withScripts(site, p.dir)
	}
	if err != nil {
		return deploy.Outcome{}, err
	}
	if f.speak {
		site.TestMessage = testMessage
	}
	if f.serve {
		site.Serve = func(_ context.Context, k deploy.Keys) error { return p.serve(f.host, k) }
	}
	return f.walk(ctx, p.env, site, &usher{Producer: p, ctx: ctx, vault: f.vault(p.env)})
}

// end tells how a walk ended.
func (p *Producer) end(out deploy.Outcome, err error, dryRun bool) {
	p.mu.Lock()
	w := &p.walk
	w.Now, w.Ask = "", nil
	switch {
	case errors.Is(err, context.Canceled):
		w.Stand = console.Off
	case err != nil:
		w.Stand, w.Fault = console.Failed, err.Error()
	case dryRun:
		w.Stand = console.Looked
	case out.Stopped != "":
		w.Stand = console.Stopped
	default:
		w.Stand, w.Notes = console.Done, out.Farewell(p.dir, p.stage != nil)
	}
	p.remember()
	if p.stage != nil {
		p.stage.over()
	}
	if out.PageID != "" {
		p.know(out.PageID)
		w.PageName = out.PageName
	}
	p.off = nil
	p.mu.Unlock()
	p.changes.Ring()
}

// CallOff implements console.Producer.
func (p *Producer) CallOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.off != nil {
		p.off()
	}
}

// Answer implements console.Producer.
func (p *Producer) Answer(a console.Answer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.walk.Ask == nil || p.walk.Ask.ID != a.ID {
		return errors.New("that is not asked any more")
	}
	p.all = p.all || a.Agree && a.All
	p.walk.Ask = nil
	p.walk.Stand = console.Walking
	p.answers <- a // holds one, and one is asked at a time
	p.changes.Ring()
	return nil
}

// Examine implements console.Producer.
func (p *Producer) Examine() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.ctx.Err() != nil:
		return errors.New("the desk is closing")
	case p.checkup.Running:
		return errors.New("it is being looked at already")
	}
	p.checkup.Running = true
	var f deployFlags
	f.host.Dir, f.host.Page.ID = p.dir, p.wished.Page
	p.tasks.Go(func() {
		report, err := f.examine(p.ctx, p.env)
		p.mu.Lock()
		p.checkup.Running, p.checkup.Fault = false, ""
		if err != nil {
			p.checkup.Fault = err.Error()
		} else if p.ctx.Err() == nil {
			p.checkup.Report, p.checkup.At = &report, now(p.env).UTC()
		}
		p.mu.Unlock()
		p.changes.Ring()
	})
	p.changes.Ring()
	return nil
}

// Code implements console.Producer.
func (p *Producer) Code(ref string) (link string, code deploy.Code, err error) {
	p.mu.Lock()
	page := p.page
	p.mu.Unlock()
	if page == "" {
		return "", nil, errors.New("it is not known yet which Page it is: deploy the bot first")
	}
	if err := deploy.CheckRef(ref); err != nil {
		return "", nil, err
	}
	link = deploy.Link(page, ref)
	code, err = deploy.QR(link)
	return link, code, err
}

// serve starts a host here, in place of one that was started before.
func (p *Producer) serve(c app.Config, k deploy.Keys) error {
	if err := p.Dismiss(); err != nil {
		return err
	}
	s := &served{}
	if err := s.open(p.ctx, p.env, c, k); err != nil {
		return err
	}
	p.mu.Lock()
	p.stage, p.walk.Serving = s, s.host.Addr()
	p.mu.Unlock()
	p.tasks.Go(func() {
		err := <-s.ended
		s.ended <- err
		p.mu.Lock()
		gone := p.stage == s // nobody has dismissed it
		if gone {
			p.stage, p.walk.Serving = nil, ""
			p.walk.Cautions = append(p.walk.Cautions, fmt.Sprintf("The host that was started here has ended: %v", err))
		}
		p.mu.Unlock()
		if gone {
			_ = s.close() // it has said why it ended
			p.changes.Ring()
		}
	})
	p.changes.Ring()
	return nil
}

// Dismiss implements console.Producer.
func (p *Producer) Dismiss() error {
	p.mu.Lock()
	s := p.stage
	p.stage, p.walk.Serving = nil, ""
	p.mu.Unlock()
	if s == nil {
		return nil
	}
	defer p.changes.Ring()
	return s.close()
}

// Close calls the walk off, stops the host that was started, and waits for all of it.
func (p *Producer) Close() error {
	p.mu.Lock() // whoever begins something either has begun it, or sees that the desk closes
	p.cancel()
	p.mu.Unlock()
	err := p.Dismiss()
	p.tasks.Wait()
	return errors.Join(err, p.Dismiss()) // a walk may have started one meanwhile
}
