package delivery

import (
	"context"

	"github.com/footlight-bots/footlight/host/messenger"
)

// wear gives a message the id of the persona that speaks it. Without one the Page speaks itself: what is
// said matters more than who seems to say it.
func (w *work) wear(ctx context.Context, client Client, c *cargo) {
	if c.Persona == nil || c.Message == nil {
		return
	}
	m := *c.Message
	m.PersonaID = w.marks.mask(ctx, client, w.key.Page, c.Persona, w.log())
	c.Message = &m
}

// undressed tells whether a message was refused because its persona is there no more, and gives it another
// id of the same, or none, to be tried with at once. The refusal has no number of its own, so the
// platform is asked.
func (w *work) undressed(ctx context.Context, client Client, c *cargo, err error) bool {
	if err == nil || c.Message == nil || c.Message.PersonaID == "" || classify(err).Class != messenger.ClassMessage {
		return false
	}
	there, asked := client.Personas(ctx)
	if _, ok := there[c.Message.PersonaID]; ok || asked != nil {
		return false
	}
	w.log().WarnContext(ctx, "persona is gone from the Page, it is made anew", "persona", c.Persona.Name)
	if err := w.masks.Forget(ctx, w.key.Page, c.Message.PersonaID); err != nil {
		w.log().WarnContext(ctx, "persona not forgotten", "persona", c.Persona.Name, "error", err)
		return false
	}
	w.wear(ctx, client, c)
	return true
}
