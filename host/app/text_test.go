package app

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// The words of the long text.
var longWords = []string{
	"tea", "Jasmin", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🇩🇪", "❤️‍🔥", "q\u0301", "x\u0323\u0302", "नमस्ते", "한국어", "ประเทศไทย", longLink,
}

const longLink = "https://tea.example/leaf?kind=oolong&page=3#steeping,_and_more"

// longText is a text of that many characters and more: sentences and paragraphs of words in an
// order that no cut can foresee, and in the midst of them a run without any blank.
func longText(characters int) string {
	var b strings.Builder
	draw := uint32(1)
	for n, count := 0, 0; count < characters; n++ {
		draw = draw*1664525 + 1013904223
		word := longWords[draw>>16%uint32(len(longWords))]
		if n == 100 {
			word = strings.Repeat("👨‍👩‍👧‍👦x\u0323\u0302🇩🇪", 200) + longLink + strings.Repeat("👩🏽‍🚀", 300)
		}
		count += len([]rune(word)) + 1
		b.WriteString(word)
		switch {
		case n%61 == 60:
			b.WriteString("\n\n")
		case n%17 == 16:
			b.WriteString("\n")
		default:
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// A text of 5,000 characters and more with emoji, combining marks and links, from a script to the
// person's screen: whole, in order, and never cut inside a grapheme or a link (messenger.md section 3.2).
func TestLongText(t *testing.T) {
	text := longText(9000)
	for name, switches := range map[string]emulator.Switches{
		"UTF-16 units":                       {},
		"code points, the limit is too much": {CodePoints: true, TextBelow: true},
	} {
		t.Run(name, func(t *testing.T) {
			reply := strings.ReplaceAll(text, "\n", `\n`)
			p := onPlatform(t, map[string]string{"default.topic": "+ tell me\n- " + reply + "\n" + alive}, func(c *emulator.Config) {
				c.Switches = switches
			})
			person := p.newcomer()
			p.act(person, emulator.Action{Kind: "say", Text: "tell me"})
			p.answered(person, 1)
			p.act(person, emulator.Action{Kind: "say", Text: "are you there"})
			var pieces []string
			p.until("a sign of life", func() bool {
				pieces = texts(p.heard(person))
				return len(pieces) > 0 && pieces[len(pieces)-1] == sign
			})
			checkWhole(t, text, pieces[:len(pieces)-1])
		})
	}
}

func checkWhole(t *testing.T, text string, pieces []string) {
	t.Helper()
	links := 0
	for _, piece := range pieces {
		if n := prose.Units(piece); n > messenger.SafeText {
			t.Errorf("a message of %d UTF-16 units", n)
		}
		links += strings.Count(piece, longLink)
	}
	all := strings.Join(pieces, "\n")
	if got, want := ink(all), ink(text); got != want {
		n := 0
		for n < min(len(got), len(want)) && got[n] == want[n] {
			n++
		}
		t.Errorf("the text differs from byte %d on: %.80q, want %.80q", n, got[n:], want[n:])
	}
	if want := strings.Count(text, longLink); links != want || want < 10 {
		t.Errorf("%d links are whole of %d", links, want)
	}
	if a, b := graphemes(text), graphemes(all); a != b || len(pieces) < 5 {
		t.Errorf("%d graphemes arrived of %d, in %d messages", b, a, len(pieces))
	}
}

// ink is a text without its white space.
func ink(text string) string { return strings.Join(strings.Fields(text), "") }

// graphemes counts what a reader sees, white space aside.
func graphemes(text string) (n int) {
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if strings.TrimSpace(g.Str()) != "" {
			n++
		}
	}
	return n
}
