package simulator

import (
	"context"
	"errors"
	"strings"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// role is the script as one host has it: there are messages that it does not survive.
type role struct {
	w    *world
	host *host
}

var (
	_ delivery.Bots = role{}
	_ delivery.Bot  = role{}
)

// Bot implements delivery.Bots: all Pages have the same.
func (r role) Bot(string) (delivery.Bot, bool) { return r, r.host.bill.pick(turn.Person{}) > 0 }

// StartPayload implements delivery.Bot.
func (role) StartPayload() string { return "" }

// Persona implements delivery.Bot.
func (role) Persona(string) (messenger.Persona, bool) { return messenger.Persona{}, false }

// HideErrors implements delivery.Bot.
func (role) HideErrors() bool { return false }

// Turn implements delivery.Bot.
func (r role) Turn(_ context.Context, in turn.Input) (out turn.Result, err error) {
	switch form, _, _ := strings.Cut(in.Event.Text, " "); form {
	case company.Poison:
		r.w.ledger.vain(store.Key{Page: in.Person.PageID, Person: in.Person.ID}, in.Event.Text)
		return out, errPoison
	case company.Deadly:
		r.w.ledger.vain(store.Key{Page: in.Person.PageID, Person: in.Person.ID}, in.Event.Text)
		_ = r.w.park(r.w.ctx, &call{kind: ofStage, host: r.host, label: r.host.name + " dies of " + in.Event.Text, do: func() error {
			r.w.report.Faults["deadly message"]++
			r.w.crash(r.host)
			return nil
		}})
		<-r.host.gone
		return out, errPoison
	}
	edition := r.host.bill.pick(in.Person)
	if edition == 0 {
		return out, delivery.ErrNotReady
	}
	r.w.theatre.outside.do(func(ctx context.Context) { out, err = r.w.theatre.company.Play(ctx, edition, in) })
	return out, err
}

var errPoison = errors.New("this message is poison")
