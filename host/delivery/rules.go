package delivery

import (
	"strings"
	"time"
)

// Rules are what may differ from Page to Page.
type Rules struct {
	App            string        // id of our app: echoes of others' messages are told by it; empty: by their metadata
	HumanFor       time.Duration // how long the bot stands back after a human's last word; 0: DefaultHumanFor
	HumanWord      string        // what a human writes to give the bot the word again; empty: there is no such word
	Fallback       string        // what a person is told who gets no answer within FallbackBy; empty: nothing
	SendsPerSecond int           // messages a second to the people of a Page, from this host; 0: MaxTextsPerSecond
}

// ready returns r with the values that stand for others replaced.
func (r Rules) ready() Rules {
	if r.HumanFor == 0 {
		r.HumanFor = DefaultHumanFor
	}
	if r.SendsPerSecond == 0 {
		r.SendsPerSecond = MaxTextsPerSecond
	}
	r.HumanWord = strings.TrimSpace(r.HumanWord)
	return r
}

// rulesOf are the rules of a Page.
func (d *Delivery) rulesOf(page string) Rules {
	if d.own != nil {
		if r, ok := d.own(page); ok {
			return r.ready()
		}
	}
	return d.common
}
