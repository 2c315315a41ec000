package console

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/footlight-bots/footlight/host/trace"
)

// A long talk is shown from its end. Who reads further up is not pulled down by
// what arrives, but by what they say themselves.
func threadKeepsItsPlace(t *testing.T, browser context.Context) {
	const (
		atEnd  = `(({ scrollTop, clientHeight, scrollHeight }) => scrollHeight - clientHeight - scrollTop < 2)(document.getElementById("thread"))`
		atHead = `document.getElementById("thread").scrollTop === 0`
	)
	desk := newFakeDesk()
	desk.change(func(*State) {
		for i := range 40 {
			desk.add("", Bubble{From: FromBot, Text: fmt.Sprintf("Line %d of a long speech.", i)}, "*", "default.topic", 13)
		}
	})
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	b.window(1280, 800, "light")
	b.see(bubbles + ` === 42 && ` + atEnd)
	desk.release(Bubble{Text: "One more."})
	b.see(bubbles + ` === 43 && ` + atEnd)
	b.script(`{
		const thread = document.getElementById("thread");
		thread.addEventListener("scroll", () => { window.scrolled = true; }, { once: true });
		thread.scrollTop = 0;
	}`)
	b.see(`window.scrolled`)
	desk.release(Bubble{Text: "And another."})
	b.see(bubbles + ` === 44 && ` + atHead)
	b.write(say, "sure thing")
	b.press("Enter")
	b.see(bubbles + ` === 45 && ` + atEnd)
	b.quiet()
}

// lineInView: a line of the source is lit, and lies inside the pane.
const lineInView = `(() => {
	const line = document.querySelector(".line[aria-current]")?.getBoundingClientRect();
	const pane = document.getElementById("source").getBoundingClientRect();
	return line !== undefined && line.top >= pane.top && line.bottom <= pane.bottom;
})()`

// When the host is started again, the page comes back by itself and can act.
func pageSurvivesRestart(t *testing.T, browser context.Context) {
	first, base := open(t, Config{Desk: newFakeDesk()})
	b := browse(t, browser, base)
	b.live()
	before := fmt.Sprintf(`document.querySelector("meta[name=footlight-start]").content === %q`, first.feed.start)
	b.see(before)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := first.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	b.see(`document.getElementById("connection").dataset.connection === "lost"`)

	desk := newFakeDesk()
	second, err := New(Config{Desk: desk})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := second.Listen(strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	serve(t, second, ln)
	b.until(func() bool { return b.holds(`!(` + before + `)`) }, "the page of the second start")
	b.live()
	b.write(say, "still there?")
	b.press("Enter")
	b.see(bubbles + ` === 3`)
}

// A desk with a token asks for it once.
func door(t *testing.T, browser context.Context) {
	_, base := open(t, Config{Desk: newFakeDesk(), Token: aToken})
	b := browse(t, browser, base)
	b.window(1280, 800, "light")
	b.see(`document.querySelector("form.door-card") !== null`)
	b.write("#token", "a guess")
	b.press("Enter")
	b.until(func() bool { return b.holds(`document.getElementById("wrong") !== null`) }, "a word about the wrong token")
	b.shot("door")
	b.write("#token", aToken)
	b.do(chromedp.Click(chromedp.CSS("form .primary")))
	b.until(func() bool { return b.holds(`document.getElementById("log") !== null`) }, "the desk behind the door")
	b.live()
	b.write(say, "hello")
	b.press("Enter")
	b.see(bubbles + ` === 3`)
}

// The scene of the picture in the README: FOOTLIGHT_SHOTS=DIR go test -run TestPage/picture.
func picture(t *testing.T, browser context.Context) {
	desk := newFakeDesk()
	desk.change(func(s *State) {
		for i := range s.Thread {
			s.Thread[i].QuickReplies = nil
		}
		desk.add("Yes, please", Bubble{From: FromPerson, Text: "Yes, please"}, "(yes|sure) *", "quiz.topic", 7)
		desk.add("", Bubble{From: FromBot, Text: "Lovely!"}, "(yes|sure) *", "quiz.topic", 7)
		desk.add("", Bubble{From: FromBot, Text: "First question: which light stands at the front edge of the stage?"}, "(yes|sure) *", "quiz.topic", 7)
		desk.add("footlight, of course", Bubble{From: FromPerson, Text: "footlight, of course"}, "footlight *", "quiz.topic", 12)
		desk.add("", Bubble{From: FromBot, Text: "Bravo, Ann!"}, "footlight *", "quiz.topic", 12)
		desk.add("", Bubble{From: FromBot, Text: "Next: who whispers the lines when an actor forgets them?", QuickReplies: []Button{{Title: "The prompter"}, {Title: "The audience"}, {Title: "Nobody"}}}, "footlight *", "quiz.topic", 12)
		s.Traces[len(s.Traces)-1].Lines = explain([]trace.Event{
			{Kind: trace.Input, Text: "footlight of course"},
			{Kind: trace.Topic, Text: "quiz", File: "quiz.topic", Line: 1},
			{Kind: trace.Matched, Text: "footlight *", Captures: []string{"of course"}, File: "quiz.topic", Line: 12},
			{Kind: trace.Reply, Of: 1, File: "quiz.topic", Line: 13},
			{Kind: trace.Set, Name: "score", Text: "1", OK: true, File: "quiz.topic", Line: 13},
			{Kind: trace.Redirect, Text: "next", File: "quiz.topic", Line: 13},
			{Kind: trace.Matched, Text: "next", File: "quiz.topic", Line: 15},
			{Kind: trace.Condition, Left: "1", Text: ">", Right: "3", OK: true, File: "quiz.topic", Line: 16},
		})
		s.Variables = append([]Variable{{"score", "1"}}, s.Variables...)
		s.Topics = slices.Clone(s.Topics)
		s.Topics[1].Triggers = []Trigger{{"start", "quiz.topic", 4}, {"(yes|sure) *", "quiz.topic", 7}, {"footlight *", "quiz.topic", 12}, {"next", "quiz.topic", 15}}
	})
	_, base := open(t, Config{Desk: desk, Producer: newFakeProducer()})
	b := browse(t, browser, base)
	b.live()
	b.window(390, 600, "light") // there is no pane of the source
	b.see(`document.querySelector(".line[aria-current]") !== null`)
	b.window(1280, 800, "light")
	b.see(bubbles + ` === 8 && ` + lineInView)
	b.fits()
	b.shot("console")
	b.quiet()
}
