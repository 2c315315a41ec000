package brain

import (
	"fmt"
	"math"
	"strings"
)

// Classes of messages. In a realistic brain they are named after the trigger that they
// are for; nothing stops another one from being quicker now and then.
const (
	Exact     = "exact"     // a sentence that is a trigger
	Pattern   = "pattern"   // wildcards, optionals, alternatives
	Array     = "array"     // arrays
	Condition = "condition" // a sentence whose reply depends on conditions
	Variable  = "variable"  // values of variables stand in the trigger
	Previous  = "previous"  // a trigger with %
	Miss      = "miss"      // words of the vocabulary that only "*" answers
	Alien     = "alien"     // words that no trigger has
	Long      = "long"      // 2,000 characters of the vocabulary
)

// longRunes is the length of a message that is not cut yet (section 28 of the language).
const longRunes = 2000

// variables are what triggers look at and conditions ask for.
var variables = []string{"name", "city", "colour", "pet", "food", "song", "team", "job"}

// wordsPerRoot times the root of the number of triggers is the size of a vocabulary:
// the law of Heaps.
const wordsPerRoot = 40

// realistic writes a brain as people write them.
func (w *writer) realistic() *Brain {
	w.words = newVocabulary(w.Rand, max(int(wordsPerRoot*math.Sqrt(float64(w.n))), 120))
	w.person()
	arrays := w.arrays()
	for written := 0; written < w.n; {
		var ok bool
		switch draw := written % 100; { // by turns, so that the shares are exact
		case draw%10 < 6:
			ok = w.sentence(written)
		case draw%10 < 9:
			ok = w.pattern(written)
		case draw < 40:
			ok = w.array(written, arrays)
		case draw < 70:
			ok = w.condition(written)
		case draw < 90:
			ok = w.variable(written)
		default:
			ok = w.previous(written)
		}
		if ok {
			written++
		}
	}
	brain := w.finish(Exact, Pattern, Array, Condition, Variable, Previous)
	w.many(Miss, perClass, func() string { return w.spoken(w.words.some(4+w.IntN(7), w.words.word)) })
	w.many(Alien, perClass, func() string { return w.spoken(w.words.alien(3 + w.IntN(6))) })
	w.many(Long, perLong, func() string { return w.long(w.words.word) })
	return brain
}

// long is a message as long as messages can be.
func (w *writer) long(draw func() string) string {
	text := w.words.some(longRunes/2, draw)[:longRunes]
	return text[:strings.LastIndexByte(text, ' ')]
}

// person is who talks, and who the bot is.
func (w *writer) person() {
	w.brain.Vars = map[string]string{}
	for i, name := range variables {
		w.bot[name] = w.words.any()
		fmt.Fprintf(&w.out, "! var %s = %s\n", name, w.bot[name])
		if i%4 != 3 { // some are not known
			w.brain.Vars[name] = w.words.some(1+i%2, w.words.any)
		}
	}
}

// arrays writes arrays of 3 to 40 entries.
func (w *writer) arrays() map[string][]string {
	arrays := map[string][]string{}
	for i := range 5 + int(math.Sqrt(float64(w.n))/4) {
		name := fmt.Sprintf("list%d", i)
		for range 3 + w.IntN(38) {
			arrays[name] = append(arrays[name], w.words.some(1+w.IntN(5)/4, w.words.any))
		}
		fmt.Fprintf(&w.out, "! array %s = %s\n", name, strings.Join(arrays[name], "|"))
	}
	return arrays
}

// length draws how many words a sentence has: most have 3 to 6.
func (w *writer) length() int { return 2 + w.IntN(4) + w.IntN(3) }

func (w *writer) sentence(n int) bool {
	text := w.words.some(w.length(), w.words.word)
	return w.trigger(Exact, text, "", []string{fmt.Sprintf("- That is answer %d.", n)}, Message{Text: w.spoken(text)})
}

