package emulator

import (
	"slices"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxDetailed is how many messages of a conversation are told in detail; of older
// ones the Conversations API has the id only.
const maxDetailed = 20

// graphTime is how Graph writes a time.
const graphTime = "2006-01-02T15:04:05-0700"

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
	var found []*person
	if id := c.Get("user_id"); id != "" {
		who := e.person(id)
		if who == nil || who.Page != c.page.ID {
			return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
		}
		found = append(found, who)
	} else {
		found = slices.Clone(c.page.people)
	}
	found = slices.DeleteFunc(found, func(who *person) bool { return len(who.thread.Bubbles) == 0 })
	slices.SortStableFunc(found, func(a, b *person) int { return updated(b).Compare(updated(a)) })
	var unknown *refusal.Refusal
	page, err := selection.Page(found, number(c.Get("limit")), c.Get("after"), func(who *person) any {
		shown, refused := e.conversationOf(c.page, who, fields)
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
	fields, refused := e.readConversations(c)
	if refused != nil {
		return nil, refused
	}
	who, refused := e.inConversation(c)
	if refused != nil {
		return nil, refused
	}
	return e.conversationOf(c.page, who, fields)
}

// conversationMessages is GET /{conversation}/messages.
func (e *Emulator) conversationMessages(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fields, refused := e.readConversations(c)
	if refused != nil {
		return nil, refused
	}
	who, refused := e.inConversation(c)
	if refused != nil {
		return nil, refused
	}
	return messagesOf(c.page, who, selection.Field{Of: fields, Limit: number(c.Get("limit"))}, c.Get("after"))
}

// readConversations holds the rate of the API and reads the wanted fields.
func (e *Emulator) readConversations(c *call) (selection.Fields, *refusal.Refusal) {
	if !e.reads.Spend(c.page.ID, e.quotas.ConversationsPerSecond, time.Second, e.clock.Now()) {
		return nil, refusal.New(80006, 0, "%s", refusal.Text(80006, 0))
	}
	fields, err := selection.Parse(c.Get("fields"))
	if err != nil {
		return nil, refusal.New(2500, 0, "Syntax error: %v", err)
	}
	return fields, nil
}

func (e *Emulator) inConversation(c *call) (*person, *refusal.Refusal) {
	who := e.threads[c.Path[0]]
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.Missing(c.Path[0])
	}
	return who, nil
}

// updated is when the newest message of a thread came.
func updated(who *person) time.Time {
	if n := len(who.thread.Bubbles); n > 0 {
		return who.thread.Bubbles[n-1].At
	}
	return time.Time{}
}

func (e *Emulator) conversationOf(p *page, who *person, fields selection.Fields) (map[string]any, *refusal.Refusal) {
	who.thread.Ripen(e.clock.Now())
	bubbles := who.thread.Bubbles
	all := map[string]any{
		"id": who.conversation, "link": "/" + p.ID + "/inbox/" + who.conversation + "/", "updated_time": updated(who).Format(graphTime),
		"message_count": len(bubbles), "can_reply": who.thread.Open(e.clock.Now()), "snippet": nil, "messages": nil,
		"participants": map[string]any{"data": []any{personParty(who), pageParty(p)}},
	}
	if n := len(bubbles); n > 0 && bubbles[n-1].Text != "" {
		all["snippet"] = bubbles[n-1].Text
	}
	if field, ok := fields.Get("messages"); ok {
		list, refused := messagesOf(p, who, field, "")
		if refused != nil {
			return nil, refused
		}
		all["messages"] = list
	}
	return pick(all, fields, "conversation", "link", "updated_time")
}

// messagesOf is a page of a thread's messages, newest first.
func messagesOf(p *page, who *person, wanted selection.Field, after string) (map[string]any, *refusal.Refusal) {
	bubbles := slices.Clone(who.thread.Bubbles)
	slices.Reverse(bubbles)
	var refused *refusal.Refusal
	detailed := map[string]bool{}
	for i := range min(maxDetailed, len(bubbles)) {
		detailed[bubbles[i].ID] = true
	}
	page, err := selection.Page(bubbles, wanted.Limit, after, func(b Bubble) any {
		if !detailed[b.ID] {
			return map[string]any{"id": b.ID}
		}
		shown, r := pick(messageNode(p, who, b), wanted.Of, "message", "created_time")
		if r != nil {
			refused = r
		}
		return shown
	})
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return page, refused
}

// messageNode is a message as the Conversations API tells it. Metadata is not among
// its fields: that comes back in the echo only.
func messageNode(p *page, who *person, b Bubble) map[string]any {
	from, to := personParty(who), pageParty(p)
	if b.From == "page" {
		from, to = to, from
	}
	m := map[string]any{
		"id": b.ID, "created_time": b.At.Format(graphTime), "from": from, "to": map[string]any{"data": []any{to}}, "message": b.Text,
		"attachments": nil, "reply_to": nil, "reactions": nil,
	}
	if len(b.Attachment) > 0 {
		v, err := value.Decode(b.Attachment)
		if err == nil {
			m["attachments"] = map[string]any{"data": []any{v}}
		}
	}
	if b.ReplyTo != "" {
		m["reply_to"] = map[string]any{"mid": b.ReplyTo}
	}
	if b.Reaction != "" {
		m["reactions"] = map[string]any{"data": []any{map[string]any{"reaction": b.Reaction, "users": []any{from}}}}
	}
	return m
}

func personParty(who *person) map[string]any {
	return map[string]any{"name": who.name(), "email": who.ID + "@facebook.com", "id": who.ID}
}

func pageParty(p *page) map[string]any {
	return map[string]any{"name": p.Name, "email": p.ID + "@facebook.com", "id": p.ID}
}

// pick is selection's, with Graph's refusal of a field that does not exist.
func pick(all map[string]any, fields selection.Fields, kind string, otherwise ...string) (map[string]any, *refusal.Refusal) {
	out, unknown := fields.Pick(all, otherwise...)
	if unknown != "" {
		return nil, refusal.New(100, 0, "Tried accessing nonexisting field (%s) on node type (%s)", unknown, kind)
	}
	return out, nil
}

// number is a parameter that should be a count; what is none counts as not given.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
