package node

import (
	"fmt"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
)

var now = time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)

func platform(t *testing.T) (*state.State, *state.Page, *state.Person) {
	t.Helper()
	s := state.New(1)
	if err := s.Populate(state.Start{}, now); err != nil {
		t.Fatal(err)
	}
	return s, s.Pages[0], s.People[0]
}

// A field that needs a permission is refused without it, an unknown one always (emulator.md §4.4).
func TestPerson(t *testing.T) {
	_, _, who := platform(t)
	for _, row := range []struct {
		name        string
		fields      []string
		permissions []string
		code        int // of the refusal; 0: there is none
	}{
		{"unasked", nil, []string{ProfileAccess}, 0},
		{"name", []string{"name"}, nil, 2018247},
		{"the id alone", []string{"id"}, nil, 0},
		{"locale, permitted", []string{"locale"}, []string{"pages_user_locale"}, 0},
		{"locale", []string{"locale"}, nil, 2018247},
		{"unknown", []string{"shoe"}, nil, 100},
	} {
		got, refused := Person(who, row.fields, row.permissions, 0, now)
		if code := 0; refused != nil {
			if code = refused.Code; code != row.code {
				t.Errorf("%s: %+v", row.name, refused)
			}
		} else if row.code != 0 || got["id"] != who.ID {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}

func TestPage(t *testing.T) {
	_, p, _ := platform(t)
	if got, _ := Page(p.Page, nil); len(got) != 2 || got["name"] != p.Name {
		t.Errorf("unasked: %v", got)
	}
	if got, _ := Page(p.Page, []string{"is_published"}); got["is_published"] != true || got["id"] != p.ID {
		t.Errorf("asked: %v", got)
	}
	if _, refused := Page(p.Page, []string{"shoe"}); refused == nil {
		t.Error("an unknown field was told")
	}
}

func TestToken(t *testing.T) {
	s, p, _ := platform(t)
	made := s.Tokens[p.Token]
	if got := Token(s, made, now); got["is_valid"] != true || got["profile_id"] != p.ID || got["expires_at"] != int64(0) || got["error"] != nil {
		t.Errorf("alive: %v", got)
	}
	made.Dead = 460
	if got := Token(s, made, now); got["is_valid"] != false || got["error"] == nil {
		t.Errorf("dead: %v", got)
	}
}

// The newest messages come first; those beyond 20 have their id only.
func TestConversation(t *testing.T) {
	_, p, who := platform(t)
	for i := range maxDetailed + 1 {
		who.Thread.Add(thread.Bubble{ID: fmt.Sprint("m", i), From: "person", At: now.Add(time.Duration(i) * time.Second), Text: fmt.Sprint("text ", i)})
	}
	fields, err := selection.Parse("snippet,messages.limit(50){message}")
	if err != nil {
		t.Fatal(err)
	}
	got, refused := Conversation(p, who, fields, now)
	if refused != nil || got["snippet"] != "text 20" {
		t.Fatalf("%v, %+v", got, refused)
	}
	data := got["messages"].(map[string]any)["data"].([]any)
	first, last := data[0].(map[string]any), data[len(data)-1].(map[string]any)
	if len(data) != maxDetailed+1 || first["message"] != "text 20" || last["id"] != "m0" || last["message"] != nil {
		t.Errorf("%d messages, first %v, last %v", len(data), first, last)
	}
}
