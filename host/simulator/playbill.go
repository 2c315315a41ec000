package simulator

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/turn"
)

// playbill is which versions one host plays, and to whom.
type playbill struct {
	w     *world
	host  *host
	takes func(version string, percent float64, page, person string) bool

	mu      sync.Mutex
	stage   int // edition; 0: none yet
	canary  int // edition; 0: none
	version string
	percent float64
}

var _ release.Player = (*playbill)(nil)

// errStumble is the error of a version that cannot be made ready this time.
var errStumble = errors.New("this host cannot load the version now")

// pick is the edition that somebody gets; 0: there is none yet.
func (p *playbill) pick(person turn.Person) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.canary > 0 && p.takes(p.version, p.percent, person.PageID, person.ID) {
		return p.canary
	}
	return p.stage
}

// change makes a change when the schedule lets it; a version that is loaded may stumble.
func (p *playbill) change(ctx context.Context, what string, dir fs.FS, do func(edition int)) error {
	edition := 0
	if dir != nil {
		var err error
		if edition, err = company.EditionOf(dir); err != nil {
			return err
		}
	}
	c := &call{kind: ofStage, host: p.host, label: p.host.name + " " + what}
	c.do = func() error {
		if dir != nil && p.w.chance(p.w.weather.Stumble) {
			p.w.fault("version cannot be loaded", c)
			return errStumble
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		do(edition)
		return nil
	}
	err := p.w.park(ctx, c)
	p.host.unready = p.host.unready || err != nil
	return err
}

// Stage implements release.Player.
func (p *playbill) Stage(ctx context.Context, _ string, dir fs.FS) error {
	return p.change(ctx, "changes over", dir, func(edition int) { p.stage = edition })
}

// Canary implements release.Player.
func (p *playbill) Canary(ctx context.Context, version string, dir fs.FS, percent float64) error {
	return p.change(ctx, "begins a canary", dir, func(edition int) { p.canary, p.version, p.percent = edition, version, percent })
}

// Dismiss implements release.Player.
func (p *playbill) Dismiss(ctx context.Context) error {
	return p.change(ctx, "ends a canary", nil, func(int) { p.canary = 0 })
}
