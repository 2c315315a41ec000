package sandbox

import (
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/script/link"
)

// The vocabularies of random scripts are small, so that much matches much.
var (
	randomWords    = []string{"tea", "a", "b", "tea a", "7", "42", "room", "é", "go-go", "what's", "Ann"}
	randomTopics   = []string{"default", "shop", "help"}
	randomNames    = []string{"x", "y", "topic"}
	randomNumbers  = []string{"1", "-2.5", "0", "007", "abc", "<star>", "<get x>", "999999999999999"}
	randomFormats  = []string{"formal", "sentence", "uppercase", "lowercase", "person"}
	randomOperands = append([]string{"undefined", "<get y>", `""`, `"tea a"`, "${{now.a}}", "<call>echo a</call>"}, randomWords...)
)

// piece is a piece of a pattern, and what people may say to match it.
type piece struct{ pattern, says string }

var randomPieces = []piece{
	{"*", "a tea"},
	{"*", "Ann"},
	{"*", "x y z"},
	{"#", "42"},
	{"_", "go-go"},
	{"[*]", ""},
	{"[*]", "b b"},
	{"[a]", "a"},
	{"[a|b]", ""},
	{"[tea a]", "tea a"},
	{"(a|b)", "b"},
	{"(tea|tea a)", "tea a"},
	{"(* a|b)", "room a"},
	{"@few", "a b"},
	{"(@few)", "tea"},
	{"<get x>", "undefined"},
	{"<bot n>", "tea"},
	{"<input>", "a"},
	{"<reply>", "undefined"},
	{"<input2>", "tea"},
	{"<reply3>", "b"},
	{"room#", "room7"},
	{"*a", "tea"},
	{"tea*", "teapot"},
	{"((a|b) tea|a)", "b tea"},
	{"(@few|@all)", "room"},
	{"\\*", "*"},
	{"\\s", ""},
}

// writer writes random scripts. It draws whole numbers from 0 to n-1.
type writer struct {
	draw      func(n int) int
	depth     int
	wide      bool     // the outside world as well: requests, macros, plug-ins, reminders
	sentences []string // that match, or nearly, what was written
}

func (w *writer) one(of []string) string { return of[w.draw(len(of))] }
func (w *writer) upTo(n int) int         { return w.draw(n + 1) }
func (w *writer) maybe(oneIn int) bool   { return w.draw(oneIn) == 0 }

func (w *writer) bot() string {
	var b strings.Builder
	b.WriteString("! array few = tea|a b|room\n! array all = @few <get x> {formal}a{/formal}\n! var n = tea\n! global g = 7\n! sub what's = what is\n! sub a a = b\n! person i = you\n! person you = i\n")
	if w.wide {
		for _, name := range []string{"echo", "deliver", "boom", "long", "reply"} {
			b.WriteString("> object " + name + " javascript\n  see the world of these tests\n< object\n")
		}
		b.WriteString("> object down perl\n  x\n< object\n")
	}
	if w.maybe(3) {
		b.WriteString("> begin\n" + w.begin() + "< begin\n")
	}
	for i, topic := range randomTopics {
		head := topic
		for i > 0 && w.maybe(3) {
			head += " " + w.one([]string{"inherits", "includes"}) + " " + w.one(randomTopics)
		}
		fmt.Fprintf(&b, "> topic %s\n", head)
		for range 1 + w.upTo(5) {
			b.WriteString(w.trigger(w.pattern()))
		}
		if i == 0 || w.maybe(2) {
			b.WriteString(w.trigger("*"))
		}
		b.WriteString("< topic\n")
	}
	return b.String()
}

// begin draws the triggers of a begin block.
func (w *writer) begin() string {
	ok := func() string {
		return w.one([]string{"{ok}", "{ok}", "", "{random}" + w.text() + "|{ok}{/random}", "{formal}" + w.text() + " {ok}{/formal}", "<set y={ok}>", "{ok} {ok}"})
	}
	text := "+ " + w.one([]string{"request", "request", "*", "request *"}) + "\n"
	if w.maybe(8) {
		return text + "@ " + w.text() + "\n+ *\n- {ok}\n"
	}
	for range w.upTo(2) {
		text += "* " + w.comparison() + " => " + w.text() + ok() + w.text() + "\n"
	}
	for range 1 + w.upTo(1) {
		text += "- " + w.text() + ok() + w.text() + "\n"
	}
	return text
}

