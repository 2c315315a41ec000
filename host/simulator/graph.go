package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/simulator/speech"
	"github.com/footlight-bots/footlight/host/store"
)

// graphURL is where hosts believe the platform to be.
const graphURL = "http://graph.invalid"

var (
	errDial  = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("network is unreachable")}
	errReset = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
)

// clients are the clients of the Pages, as one host has them.
func (w *world) clients(h *host) func(page string) (delivery.Client, bool) {
	all := map[string]delivery.Client{}
	for _, p := range w.pages {
		c, err := messenger.NewClient(messenger.Config{
			GraphURL: graphURL, Page: p.ID, PageToken: p.Token, AppSecret: w.app.Secret,
			HTTP: &http.Client{Transport: &wire{w: w, host: h, page: p.ID}},
		})
		if err != nil {
			w.violate("client of page %s: %v", p.ID, err)
			continue
		}
		all[p.ID] = c
	}
	return func(page string) (delivery.Client, bool) {
		c, ok := all[page]
		return c, ok
	}
}

// wire is the way of a host to the platform: every call waits for its turn.
type wire struct {
	w    *world
	host *host
	page string
}

// RoundTrip implements http.RoundTripper.
func (x *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	c := &call{kind: toGraph, host: x.host, page: x.page}
	said := speech.Read(body)
	c.label = x.host.name + " graph " + req.Method + " " + req.URL.Path
	for _, one := range said {
		c.label += " " + one.Recipient.ID + " " + one.Action
		switch {
		case one.Message == nil:
		case one.Recipient.ID == "":
			c.label += one.Message.Attachment.Payload.URL
		default:
			text := one.Message.Text + x.w.ledger.address(one.Message.Attachment.Payload)
			c.sends = append(c.sends, x.w.ledger.attempt(x.host, x.page, one.Recipient.ID, one.Message.Metadata, text))
			c.label += brief(one.Message.Metadata) + " " + text
		}
	}
	x.w.together(c)
	c.do = func() error {
		if c.answer = x.w.ask(req, body); c.answer.Status != http.StatusOK {
			return nil
		}
		switch {
		case strings.HasSuffix(req.URL.Path, "/message_attachments"):
			x.w.ledger.uploaded(said[0].Message.Attachment.Payload.URL, c.answer.Uploaded())
		case strings.HasSuffix(req.URL.Path, "/pass_thread_control"):
			x.w.ledger.talk(store.Key{Page: x.page, Person: said[0].Recipient.ID}).given++
		}
		return nil
	}
	err := x.w.park(req.Context(), c)
	if req.Method == http.MethodGet {
		var seen *speech.Answer // nil: it may still be on its way
		if err == nil {
			seen = c.answer
		}
		x.w.ledger.looked(x.host, req.URL.Query().Get("user_id"), seen)
	}
	if err != nil {
		c.sends.missed()
		return nil, err
	}
	return c.answer.Response(req), nil
}

// ask puts a request to the emulator.
func (w *world) ask(req *http.Request, body []byte) *speech.Answer {
	r := req.Clone(context.Background())
	r.Body, r.RequestURI, r.RemoteAddr = io.NopCloser(bytes.NewReader(body)), req.URL.RequestURI(), "127.0.0.1:1"
	a := speech.NewAnswer(http.StatusOK, w.ledger.next())
	w.graph.ServeHTTP(a, r)
	return a
}

// together looks at a call that brings several messages: each must be for somebody else.
func (w *world) together(c *call) {
	if len(c.sends) < 2 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report.Groups++
	w.report.Grouped += len(c.sends)
	people := map[string]bool{}
	for _, a := range c.sends {
		if people[a.key.Person] {
			w.violateAt(w.ledger.present, "%s: two messages of one thread in a batch", c.label)
		}
		people[a.key.Person] = true
	}
}

// carried carries out a call to the platform. For each message in it, it finds out whether the person has it
// now, and what the refusal was.
func (w *world) carried(c *call) {
	before := make([]int, len(c.sends))
	for i, a := range c.sends {
		before[i] = w.shown(a)
	}
	_ = c.do()
	w.emulator.Disarm(0) // what was asked for in vain is not for the next call
	for i, a := range c.sends {
		a.at, a.seq = time.Now(), w.ledger.next()
		a.delivered = w.shown(a) > before[i]
		status, body := c.answer.Told(i, len(c.sends))
		switch {
		case a.asked != "":
			a.ended(a.asked)
		case status != http.StatusOK:
			w.refusedBy(c, a, body)
		}
	}
}

// refusedBy judges a refusal that nobody has asked the emulator for.
func (w *world) refusedBy(c *call, a *attempt, body []byte) {
	switch code, sub := speech.Refusal(body); {
	case code == 613, code == 4, code == 190:
		a.ended("refused for now")
	case code == 2018300 && w.changesHands(a.key):
		a.ended("of another app")
	case sub == 2018278 && w.skewed():
		a.ended("window")
	default:
		a.ended("refused")
		w.violate("%s: the platform refuses it: %s", c.label, strings.TrimSpace(string(body)))
	}
}

// shown is how many messages of the Page stand in a person's thread.
func (w *world) shown(a *attempt) int {
	t, err := w.emulator.Thread(a.key.Page, a.key.Person)
	if err != nil {
		return 0
	}
	n := 0
	for _, b := range t.Bubbles {
		if b.From == "page" {
			n++
		}
	}
	return n
}
