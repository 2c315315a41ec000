package simulator

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"time"
)

var errMail = errors.New("post lost")

// mail is the way of the webhooks to the hosts. POSTs get lost, come late and twice,
// and so do the answers.
type mail struct{ w *world }

// parcel is one POST.
type parcel struct {
	header  http.Header
	body    []byte
	name    string
	carried bool  // by a carrier, who repeats it until a host has it
	target  *host // chosen by the schedule
	kept    bool  // a carrier has taken it over
}

// RoundTrip implements http.RoundTripper, for the emulator.
func (m *mail) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	sum := fnv.New32a()
	_, _ = sum.Write(body) // a hash takes everything
	p := &parcel{header: req.Header.Clone(), body: body, name: fmt.Sprintf("%08x", sum.Sum32())}
	status := http.StatusOK
	if err := m.w.deliver(req.Context(), p, time.Time{}); err != nil {
		if errors.Is(err, errMail) || req.Context().Err() != nil {
			return nil, err
		}
		status = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("")), Header: http.Header{}, Request: req}, nil
}

// deliver hands a parcel to the host that the schedule chooses.
func (w *world) deliver(ctx context.Context, p *parcel, from time.Time) error {
	if err := w.park(ctx, &call{kind: toHost, label: "post " + p.name, ready: from, parcel: p}); err != nil {
		return err
	}
	if p.kept {
		return nil
	}
	h := p.target
	result := make(chan error, 1)
	h.work.Go(func() {
		events, err := h.accept(w.app.Secret, p.header, p.body)
		if err == nil && h.alive() {
			w.ledger.arrived(events)
		}
		result <- err
	})
	select {
	case err := <-result:
		if err != nil {
			return err
		}
	case <-h.dead:
		return errMail
	}
	return w.park(ctx, &call{kind: toMail, label: "answer " + p.name})
}

// The pauses of a carrier: like the platform, it comes less and less often.
const (
	carryAgain  = 2 * time.Second
	carryRarely = 32 * time.Second
)

// carry brings a parcel to a host, however often it takes.
func (w *world) carry(p *parcel, wait time.Duration) {
	copied := *p
	copied.carried, copied.kept = true, false
	w.carriers.Add(1)
	from := time.Now().Add(wait)
	w.extras.Go(func() {
		for pause := carryAgain; w.deliver(w.ctx, &copied, from) != nil; pause = min(2*pause, carryRarely) {
			if w.ctx.Err() != nil {
				return
			}
			from = time.Now().Add(pause)
		}
		w.carriers.Add(-1)
		w.nudge()
	})
}

// post gives a POST, or its answer, its fate.
func (w *world) post(c *call) {
	f, p := w.weather, c.parcel
	switch {
	case c.kind == toMail && w.chance(f.AckLost):
		w.fault("answer of a post lost", c)
		w.reply(c, errMail, 0)
	case c.kind == toMail:
		w.note(c, "")
		w.reply(c, nil, 0)
	case w.chance(f.MailLost):
		w.fault("post lost", c)
		w.reply(c, errMail, 0)
	case !p.carried && !w.doubled[p.name] && w.chance(f.MailTwice):
		w.doubled[p.name] = true // not when the platform repeats it: while no host is up, copies would pile up
		w.fault("post twice", c)
		w.carry(p, w.between(0, 20*time.Second))
	case !p.carried && w.chance(f.MailLate):
		w.fault("post late", c)
		w.carry(p, w.lateness())
		p.kept = true
		w.reply(c, nil, 0)
	default:
		w.choose(c)
	}
}

// lateness is how late a POST is: mostly within the reorder window, sometimes far beyond.
func (w *world) lateness() time.Duration {
	if w.rand.IntN(2) == 0 {
		return w.between(time.Millisecond, 120*time.Millisecond)
	}
	return w.between(0, 30*time.Second)
}

// choose finds the host that gets a POST.
func (w *world) choose(c *call) {
	var up []*host
	for _, m := range w.machines {
		if m.host != nil && !m.host.quits {
			up = append(up, m.host)
		}
	}
	if len(up) == 0 {
		w.note(c, "no host is up")
		w.reply(c, errMail, 0)
		return
	}
	h := up[w.rand.IntN(len(up))]
	if time.Now().Before(h.stopped) {
		c.ready = h.stopped // the connection stands, nobody reads
		return
	}
	w.note(c, "to "+h.name)
	c.parcel.target = h
	w.reply(c, nil, 0)
}
