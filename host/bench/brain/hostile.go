package brain

import (
	"fmt"
	"strings"
)

// sharedWords is the vocabulary of an adversarial brain, however many its triggers.
const sharedWords = 200

// adversarial writes a brain in which most triggers begin with [*] or *, so that no
// first word tells them apart, and all share their words.
func (w *writer) adversarial() *Brain {
	w.words = newVocabulary(w.Rand, sharedWords)
	for written := 0; written < w.n; {
		a, b, c, d := w.words.any(), w.words.any(), w.words.any(), w.words.word()
		says := fmt.Sprintf("%s %s %s %s %s %s", d, a, d, b, c, d)
		var text string
		switch w.IntN(10) {
		case 0, 1, 2:
			text = fmt.Sprintf("[*] %s [*] %s [*] %s [*]", a, b, c)
		case 3, 4:
			text = fmt.Sprintf("* %s * %s %s *", a, b, c)
		case 5:
			text, says = fmt.Sprintf("* %s * %s * %s", a, b, c), fmt.Sprintf("%s %s %s %s %s %s", d, a, d, b, d, c)
		case 6:
			text, says = fmt.Sprintf("[*] %s %s (%s|%s) [*]", a, b, c, d), fmt.Sprintf("%s %s %s %s", d, a, b, c)
		case 7:
			text, says = fmt.Sprintf("* * %s * %s %s", a, b, c), fmt.Sprintf("%s %s %s %s %s %s", d, c, a, d, b, c)
		case 8:
			text, says = fmt.Sprintf("_ %s [*] %s [%s] %s", a, b, d, c), fmt.Sprintf("%s %s %s %s", d, a, b, c)
		default:
			text, says = fmt.Sprintf("%s %s %s [*]", a, b, c), fmt.Sprintf("%s %s %s %s", a, b, c, d)
		}
		if w.trigger(Pattern, text, "", []string{fmt.Sprintf("- That is answer %d.", written)}, Message{Text: w.spoken(says)}) {
			written++
		}
	}
	brain := w.finish(Pattern)
	w.many(Miss, perClass, func() string { return w.spoken(w.words.some(3+w.IntN(3), w.words.word)) })
	w.many(Alien, perClass, func() string { return w.spoken(w.words.alien(3 + w.IntN(6))) })
	w.many(Long, perLong, func() string { return w.long(w.words.any) })
	return brain
}

// KeywordLengths are the words in messages to a keyword brain; its classes are named
// after them.
var KeywordLengths = []int{3, 8, 20, 50, 200}

// The vocabularies of keyword brains: a few words, and more for very many triggers.
const (
	fewKeywords  = 300
	manyKeywords = 2000
	manyTriggers = 50_000 // from which on the larger one is used
)

func (w *writer) keyword() *Brain {
	size := fewKeywords
	if w.n >= manyTriggers {
		size = manyKeywords
	}
	w.words = newVocabulary(w.Rand, size)
	for written := 0; written < w.n; {
		text := fmt.Sprintf("[*] %s [*] (%s|%s) [*]", w.words.any(), w.words.any(), w.words.any())
		if w.trigger(Pattern, text, "", []string{fmt.Sprintf("- That is answer %d. <star>", written)}, Message{}) {
			written++
		}
	}
	brain := w.finish()
	for _, n := range KeywordLengths {
		w.many(KeywordClass(n), perClass, func() string {
			text := w.words.some(n, w.words.any)
			if len(text) > longRunes {
				text = text[:longRunes]
			}
			return text
		})
	}
	return brain
}

// KeywordClass is the class of messages of some words.
func KeywordClass(words int) string { return fmt.Sprintf("%d words", words) }

// Breaking is a trigger that takes interpreters of this language seconds to refuse.
type Breaking struct {
	Name, Trigger string
	Says          string // the words that the message repeats
}

// Breakings are such triggers.
var Breakings = []Breaking{
	{"A", "[*] what [*] flow [*] getting [*] reviewed [*] form is answer type [*]", "what flow getting reviewed form is answer"},
	{"B", "[*] (i|we) [*] (want|need) [*] (buy|get|order) [*] (car|bike) [*]", "i want buy we need get order"},
	{"C", "* a * a * a * a * a * b", "a"},
	{"D", "hi [a] [a] [a] [a] [a] [a] [a] [a] bye", "a"},
	{"E", strings.Repeat("* ", 16) + "end", "x"},
}

// breakingWords is the length of the messages that break.
const breakingWords = 200

// Brain is a bot with that trigger and "*", and the message that breaks.
func (b *Breaking) Brain() *Brain {
	words := strings.Fields(b.Says)
	said := make([]string, breakingWords)
	for i := range said {
		said[i] = words[i%len(words)]
	}
	if first, _, _ := strings.Cut(b.Trigger, " "); !strings.ContainsAny(first, "[*") {
		said[0] = first // or nothing is tried at all
	}
	return &Brain{
		Script:   fmt.Sprintf("+ %s\n- That is it.\n\n+ *\n- I do not know about that.\n", b.Trigger),
		Triggers: 1,
		Classes:  []Class{{b.Name, []Message{{Text: strings.Join(said, " ")}}}},
	}
}
