package foyer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Limits of messenger.md section 4.1: everything that is wrong is told at once, by the
// name of its setting.
func TestCheck(t *testing.T) {
	long := strings.Repeat("é", 1001)
	for _, row := range []struct {
		name string
		page Page
		want []string
	}{
		{"nothing", Page{}, nil},
		{"all that is allowed", Page{GetStarted: "hi", Domains: []string{"https://a.example"}, View: View{
			Greeting: "Hi {{user_first_name}}", Menu: []MenuItem{{Title: "Tea", Text: "tea"}, {Title: "Us", URL: "https://a.example"}},
			IceBreakers: []Starter{{Question: "Open?"}}, Commands: []Command{{"help", "what I can do"}},
		}, Locales: map[string]View{"fr_FR": {Greeting: "Salut"}}}, nil},
		{"greeting", Page{View: View{Greeting: long}}, []string{"page.greeting has 1001 characters, at most 160"}},
		{"greeting of 160 with a wide character", Page{View: View{Greeting: strings.Repeat("a", 159) + "😀"}}, []string{"page.greeting has 161 characters"}},
		{"name in a greeting", Page{View: View{Greeting: "Hi {{name}}"}}, []string{"page.greeting: {{name}} is not known"}},
		{"menu", Page{View: View{Menu: []MenuItem{{Title: "a"}, {Title: long, Text: long}, {Title: "a", URL: "tea"}}}}, []string{
			"page.menu: entry 1 needs a title, and either a text or a url",
			"page.menu: entry 2: title has 1001 characters, at most 30", "page.menu: entry 2: text has 1001 characters, at most 1000",
			`page.menu: entry 3: url is "tea"; write a whole address`,
		}},
		{"long menu", Page{View: View{Menu: make([]MenuItem, 21)}}, []string{"page.menu: 21 entries, at most 20"}},
		{"closed without a menu", Page{View: View{MenuOnly: true}}, []string{"page.menu_only: there is no menu"}},
		{"ice breakers", Page{View: View{IceBreakers: make([]Starter, 5)}}, []string{"page.ice_breakers: 5 questions, at most 4", "entry 1 needs a question"}},
		{"commands", Page{View: View{Commands: []Command{{"/help", "x"}, {"a", ""}, {"b", "x"}, {"b", "x"}}}}, []string{
			"page.commands: entry 1 needs a name of letters", "page.commands: entry 2 needs", `page.commands: entry 4: there is a command "b" already`,
		}},
		{"domains", Page{Domains: []string{"http://a.example"}}, []string{`page.domains: entry 1 is "http://a.example"`}},
		{"locales", Page{Locales: map[string]View{"french": {Menu: []MenuItem{{Title: "a", Text: "b"}}}}}, []string{
			"page.locales.french: a locale is a language and a country", "page.locales.french.menu: there is no page.menu for everybody else",
		}},
	} {
		err := row.page.Check()
		if (err == nil) != (row.want == nil) {
			t.Errorf("%s: %v", row.name, err)
		}
		for _, want := range row.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in %v", row.name, want, err)
			}
		}
	}
}

// The difference is told in what people see; a Page that is as wanted has none, however
// the platform writes it, and what people set by hand is left alone.
func TestCompare(t *testing.T) {
	page := Page{View: View{
		Greeting: "Hi!", Menu: []MenuItem{{Title: "Tea", Text: "tea"}, {Title: "Us", URL: "https://a.example"}},
		IceBreakers: []Starter{{Question: "Open?"}},
	}, Locales: map[string]View{"fr_FR": {Greeting: "Salut!"}, "de_DE": {Greeting: "Hallo!"}}}
	asWanted := map[string]json.RawMessage{}
	for p, v := range page.Wanted() {
		asWanted[string(p)], _ = json.Marshal(v)
	}
	asWanted["greeting"] = json.RawMessage(`[{"locale":"fr_FR","text":"Salut!"},{"text":"Hallo!","locale":"de_DE","new":1},{"locale":"default","text":"Hi!"}]`)
	asWanted["ice_breakers"] = json.RawMessage(`[{"question":"Open?","payload":"Open?"}]`)
	for _, row := range []struct {
		name      string
		installed map[string]json.RawMessage
		ours      []Property
		want      map[Property][]string
	}{
		{"as wanted", asWanted, nil, map[Property][]string{}},
		{"an empty Page", nil, nil, map[Property][]string{
			GetStarted: {"+ a button Get Started (GET_STARTED)"}, Greeting: {`+ "Hi!"`, `+ de_DE: "Hallo!"`, `+ fr_FR: "Salut!"`},
			IceBreakers: {`+ "Open?" says "Open?"`}, Menu: {`+ "Tea" says "tea"`, `+ "Us" opens https://a.example`},
		}},
		{"another menu, and no shape at all", with(asWanted, "persistent_menu", `[{"locale":"default","call_to_actions":[{"type":"postback","title":"Tea","payload":"cake"}]}]`, "greeting", `7`), nil, map[Property][]string{
			Greeting: {`+ "Hi!"`, `+ de_DE: "Hallo!"`, `+ fr_FR: "Salut!"`},
			Menu:     {`- "Tea" says "cake"`, `+ "Tea" says "tea"`, `+ "Us" opens https://a.example`},
		}},
		{"another order", with(asWanted, "persistent_menu", `[{"locale":"default","call_to_actions":[{"type":"web_url","title":"Us","url":"https://a.example"},{"type":"postback","title":"Tea","payload":"tea"}]}]`), nil, map[Property][]string{
			Menu: {"~ the same entries in another order"},
		}},
		{"not ours", with(asWanted, "commands", `[{"locale":"default","commands":[{"name":"a","description":"b"}]}]`), nil, map[Property][]string{}},
		{"ours, and not wanted any more", with(asWanted, "commands", `[{"locale":"default","commands":[{"name":"a","description":"b"}]}]`), []Property{Commands}, map[Property][]string{Commands: {"- /a: b"}}},
	} {
		got := map[Property][]string{}
		for _, c := range Compare(page.Wanted(), row.installed, row.ours) {
			got[c.Property] = c.Lines
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

func with(all map[string]json.RawMessage, pairs ...string) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, v := range all {
		out[name] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return out
}
