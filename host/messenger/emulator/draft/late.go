package draft

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Lateness is what of a message comes late, and how much.
type Lateness struct {
	Bubble, Echo time.Duration
	Silent       bool // no echo comes at all
}

// Late is what a fault makes late; nil makes nothing late.
func (d Draft) Late(f *fault.Fault) (l Lateness) {
	if f == nil {
		return l
	}
	switch f.Kind {
	case fault.NoEcho:
		l.Silent = true
	case fault.LateEcho:
		l.Echo = f.Late()
	case fault.SlowMedia:
		if value.Text(d.payload()["url"]) != "" && value.Text(d.attachment()["type"]) != "template" {
			l.Bubble, l.Echo = f.Late(), f.Late()
		}
	}
	return l
}
