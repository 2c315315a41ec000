package console

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/footlight-bots/footlight/host/deploy"
)

// found is a finding of a check.
func found(id string, state deploy.State, text string) deploy.Finding {
	return deploy.Finding{Check: id, Title: id, State: state, Found: text}
}

// wayThrough are the findings of a walk before it meets a check.
func wayThrough(until string) []deploy.Finding {
	var list []deploy.Finding
	for _, s := range deploy.Steps() {
		if s.ID == until {
			break
		}
		list = append(list, found(s.ID, deploy.Fine, "as it should be"))
	}
	return list
}

// at is where the finding of a check stands.
func at(list []deploy.Finding, id string) int {
	return slices.IndexFunc(list, func(f deploy.Finding) bool { return f.Check == id })
}

// steps is how many steps there are, as JavaScript.
func steps() string { return strconv.Itoa(len(deploy.Steps())) }

const (
	walkSays = `document.getElementById("walk-says").textContent`
	stepOf   = `[...document.querySelectorAll("#walk-steps .check")]`
)

// The way to the Page, from the first start to a bot that talks: a secret is typed, a
// difference agreed to, a refusal met and mended.
func wayToThePage(t *testing.T, browser context.Context) {
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			p := newFakeProducer()
			_, base := open(t, Config{Desk: newFakeDesk(), Producer: p})
			b := browse(t, browser, base)
			b.live()
			b.window(w.width, w.height, w.theme)
			b.script(`[...document.querySelectorAll("[data-house-link=deploy]")].find((link) => link.offsetParent).click()`)
			b.see(`document.body.dataset.house === "deploy" && document.getElementById("deploy").offsetParent !== null && document.getElementById("desk").offsetParent === null`)
			b.see(stepOf + `.length === ` + steps() + ` && ` + stepOf + `.every((row) => row.dataset.state === "next")`)
			b.script(`document.querySelector(".settings").open = true`)
			b.see(`document.getElementById("order-public").value === "https://bot.example"`)
			b.fits()
			b.shot(w.name + " deploy 1 begin")
			b.write("#order-page", "104290001")
			b.do(chromedp.Click(chromedp.CSS("#walk-go")))
			b.until(func() bool { return p.order().Page == "104290001" }, "a start")
			if o := p.order(); o.Public != "https://bot.example" || o.DryRun || o.Serve || !o.TestMessage {
				t.Errorf("order %+v", o)
			}
			b.see(`document.getElementById("walk-order").hidden && !document.getElementById("walk-off").hidden`)

			ask := Ask{ID: "a1", Kind: Detail, Check: deploy.Credentials, Name: deploy.NameAppSecret, What: "the app's secret", Where: "developers.facebook.com, your app, App settings, Basic: App secret, Show", Secret: true}
			p.change(func(w *Walk, _ *Checkup) { w.Stand, w.Now, w.Ask = Asking, deploy.Credentials, &ask })
			b.see(`document.activeElement.id === "ask-a1" && document.activeElement.type === "password"`)
			b.write("#ask-a1", "not to be shown")
			// What changes elsewhere leaves what is typed alone.
			p.change(func(w *Walk, _ *Checkup) {
				w.Cautions = []string{"FOOTLIGHT_APP_ID in the environment holds another value."}
			})
			b.see(`document.getElementById("walk-cautions").textContent.includes("another value") && document.getElementById("ask-a1").value.length === 15`)
			b.fits()
			b.shot(w.name + " deploy 2 secret")
			b.press("Enter")
			b.until(func() bool { return slices.Contains(p.acts(), "answer a1 false false 15") }, "the answer")
			b.see(`document.querySelector(".ask") === null && !document.documentElement.outerHTML.includes("not to be shown") && !location.href.includes("not")`)

			consent(b, p, w.name)
			stoppedAndMended(b, p, w.name)
			talks(t, b, p, w.name)
			b.quiet()
		})
	}
}

func consent(b *tab, p *fakeProducer, name string) {
	b.t.Helper()
	ask := Ask{ID: "a2", Kind: Consent, Check: deploy.SetUp, Found: "greeting, menu: not as bot.toml says", Plan: []string{"greeting", `  - "Hi!"`, `  + "Good evening!"`, "menu", `  + "Tickets" says "tickets"`}}
	p.change(func(w *Walk, _ *Checkup) {
		w.Findings, w.Cautions = wayThrough(deploy.SetUp), []string{}
		w.Findings[at(w.Findings, deploy.PageToken)].State = deploy.Changed
		w.Stand, w.Now, w.Ask = Asking, deploy.SetUp, &ask
	})
	b.see(`document.querySelectorAll(".difference [data-sign=more]").length === 2 && document.querySelectorAll(".difference [data-sign=less]").length === 1`)
	b.see(`document.activeElement.textContent === "Do it"`)
	b.fits()
	b.shot(name + " deploy 3 consent")
	b.press("Enter")
	b.until(func() bool { return slices.Contains(p.acts(), "answer a2 true false 0") }, "the consent")
}

