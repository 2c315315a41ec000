package main

import (
	"context"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	fields "github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// platform is the emulated Messenger in this process: it takes the hosts' sends, and
// hands each that it accepts to the person who waits for it. Webhooks are posted by
// the people themselves, over connections of their own, as Meta posts them side by side.
type platform struct {
	emulator *emulator.Emulator
	server   *http.Server
	url      string
	people   map[string]*person
	all      []*person
	heard    func(edition int) // hears of every answer; nil: nobody does
}

// crowd is how many people take turns on one line, each waiting for the answer: nobody
// writes so much that the host slows down for that person.
const crowd = 16

// on is the people who take turns on a line.
func (p *platform) on(line int) []*person { return p.all[line*crowd : (line+1)*crowd] }

// person talks to the bot.
type person struct {
	id      string
	page    string // whose bot it is
	said    int
	edition int // of the bot that answered last, if it has editions
	replies chan string
}

// next is what the person says, being the said-th message.
func (one *person) next() string { return "ticket " + strconv.Itoa(one.said) }

// want is the one right answer to it.
func (one *person) want() string { return strconv.Itoa(one.said) + ": " + one.next() }

// maxReplies is how many replies wait for a person who does not look; more are dropped.
const maxReplies = 64

// firstPerson is the id from which on people are numbered.
const firstPerson = 246_801_350_000_000

// onePage is so many lines, all to the same Page.
func onePage(lines int) []string { return slices.Repeat([]string{pageID}, lines) }

// tokenOf is the token of a Page.
func tokenOf(page string) string { return pageToken + page }

// openPlatform starts the emulator with a crowd for each line, whose windows are open: lines are the Pages that they lead
// to. It tells the hosts what it has sent when there is a way to them; nil: there is none.
func openPlatform(ctx context.Context, lines []string, hosts *balancer) (*platform, error) {
	p := &platform{people: make(map[string]*person, len(lines)*crowd)}
	c := emulator.Config{
		Seed: 1, Accepted: p.show, Quotas: emulator.Quotas{SendsPerSecond: -1, CallsPerEngagedUser: math.MaxInt32},
	}
	app, subscribed := emulator.App{ID: appID, Secret: appSecret, VerifyToken: verifyToken}, []string{}
	if hosts != nil {
		c.Callback, c.Client, subscribed = callback, &http.Client{Transport: hosts}, []string{fields.Echoes}
	} else {
		app.Fields = []string{} // nothing is told, so nothing is written down to be told
	}
	c.Apps = []emulator.App{app}
	for _, page := range slices.Compact(slices.Sorted(slices.Values(lines))) {
		c.Pages = append(c.Pages, emulator.Page{ID: page, Token: tokenOf(page), Fields: subscribed})
	}
	for i := range len(lines) * crowd {
		one := &person{id: strconv.Itoa(firstPerson + i), page: lines[i/crowd], replies: make(chan string, maxReplies)}
		p.people[one.id] = one
		p.all = append(p.all, one)
		c.People = append(c.People, emulator.Person{ID: one.id, Page: one.page})
	}
	e, err := emulator.New(c)
	if err != nil {
		return nil, err
	}
	p.emulator = e
	for _, one := range p.all {
		if err := e.Act(ctx, emulator.Action{Kind: "say", Page: one.page, Person: one.id, Text: "hello"}); err != nil {
			e.Close()
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		e.Close()
		return nil, err
	}
	p.url = "http://" + l.Addr().String()
	p.server = &http.Server{Handler: e.Handler()} // its clients are the hosts alone: nothing is gained by timers
	go func() { _ = p.server.Serve(l) }()
	return p, nil
}

func (p *platform) close() {
	_ = p.server.Close()
	p.emulator.Close()
}

// told is somebody whom something was told that nobody has waited for; nil: nobody.
func (p *platform) told() *person {
	for _, one := range p.all {
		if len(one.replies) > 0 {
			return one
		}
	}
	return nil
}

// show hands what was accepted for a person to that person.
func (p *platform) show(id string, b emulator.Bubble) {
	if p.heard != nil {
		if _, by, named := strings.Cut(b.Text, " ("); named {
			n, _ := editionOf(by) // whoever waits for the answer judges it
			p.heard(n)
		}
	}
	if one := p.people[id]; one != nil {
		select {
		case one.replies <- b.Text:
		default:
		}
	}
}
