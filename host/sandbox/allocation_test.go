//go:build !race

package sandbox

import (
	"testing"

	"github.com/footlight-bots/footlight/host/script/link"
)

// TestAllocations: beyond the text of the message a turn allocates its reply, which is
// the list of its tokens and one string for all their texts, and what it tells the
// world that the world has not told it.
func TestAllocations(t *testing.T) {
	const bot = `
+ hello
- Hi there!

+ my name is *
- <set name=<star>>Nice to meet you, <star>.

+ call me *
- <set name=<formal>>Nice to meet you, <get name>.

+ [*] (tea|coffee) [*]
* <get name> == undefined => Who wants <star>?
- One <star> for <get name>, coming up, one as before: <input1> <reply1>.

+ again
- {@ hello} {random}a|b{/random}

+ go
- {topic=shop}Welcome to the shop.

+ yes
% do you like tea
- So do I.

+ *
- I did not get that.

> topic shop
+ *
- Shop.
< topic
`
	m := loaded(t, openEngines(t).compiler, emitted(t, front(t, map[string]string{"default.topic": bot}, link.Settings{})))
	for _, tt := range []struct {
		name, text string
		want       float64
	}{
		{"plain", "hello", 2},
		{"plain, to be normalised", "Hello!", 3},
		{"star and set", "my name is ann", 2},
		{"formatted", "call me ann", 4}, // the texts of the argument, and its formatted text
		{"condition and history", "we would like some tea please", 2},
		{"redirect and draw", "again", 2},
		{"switch", "go", 2},
		{"miss", "no trigger knows what to do with this", 2},
	} {
		turn := turnMaker(t, m, tt.text)
		turn()
		if got := testing.AllocsPerRun(200, turn); got > tt.want {
			t.Errorf("%s: %q allocates %v times, want at most %v", tt.name, tt.text, got, tt.want)
		}
	}
}