func stoppedAndMended(b *tab, p *fakeProducer, name string) {
	b.t.Helper()
	f := deploy.Finding{
		Check: deploy.Callback, Title: "callback", State: deploy.Broken, Code: "2200",
		Found: "https://bot.example/webhook does not answer: connection refused",
		Means: "Meta calls the host at this address. As long as nobody answers there, no message arrives; after an hour of silence Meta unsubscribes the bot.",
		Cure:  "Start the host on that machine (footlight serve DIR), or run this with --serve. See that the address leads to its port: a web server or tunnel in front has to pass /webhook on.",
	}
	p.change(func(w *Walk, _ *Checkup) {
		w.Findings = append(wayThrough(deploy.Callback), f)
		w.Stand, w.Now, w.Ask = Stopped, "", nil
	})
	b.see(walkSays + `.startsWith("Stopped at “callback”") && document.activeElement.textContent === "I have done that: go on"`)
	b.see(stepOf + `.filter((row) => row.dataset.state === "broken").length === 1`)
	b.fits()
	b.shot(name + " deploy 4 stopped")
	b.do(chromedp.Click(chromedp.CSS(".explain-button")))
	b.see(`document.getElementById("explain").open && document.getElementById("explain").textContent.includes("Graph API error 2200")`)
	b.shot(name + " explain")
	b.press("Escape")
	b.see(`!document.getElementById("explain").open`)
	b.script(`[...document.querySelectorAll(".ask-choices button")].find((one) => one.textContent.startsWith("Start the host here")).click()`)
	b.until(func() bool { return p.order().Serve }, "a start with a host")
}

func talks(t *testing.T, b *tab, p *fakeProducer, name string) {
	t.Helper()
	out := deploy.Outcome{PageID: "104290001", PageName: "Tea House"}
	p.change(func(w *Walk, _ *Checkup) {
		w.Findings = append(wayThrough(deploy.Talk), found(deploy.Talk, deploy.Fine, "the bot has answered Ann"))
		w.Stand, w.Now, w.PageName, w.Link, w.Serving = Done, "", "Tea House", deploy.Link("104290001", ""), "127.0.0.1:8088"
		w.Notes = out.Farewell("scripts/tea", true)
	})
	b.see(`document.getElementById("deploy-title").textContent === "quizmaster is on its Page" && ` + stepOf + `.every((row) => row.dataset.state === "fine")`)
	b.see(`document.getElementById("code").complete && document.getElementById("code").naturalWidth > 0`)
	b.see(`document.getElementById("next").textContent.includes("Send message")`)
	b.write("#ref", "poster-3")
	b.see(`document.getElementById("link").href === "https://m.me/104290001?ref=poster-3" && document.getElementById("code").src.endsWith("?ref=poster-3") && document.getElementById("code-png").download === "m.me-poster-3.png"`)
	b.write("#ref", " ü")
	b.see(`!document.getElementById("ref-wrong").hidden && document.getElementById("ref").getAttribute("aria-invalid") === "true"`)
	b.script(`document.getElementById("ref").value = "poster-3"; document.getElementById("ref").dispatchEvent(new Event("input")); document.getElementById("deploy").scrollTo(0, 0)`)
	b.see(`document.getElementById("ref-wrong").hidden && document.getElementById("code").complete`)
	b.fits()
	b.shot(name + " deploy 5 done")
	b.script(`document.getElementById("deploy").scrollTo(0, 1e6)`)
	b.shot(name + " deploy 6 done below")
	b.do(chromedp.Click(chromedp.CSS("#host-stop")))
	b.see(`document.getElementById("host").hidden`)
}

