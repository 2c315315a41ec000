package console

import (
	"context"
	"strings"
	"testing"
)

// The source pane is empty while nobody has said anything, and comes back with the first turn; while the files have errors
// it follows every save.
func sourceComesBack(t *testing.T, browser context.Context) {
	const lit = `document.querySelector(".line[aria-current]") !== null`
	desk := newFakeDesk()
	_, base := open(t, Config{Desk: desk})
	b := browse(t, browser, base)
	b.live()
	b.window(1280, 800, "light")
	b.see(lit)
	desk.change(func(s *State) { s.Thread, s.Traces = nil, nil })
	b.see(`document.querySelector("#source .empty") !== null`)
	desk.change(func(*State) { desk.greet() })
	b.see(lit)
	for n, save := range []string{"first", "second"} { // each with one error
		desk.change(func(s *State) {
			s.Generation.OK, s.Problems = false, broken[n:n+1]
			desk.sources = map[string]string{"default.topic": strings.Repeat("// "+save+"\n", 9)}
		})
		b.see(lit + ` && document.querySelector(".line").textContent === "// ` + save + `"`)
	}
	b.quiet()
}
