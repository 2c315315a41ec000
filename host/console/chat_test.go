package console

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// windows are those that the page must be good in.
var windows = []struct {
	name          string
	width, height int64
	theme         string
}{
	{"desktop", 1280, 800, "light"},
	{"desktop dark", 1280, 800, "dark"},
	{"phone", 390, 844, "light"},
	{"phone dark", 390, 844, "dark"},
}

const (
	say      = "#say"
	bubbles  = `document.querySelectorAll("#log .row").length`
	bannerUp = `!document.getElementById("banner").hidden`
	framesUp = `!document.getElementById("overlay").hidden`
)

// The page in a real browser. All of it shares one browser, each part has its own tab.
func TestPage(t *testing.T) {
	browser := launch(t)
	for name, try := range map[string]func(*testing.T, context.Context){
		"evening at the desk":     eveningAtTheDesk,
		"first start waits":       firstStartWaits,
		"text is never markup":    textIsNeverMarkup,
		"keyboard":                keyboard,
		"refusal is shown":        refusalIsShown,
		"bubbles of all kinds":    bubblesOfAllKinds,
		"thread keeps its place":  threadKeepsItsPlace,
		"page survives a restart": pageSurvivesRestart,
		"door":                    door,
		"way to the Page":         wayToThePage,
		"doctor's rounds":         doctorsRounds,
		"office is legible":       officeIsLegible,
		"refusal in the trace":    refusalInTheTrace,
		"grants are shown":        grantsAreShown,
		"picture":                 picture,
		"source comes back":       sourceComesBack,
		"draft and published":     draftAndPublished,
	} {
		t.Run(name, func(t *testing.T) { try(t, browser) })
	}
}

// One evening at the desk: speak, watch the bot type, read why, tap, break the
// script, put the frames away, mend it.
func eveningAtTheDesk(t *testing.T, browser context.Context) {
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			desk := newFakeDesk()
			_, base := open(t, Config{Desk: desk})
			b := browse(t, browser, base)
			b.live()
			b.window(w.width, w.height, w.theme)
			b.see(bubbles + ` === 2`)
			b.fits()
			b.shot(w.name + " 1 opened")

			b.script(`document.querySelectorAll("#log .row").forEach((row) => { row.old = true; })`)
			b.write(say, "yes, I would love to")
			b.press("Enter")
			b.see(bubbles + ` === 3 && document.querySelector(".dots") !== null && document.getElementById("say").value === ""`)
			b.shot(w.name + " 2 typing")
			desk.release(
				Bubble{Text: "Lovely!"},
				Bubble{Text: "First question: which light stands at the front edge of the stage?", QuickReplies: []Button{{Title: "Footlight"}, {Title: "Spotlight"}, {Title: "Follow spot"}}},
			)
			b.see(bubbles + ` === 5 && document.querySelector(".dots") === null`)
			b.see(`[...document.querySelectorAll("#log .row")].map((row) => row.old ? "old" : "new").join() === "old,old,new,new,new"`)
			b.fits()

			// ↑ brings back what was said.
			b.press("ArrowUp")
			b.see(`document.getElementById("say").value === "yes, I would love to"`)
			b.press("ArrowDown")
			b.see(`document.getElementById("say").value === ""`)

			// The note beside the reply opens trace and line.
			b.script(`document.querySelectorAll("#log [data-from=bot] .chip")[2].click()`)
			b.see(`document.querySelector(".step[data-kind=matched] .step-text").textContent === "+ (yes|sure) *"`)
			b.see(`document.querySelector(".line[aria-current] code")?.textContent.includes("(yes|sure)")`)
			b.fits()
			b.shot(w.name + " 3 why")

			b.script(`document.querySelector("[data-room=script]").click()`)
			b.see(lineInView)
			b.shot(w.name + " 5 script")
			b.script(`document.querySelector("[data-room=chat]").click()`)
			b.do(chromedp.Click(chromedp.CSS(`#quick .button`)))
			b.see(bubbles + ` === 6 && document.querySelectorAll("#quick .button").length === 0`)
			if did := desk.did(); !slices.Equal(did, []string{"say yes, I would love to", "tap Footlight"}) {
				t.Errorf("did %q", did)
			}

			breakAndMend(t, b, desk, w.name)
			b.fits()
			b.quiet()
		})
	}
}

