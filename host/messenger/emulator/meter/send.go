package meter

import (
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Messages per Page and second above which Meta wants to be told, and how long they
// must last.
const (
	HighVolume = 40
	Sustained  = 10 * time.Second
)

// Send is a call of the Send API.
type Send struct {
	Person    string // empty: it is nobody's id, or no message
	PerSecond int    // messages that one person gets in a second at most (F11); 0: any number
	Slow      bool   // audio or video
}

// Send counts a send of a Page, and refuses one too many. many reports that Meta wants to be told
// of the Page, once for each time that there are many.
func (m *Meter) Send(p *state.Page, s Send, now time.Time) (many bool, refused *refusal.Refusal) {
	if refused := m.spend(&m.sends, p.ID, m.Quotas.SendsPerSecond, time.Second, world.QuotaSends, now); refused != nil {
		return false, refused
	}
	if s.Person != "" {
		if refused := m.spend(&m.persons, s.Person, s.PerSecond, time.Second, world.QuotaPerson, now); refused != nil {
			return false, refused
		}
	}
	if s.Slow {
		if refused := m.spend(&m.sends, p.ID+" media", m.Quotas.MediaPerSecond, time.Second, world.QuotaSends, now); refused != nil {
			return false, refused
		}
	}
	volume := m.volume.Note(p.ID, Sustained, now)
	if volume > HighVolume*int(Sustained/time.Second) && now.Sub(p.Warned) > Sustained {
		p.Warned, many = now, true
	}
	if m.Quotas.Brake > 0 && volume > m.Quotas.Brake*int(Sustained/time.Second) {
		return many, m.refuse(world.QuotaBrake)
	}
	return many, nil
}
