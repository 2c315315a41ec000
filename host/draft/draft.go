// Package draft knows how a bot's folder stands to what is published of it: the same, or what is different, in
// names that authors use. It looks at the store and at the folder again and again, and changes neither. Whether the
// folder can be put in service, and who is trusted to publish, is not its business. No API of the host is promised.
package draft

import (
	"context"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/release"
)

// LookEvery is how often the store is looked at.
const LookEvery = time.Second

// Store lets look at what is published.
type Store interface {
	// Look calls do with what is published, unless nothing of it can have changed since do returned nil last.
	Look(ctx context.Context, do func(release.Papers) error) error
}

// Config is what a Draft works with.
type Config struct {
	Store Store
	Bot   string // the name under which it is published
	Path  string // of its folder
	Dir   fs.FS  // the same
	Clock clock.Clock
}

// Draft compares. It is safe for concurrent use.
type Draft struct {
	config Config
	reader bot.Reader

	desk  *bot.Contents // of the folder; nil: not read yet
	stage *bot.Contents // of the version on stage
	found publication
	told  comparison

	mu       sync.Mutex
	standing Standing
	changes  bell.Bell
}

// publication is what is published of a bot.
type publication struct {
	versions []release.Version
	order    release.Order
	hosts    []release.Report
	fault    error
}

// comparison is a report, and what it is of.
type comparison struct {
	stage, desk *bot.Contents
	version     string // of the desk
	report      bot.Report
}

// Standing is how the folder stands to what is published.
type Standing struct {
	Looked  bool             // false: nobody has looked yet, and nothing is known
	Stage   *release.Version // what most people get; nil: nothing is published, or put on stage
	Canary  *release.Version // what Percent of them get instead; nil: there is none
	Percent float64
	Order   release.Order
	Draft   *release.Version // the version that the folder is; nil: none of those that are kept
	Report  bot.Report       // from Stage to the folder
	Hosts   []release.Report // of hosts that are there, without their times
	Fault   string           // why nothing is known, or only what was known before; empty: all is known
}

// New returns a Draft that has not looked yet.
func New(c Config) (*Draft, error) {
	if _, err := release.OpenLedger(nil, c.Bot); err != nil {
		return nil, err
	}
	return &Draft{config: c}, nil
}

// Standing is how things stand.
func (d *Draft) Standing() Standing {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.standing
}

// Watch returns a channel that receives after every change of the standing, and a function that ends the watching.
func (d *Draft) Watch() (changes <-chan struct{}, stop func()) { return d.changes.Watch() }

// Run looks at the folder whenever it changes, and at the store now and then, until ctx ends.
func (d *Draft) Run(ctx context.Context) error {
	saved := make(chan struct{}, 1)
	var watching sync.WaitGroup
	defer watching.Wait()
	watch, end := context.WithCancel(ctx)
	defer end()
	watching.Go(func() {
		// It ends with ctx alone.
		_ = bot.Watch(watch, d.config.Path, d.config.Clock, func() {
			select {
			case saved <- struct{}{}:
			default: // it will be read anyway
			}
		})
	})
	for {
		due, stop := d.config.Clock.At(d.config.Clock.Now().Add(LookEvery))
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-saved:
			d.read()
		case <-due:
		}
		stop()
		d.look(ctx)
		if ctx.Err() == nil && d.desk != nil {
			d.note()
		}
	}
}

// read reads the folder. What cannot be read just now is as it was: the next change tells.
func (d *Draft) read() {
	if c, err := d.reader.Read(d.config.Dir, d.config.Clock.Now()); err == nil {
		d.desk = c
	}
}

// look looks at the store.
func (d *Draft) look(ctx context.Context) {
	err := d.config.Store.Look(ctx, func(papers release.Papers) error {
		ledger, err := release.OpenLedger(papers, d.config.Bot)
		if err != nil {
			return err
		}
		var next publication
		if next.order, err = ledger.Current(ctx); err != nil {
			return err
		}
		if next.versions, err = ledger.Versions(ctx); err != nil {
			return err
		}
		if next.hosts, err = ledger.Reports(ctx); err != nil {
			return err
		}
		if err := d.open(ctx, ledger, next); err != nil {
			return err
		}
		d.found = next
		return nil
	})
	d.found.fault = err
}

// open reads the version that is on stage, if it is another than before.
func (d *Draft) open(ctx context.Context, ledger *release.Ledger, next publication) error {
	stage := next.order.Stage
	switch {
	case stage == "":
		d.stage = nil
		return nil
	case stage == d.found.order.Stage && d.stage != nil:
		return nil
	case d.desk != nil && d.desk.Version() == stage:
		d.stage = d.desk // it has just been published: no need to fetch it
		return nil
	}
	v := next.version(stage)
	if v == nil {
		return fmt.Errorf("version %s is on stage, and is not kept any more", release.Version{ID: stage}.Short())
	}
	// Nothing of it is put on stage here: who has signed it is not judged.
	b, err := ledger.Bundle(ctx, stage, release.Publishers{v.Key})
	if err != nil {
		return err
	}
	d.stage, err = new(bot.Reader).Read(b.Dir, d.config.Clock.Now())
	return err
}

// version finds a version; nil: it is not kept.
func (f publication) version(id string) *release.Version {
	i := slices.IndexFunc(f.versions, func(v release.Version) bool { return v.ID == id })
	if id == "" || i < 0 {
		return nil
	}
	return &f.versions[i]
}

// note works out the standing, and tells of it when it is another than before.
func (d *Draft) note() {
	f := d.found
	if d.told.desk != d.desk || d.told.stage != d.stage {
		d.told = comparison{stage: d.stage, desk: d.desk, version: d.desk.Version()}
		if d.stage != nil {
			d.told.report = bot.Compare(d.stage, d.desk)
		}
	}
	s := Standing{
		Looked: true, Stage: f.version(f.order.Stage), Canary: f.version(f.order.Canary), Percent: f.order.Percent,
		Order: f.order, Draft: f.version(d.told.version), Report: d.told.report,
	}
	now := d.config.Clock.Now()
	for _, h := range f.hosts {
		if h.Fresh(now) {
			h.At = time.Time{}
			s.Hosts = append(s.Hosts, h)
		}
	}
	if f.fault != nil {
		s.Fault = f.fault.Error()
	}
	d.mu.Lock()
	same := reflect.DeepEqual(s, d.standing)
	d.standing = s
	d.mu.Unlock()
	if !same {
		d.changes.Ring()
	}
}