func breakAndMend(t *testing.T, b *tab, desk *fakeDesk, name string) {
	t.Helper()
	desk.change(func(s *State) {
		s.Typing, s.Pending = false, nil
		s.Generation.OK = false
		s.Problems = broken
	})
	b.see(bannerUp + ` && ` + framesUp)
	b.see(`/^serving generation 42 \(saved \d\d:\d\d\), 2 errors in current files$/.test(document.querySelector("#banner p").textContent)`)
	b.see(`document.getElementById("icon").href.endsWith("icon-broken.svg") && document.title.startsWith("(2)")`)
	b.see(`document.querySelector("#overlay pre").textContent.includes("~~~~~ did you mean")`)
	b.fits()
	b.shot(name + " 4 broken")
	b.press("Escape")
	b.see(bannerUp + ` && !(` + framesUp + `)`)
	b.press("Escape")
	b.see(`!(` + bannerUp + `)`)
	// Other problems are shown again.
	desk.change(func(s *State) { s.Problems = broken[1:] })
	b.see(bannerUp + ` && ` + framesUp)
	desk.change(func(s *State) {
		s.Generation.OK, s.Generation.Number = true, 43
		s.Problems = nil
	})
	b.see(`!(` + bannerUp + `) && !(` + framesUp + `) && document.getElementById("icon").href.endsWith("icon.svg")`)
}

func firstStartWaits(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	desk.state = State{Bot: "quizmaster", Problems: broken}
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	for _, w := range windows {
		b.window(w.width, w.height, w.theme)
		b.see(`document.querySelector("#waiting pre")?.textContent.includes("quizz") && document.getElementById("desk").hidden`)
		b.fits()
		b.shot(w.name + " waiting")
	}
	desk.change(func(s *State) {
		s.Generation = Generation{Number: 1, OK: true, SavedAt: evening}
		s.Problems = nil
		s.Topics = topics
		desk.greet()
	})
	b.see(`document.getElementById("waiting").hidden && ` + bubbles + ` === 2`)
	b.quiet()
}

// What scripts and people write is text, whatever it looks like.
func textIsNeverMarkup(t *testing.T, browser context.Context) {
	const nasty = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	desk := newFakeDesk()
	desk.sources = map[string]string{nasty: nasty}
	desk.change(func(s *State) {
		s.Bot, s.Person, s.Topic = nasty, nasty, nasty
		s.Topics = []Topic{{Name: nasty, Triggers: []Trigger{{Text: nasty, File: nasty, Line: 1}}}}
		s.Problems = []Problem{{Severity: "error", Code: nasty, Message: nasty, File: nasty, Frame: nasty + "\n" + nasty}}
		s.Variables = []Variable{{nasty, nasty}}
		s.Traces = []Trace{{Turn: "1", Input: nasty, Lines: []TraceLine{{Kind: nasty, Text: nasty, File: nasty, Line: 1}}}}
		s.Thread = []Bubble{{
			ID: "1", From: FromBot, Text: nasty, At: evening,
			Why:          &Why{Turn: "1", Trigger: nasty, File: nasty, Line: 1},
			QuickReplies: []Button{{Title: nasty}},
			Buttons:      []Button{{Title: nasty, URL: "javascript:document.title='owned'"}},
			Attachment:   &Attachment{Kind: "image", URL: "javascript:document.title='owned'"},
			Cards:        []Card{{Title: nasty, Subtitle: nasty, Image: "data:text/html,x", Buttons: []Button{{Title: nasty, URL: "javascript:0"}}}},
		}}
	})
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	b.window(1280, 800, "light")
	b.see(bubbles + ` === 1`)
	b.script(`document.querySelectorAll(".topic summary").forEach((each) => each.parentElement.open || each.click())`)
	b.see(`document.querySelector(".line code")?.textContent.startsWith("<img")`)
	b.see(`document.querySelector(".trigger")?.textContent.startsWith("+<img")`)
	b.see(`document.querySelectorAll("body img").length === 2 && document.querySelectorAll("body script").length === 0`)
	b.see(`[...document.querySelectorAll("a")].every((link) => !/^(javascript|data):/.test(link.href))`)
	b.see(`document.querySelector(".bubble p").textContent.startsWith("<img")`)
	b.see(`!document.title.startsWith("owned")`)
	b.fits()
	b.quiet()
}

func keyboard(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	b.window(1280, 800, "light")
	b.see(bubbles + ` === 2`)
	b.press("/")
	b.see(`document.activeElement.id === "say"`)
	b.press("r", "?") // letters, while one writes
	b.see(`document.getElementById("say").value === "r?"`)
	b.press("Escape", "?")
	b.see(`document.getElementById("keys").open && document.getElementById("keys").textContent.includes("recall")`)
	b.shot("keys")
	b.do(chromedp.Click(chromedp.CSS("#keys-on"))) // keys of one character can be turned off, and on again (WCAG 2.1.4)
	b.press("Escape", "+", "2", "?")
	b.see(`!document.getElementById("keys").open && !document.getElementById("events").open && document.body.dataset.house === "desk"`)
	b.do(chromedp.Click(chromedp.CSS("#help")))
	b.see(`document.getElementById("keys").open`)
	b.do(chromedp.Click(chromedp.CSS("#keys-on")))
	b.press("Escape")
	b.see(`!document.getElementById("keys").open`)
	b.press("+")
	b.see(`document.getElementById("events").open`)
	b.shot("events")
	b.do(chromedp.Click(chromedp.CSS(`[value=postback]`)))
	b.write("#event-payload", "MENU")
	b.press("Enter")
	b.see(`!document.getElementById("events").open`)
	b.press("f")
	b.see(`document.activeElement.id === "filter"`)
	b.write("#filter", "ticket")
	b.see(`document.querySelectorAll(".topic").length === 1 && document.querySelectorAll(".trigger").length === 1`)
	// Choosing by keyboard keeps the cursor where it is.
	b.script(`document.querySelector(".trigger").focus()`)
	b.press("Enter")
	b.see(`document.querySelector(".line[aria-current] code")?.textContent.includes("ticket")`)
	b.see(`document.activeElement.classList.contains("trigger") && document.activeElement.hasAttribute("aria-current")`)
	b.press("s", "r")
	b.see(bubbles + ` === 2`)
	want := []string{"event postback MENU", "skip", "reset"}
	b.until(func() bool { return slices.Equal(desk.did(), want) }, "what was asked for at the desk")
	b.quiet()
}

// What the desk refuses is said in words, and what was written comes back.
func refusalIsShown(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	desk.refusal = errNoButton
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	b.window(390, 844, "light")
	b.write(say, "maybe")
	b.press("Enter")
	b.see(`!document.getElementById("notice").hidden && document.getElementById("notice").textContent === 'no quick reply "Maybe" is shown'`)
	b.see(`document.getElementById("say").value === "maybe"`)
	b.press("Escape")
	b.see(`document.getElementById("notice").hidden`)
	b.fits()
}

// All kinds of bubbles fit into a phone.
func bubblesOfAllKinds(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	desk.change(func(s *State) {
		why := &Why{Turn: "1", Trigger: "get started", File: "a/very/long/path/to/some_unusually_long_file_name.topic", Line: 1234}
		desk.sources = map[string]string{why.File: "+ get started\n- Two lines.\n"}
		s.Thread = []Bubble{
			{ID: "1", From: FromPerson, Text: "https://example.org/" + longWord, At: evening, Why: &Why{Turn: "1"}},
			{ID: "2", From: FromBot, Persona: "Vera from the tea house", Text: "Two lines,\nof which the second has a very long word: " + longWord, At: evening, Why: why},
			{ID: "3", From: FromBot, Text: "Choose.", Buttons: []Button{{Title: "Programme", URL: "https://example.org/programme"}, {Title: "Call the box office"}}, At: evening, Why: why},
			{ID: "4", From: FromBot, Attachment: &Attachment{Kind: "image", URL: "https://cdn.example.org/posters/" + longWord + ".png"}, At: evening, Why: why},
			{ID: "5", From: FromBot, Cards: []Card{
				{Title: "The Cherry Orchard", Subtitle: "Tonight at eight, main stage", Image: "https://cdn.example.org/orchard.jpg", Buttons: []Button{{Title: "Book"}}},
				{Title: "The Seagull", Subtitle: "Tomorrow", Buttons: []Button{{Title: "Book the Seagull"}}},
			}, At: evening, Why: why},
		}
		s.Typing, s.TypingAs = true, "Bo"
	})
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	// A persona's name stands above what they say, for all eyes and once for a screen reader.
	b.see(`[...document.querySelectorAll("#log .speaker")].map((one) => one.textContent).join() === "Vera from the tea house"`)
	b.see(`document.querySelector("#typing .speaker").textContent === "Bo" && document.querySelector("#typing .unseen").textContent === "Bo is typing"`)
	for _, w := range windows {
		b.window(w.width, w.height, w.theme)
		b.see(bubbles + ` === 5`)
		b.fits()
		b.shot(w.name + " kinds")
	}
	b.script(`[...document.querySelectorAll(".card button")].find((one) => one.textContent === "Book the Seagull").click()`)
	b.until(func() bool { return slices.Equal(desk.did(), []string{"tap Book the Seagull"}) }, "what was asked for at the desk")
	b.quiet()
}

const longWord = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
