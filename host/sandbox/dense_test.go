package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/footlight-bots/footlight/host/script/link"
)

// The words of dense brains: few at a time, so that triggers meet each other. Some
// hold symbols, which the modes of messages treat differently, and letters of more
// bytes than one.
var (
	denseWords  = []string{"a", "b", "c", "aa", "ab", "tea", "7", "42", "a1", "é", "ß", "日本", "go-go", "a-b", "x's", "🍵", "a_b", "e\u0301", "b.c", "@a"}
	denseArrays = []string{"few", "many", "a_list", "none"}
	denseTopics = []string{"default", "shop", "help", "deep"}
	denseValues = []string{"<get x>", "<get y>", "<bot n>", "<bot m>", "<input>", "<input2>", "<reply>", "<reply2>"}
)

// part is a piece of a pattern, with a way to say something that it matches, or
// nearly: what its variables hold is not known.
type part struct {
	text string
	say  func() string
}

// dense writes brains in which there is little but matching: every reply tells
// which trigger it belongs to and what was captured.
type dense struct {
	*rand.Rand
	words    []string
	arrays   map[string][]string
	triggers []part // what people may say
	previous []part // what the bot may have said
	writes   bool   // some reply sets <bot n>
}

func newDense(chance *rand.Rand) *dense {
	d := &dense{Rand: chance, arrays: map[string][]string{}}
	for range 2 + d.IntN(5) {
		d.words = append(d.words, d.one(denseWords))
	}
	if d.maybe(3) { // enough for sets of many words
		for c := 'a'; c <= 'z'; c++ {
			d.words = append(d.words, "k"+string(c))
		}
	}
	return d
}

func (d *dense) one(of []string) string { return of[d.IntN(len(of))] }
func (d *dense) maybe(oneIn int) bool   { return d.IntN(oneIn) == 0 }
func (d *dense) word() string           { return d.one(d.words) }

// row draws up to n words.
func (d *dense) row(n int) string {
	words := make([]string, d.IntN(n+1))
	for i := range words {
		words[i] = d.word()
	}
	return strings.Join(words, " ")
}

// settings draws a dialect and the characters of messages.
func (d *dense) settings() link.Settings {
	s := link.Settings{Dialect: link.Dexter, UTF8: d.maybe(2)}
	if d.maybe(2) {
		s.Dialect = link.RiveScript
	}
	return s
}

// brain writes a whole bot.
func (d *dense) brain() string {
	var b strings.Builder
	for _, name := range denseArrays[:3] {
		entries := []string{d.word(), d.word() + " " + d.word()}
		if name == "many" {
			more := 2 * d.IntN(2) // words of an entry beyond its first
			for range 2 + d.IntN(30)*(1+d.IntN(4)) {
				entries = append(entries, d.word()+" "+d.row(more))
			}
		}
		d.arrays[name] = entries
		fmt.Fprintf(&b, "! array %s = %s\n", name, strings.Join(entries, "|"))
	}
	fmt.Fprintf(&b, "! var n = %s\n! var m = %s %s\n", d.word(), d.word(), d.word())
	if d.maybe(3) {
		fmt.Fprintf(&b, "! sub %s = %s\n", d.word(), d.word()) // no longer: circles of redirects would let messages grow
	}
	d.writes = d.maybe(3)
	if d.maybe(10) {
		b.WriteString("> begin\n+ " + d.one([]string{"request", "[*] request", "*"}) + "\n- {ok}\n< begin\n")
	}
	total := 1 + d.IntN(40)
	if d.maybe(15) {
		total *= 8
	}
	for i, topic := range denseTopics[:1+d.IntN(len(denseTopics))] {
		head := topic
		for i > 0 && d.maybe(2) {
			head += " " + d.one([]string{"inherits", "includes"}) + " " + d.one(denseTopics)
		}
		fmt.Fprintf(&b, "> topic %s\n", head)
		for range 1 + total/(i+1) {
			d.trigger(&b)
		}
		if d.maybe(2) {
			d.answer(&b, part{"*", func() string { return d.row(4) }})
		}
		b.WriteString("< topic\n")
	}
	return b.String()
}

