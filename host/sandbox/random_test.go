package sandbox

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/link"
)

// TestRandomScripts has random scripts hear random messages, three ways.
func TestRandomScripts(t *testing.T) {
	e := openEngines(t)
	e.interpreter = nil // the conformance bots and the table cover it; this is about many scripts
	rapid.Check(t, func(rt *rapid.T) {
		w := writer{draw: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }, wide: true}
		text := w.bot()
		dialect := link.Dialect(w.one([]string{"dexter", "rivescript"}))
		rt.Logf("script:\n%s", text)
		x := e.quickTrio(rt, front(t, map[string]string{"default.rive": text}, link.Settings{Dialect: dialect}, plugins...))
		defer x.close(rt)
		for n := range 12 {
			x.say(rt, w.message(), uint64(n))
		}
	})
}

// FuzzMessage has a bot with one of everything hear any text, both ways.
func FuzzMessage(f *testing.F) {
	const bot = `
! array few = tea|green tea|ß
! sub u = you
+ [*] (@few) [*] # *
- <star1>/<star2>/<star3>
+ _ *é[a|b c]
- {formal}<star1> <star2>{/formal}
# punc nostrip
+ *: *
- {uppercase}<star2>{/uppercase} <input1>
+ * you *
% [*] ß *
- <botstar> <star2>
+ * you
- <set x=<star>>{random}<get x>|{@ <star>}{/random}
+ <get x> *
- <star> after <get x>
+ *
- <star> ß x <reply1>
`
	e := openEngines(f)
	x := e.trio(f, front(f, map[string]string{"default.topic": bot}, link.Settings{}))
	for _, text := range []string{"", "we like green tea, 7 x", "x yé b c", "Mail: ann@x", "u and u", "thank u", "\xff\x00", "é\u0301 ß🍵", strings.Repeat("tea 1 ", 500)} {
		f.Add(text, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		for _, p := range x.people { // so that a failure can be repeated alone
			*p = *newPerson(p.meta, 0)
		}
		x.say(t, text, seed)
		x.say(t, text, seed+1)
	})
}
