package profile

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func many(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }

func long(n int) string { return strings.Repeat("x", n) }

const postback = `{"type":"postback","title":"Go","payload":"GO"}`

func properties(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := value.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value.Object(v)
}

func set(t *testing.T, text string) Profile {
	t.Helper()
	p, refused := Profile{}.With(properties(t, text), content.Rules{})
	if refused != nil {
		t.Fatalf("%s: %+v", text, refused)
	}
	return p
}

// One row for each check of a property (messenger.md §4.1).
func TestWith(t *testing.T) {
	item := func(s string) string {
		return `{"get_started":{"payload":"G"},"persistent_menu":[{"locale":"default","call_to_actions":[` + s + `]}]}`
	}
	for _, row := range []struct {
		name, body    string
		code, subcode int
	}{
		{"menu with Get Started", item(postback), 0, 0},
		{"menu without Get Started", `{"persistent_menu":[{"locale":"default","call_to_actions":[` + postback + `]}]}`, 100, 2018145},
		{"menu item of 30", item(`{"type":"postback","title":"` + long(30) + `","payload":"x"}`), 0, 0},
		{"nothing", `{}`, 100, 0},
		{"unknown property", `{"colour":"red"}`, 100, 0},
		{"Get Started without payload", `{"get_started":{}}`, 100, 2018040},
		{"Get Started payload of 1001", `{"get_started":{"payload":"` + long(1001) + `"}}`, 100, 0},
		{"greeting of 161", `{"greeting":[{"locale":"default","text":"` + long(161) + `"}]}`, 100, 0},
		{"greeting without default", `{"greeting":[{"locale":"de_DE","text":"Hallo"}]}`, 100, 0},
		{"greeting is no list", `{"greeting":"hi"}`, 100, 0},
		{"menu item of 31", item(`{"type":"postback","title":"` + long(31) + `","payload":"x"}`), 100, 0},
		{"menu nested", item(`{"type":"nested","title":"x"}`), 100, 0},
		{"menu without default", `{"get_started":{"payload":"G"},"persistent_menu":[{"locale":"de_DE","call_to_actions":[` + postback + `]}]}`, 100, 0},
		{"menu payload of 1001", item(`{"type":"postback","title":"x","payload":"` + long(1001) + `"}`), 100, 0},
		{"menu of 20", item(many(20, postback)), 0, 0},
		{"menu of 21", item(many(21, postback)), 105, 0},
		{"5 ice breakers", `{"ice_breakers":[` + many(5, `{"question":"q","payload":"p"}`) + `]}`, 105, 0},
		{"5 ice breakers, new form", `{"ice_breakers":[{"locale":"default","call_to_actions":[` + many(5, `{"question":"q","payload":"p"}`) + `]}]}`, 105, 0},
		{"4 ice breakers in each of two languages", `{"get_started":{"payload":"G"},"ice_breakers":[
			{"locale":"default","call_to_actions":[` + many(4, `{"question":"q","payload":"p"}`) + `]},
			{"locale":"de_DE","call_to_actions":[` + many(4, `{"question":"q","payload":"p"}`) + `]}]}`, 0, 0},
		{"ice breaker without payload", `{"ice_breakers":[{"question":"q"}]}`, 100, 2018040},
		{"101 commands", `{"commands":[{"locale":"default","commands":[` + many(101, `{"name":"n","description":"d"}`) + `]}]}`, 105, 0},
		{"description of 65", `{"commands":[{"locale":"default","commands":[{"name":"n","description":"` + long(65) + `"}]}]}`, 100, 0},
		{"command of 33", `{"commands":[{"locale":"default","commands":[{"name":"` + long(33) + `","description":"d"}]}]}`, 100, 0},
		{"no commands", `{"commands":[{"locale":"default","commands":[]}]}`, 194, 0},
		{"http domain", `{"whitelisted_domains":["http://a.b"]}`, 100, 0},
		{"http linking", `{"account_linking_url":"http://a.b"}`, 100, 0},
		{"read only", `{"subject_to_new_eu_privacy_rules":true}`, 100, 0},
	} {
		before := Profile{"greeting": "as it was"}
		after, refused := before.With(properties(t, row.body), content.Rules{})
		switch {
		case refused == nil && (row.code != 0 || len(after) < 2):
			t.Errorf("%s: accepted as %v, want %d/%d", row.name, after, row.code, row.subcode)
		case refused != nil && (refused.Code != row.code || refused.Subcode != row.subcode):
			t.Errorf("%s: %d/%d, want %d/%d", row.name, refused.Code, refused.Subcode, row.code, row.subcode)
		}
		if len(before) != 1 {
			t.Errorf("%s: the profile itself changed: %v", row.name, before)
		}
	}
}

func TestGetAndWithout(t *testing.T) {
	p := set(t, `{"get_started":{"payload":"G"},"persistent_menu":[{"locale":"default","call_to_actions":[`+postback+`]}]}`)
	if got, refused := p.Get([]string{"get_started", "greeting"}); refused != nil || len(got) != 1 {
		t.Errorf("get: %v, %+v", got, refused)
	}
	for _, names := range [][]string{nil, {"colour"}} {
		if _, refused := p.Get(names); refused == nil {
			t.Errorf("get %v: not refused", names)
		}
		if _, refused := p.Without(names); refused == nil {
			t.Errorf("delete %v: not refused", names)
		}
	}
	if _, refused := p.Without([]string{"get_started"}); refused == nil {
		t.Error("get_started was deleted under a menu")
	}
	after, refused := p.Without([]string{"get_started", "persistent_menu"})
	if refused != nil || len(after) != 0 || len(p) != 2 {
		t.Errorf("delete both: %v of %v, %+v", after, p, refused)
	}
}

// A person sees the entry of their locale, or the default one.
func TestShown(t *testing.T) {
	p := set(t, `{"get_started":{"payload":"G"},
		"greeting":[{"locale":"default","text":"Hi {{user_first_name}}!"},{"locale":"de_DE","text":"Hallo {{user_full_name}}!"}],
		"persistent_menu":[{"locale":"default","call_to_actions":[`+postback+`]}],
		"ice_breakers":[{"locale":"default","call_to_actions":[{"question":"Where?","payload":"WHERE"}]}],
		"commands":[{"locale":"default","commands":[{"name":"help","description":"d"}]}]}`)
	if got := p.Greeting("en_US", "Ada", "Lovelace"); got != "Hi Ada!" {
		t.Errorf("greeting: %q", got)
	}
	if got := p.Greeting("de_DE", "Ada", "Lovelace"); got != "Hallo Ada Lovelace!" {
		t.Errorf("German greeting: %q", got)
	}
	if m, s := p.Menu("de_DE"), p.Starters("de_DE"); len(m) != 1 || m[0].Payload != "GO" || len(s) != 1 || s[0].Payload != "WHERE" {
		t.Errorf("menu %+v, ice breakers %+v", m, s)
	}
	if p.GetStarted() != "G" || !p.HasCommand("help", "fr_FR") || p.HasCommand("hint", "fr_FR") {
		t.Error("Get Started or the command is not on offer")
	}
	flat := set(t, `{"ice_breakers":[{"question":"Where?","payload":"WHERE"}]}`)
	if s := flat.Starters("en_US"); len(s) != 1 || s[0].Title != "Where?" {
		t.Errorf("ice breakers in the flat form: %+v", s)
	}
	empty := Profile{}
	if empty.Menu("x") != nil || empty.Starters("x") != nil || empty.Greeting("x", "", "") != "" || empty.GetStarted() != "" {
		t.Error("an empty profile shows something")
	}
}
