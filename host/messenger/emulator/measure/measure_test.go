package measure

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func platform(t *testing.T) *state.State {
	t.Helper()
	s := state.New(1)
	start := state.Start{
		Apps: []world.App{{ID: "2"}, {ID: "3"}}, Pages: []world.Page{{ID: "1", Token: "EAA"}}, Users: []world.User{{ID: "5"}, {ID: "6", System: true}},
	}
	if err := s.Populate(start, now); err != nil {
		t.Fatal(err)
	}
	return s
}

// Each measure and what it leaves (emulator.md §7, "Page-side actions").
func TestTake(t *testing.T) {
	dead := func(s *state.State) string { return fmt.Sprint(s.Tokens["EAA"].Dead) }
	for _, row := range []struct {
		measure Measure
		look    func(*state.State) string
		want    string
	}{
		{Measure{Kind: "unpublish"}, func(s *state.State) string { return fmt.Sprint(s.Pages[0].Unpublished) }, "true"},
		{Measure{Kind: "publish"}, func(s *state.State) string { return fmt.Sprint(s.Pages[0].Unpublished) }, "false"},
		{Measure{Kind: "development"}, func(s *state.State) string { return fmt.Sprint(s.Apps[0].Development) }, "true"},
		{Measure{Kind: "restrict", Code: 368}, func(s *state.State) string { return fmt.Sprint(s.Pages[0].Restricted) }, "368"},
		{Measure{Kind: "password"}, dead, "460"},
		{Measure{Kind: "checkpoint"}, dead, "459"},
		{Measure{Kind: "unconfirmed"}, dead, "464"},
		{Measure{Kind: "logout"}, dead, "467"},
		{Measure{Kind: "remove_app"}, dead, "458"},
		{Measure{Kind: "role"}, dead, "492"},
		{Measure{Kind: "grant", Scopes: []string{"a"}}, func(s *state.State) string { return fmt.Sprint(s.Users[0].Scopes) }, "[a]"},
		{Measure{Kind: "default"}, func(s *state.State) string { return fmt.Sprint(s.Pages[0].NoDefault) }, "true"},
	} {
		s := platform(t)
		if _, err := row.measure.Take(s, now); err != nil {
			t.Errorf("%s: %v", row.measure.Kind, err)
		}
		if got := row.look(s); got != row.want {
			t.Errorf("%s: %s, want %s", row.measure.Kind, got, row.want)
		}
	}
	if out, err := (Measure{Kind: "end_version", Version: "v25.0"}).Take(platform(t), now); err != nil || out.Version != "v25.0" {
		t.Errorf("the end of a version: %+v, %v", out, err)
	}
	if out, err := (Measure{Kind: "default", App: "2"}).Take(platform(t), now); err != nil || fmt.Sprint(out.Roles) != "map[2:[primary_receiver]]" {
		t.Errorf("another default app: %+v, %v", out, err)
	}
}

func TestTakeRefuses(t *testing.T) {
	for want, m := range map[string]Measure{
		"want one of checkpoint": {Kind: "dance"},
		`page "9"`:               {Kind: "publish", Page: "9"},
		`app "9"`:                {Kind: "live", App: "9"},
		`user "9"`:               {Kind: "password", User: "9"},
		"has no password":        {Kind: "password", User: "6"},
		"restriction 7":          {Kind: "restrict", Code: 7},
		"not the newest":         {Kind: "end_version", Version: "v26.0"},
	} {
		if _, err := m.Take(platform(t), now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", m, err, want)
		}
	}
}