// pattern writes a trigger of one of the shapes that authors write.
func (w *writer) pattern(n int) bool {
	a, b, c := w.words.word(), w.words.word(), w.words.any()
	d := w.words.any()
	said := w.words.some(1+w.IntN(3), w.words.word)
	var text, says, star string
	switch w.IntN(12) {
	case 0, 1:
		text, says, star = fmt.Sprintf("%s %s %s *", a, b, c), fmt.Sprintf("%s %s %s %s", a, b, c, said), "<star>"
	case 2:
		text, says, star = fmt.Sprintf("* %s %s %s", a, b, c), fmt.Sprintf("%s %s %s %s", said, a, b, c), "<star>"
	case 3:
		text, says, star = fmt.Sprintf("%s %s * %s", a, c, b), fmt.Sprintf("%s %s %s %s", a, c, said, b), "<star>"
	case 4:
		text, says = fmt.Sprintf("[please] %s %s %s %s", a, b, c, d), fmt.Sprintf("please %s %s %s %s", a, b, c, d)
	case 5:
		rest := b + " " + w.words.word()
		text, says, star = fmt.Sprintf("(%s|%s|%s) %s", a, c, d, rest), w.one(a, c, d)+" "+rest, "<star>"
	case 6, 7:
		text, says = fmt.Sprintf("[*] %s %s %s [*]", a, b, c), fmt.Sprintf("%s %s %s %s %s", said, a, b, c, d)
	case 8:
		rest := w.words.word()
		text, says, star = fmt.Sprintf("%s %s [%s|%s] %s *", a, b, c, d, rest), fmt.Sprintf("%s %s %s %s %s", a, b, w.one(c, d), rest, said), "<star>"
	case 9:
		text, says, star = fmt.Sprintf("[*] %s [*] (%s|%s) [*]", c, b, d), fmt.Sprintf("%s %s %s %s", said, c, a, w.one(b, d)), "<star>"
	case 10:
		text, says, star = fmt.Sprintf("%s # %s %s", a, b, c), fmt.Sprintf("%s %d %s %s", a, w.IntN(1000), b, c), "<star>"
	default:
		text, says, star = fmt.Sprintf("%s %s _ %s", a, c, b), fmt.Sprintf("%s %s %s %s", a, c, w.words.word(), b), "<star>"
	}
	return w.trigger(Pattern, text, "", []string{strings.TrimSpace(fmt.Sprintf("- That is answer %d. %s", n, star))}, Message{Text: w.spoken(says)})
}

func (w *writer) array(n int, arrays map[string][]string) bool {
	name := fmt.Sprintf("list%d", w.IntN(len(arrays)))
	entry := arrays[name][w.IntN(len(arrays[name]))]
	a, b := w.words.word(), w.words.any()
	text, says := fmt.Sprintf("[*] %s %s (@%s) [*]", a, b, name), fmt.Sprintf("%s %s %s %s", w.words.word(), a, b, entry)
	if w.IntN(2) == 0 {
		text, says = fmt.Sprintf("%s (@%s) %s *", a, name, b), fmt.Sprintf("%s %s %s %s", a, entry, b, w.words.word())
	}
	return w.trigger(Array, text, "", []string{fmt.Sprintf("- That is answer %d. <star>", n)}, Message{Text: w.spoken(says)})
}

func (w *writer) condition(n int) bool {
	text := w.words.some(w.length(), w.words.word)
	name := variables[w.IntN(len(variables))]
	return w.trigger(Condition, text, "", []string{
		fmt.Sprintf("* <get %s> == %s => That is answer %d for <get %s>.", name, w.words.any(), n, name),
		fmt.Sprintf("* <get %s> != undefined => That is another answer %d.", name, n),
		fmt.Sprintf("- That is answer %d for everybody else.", n),
	}, Message{Text: w.spoken(text)})
}

func (w *writer) variable(n int) bool {
	name := variables[w.IntN(len(variables))]
	tag, value := "<get "+name+">", "undefined"
	if known, ok := w.brain.Vars[name]; ok {
		value = known
	}
	if w.IntN(3) == 0 {
		tag, value = "<bot "+name+">", w.bot[name]
	}
	a, b, c := w.words.word(), w.words.any(), w.words.word()
	text, says := fmt.Sprintf("%s %s %s", a, b, tag), fmt.Sprintf("%s %s %s", a, b, value)
	if w.IntN(2) == 0 {
		text, says = fmt.Sprintf("%s %s %s *", a, tag, b), fmt.Sprintf("%s %s %s %s", a, value, b, c)
	}
	return w.trigger(Variable, text, "", []string{fmt.Sprintf("- That is answer %d.", n)}, Message{Text: w.spoken(says)})
}

func (w *writer) previous(n int) bool {
	said := w.words.some(w.length(), w.words.word)
	text, says := w.one("yes", "no", "why [*]", "*", "(sure|of course)"), "sure"
	if first, _, _ := strings.Cut(text, " "); !strings.ContainsAny(first, "(*") {
		says = first
	}
	return w.trigger(Previous, text, "* "+said, []string{fmt.Sprintf("- That is answer %d.", n)}, Message{Text: w.spoken(says), Last: "Well, " + said + "?"})
}