// trigger writes a trigger with all that matching can depend on.
func (d *dense) trigger(b *strings.Builder) {
	if d.maybe(8) {
		b.WriteString("# punc nostrip\n")
	}
	p := d.pattern()
	if d.maybe(6) {
		p.text = d.one([]string{p.text + "{weight=%d}", "{weight=%d} " + p.text})
		p.text = fmt.Sprintf(p.text, d.IntN(4))
	}
	d.answer(b, p)
}

// answer writes a trigger and its reply.
func (d *dense) answer(b *strings.Builder, p part) {
	fmt.Fprintf(b, "+ %s\n", p.text)
	if d.maybe(5) {
		before := d.pattern()
		d.previous = append(d.previous, before)
		fmt.Fprintf(b, "%% %s\n", before.text)
	}
	n := len(d.triggers)
	if d.maybe(20) && n > 0 {
		fmt.Fprintf(b, "@ %s\n", d.one([]string{d.triggers[d.IntN(n)].say(), "<star>", "<star2>"}))
	} else {
		b.WriteString("- " + fmt.Sprint(n))
		for i := range 6 {
			fmt.Fprintf(b, "/<star%d>", i+1)
		}
		b.WriteString("/<botstar1>/<botstar2>")
		if d.writes && d.maybe(8) {
			b.WriteString("<bot n=<star>>")
		}
		b.WriteString("\n")
	}
	d.triggers = append(d.triggers, p)
}

// pattern draws a whole pattern: a row of parts, most of them with blanks between.
func (d *dense) pattern() part {
	switch d.IntN(12) {
	case 0: // the shapes that break interpreters
		return d.hard()
	case 1: // an exact sentence
		text := d.word() + " " + d.row(3)
		return part{text, func() string { return text }}
	case 2: // a keyword
		return d.join([]part{anything(d), d.group(0), anything(d), d.group(0), anything(d)}, " ")
	}
	parts := make([]part, 1+d.IntN(5))
	for i := range parts {
		parts[i] = d.part(0)
	}
	return d.join(parts, "")
}

// join puts parts in a row; without a separator one is drawn for each place.
func (d *dense) join(parts []part, separator string) part {
	var text strings.Builder
	between := make([]string, len(parts))
	for i, p := range parts {
		if i > 0 {
			between[i] = separator
			if separator == "" && !d.maybe(6) {
				between[i] = " "
			}
		}
		text.WriteString(between[i] + p.text)
	}
	return part{text.String(), func() string {
		var said strings.Builder
		for i, p := range parts {
			said.WriteString(between[i] + p.say())
		}
		return said.String()
	}}
}

// hard draws a pattern of many like parts.
func (d *dense) hard() part {
	likes := []part{
		{"*", func() string { return d.word() + " " + d.row(2) }},
		{"[" + d.word() + "]", func() string { return d.row(1) }},
		anything(d),
		{"_", d.word},
		{"#", func() string { return d.one([]string{"7", "42"}) }},
	}
	like, parts := likes[d.IntN(len(likes))], []part(nil)
	for range 3 + d.IntN(8) {
		parts = append(parts, like)
		if d.maybe(3) {
			word := d.word()
			parts = append(parts, part{word, func() string { return word }})
		}
	}
	return d.join(parts, d.one([]string{" ", " ", ""}))
}

func anything(d *dense) part { return part{"[*]", func() string { return d.row(2) }} }

// maxDepth is how deep groups nest in dense brains.
const maxDepth = 3

// part draws one part of a pattern.
func (d *dense) part(depth int) part {
	switch d.IntN(24) {
	case 0, 1, 2:
		return part{"*", func() string { return d.word() + " " + d.row(2) }}
	case 3:
		return part{"#", func() string { return d.one([]string{"7", "42", "0"}) }}
	case 4:
		return part{"_", d.word}
	case 5, 6:
		return anything(d)
	case 7, 8:
		if depth < maxDepth {
			p := d.group(depth)
			return part{"[" + p.text[1:len(p.text)-1] + "]", func() string {
				if d.maybe(2) {
					return ""
				}
				return p.say()
			}}
		}
	case 9, 10, 11:
		if depth < maxDepth {
			return d.group(depth)
		}
	case 12:
		return d.array()
	case 13:
		value := d.one(denseValues)
		return part{value, func() string { return d.row(2) }}
	case 14:
		return d.glued()
	}
	word := d.word()
	return part{word, func() string { return word }}
}

