package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
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
}

// crowd is how many people take turns on one line, each waiting for the answer: nobody
// writes so much that the host slows down for that person.
const crowd = 16

// on is the people who take turns on a line.
func (p *platform) on(line int) []*person { return p.all[line*crowd : (line+1)*crowd] }

// person talks to the bot.
type person struct {
	id      string
	said    int
	replies chan string
}

// maxReplies is how many replies wait for a person who does not look; more are dropped.
const maxReplies = 64

// firstPerson is the id from which on people are numbered.
const firstPerson = 246_801_350_000_000

// openPlatform starts the emulator with a crowd for each line, whose windows are open.
func openPlatform(ctx context.Context, lines int) (*platform, error) {
	people := lines * crowd
	p := &platform{people: make(map[string]*person, people)}
	c := emulator.Config{
		Seed: 1, Quotas: emulator.Quotas{SendsPerSecond: -1},
		Apps:  []emulator.App{{ID: appID, Secret: appSecret, VerifyToken: verifyToken}},
		Pages: []emulator.Page{{ID: pageID, Token: pageToken}},
	}
	for i := range people {
		one := &person{id: strconv.Itoa(firstPerson + i), replies: make(chan string, maxReplies)}
		p.people[one.id] = one
		p.all = append(p.all, one)
		c.People = append(c.People, emulator.Person{ID: one.id})
	}
	e, err := emulator.New(c)
	if err != nil {
		return nil, err
	}
	p.emulator = e
	for _, one := range p.all {
		if err := e.Act(ctx, emulator.Action{Kind: "say", Person: one.id, Text: "hello"}); err != nil {
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
	p.server = &http.Server{Handler: p.watched(e.Handler()), ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(l) }()
	return p, nil
}

func (p *platform) close() {
	_ = p.server.Close()
	p.emulator.Close()
}

// watched hands what was accepted for a person to that person.
func (p *platform) watched(graph http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			graph.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "body cannot be read", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := &answer{ResponseWriter: w, status: http.StatusOK}
		graph.ServeHTTP(answer, r)
		var send struct {
			Recipient struct{ ID string }
			Message   *struct{ Text string }
		}
		if answer.status != http.StatusOK || json.Unmarshal(body, &send) != nil || send.Message == nil {
			return
		}
		if one := p.people[send.Recipient.ID]; one != nil {
			select {
			case one.replies <- send.Message.Text:
			default:
			}
		}
	})
}

// answer notes the status of an answer.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}
