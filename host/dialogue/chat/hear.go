package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
)

// getStarted is the payload of the Get Started button in tests.
const getStarted = "GET_STARTED"

// hear lets the person act; whatever the bot said before must have been expected.
// Every act takes the way of a webhook event.
func (p *performance) hear(ctx context.Context, s *Step) *Failure {
	if fault := p.silent(); fault != nil {
		return fault
	}
	acts, fault := p.acts(s)
	if fault != nil {
		return fault
	}
	p.script = append(p.script, s.written)
	p.last, p.line = nil, s.Line
	for i := range acts {
		e, ok := delivery.Event(&acts[i], getStarted)
		if !ok {
			continue // nothing that a bot hears of
		}
		p.world.forget()
		p.seen = nil
		_, parts, err := p.talk.Do(ctx, e)
		if err != nil {
			return broken(err)
		}
		for _, part := range parts {
			p.deliver(newBubble(part))
		}
	}
	return p.lacks()
}

// acts are the events of a step.
func (p *performance) acts(s *Step) ([]messenger.Event, *Failure) {
	switch s.Kind {
	case Say:
		return []messenger.Event{message(messenger.Message{Text: s.Text})}, nil
	case Raw:
		return p.raw(s.Text)
	}
	e := messenger.Event{}
	switch s.Text {
	case "tap":
		act, fault := p.tap(s.Args[0])
		return []messenger.Event{act}, fault
	case "postback":
		e.Kind, e.Postback = messenger.KindPostback, &messenger.Postback{Payload: s.Args[0]}
	case "get_started":
		e.Kind, e.Postback = messenger.KindPostback, &messenger.Postback{Title: "Get Started", Payload: getStarted}
	case "referral":
		e.Kind, e.Referral = messenger.KindReferral, &messenger.Referral{Ref: s.Args[0], Source: "SHORTLINK", Type: "OPEN_THREAD"}
	case "optin":
		e.Kind, e.OptIn = messenger.KindOptIn, &messenger.OptIn{Ref: s.Args[0]}
	case "read":
		e.Kind, e.Mark = messenger.KindRead, &messenger.Mark{Watermark: p.talk.Now}
	case "reaction":
		e.Kind, e.Reaction = messenger.KindReaction, &messenger.Reaction{Action: "react", Emoji: s.Args[0]}
	case "attachment":
		e = message(messenger.Message{Attachments: []messenger.Attachment{{Type: s.Args[0], URL: s.Args[1]}}})
	}
	return []messenger.Event{e}, nil
}

func message(m messenger.Message) messenger.Event {
	return messenger.Event{Kind: messenger.KindMessage, Message: &m}
}

// raw reads a webhook event: the whole body of a POST, or one element of it.
func (p *performance) raw(name string) ([]messenger.Event, *Failure) {
	data, err := readBeside(p.stage.Folder, p.file.Path, name)
	if err != nil {
		return nil, &Failure{Want: "the event of " + name, Got: err.Error()}
	}
	var head struct {
		Object string `json:"object"`
	}
	if json.Unmarshal(data, &head) == nil && head.Object != "" {
		body, err := messenger.Decode(data)
		if err != nil || len(body.Events) == 0 {
			return nil, &Failure{Want: "the event of " + name, Got: "the body holds no event of a page"}
		}
		return body.Events, nil
	}
	e, err := messenger.DecodeElement("0", false, data)
	if err != nil || e.Kind == messenger.KindUnknown {
		return nil, &Failure{Want: "the event of " + name, Got: "it is no event that Messenger sends"}
	}
	return []messenger.Event{e}, nil
}

// tap taps a quick reply, which is shown as long as nothing came after it, or a
// button, which stays in the thread.
func (p *performance) tap(label string) (messenger.Event, *Failure) {
	var shown []string
	if n := len(p.seen); n > 0 {
		for _, q := range p.seen[n-1].quick {
			if q.title == label {
				return message(messenger.Message{Text: q.title, Tapped: true, QuickReply: q.more}), nil
			}
			shown = append(shown, q.title)
		}
	}
	for _, b := range slices.Backward(p.buttons) {
		switch {
		case b.title != label:
			shown = append(shown, b.title)
		case b.opens:
			return messenger.Event{}, &Failure{Want: fmt.Sprintf("a button %q that speaks to the bot", label), Got: "it opens " + b.target}
		default:
			return messenger.Event{Kind: messenger.KindPostback, Postback: &messenger.Postback{Title: b.title, Payload: b.target}}, nil
		}
	}
	got := "none is shown"
	if len(shown) > 0 {
		got = "shown are " + strings.Join(shown, " | ")
	}
	return messenger.Event{}, &Failure{Want: fmt.Sprintf("a quick reply or button %q to tap", label), Got: got}
}