// TestWording: the page is named what helps in its own words, the report as the terminal has it.
func TestWording(t *testing.T) {
	const cure, there = "Run footlight deploy: it subscribes the app.", "Go through the page Deploy: it subscribes the app."
	f := deploy.Finding{Check: "x", State: deploy.Broken, Cure: cure}
	p, desk := newFakeProducer(), newFakeDesk()
	p.change(func(w *Walk, c *Checkup) {
		report := deploy.NewReport([]deploy.Finding{f})
		w.Findings, c.Report, c.At = []deploy.Finding{f}, &report, evening
		w.Notes = []deploy.Note{{Label: "serve", Text: "footlight doctor tells whether all is well."}}
	})
	desk.change(func(s *State) {
		s.Traces = []Trace{{Turn: "1", Lines: []TraceLine{{Kind: "refused", Text: cure}, {Kind: "input", Text: cure}}}}
	})
	c, base := open(t, Config{Desk: desk, Producer: p})
	v := c.view()
	for name, got := range map[string]string{
		"walk": v.Walk.Findings[0].Cure, "doctor": v.Checkup.Report.Findings[0].Cure, "refusal": v.Traces[0].Lines[0].Text,
	} {
		if got != there {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := v.Walk.Notes[0].Text; got != "The page Doctor tells whether all is well." {
		t.Errorf("note: %q", got)
	}
	if got := v.Traces[0].Lines[1].Text; got != cure {
		t.Errorf("what a person said: %q", got)
	}
	text, err := io.ReadAll(request(t, "GET", base+"/api/doctor", "").Body)
	if err != nil || !strings.Contains(string(text), cure) || p.Checkup().Report.Findings[0].Cure != cure {
		t.Errorf("the report: %s, %v", text, err)
	}
}

// The doctor's page: looks again when it is told to, and shows all of it by keyboard alone.
func doctorsRounds(t *testing.T, browser context.Context) {
	p := newFakeProducer()
	_, base := open(t, Config{Desk: newFakeDesk(), Producer: p})
	b := browse(t, browser, base)
	b.live()
	b.press("3")
	b.see(`document.body.dataset.house === "doctor" && document.activeElement.id === "doctor-title"`)
	b.press("Tab", "Enter")
	b.until(func() bool { return slices.Contains(p.acts(), "examine") }, "an examination")
	b.see(`document.getElementById("doctor-look").getAttribute("aria-disabled") === "true"`)
	list := wayThrough("")
	token := at(list, deploy.PageToken)
	list[token] = deploy.Finding{
		Check: deploy.PageToken, Title: "Page token", State: deploy.Broken, Code: "190/460",
		Found: "inspect token: 400, code 190/460: the session has been invalidated", Means: "Whoever made the token has changed their password.", Cure: "Run footlight deploy with a fresh user token.",
	}
	for i := token + 1; i < token+3; i++ {
		list[i].State, list[i].Found = deploy.Skipped, `not looked at: it needs "Page token" first`
	}
	list[at(list, deploy.GivenUp)] = deploy.Finding{Check: deploy.GivenUp, Title: "messages given up", State: deploy.Warning, Found: "2 within a day", Means: "Some people did not get what the bot said.", Cure: "footlight user list tells who."}
	report := deploy.NewReport(list)
	p.change(func(_ *Walk, c *Checkup) { *c = Checkup{At: evening, Report: &report} })
	for _, w := range windows {
		b.window(w.width, w.height, w.theme)
		b.see(`document.getElementById("doctor-says").textContent.startsWith("1 thing keeps the bot from answering. 1 warning.")`)
		b.see(`document.querySelectorAll("#doctor-checks .check").length === ` + steps() + ` && document.querySelectorAll("#doctor-checks .advice-cure").length === 2`)
		b.fits()
		b.shot(w.name + " doctor")
	}
	b.see(`document.getElementById("doctor-json").getAttribute("href") === "/api/doctor"`)
	// The keys of the desk do nothing here.
	b.script(`document.activeElement.blur()`)
	b.press("r", "s", "1")
	b.see(`document.body.dataset.house === "desk"`)
	b.press("?")
	b.see(`document.getElementById("keys").open`)
	b.quiet()
}

// Text in the office is text, whatever it looks like, and words stand out enough to be
// read (WCAG AA: 4.5 to 1) on every ground, by day and by night.
func officeIsLegible(t *testing.T, browser context.Context) {
	const nasty = `<img src=x onerror="document.title='owned'">`
	p := newFakeProducer()
	p.walk.Findings = []deploy.Finding{{Check: deploy.Credentials, State: deploy.Broken, Found: nasty, Means: nasty, Cure: nasty, Code: nasty}, {Check: deploy.VerifyToken, State: deploy.Warning, Found: "x", Means: "y", Cure: "z"}, found(deploy.Scripts, deploy.Changed, "x"), found(deploy.App, deploy.Skipped, "x")}
	p.walk.Stand, p.walk.Cautions, p.walk.PageName, p.walk.Link, p.walk.Serving = Asking, []string{nasty}, nasty, "https://m.me/1", nasty
	p.walk.Notes = []deploy.Note{{Label: nasty, Text: nasty}}
	p.walk.Ask = &Ask{ID: "a1", Kind: Consent, Check: deploy.Version, Found: nasty, Plan: []string{nasty, "+ more", "- less"}}
	p.walk.Now = deploy.Version
	_, base := open(t, Config{Desk: newFakeDesk(), Producer: p})
	b := browse(t, browser, base)
	b.live()
	b.press("2")
	b.see(`document.body.dataset.house === "deploy" && document.querySelectorAll("#deploy img").length === 1 && !document.title.startsWith("owned")`)
	for _, theme := range []string{"light", "dark"} {
		b.window(1280, 800, theme)
		faint, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](contrast))
		if err != nil || faint != "" {
			t.Errorf("%s: hard to read: %s (%v)", theme, faint, err)
		}
	}
	unnamed, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("#deploy :is(input, button, a, summary), #doctor :is(input, button, a)")]
		.filter((node) => !(node.labels?.length || node.ariaLabel || node.textContent.trim())).map((node) => node.id).join()`))
	if err != nil || unnamed != "id" && unnamed != "" && unnamed != "link" {
		t.Errorf("without a name: %q (%v)", unnamed, err)
	}
	b.fits()
	b.quiet()
}

// contrast names the words of the office that are too faint on their ground.
const contrast = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgb = (over, under) => {
		canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
		canvas.fillStyle = over; canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
	};
	const css = (c) => "rgb(" + c.join() + ")";
	const light = (c) => {
		const [r, g, b] = c.map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b;
	};
	const ground = (node) => node === null ? [255, 255, 255] : rgb(getComputedStyle(node).backgroundColor, css(ground(node.parentElement)));
	const faint = new Set();
	for (const node of document.querySelectorAll("#deploy *")) {
		if (![...node.childNodes].some((kid) => kid.nodeType === 3 && kid.data.trim()) || !node.checkVisibility() || node.matches("option, :disabled")) continue;
		const under = ground(node);
		const [a, b] = [light(under), light(rgb(getComputedStyle(node).color, css(under)))].sort((x, y) => y - x);
		const ratio = (a + .05) / (b + .05);
		if (ratio < 4.5) faint.add((node.className || node.tagName) + " " + ratio.toFixed(2));
	}
	return [...faint].join(", ");
})()`

