// Package brain writes scripts of any number of triggers, and messages of which it is
// known what they are for: what matching is measured by. Words are used as people use
// them, few very often and most of them hardly ever. The same seed writes the same
// brain. It measures nothing and knows nothing of what runs a script, and it keeps to
// what the two dialects and their relatives have in common, so that a brain means the
// same to all of them. No API of the host is promised.
package brain

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Kind is the style of a brain.
type Kind string

// The kinds.
const (
	// Realistic has exact sentences (60 %), wildcards, optionals and alternatives
	// (30 %), arrays, conditions, variables and now and then a % (10 %).
	Realistic Kind = "realistic"
	// Adversarial has triggers that begin with [*] or * and share their words.
	Adversarial Kind = "adversarial"
	// Keyword has triggers of the shape [*] a [*] (b|c) [*], as authors love them.
	Keyword Kind = "keyword"
)

// Brain is a script with messages for it.
type Brain struct {
	Script   string // one .rive document
	Triggers int    // beside "*", which comes last
	Classes  []Class
	Vars     map[string]string // of the person who says the messages
}

// Class is messages that are for the same kind of trigger.
type Class struct {
	Name     string
	Messages []Message
}

// Message is something said.
type Message struct {
	Text string
	Last string // what the bot said before; empty: nothing
}

// How many messages a class has; long ones take their time.
const (
	perClass = 200
	perLong  = 20
)

// Write writes a brain of n triggers.
func Write(kind Kind, n int, seed uint64) *Brain {
	w := newWriter(n, seed)
	switch kind {
	case Adversarial:
		return w.adversarial()
	case Keyword:
		return w.keyword()
	default:
		return w.realistic()
	}
}

// writer writes one brain.
type writer struct {
	*rand.Rand
	n     int
	words *vocabulary
	out   strings.Builder
	taken map[string]bool   // triggers that are there
	bot   map[string]string // its variables
	brain Brain
	heard map[string][]Message // by class, for each trigger one
}

func newWriter(n int, seed uint64) *writer {
	w := &writer{
		Rand: rand.New(rand.NewPCG(seed, uint64(n))), n: n,
		taken: map[string]bool{}, bot: map[string]string{}, heard: map[string][]Message{},
		brain: Brain{Triggers: n},
	}
	w.out.WriteString("! version = 2.0\n")
	return w
}

// trigger writes a trigger whose text nobody else has; false when it is taken. A
// trigger with % is another one than its like without.
func (w *writer) trigger(class string, text, previous string, lines []string, m Message) bool {
	key := text + "\n" + previous
	if w.taken[key] {
		return false
	}
	w.taken[key] = true
	fmt.Fprintf(&w.out, "\n+ %s\n", text)
	if previous != "" {
		fmt.Fprintf(&w.out, "%% %s\n", previous)
	}
	for _, line := range lines {
		w.out.WriteString(line + "\n")
	}
	w.heard[class] = append(w.heard[class], m)
	return true
}

// finish writes the fallback, and picks the messages of each class.
func (w *writer) finish(classes ...string) *Brain {
	w.out.WriteString("\n+ *\n- I do not know about that.\n")
	w.brain.Script = w.out.String()
	for _, name := range classes {
		if all := w.heard[name]; len(all) > 0 {
			w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			w.add(name, all[:min(len(all), perClass)])
		}
	}
	return &w.brain
}

func (w *writer) add(name string, messages []Message) {
	w.brain.Classes = append(w.brain.Classes, Class{name, messages})
}

// many draws the messages of a class.
func (w *writer) many(name string, count int, draw func() string) {
	messages := make([]Message, count)
	for i := range messages {
		messages[i].Text = draw()
	}
	w.add(name, messages)
}

// spoken is a text as people type it.
func (w *writer) spoken(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:] + []string{"", ".", "!", "?"}[w.IntN(4)]
}

// one draws one of some texts.
func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }
