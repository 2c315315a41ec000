package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// maxTrial is how many messages a version is tried with before it is put in service.
const maxTrial = 20

// try takes a few turns of nobody on a generation that is not in service yet: what it is
// asked first are its own plain triggers. Nothing leaves the process. A turn that
// cannot be taken to its end is an error; what is answered is not looked at.
func (g *Generation) try(ctx context.Context) error {
	for _, text := range g.questions() {
		in := turn.Input{
			Event: turn.Event{Kind: turn.Text, Text: text}, Session: session.State{},
			Person: turn.Person{ID: "0", PageID: "0"}, Now: g.BuiltAt, Outside: &turn.Recording{},
		}
		if _, err := g.runner.Run(ctx, in); err != nil {
			return fmt.Errorf("the trial turn %q: %w", text, err)
		}
	}
	return nil
}

// questions are texts to try the generation with.
func (g *Generation) questions() []string {
	texts := []string{"hello"}
	for _, t := range g.Program.Triggers.All() {
		if len(texts) == maxTrial {
			break
		}
		if t.Topic == 0 && !strings.ContainsAny(t.Text, "*#_[](){}<>@|$") {
			texts = append(texts, t.Text)
		}
	}
	return texts
}