// A desk without a producer has no way to a Page, and says so.
func TestNobodyProduces(t *testing.T) {
	c, base := open(t, Config{Desk: newFakeDesk()})
	for _, path := range []string{"walk", "walk/answer", "walk/off", "walk/dismiss", "doctor"} {
		res := request(t, "POST", base+"/api/"+path, "{}", forgeryHeader, c.gate.forgery, "Content-Type", "application/json")
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	for _, path := range []string{"code.svg", "code.png", "doctor"} {
		if res := request(t, "GET", base+"/api/"+path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}

// Codes of ours and of Meta's are explained; what nobody knows is said to be unknown.
func TestExplains(t *testing.T) {
	_, base := open(t, Config{Desk: newFakeDesk()})
	for code, want := range map[string]int{"e021": 200, "190/460": 200, "Message cannot be empty": 200, "E999": 404, "": 404, "9999999": 404} {
		if res := request(t, "GET", base+"/api/explain?code="+url.QueryEscape(code), ""); res.StatusCode != want {
			t.Errorf("%q: %s, want %d", code, res.Status, want)
		}
	}
}

// What the platform refused of an answer stands in the trace of its turn, and is explained there.
func refusalInTheTrace(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	desk.change(func(s *State) {
		s.Traces[len(s.Traces)-1].Lines = append(s.Traces[len(s.Traces)-1].Lines,
			TraceLine{Kind: "problem", Text: "card: the title has 93 characters, at most 80 are allowed"},
			TraceLine{Kind: "refused", Code: "2018109", Text: "not sent, error 2018109: The picture, sound, video or file is too large. Use a smaller file: at most 8 MB for pictures, 25 MB for the rest.\nThe host drops this message, keeps it for you (footlight user show), and goes on."})
	})
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	for _, w := range windows {
		b.window(w.width, w.height, w.theme)
		b.script(`document.querySelector("[data-room=trace]").click()`)
		b.see(`document.querySelector(".step[data-kind=refused]")?.textContent.includes("too large")`)
		b.fits()
		b.shot(w.name + " refused")
	}
	b.do(chromedp.Click(chromedp.CSS(".step .explain-button")))
	b.see(`document.getElementById("explain").open && document.getElementById("explain-title").textContent === "Graph API error 2018109"`)
	b.quiet()
}

// Each plug-in shows what it wants, why, whether that is granted, and the line that would grant it.
func grantsAreShown(t *testing.T, browser context.Context) {
	_, base := open(t, Config{Desk: newFakeDesk()})
	b := browse(t, browser, base)
	b.live()
	for _, w := range windows {
		b.window(w.width, w.height, w.theme)
		b.script(`document.querySelector("[data-room=script]").click()`)
		b.script(`document.getElementById("plugins").scrollIntoView()`)
		b.see(`[...document.querySelectorAll(".want")].map((each) => each.innerText.replace(/\s+/g, " ").trim()).join("; ") ===
			'log granted to tell what it asks; http api.example.org not granted to ask for the weather Under [plugins.weather] in bot.toml this line gives it: hosts = ["api.example.org"]'`)
		b.fits()
		b.shot(w.name + " grants")
	}
	b.quiet()
}
