package emulator

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/measure"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Measure is something that the people behind a Page, or Meta, do to it.
type Measure = measure.Measure

// Take does a measure, and tells the apps. The error says why it cannot be done.
func (e *Emulator) Take(m Measure) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	after, err := m.Take(e.state, e.clock.Now())
	if err != nil {
		return err
	}
	if after.Version != "" {
		e.ended[after.Version] = true
	}
	if after.Roles != nil {
		e.emit(after.Page, webhook.Handovers, webhook.Event{
			Recipient: &webhook.Party{ID: after.Page.ID}, Timestamp: e.clock.Now().UnixMilli(), AppRoles: after.Roles,
		}, toAll)
	}
	e.wakeAll()
	e.touch()
	return nil
}
