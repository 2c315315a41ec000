package app

import (
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger/advice"
)

// refusedStep is the kind of a step that tells of a message that was not sent.
const refusedStep = "refused"

// setback is what has kept a message of a turn from being sent.
type setback struct {
	send string // its id
	line console.TraceLine
}

// turnOf is the id of the turn that a send belongs to.
func turnOf(send string) string {
	turn, _, _ := strings.Cut(send, ".")
	return turn
}

// mark takes down what became of a try: what it met, or that it went well after all.
func (d *Desk) mark(s delivery.Sent) {
	turn := turnOf(s.ID)
	list := d.setbacks[turn]
	at := -1
	for i := range list {
		if list[i].send == s.ID {
			at = i
		}
	}
	switch {
	case s.Err != nil && at >= 0:
		list[at].line = account(s)
	case s.Err != nil:
		d.setbacks[turn] = append(list, setback{s.ID, account(s)})
	case at >= 0 && s.Outcome == delivery.Delivered:
		list[at].line.Text += fmt.Sprintf("\nIt arrived all the same, at try %d.", s.Tries+1)
	}
}

// account tells in plain words what the platform refused, and what is done about it.
func account(s delivery.Sent) console.TraceLine {
	line := console.TraceLine{Kind: refusedStep, Text: "not sent: " + s.Err.Error()}
	if a, ok := advice.On(s.Err); ok {
		line.Code = a.Name()
		line.Text = "not sent, error " + a.Name() + ": " + a.Means + " " + a.Cure
	}
	line.Text += "\nThe host " + s.Class.Host()
	return line
}
