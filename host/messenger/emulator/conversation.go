package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// conversations is GET /{page}/conversations: those that have begun, the one with the
// newest message first.
func (e *Emulator) conversations(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fields, refused := e.readConversations(c)
	if refused != nil {
		return nil, refused
	}
	if p := c.Get("platform"); p != "" && p != "messenger" {
		return map[string]any{"data": []any{}}, nil
	}
	var found []*state.Person
	if id := c.Get("user_id"); id != "" {
		who := e.state.Person(id)
		if who == nil || who.Page != c.page.ID {
			return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
		}
		found = append(found, who)
	} else {
		found = slices.Clone(c.page.People)
	}
	found = slices.DeleteFunc(found, func(who *state.Person) bool { return len(who.Thread.Bubbles) == 0 })
	slices.SortStableFunc(found, func(a, b *state.Person) int { return b.Updated().Compare(a.Updated()) })
	var unknown *refusal.Refusal
	page, err := selection.Page(found, value.Count(c.Get("limit")), c.Get("after"), func(who *state.Person) any {
		shown, refused := node.Conversation(c.page, who, fields, e.clock.Now())
		if refused != nil {
			unknown = refused
		}
		return shown
	})
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return page, unknown
}

// conversation is GET /{conversation}.
func (e *Emulator) conversation(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who, fields, refused := e.inConversation(c)
	if refused != nil {
		return nil, refused
	}
	return node.Conversation(c.page, who, fields, e.clock.Now())
}

// conversationMessages is GET /{conversation}/messages.
func (e *Emulator) conversationMessages(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who, fields, refused := e.inConversation(c)
	if refused != nil {
		return nil, refused
	}
	return node.Messages(c.page, who, selection.Field{Of: fields, Limit: value.Count(c.Get("limit"))}, c.Get("after"))
}

// readConversations holds the rate of the API and reads the wanted fields.
func (e *Emulator) readConversations(c *call) (selection.Fields, *refusal.Refusal) {
	if refused := e.meter.Read(c.page.ID, e.clock.Now()); refused != nil {
		return nil, refused
	}
	fields, err := selection.Parse(c.Get("fields"))
	if err != nil {
		return nil, refusal.New(2500, 0, "Syntax error: %v", err)
	}
	return fields, nil
}

// inConversation finds whose conversation is read, and which fields.
func (e *Emulator) inConversation(c *call) (*state.Person, selection.Fields, *refusal.Refusal) {
	fields, refused := e.readConversations(c)
	if refused != nil {
		return nil, nil, refused
	}
	who := e.state.Talker(c.Path[0])
	if who == nil || who.Page != c.page.ID {
		return nil, nil, refusal.Missing(c.Path[0])
	}
	return who, fields, nil
}
