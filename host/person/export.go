package person

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// exportFormat names the form of an export, for programs that read it.
const exportFormat = "footlight person 1"

// Export is all that is kept of somebody: what the law has a person be given on request.
// Bodies are as they are kept, which is JSON in most cases.
type Export struct {
	Format  string          `json:"format"`
	At      time.Time       `json:"at"`
	Page    string          `json:"page"`
	Person  string          `json:"person"`
	Session json.RawMessage `json:"session"` // variables, topic, history, reminders
	Events  []Exported      `json:"events"`  // heard, not answered yet
	Sends   []Exported      `json:"sends"`   // not sent yet
	Letters []Exported      `json:"letters"` // given up
	Hold    time.Time       `json:"hold,omitzero"`
}

// Exported is an event, a send or a letter.
type Exported struct {
	ID     string          `json:"id"`
	At     time.Time       `json:"at,omitzero"`
	Due    time.Time       `json:"due,omitzero"`
	Kind   string          `json:"kind,omitempty"`
	Reason string          `json:"reason,omitempty"`
	Tries  int             `json:"tries,omitempty"`
	Stay   bool            `json:"stay,omitempty"`
	Body   json.RawMessage `json:"body"`
}

// Export hands out all that is kept of somebody.
func (d *Desk) Export(ctx context.Context, k store.Key) (Export, error) {
	c, state, err := d.read(ctx, k)
	if err != nil {
		return Export{}, err
	}
	known, err := json.Marshal(state)
	if err != nil {
		return Export{}, fmt.Errorf("person: export: session: %w", err)
	}
	return export(c, known, d.clock.Now()), nil
}

// export makes an export of a conversation and of its session as JSON.
func export(c store.Conversation, known json.RawMessage, now time.Time) Export {
	out := Export{
		Format: exportFormat, At: now, Page: c.Key.Page, Person: c.Key.Person, Session: known, Hold: c.Hold,
		Events: []Exported{}, Sends: []Exported{}, Letters: []Exported{},
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, Exported{ID: e.ID, At: e.At, Due: e.Due, Body: rawJSON(e.Body)})
	}
	for _, s := range c.Sends {
		out.Sends = append(out.Sends, Exported{ID: s.ID, Due: s.Due, Tries: s.Tries, Stay: s.Stay, Body: rawJSON(s.Body)})
	}
	for _, l := range c.Letters {
		out.Letters = append(out.Letters, Exported{ID: l.ID, At: l.At, Kind: l.Kind, Reason: l.Reason, Body: rawJSON(l.Body)})
	}
	return out
}

// rawJSON is data as it stands in JSON: itself when it is JSON, or else as base64.
func rawJSON(data []byte) json.RawMessage {
	if json.Valid(data) {
		return data
	}
	text, err := json.Marshal(data)
	if err != nil {
		return nil // bytes can always be written
	}
	return text
}
