package console

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// much is all that can be different at once.
var much = []Change{
	{Kind: TopicKind, State: "added", Name: "quiz"},
	{Kind: TopicKind, State: "changed", Name: "shop", Triggers: []TriggerChange{{"added", "[i want] ticket [please]"}, {"changed", "price of *"}, {"removed", "(box|boxes) for (two|three|four|five) people on (friday|saturday) evening"}}, More: 7},
	{Kind: TopicKind, State: "removed", Name: "bar"},
	{Kind: ScriptKind, State: "changed", Name: "default.topic"},
	{Kind: PluginKind, State: "changed", Name: "weather", Detail: "1.0.0 → 1.1.0"},
	{Kind: SettingKind, State: "changed", Name: "page.greeting"},
	{Kind: SettingKind, State: "added", Name: "personas.vera.picture"},
	{Kind: MaterialKind, State: "changed", Name: "pictures/stalls.png"},
	{Kind: BackstageKind, State: "changed", Name: "tea.chat"},
}

// The badge says how the desk stands to what is published, at once when that changes here or elsewhere; its window says
// what is different, and how to publish.
func draftAndPublished(t *testing.T, browser context.Context) {
	const (
		badge  = `document.getElementById("published")`
		long   = badge + `.querySelector(".published-long").textContent`
		window = `document.getElementById("published-window")`
	)
	stage := &Version{Number: 12, ID: "3f9a01c2d4", At: evening.Add(-26 * time.Hour), Note: "winter menu"}
	next := &Version{Number: 13, ID: "77b0e1aa02", At: evening}
	stand := func(p Published) *Published {
		p.Command = "footlight publish scripts/quizmaster"
		return &p
	}
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			desk := newFakeDesk()
			_, base := open(t, Config{Desk: desk, Producer: newFakeProducer()})
			b := browse(t, browser, base)
			b.live()
			b.window(w.width, w.height, w.theme)
			b.see(badge + `.hidden`) // nobody looks at what is published
			b.press("p")
			show := func(name, text string, p *Published) {
				t.Helper()
				desk.change(func(s *State) { s.Published = p })
				b.see(`!` + badge + `.hidden && ` + long + ` === "` + text + `" && document.getElementById("published-says").textContent === "` + text + `"`)
				b.fits()
				b.see(badge + `.getBoundingClientRect().right <= document.getElementById("help").getBoundingClientRect().left`)
				b.shot(w.name + " published " + name)
			}
			reads := func(texts ...string) {
				t.Helper()
				for _, text := range texts {
					b.see(window + `.open && ` + window + `.textContent.includes("` + text + `")`)
				}
				b.see(window + `.scrollWidth <= ` + window + `.clientWidth`)
			}
			show("0 unknown", "published or not: unknown", stand(Published{Stand: Unknown, Fault: "redis: connection refused"}))
			show("1 nothing", "not published", stand(Published{Stand: Unpublished}))
			b.do(chromedp.Focus(chromedp.CSS("#published")))
			b.press("Enter")
			reads("Nothing is published yet", "footlight publish scripts/quizmaster")
			b.see(`document.activeElement.id === "published-title"`)
			b.shot(w.name + " published 2 nothing")

			// It is published while somebody reads.
			show("3 same", "published as version 12", stand(Published{Stand: Same, Stage: stage, Draft: stage, Hosts: []Follower{{Name: "a"}, {Name: "b"}}}))
			reads("People get what is on your desk", "version 12", "“winter menu”", "2 hosts play")
			b.see(`document.activeElement.id === "published-title" && !` + window + `.textContent.includes("footlight publish")`)
			b.press("Escape")
			b.see(`!` + window + `.open && document.activeElement.id === "published"`)

			differing := stand(Published{Stand: Differs, Stage: stage, Changes: much, Hosts: []Follower{{Name: "a"}, {Name: "b 10.0.0.7:8080", Fault: "version 3f9a01c2d4: the trial turn \"hello\": no memory"}}})
			show("4 differs", "3 topics and 5 others differ from published", differing)
			b.press("p")
			reads("What people get is different", "and 7 more", "1.0.0 → 1.1.0", "personas.vera.picture", "1 cannot play it", "no memory")
			b.shot(w.name + " published 5 differs")
			b.script(window + `.scrollTop = ` + window + `.scrollHeight`)
			b.shot(w.name + " published 6 differs below")
			// A name leads to its line.
			b.script(`[...document.querySelectorAll("button.change-name")].find((one) => one.textContent === "[i want] ticket [please]").click()`)
			b.see(`!` + window + `.open && document.getElementById("source-name").textContent.includes("tickets.topic")`)
			b.script(`document.querySelector("[data-room=chat]").click()`)

			show("7 one", "1 file differs from published", stand(Published{Stand: Differs, Stage: stage, Draft: next, Why: "rollback", Changes: slices.Clone(much[7:8])}))
			b.press("p")
			reads("Back on stage: version 12", "version 13, which is not on stage")
			b.press("Escape")
			show("8 tried", "5% of the people get this", stand(Published{Stand: Differs, Stage: stage, Canary: next, Percent: 5, Draft: next, Changes: slices.Clone(much[7:8])}))
			show("9 alike", "published as version 12", stand(Published{Stand: Alike, Stage: stage, Changes: slices.Clone(much[8:])}))
			desk.change(func(s *State) { s.Published.Stand, s.Generation.OK, s.Problems = Unpublished, false, broken })
			b.press("Escape", "Escape", "p")
			reads("Mend them first")
			b.quiet()
		})
	}
}

// TestStandings: the page knows each standing and each kind of change.
func TestStandings(t *testing.T) {
	text, err := files.ReadFile("page/published.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{string(Unpublished), string(Same), string(Alike), string(Differs), string(TopicKind), string(ScriptKind), string(PluginKind), string(SettingKind), string(MaterialKind), string(BackstageKind)} {
		if !strings.Contains(string(text), `"`+word+`"`) {
			t.Errorf("the page does not know %q", word)
		}
	}
}