// group draws alternatives.
func (d *dense) group(depth int) part {
	var texts []string
	var ways []part
	if d.maybe(10) { // many words, and nothing else
		for range 5 + d.IntN(20) {
			texts = append(texts, d.word())
		}
		return part{"(" + strings.Join(texts, "|") + ")", func() string { return d.one(texts) }}
	}
	for range 1 + d.IntN(4) {
		inner := make([]part, 1+d.IntN(2))
		for i := range inner {
			inner[i] = d.part(depth + 1)
		}
		way := d.join(inner, " ")
		texts, ways = append(texts, way.text), append(ways, way)
	}
	return part{"(" + strings.Join(texts, "|") + ")", func() string { return ways[d.IntN(len(ways))].say() }}
}

// array draws a reference to an array, which may have no entries.
func (d *dense) array() part {
	name := d.one(denseArrays)
	say := func() string {
		if entries := d.arrays[name]; len(entries) > 0 {
			return d.one(entries)
		}
		return d.word()
	}
	return part{d.one([]string{"@" + name, "(@" + name + ")", "(@" + name + "|" + d.word() + ")"}), say}
}

// glued draws a wildcard that touches other text (L-TRIG-11).
func (d *dense) glued() part {
	word := d.word()
	inside := func(left, right string) func() string {
		return func() string { return left + d.one([]string{"a", "7", " b ", "-", "éa"}) + right }
	}
	shapes := []part{
		{word + "*", inside(word, "")},
		{"*" + word, inside("", word)},
		{word + "*" + word, inside(word, word)},
		{word + "#", func() string { return word + "7" }},
		{"#_", func() string { return "7a" }},
		{"_" + word, inside("", word)},
		{"##", func() string { return "42" }},
		{word + "[" + word + "]" + word, func() string { return word + d.one([]string{"", " ", "-", word}) + word }},
	}
	return shapes[d.IntN(len(shapes))]
}

// message is what somebody says: near to what a trigger waits for.
func (d *dense) message() string {
	if d.maybe(12) {
		return d.row(6)
	}
	text := d.triggers[d.IntN(len(d.triggers))].say()
	for d.maybe(3) {
		text = d.bent(text)
	}
	if d.maybe(20) { // a long one
		for range 2 + d.IntN(8) {
			text += " " + d.row(8) + " " + d.triggers[d.IntN(len(d.triggers))].say()
		}
	}
	return text
}

// bent changes a little of a text.
func (d *dense) bent(text string) string {
	words := strings.Fields(text)
	at := d.IntN(len(words) + 1)
	switch d.IntN(9) {
	case 0:
		return strings.Join(words[:at], " ")
	case 1:
		return strings.Join(words[at:], " ")
	case 2:
		return strings.Join(words[:at], " ") + " " + d.word() + " " + strings.Join(words[at:], " ")
	case 3:
		return strings.Join(words[:at], " ") + d.one([]string{"", "-", ".", "'", "🍵"}) + strings.Join(words[at:], " ")
	case 4:
		return text + " " + d.triggers[d.IntN(len(d.triggers))].say()
	case 5:
		return d.word() + " " + text
	case 6:
		return strings.ToUpper(text) + d.one([]string{"!", "?", ""})
	case 7:
		return strings.Repeat(text+" ", 1+d.IntN(4))
	default:
		d.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return strings.Join(words, " ")
	}
}

// said is what the bot has said: near to what a % waits for.
func (d *dense) said() string {
	if len(d.previous) == 0 || d.maybe(4) {
		return d.row(3)
	}
	text := d.previous[d.IntN(len(d.previous))].say()
	if d.maybe(4) {
		text = d.bent(text)
	}
	return text
}