func (w *writer) pattern() string {
	n := 1 + w.upTo(3)
	words, says := make([]string, n), make([]string, n)
	for i := range words {
		p := randomPieces[w.draw(len(randomPieces))]
		if w.maybe(2) {
			p.pattern = w.one(randomWords)
			p.says = p.pattern
		}
		words[i], says[i] = p.pattern, p.says
	}
	w.sentences = append(w.sentences, strings.Join(says, " "))
	return strings.Join(words, " ")
}

func (w *writer) trigger(pattern string) string {
	var b strings.Builder
	if w.maybe(8) {
		b.WriteString("# punc nostrip\n")
	}
	b.WriteString("+ " + pattern)
	if w.maybe(6) {
		fmt.Fprintf(&b, "{weight=%d}", w.upTo(3))
	}
	b.WriteString("\n")
	if w.maybe(3) {
		word := w.one(randomWords)
		b.WriteString("% " + w.one([]string{w.pattern(), "*", "* *", "[*] " + word + " [*]", word + " [*]", word + " *", "* " + word, "_ * " + word + " [*]"}) + "\n")
	}
	if w.wide && w.maybe(5) {
		for range 1 + w.upTo(2) {
			b.WriteString("$ " + w.request() + "\n")
		}
	}
	if w.maybe(10) {
		return b.String() + "@ " + w.target() + "\n"
	}
	return b.String() + w.answers()
}

func (w *writer) request() string {
	line := w.one([]string{"GET", "GET", "post", "PUT", "UPDATE", "NOPE"}) + w.one([]string{"", ":now", ":x"}) + " " + w.one([]string{"https://a.example/", "https://b.example/", "http://c.example/", "http://fail.example/", "ftp://x/"}) + w.one([]string{"", "x", "<star>", "${{now.a}}", "<get x>"})
	return line + w.one([]string{"", "", ` {"body": {"a": "<star>", "b": <get x>}}`, ` {"headers": {"X": "` + w.one(randomWords) + `"}}`})
}

func (w *writer) comparison() string {
	return w.one([]string{w.tag(), w.tag(), w.one(randomOperands)}) + " " + w.one([]string{"==", "!=", "<", "<=", ">", ">=", "eq", "ne", "<>"}) + " " + w.one(randomOperands)
}

