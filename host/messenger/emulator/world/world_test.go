package world

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestChecks(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		want string // in the error; empty: there is none
	}{
		{"a person", Person{}.Check(), ""},
		{"an unavailable person", Person{Unavailable: 2018108}.Check(), ""},
		{"odd profile", Person{Profile: "x"}.Check(), `profile "x"`},
		{"odd absence", Person{Unavailable: 7}.Check(), "unavailable 7"},
		{"a Page", Page{Restricted: 368}.Check(), ""},
		{"odd restriction", Page{Restricted: 7}.Check(), "restriction 7"},
		{"switches", Switches{}.Filled().Check(), ""},
		{"F9", Switches{Escapes: "x"}.Filled().Check(), "F9"},
		{"F15", Switches{Language: "xx"}.Filled().Check(), "F15"},
		{"listed codes", Switches{ListedUnder: 7}.Filled().Check(), "listed codes"},
		{"F3", Switches{RetryGaps: []time.Duration{0}}.Filled().Check(), "F3"},
		{"F3, none", Switches{RetryGaps: []time.Duration{}}.Filled().Check(), "F3"},
		{"a menu that never shows", Switches{MenuDelay: 25 * time.Hour}.Filled().Check(), "delay of menus"},
		{"quotas", Quotas{Codes: map[string]int{"app": 341}}.Check(), ""},
		{"a code of no quota", Quotas{Codes: map[string]int{"tea": 4}}.Check(), `"tea": want one of app`},
		{"no code", Quotas{Codes: map[string]int{"app": 0}}.Check(), "code 0"},
		{"routing", Switches{RoutingCode: 7}.Filled().Check(), "routing"},
	} {
		if (row.err == nil) != (row.want == "") || row.err != nil && !strings.Contains(row.err.Error(), row.want) {
			t.Errorf("%s: %v", row.name, row.err)
		}
	}
}

// Zero is the default, a negative number no limit.
func TestFilled(t *testing.T) {
	q := Quotas{SendsPerSecond: -1}.Filled()
	if q.SendsPerSecond != -1 || q.MediaPerSecond != 10 || q.ProfileCalls != 10 || q.ConversationsPerSecond != 2 || q.PrivateReplies != 750 || q.CallsPerApp != 0 {
		t.Errorf("quotas %+v", q)
	}
	s := Switches{RetriesAtOnce: -1}.Filled()
	if r := s.Retry(); r.AtOnce != 0 || len(r.Gaps) == 0 || s.InboxApp == "" || s.RoleCode != 200 {
		t.Errorf("switches %+v", s)
	}
	if !slices.Contains(AllTasks(), "MESSAGING") || !slices.Contains(BotScopes(), "pages_messaging") {
		t.Error("tasks or scopes lack what a bot needs")
	}
}
