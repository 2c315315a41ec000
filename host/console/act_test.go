package console

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestActs(t *testing.T) {
	desk := newFakeDesk()
	c, base := open(t, Config{Desk: desk})
	long := strings.Repeat("ä", maxText)
	for _, row := range []struct {
		name, path, body string
		want             int
		did, complaint   string
	}{
		{"say", "say", `{"text":"hello"}`, 204, "say hello", ""},
		{"say keeps blanks", "say", `{"text":" hello  you "}`, 204, "say  hello  you ", ""},
		{"say the longest", "say", `{"text":"` + long + `"}`, 204, "say " + long, ""},
		{"say too much", "say", `{"text":"` + long + `x"}`, 400, "", "text: more than 20000 characters"},
		{"say nothing", "say", `{"text":"  "}`, 400, "", "text: must not be empty"},
		{"no body", "say", ``, 400, "", "body: "},
		{"wrong type", "say", `{"text":7}`, 400, "", "body: "},
		{"too large", "say", `{"text":"` + strings.Repeat("x", maxBody) + `"}`, 413, "", ""},
		{"tap", "tap", `{"title":"Yes, please"}`, 204, "tap Yes, please", ""},
		{"tap nothing", "tap", `{}`, 400, "", "title: must not be empty"},
		{"get started", "event", `{"kind":"get_started"}`, 204, "event get_started ", ""},
		{"postback", "event", `{"kind":"postback","payload":"MENU"}`, 204, "event postback MENU", ""},
		{"postback without payload", "event", `{"kind":"postback"}`, 400, "", "payload: must not be empty"},
		{"unknown event", "event", `{"kind":"earthquake"}`, 400, "", "kind: must be one of get_started, postback"},
		{"reset", "reset", `{}`, 204, "reset", ""},
		{"skip", "skip", ``, 204, "skip", ""},
		{"unknown act", "dance", `{}`, 404, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(desk.did())
			res := request(t, "POST", base+"/api/"+row.path, row.body, "Content-Type", "application/json", forgeryHeader, c.gate.forgery)
			if got := complaint(t, res); res.StatusCode != row.want || !strings.Contains(got, row.complaint) {
				t.Fatalf("%s: %q", res.Status, got)
			}
			did := strings.Join(desk.did()[before:], "; ")
			if did != row.did {
				t.Fatalf("did %.60q", did)
			}
		})
	}
	t.Run("a form's content type", func(t *testing.T) {
		res := request(t, "POST", base+"/api/say", `{"text":"x"}`, "Content-Type", "text/plain", forgeryHeader, c.gate.forgery)
		if res.StatusCode != 400 {
			t.Fatal(res.Status)
		}
	})
	t.Run("the desk refuses", func(t *testing.T) {
		desk.refusal = errNoButton
		res := request(t, "POST", base+"/api/tap", `{"title":"Maybe"}`, "Content-Type", "application/json", forgeryHeader, c.gate.forgery)
		if got := complaint(t, res); res.StatusCode != 422 || got != errNoButton.Error() {
			t.Fatalf("%s: %q", res.Status, got)
		}
	})
}

func TestSource(t *testing.T) {
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk})
	for _, row := range []struct {
		path string
		want int
	}{
		{"quiz.topic", 200},
		{"shop/tickets.topic", 200},
		{"nothing.topic", 404},
		{"../bot.toml", 400},
		{"shop/../../bot.toml", 400},
		{"shop/../quiz.topic", 400},
		{"/etc/passwd", 400},
		{`..\bot.toml`, 400},
		{`c:\bot.toml`, 400},
		{"c:bot.toml", 400},
		{"./quiz.topic", 400},
		{"quiz.topic\x00.topic", 400},
		{"shop//tickets.topic", 400},
		{"", 400},
	} {
		t.Run(row.path, func(t *testing.T) {
			desk.asked = nil
			res := request(t, "GET", base+"/api/source?path="+url.QueryEscape(row.path), "")
			if res.StatusCode != row.want {
				t.Fatal(res.Status)
			}
			if reached := len(desk.asked) > 0; reached != (row.want != 400) {
				t.Fatalf("the desk was asked for %q", desk.asked)
			}
			if row.want != 200 {
				return
			}
			var got struct{ Path, Text string }
			if err := json.NewDecoder(res.Body).Decode(&got); err != nil || got.Path != row.path || got.Text != scripts[row.path] {
				t.Fatalf("%+v, %v", got, err)
			}
		})
	}
}

func TestStateIsTheWholeDesk(t *testing.T) {
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk})
	var got State
	if err := json.NewDecoder(request(t, "GET", base+"/api/state", "").Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Bot != "quizmaster" || len(got.Thread) != 2 || !got.Generation.SavedAt.Equal(evening) {
		t.Fatalf("%+v", got)
	}
}

func TestKindsAreNamedOnce(t *testing.T) {
	kinds := Kinds()
	slices.Sort(kinds)
	if len(slices.Compact(kinds)) != len(Kinds()) {
		t.Fatal(Kinds())
	}
}