func (w *writer) answers() string {
	var b strings.Builder
	for range w.upTo(2) {
		b.WriteString("* " + w.comparison() + " => " + w.text() + "\n")
	}
	replies := w.upTo(3)
	if replies == 0 && !w.maybe(4) {
		replies = 1
	}
	for range replies {
		b.WriteString("- " + w.text())
		if w.maybe(4) {
			fmt.Fprintf(&b, "{weight=%d}", 1+w.upTo(9))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w *writer) text() string {
	words := make([]string, 1+w.upTo(3))
	for i := range words {
		words[i] = w.one(randomWords)
		if w.maybe(2) {
			words[i] = w.tag()
		}
	}
	return strings.Join(words, w.one([]string{" ", " ", " ", ""}))
}

// tag draws a tag; those with contents nest a little.
func (w *writer) tag() string {
	if w.depth > 2 {
		return "<star>"
	}
	w.depth++
	defer func() { w.depth-- }()
	if w.wide && w.maybe(6) {
		return w.outside()
	}
	name := w.one(randomNames)
	switch w.upTo(29) {
	case 0:
		return "<set " + name + "=" + w.text() + ">"
	case 1, 2:
		return "<get " + name + ">"
	case 3:
		return "<" + w.one([]string{"add", "sub", "mult", "div"}) + " " + w.one([]string{"x", "y", "_z", "topic"}) + "=" + w.one(randomNumbers) + ">"
	case 4:
		return "{random}" + w.text() + "|" + w.text() + w.one([]string{"", "|"}) + "{/random}"
	case 5:
		return "{random}" + w.one(randomWords) + " " + w.one(randomWords) + "{/random}"
	case 6, 7:
		format := w.one(randomFormats)
		return "{" + format + "}" + w.text() + "{/" + format + "}"
	case 8:
		return "<" + w.one(randomFormats) + ">"
	case 9:
		return "{topic=" + w.one(append([]string{"nowhere", "<get y>", "<star>"}, randomTopics...)) + "}"
	case 10:
		return "{@ " + w.target() + "}"
	case 11:
		return w.one([]string{"<@>", "<star>", "<input>"})
	case 12:
		return w.one([]string{"<get x>", "<get y>", "<star2>"})
	case 13, 27, 28:
		return w.one([]string{"<send>", "<send>", "<chat>"})
	case 14:
		return "<delay seconds=" + w.one([]string{"1", "0.5", "200", "<get x>", "\"<star>\""}) + w.one([]string{"", " nocancel"}) + ">"
	case 15:
		return "<noreply>"
	case 16:
		return w.one([]string{"<input1>", "<input>", "<input10>", "<input11>", "<reply2>", "<reply>", "<id>"})
	case 17:
		return w.one([]string{"<botstar>", "<botstar2>", "<star2>", "<star>", "<star9>"})
	case 18:
		return w.one([]string{"(@few)", "(@all)", "(@none)"})
	case 19:
		return "<set " + name + ">"
	case 20:
		return w.one([]string{"<bot n>", "<bot n=" + w.text() + ">", "<env g>", "<env g=" + w.text() + ">", "<bot <get x>>"})
	case 21:
		return w.one([]string{"\\n", "\\s", "\\<", "\\{", "\\^", "<b>" + w.text() + "</b>", "<br/>", "1 < 2"})
	case 22:
		return w.one([]string{"<raw><get x> \\n {@ a}</raw>", "<get " + w.tag() + ">", "<set " + w.one(randomWords) + w.tag() + "=" + w.tag() + ">"})
	case 23:
		return `^buttons(` + w.text() + `, b)`
	case 24:
		return `^card({"title": "` + w.text() + `", "n": <get x>})`
	case 25:
		return `^` + w.one([]string{"image", "link", "typing", "metadata", "unsubscribe", "notifyAgent", "nope", "quickReply"}) + `(` + w.one([]string{"", "https://x.example/" + w.tag(), `"a, ` + w.tag() + `", b`, `[<get x>, {"a": "<star>"}]`}) + `)`
	case 26:
		return "{ok}"
	default:
		return "<star>"
	}
}

// outside draws a tag that asks the outside world.
func (w *writer) outside() string {
	switch w.upTo(5) {
	case 0, 1:
		return "<call>" + w.one([]string{"echo", "echo", "deliver", "boom", "long", "reply", "down", "none", "<get x>"}) + w.one([]string{"", " a", " \"a b\" <star>", " <get x>" + w.tag(), " \"\""}) + "</call>"
	case 2:
		return "${{" + w.one([]string{"a", "now.a", "x.0.b", "now.__status", "long", "none"}) + "}}"
	case 3:
		return "<weather city=" + w.one([]string{"a", "\"" + w.tag() + "\"", "<get x>"}) + w.one([]string{"", " fallback=none"}) + ">"
	case 4:
		return "<loud>" + w.text() + "</loud>"
	default:
		return `^reminder(` + w.one([]string{"one", "<get x>"}) + `, "` + w.one([]string{"a ", ""}) + `<raw>` + w.text() + `</raw>", ` + w.one([]string{"1 hour", "2 days", "<star>"}) + `)`
	}
}

// target is what a redirect looks for.
func (w *writer) target() string {
	if len(w.sentences) == 0 || w.maybe(4) {
		return w.text()
	}
	return w.one(w.sentences)
}

// message is what somebody says: what some trigger waits for, more often than not.
func (w *writer) message() string {
	if len(w.sentences) > 0 && !w.maybe(4) {
		text := w.one(w.sentences)
		if w.maybe(3) {
			text = w.one([]string{text + "?", strings.ReplaceAll(text, " ", ", "), text + " " + w.one(randomWords), strings.ToUpper(text), "¿" + text, w.one(w.sentences) + " " + text})
		}
		return text
	}
	words := make([]string, w.upTo(6))
	for i := range words {
		words[i] = w.one(randomWords)
	}
	return strings.Join(words, w.one([]string{" ", " ", " ", ", ", "? ", ""}))
}

// plugins are the directions that random scripts know.
var plugins = []link.Direction{
	{Plugin: "sky", Name: "weather", Parameters: []link.Parameter{{Name: "city", Kind: "text", Required: true}}},
	{Plugin: "sound", Name: "loud", Block: true},
}
