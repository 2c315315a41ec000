package emulator

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// writePublic comments on a post of the Page (Ref), or posts on it. The window stays
// shut: only a private reply may follow.
func (e *Emulator) writePublic(s *scene) error {
	if s.Text == "" {
		return fmt.Errorf("the text is empty")
	}
	id := s.page.ID + "_" + e.state.ThingID()
	from := s.who.ID
	if !e.switches.FeedPSID {
		from = state.AppScoped("feed of "+s.page.ID, s.who.ID)
	}
	v := map[string]any{
		"from": map[string]any{"id": from, "name": s.who.FullName()}, "verb": "add", "message": s.Text, "created_time": s.at.Unix(),
	}
	if s.Kind == "post" {
		v["item"], v["post_id"] = "post", id
	} else {
		post := s.Ref
		if post == "" {
			post = s.page.ID + "_1"
		}
		v["item"], v["post_id"], v["comment_id"], v["parent_id"] = "comment", post, id, post
	}
	s.page.Comments[id] = &state.Comment{Person: s.who.ID, At: e.clock.Now()}
	body := value.Raw(map[string]any{"field": webhook.Feed, "value": v})
	for _, a := range e.state.Apps {
		if a.Hears(s.page, webhook.Feed) && !a.Ignores(s.who) {
			e.enqueue(a, s.page, s.who.ID, webhook.Item{Body: body, Key: webhook.Changes})
		}
	}
	return nil
}

// privateReply finds the comment or post that a send answers; found is false when the
// recipient is none.
func (e *Emulator) privateReply(d *sending) (found bool, refused *refusal.Refusal) {
	id := d.Public()
	if id == "" {
		return false, nil
	}
	one := d.call.page.Comments[id]
	switch {
	case one == nil:
		return true, refusal.New(100, 0, "Invalid parameter: no comment or post of that id")
	case one.Replied:
		return true, refusal.New(100, 0, "Invalid parameter: this comment or post has had its private reply")
	case one.Late(e.clock.Now()):
		return true, refusal.New(100, 0, "Invalid parameter: this comment or post is too old for a private reply")
	case d.Message == nil:
		return true, refusal.New(100, 0, "Invalid parameter: a private reply is a message")
	}
	d.person, d.answers = e.state.Person(one.Person), one
	return true, nil
}
