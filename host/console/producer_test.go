package console

import (
	"slices"
	"strconv"
	"sync"

	"github.com/footlight-bots/footlight/host/deploy"
)

// fakeProducer is a producer in memory, which shows what it is told to show.
type fakeProducer struct {
	mu      sync.Mutex
	walk    Walk
	checkup Checkup
	did     []string
	orders  []Order
	changed chan struct{}
}

func newFakeProducer() *fakeProducer {
	return &fakeProducer{changed: make(chan struct{}, 1), walk: Walk{
		Stand: Idle, Steps: deploy.Steps(), Findings: []deploy.Finding{}, Cautions: []string{}, Notes: []deploy.Note{},
		Settings: Settings{Folder: "scripts/tea", Public: "https://bot.example", Addr: "127.0.0.1:8088"},
	}}
}

func (p *fakeProducer) change(alter func(w *Walk, c *Checkup)) {
	p.mu.Lock()
	alter(&p.walk, &p.checkup)
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

func (p *fakeProducer) note(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.did = append(p.did, what)
}

func (p *fakeProducer) acts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.did)
}

func (p *fakeProducer) order() Order {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.orders) == 0 {
		return Order{}
	}
	return p.orders[len(p.orders)-1]
}

func (p *fakeProducer) Walk() Walk       { p.mu.Lock(); defer p.mu.Unlock(); return p.walk }
func (p *fakeProducer) Checkup() Checkup { p.mu.Lock(); defer p.mu.Unlock(); return p.checkup }

func (p *fakeProducer) Watch() (<-chan struct{}, func()) { return p.changed, func() {} }

func (p *fakeProducer) Start(o Order) error {
	p.mu.Lock()
	p.orders = append(p.orders, o)
	p.mu.Unlock()
	p.note("start")
	p.change(func(w *Walk, _ *Checkup) {
		w.Stand, w.Findings, w.Ask, w.DryRun, w.Now = Walking, []deploy.Finding{}, nil, o.DryRun, deploy.Credentials
	})
	return nil
}

func (p *fakeProducer) Answer(a Answer) error {
	p.note("answer " + a.ID + " " + strconv.FormatBool(a.Agree) + " " + strconv.FormatBool(a.All) + " " + strconv.Itoa(len(a.Text)))
	p.change(func(w *Walk, _ *Checkup) { w.Ask, w.Stand = nil, Walking })
	return nil
}

func (p *fakeProducer) CallOff() {
	p.note("off")
	p.change(func(w *Walk, _ *Checkup) { w.Ask, w.Now, w.Stand = nil, "", Off })
}

func (p *fakeProducer) Dismiss() error {
	p.note("dismiss")
	p.change(func(w *Walk, _ *Checkup) { w.Serving = "" })
	return nil
}

func (p *fakeProducer) Examine() error {
	p.note("examine")
	p.change(func(_ *Walk, c *Checkup) { c.Running = true })
	return nil
}

func (p *fakeProducer) Code(ref string) (string, deploy.Code, error) {
	if err := deploy.CheckRef(ref); err != nil {
		return "", nil, err
	}
	link := deploy.Link("104290001", ref)
	code, err := deploy.QR(link)
	return link, code, err
}
