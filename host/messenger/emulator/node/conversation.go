package node

import (
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxDetailed is how many messages of a conversation are told in detail; of older
// ones the Conversations API has the id only.
const maxDetailed = 20

// graphTime is how Graph writes a time.
const graphTime = "2006-01-02T15:04:05-0700"

// Conversation is a person's thread with a Page, with its messages where the fields name them.
func Conversation(p *state.Page, who *state.Person, fields selection.Fields, now time.Time) (map[string]any, *refusal.Refusal) {
	who.Thread.Ripen(now)
	bubbles := who.Thread.Bubbles
	all := map[string]any{
		"id": who.Conversation, "link": "/" + p.ID + "/inbox/" + who.Conversation + "/", "updated_time": who.Updated().Format(graphTime),
		"message_count": len(bubbles), "can_reply": who.Thread.Open(now), "snippet": nil, "messages": nil,
		"participants": map[string]any{"data": []any{personParty(who), pageParty(p)}},
	}
	if n := len(bubbles); n > 0 && bubbles[n-1].Text != "" {
		all["snippet"] = bubbles[n-1].Text
	}
	if field, ok := fields.Get("messages"); ok {
		list, refused := Messages(p, who, field, "")
		if refused != nil {
			return nil, refused
		}
		all["messages"] = list
	}
	return Pick(all, fields, "conversation", "link", "updated_time")
}

// Messages is a page of a thread's messages, newest first; after is a cursor, or empty.
func Messages(p *state.Page, who *state.Person, wanted selection.Field, after string) (map[string]any, *refusal.Refusal) {
	bubbles := slices.Clone(who.Thread.Bubbles)
	slices.Reverse(bubbles)
	var refused *refusal.Refusal
	detailed := map[string]bool{}
	for i := range min(maxDetailed, len(bubbles)) {
		detailed[bubbles[i].ID] = true
	}
	page, err := selection.Page(bubbles, wanted.Limit, after, func(b thread.Bubble) any {
		if !detailed[b.ID] {
			return map[string]any{"id": b.ID}
		}
		shown, r := Pick(message(p, who, b), wanted.Of, "message", "created_time")
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

// message is a message as the Conversations API tells it. Metadata is not among
// its fields: that comes back in the echo only.
func message(p *state.Page, who *state.Person, b thread.Bubble) map[string]any {
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
		m["reactions"] = map[string]any{"data": []any{map[string]any{"reaction": b.Reaction, "users": []any{to}}}}
	}
	return m
}

func personParty(who *state.Person) map[string]any {
	return map[string]any{"name": who.FullName(), "email": who.ID + "@facebook.com", "id": who.ID}
}

func pageParty(p *state.Page) map[string]any {
	return map[string]any{"name": p.Name, "email": p.ID + "@facebook.com", "id": p.ID}
}
