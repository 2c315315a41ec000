package emulator

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func items(v any, key string) []any {
	l, _ := value.List(value.Object(v)[key])
	return l
}

// Reading a conversation back (messenger.md §3.10), as after an ambiguous send.
func TestConversations(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Quotas.ConversationsPerSecond = -1 })
	if r := s.graph("GET", "/me/conversations?platform=messenger&user_id="+testPSID, ""); len(items(r.body, "data")) != 0 {
		t.Errorf("before anyone wrote: %v", r.body)
	}
	s.act(Action{Kind: "say", Text: "hi"})
	mid := s.mustSend(`{"text":"hello","metadata":"intent-77"}`)
	r := s.graph("GET", "/v26.0/"+testPage+"/conversations?platform=messenger&user_id="+testPSID, "")
	list := items(r.body, "data")
	if len(list) != 1 {
		t.Fatalf("conversations: %v", r.body)
	}
	id := value.Text(value.Object(list[0])["id"])
	r = s.graph("GET", "/v26.0/"+id+"?fields="+url.QueryEscape("messages{id,message,from,to,created_time}"), "")
	messages := items(r.body["messages"], "data")
	if r.status != 200 || len(messages) != 2 {
		t.Fatalf("conversation: %d %v", r.status, r.body)
	}
	newest := value.Object(messages[0])
	if newest["id"] != mid || newest["message"] != "hello" || value.Object(newest["from"])["id"] != testPage ||
		value.Object(items(newest["to"], "data")[0])["id"] != testPSID || newest["created_time"] != "2026-11-22T12:00:00+0000" {
		t.Errorf("newest message: %v", newest)
	}
	if _, ok := newest["metadata"]; ok {
		t.Error("metadata is in the conversation; it comes back in the echo only")
	}
	s.act(Action{Kind: "reaction", Text: "👍"})
	r = s.graph("GET", "/v26.0/"+id+"?fields="+url.QueryEscape("messages.limit(1){reactions}"), "")
	reactions := items(value.Object(items(r.body["messages"], "data")[0])["reactions"], "data")
	if len(reactions) != 1 || value.Object(items(reactions[0], "users")[0])["id"] != testPSID {
		t.Errorf("who reacted to the Page's message: %v", r.body)
	}
	s.act(Action{Kind: "delete"})
	if len(s.thread().Bubbles) != 0 {
		t.Error("the person still sees a deleted thread")
	}
	r = s.graph("GET", "/"+id+"/messages?limit=1", "")
	if got := items(r.body, "data"); len(got) != 1 || value.Object(got[0])["id"] != mid {
		t.Errorf("the Page's side of a deleted thread: %v", r.body)
	}
	r = s.graph("GET", "/me/conversations?fields="+url.QueryEscape("id,snippet,messages.limit(1){message}"), "")
	if one := value.Object(items(r.body, "data")[0]); one["snippet"] != "hello" || len(items(one["messages"], "data")) != 1 {
		t.Errorf("all conversations: %v", r.body)
	}
}

// Of all but the newest 20 messages only the id is told.
func TestConversationDetail(t *testing.T) {
	s := newStage(t, nil)
	for i := range 30 {
		s.act(Action{Kind: "say", Text: fmt.Sprint(i)})
	}
	id := value.Text(value.Object(items(s.graph("GET", "/me/conversations", "").body, "data")[0])["id"])
	first := s.graph("GET", "/"+id+"?fields="+url.QueryEscape("messages.limit(30){message}"), "")
	for i, m := range items(first.body["messages"], "data") {
		if _, told := value.Object(m)["message"]; told != (i < 20) {
			t.Errorf("message %d: %v", i, m)
		}
	}
}

func TestConversationRefusals(t *testing.T) {
	const elsewhere = "100000000000009"
	s := newStage(t, func(c *Config) {
		c.Quotas.ConversationsPerSecond = 1
		c.Pages = append(c.Pages, Page{ID: elsewhere, Token: "EAAother"})
	})
	s.act(Action{Kind: "say", Text: "hi"})
	id := value.Text(value.Object(items(s.graph("GET", "/me/conversations", "").body, "data")[0])["id"])
	for _, row := range []struct {
		name, token, path string
		code, subcode     int
	}{
		{"beyond the rate", testToken, "/me/conversations", 80006, 0},
		{"unknown person", testToken, "/me/conversations?user_id=7", 100, 2018001},
		{"unknown conversation", testToken, "/t_1?fields=messages", 100, 33},
		{"conversation of another Page", "EAAother", "/" + id, 100, 33},
		{"unknown field", testToken, "/" + id + "?fields=colour", 100, 0},
		{"unknown field of messages", testToken, "/" + id + "?fields=messages{metadata}", 100, 0},
		{"broken fields", testToken, "/" + id + "?fields=messages{", 2500, 0},
		{"broken cursor", testToken, "/" + id + "/messages?after=x", 100, 0},
		{"of the app", testApp + "|" + testSecret, "/" + id, 190, 0},
	} {
		if row.code != 80006 {
			s.advance(time.Second)
		}
		if code, subcode := s.graphAs(row.token, "GET", row.path, "").code(); code != row.code || subcode != row.subcode {
			t.Errorf("%s: %d/%d, want %d/%d", row.name, code, subcode, row.code, row.subcode)
		}
	}
}
