// Package trace is the vocabulary of a turn's explanation: what was heard, which
// trigger won, which way the reply took. The same events feed the terminal, the
// console, test failures and the comparison of the compiled module with the
// reference interpreter. No API of the host is promised.
package trace

import "time"

// Kind says what an Event tells.
type Kind uint8

// The kinds of events.
const (
	Input     Kind = iota + 1 // Text: the message after normalisation
	Topic                     // Text: the topic in which the search began; Name: the one the person stood in, if the script has it no more
	Matched                   // Trigger won; Text: its text as written; Captures
	Unmatched                 // no trigger matched Text
	Condition                 // N-th condition of Trigger (from 0); Left, Right: its values; Text: its operator; OK: its result
	Reply                     // N-th reply of Trigger (from 0) was drawn, out of Of
	Alias                     // Trigger passes on to Text (L-RED-1)
	Redirect                  // an inline redirect to Text (L-RED-2)
	Set                       // variable Name became Text; OK false: it was cleared
	Switch                    // topic switched to Text
	Problem                   // an error text was made: Text
	Request                   // $ line Name (or unnamed) asked for Text; OK: an answer came, N: its status
	Direction                 // direction Name of a plug-in ran with the attributes Left; Text: what it said, or why it failed, Right: in which way; OK: it did not; Fuel, Memory, Took
	Reminder                  // reminder Name came due
	Macro                     // macro Name ran; Text: its result; OK false: it failed, and Text is why
	Log                       // macro Name wrote Text with console.log
	Note                      // direction Name wrote Text to its log; Left: how much it matters
)

var kindNames = [...]string{"", "input", "topic", "matched", "unmatched", "condition", "reply", "alias", "redirect", "set", "switch", "problem", "request", "direction", "reminder", "macro", "log", "note"}

// String names the kind in one lower-case word.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Event is one step of a turn. Which fields count depends on Kind; the others are zero.
type Event struct {
	Kind     Kind     `json:"kind"`
	Trigger  int      `json:"trigger,omitempty"` // number of the trigger in the program
	N        int      `json:"n,omitempty"`
	Of       int      `json:"of,omitempty"`
	OK       bool     `json:"ok,omitempty"`
	Name     string   `json:"name,omitempty"`
	Text     string   `json:"text,omitempty"`
	Left     string   `json:"left,omitempty"`
	Right    string   `json:"right,omitempty"`
	Captures []string `json:"captures,omitempty"`
	File     string   `json:"file,omitempty"` // of the trigger or line, filled in by turn
	Line     int      `json:"line,omitempty"`

	Fuel   int64         `json:"fuel,omitempty"`   // steps of a plug-in's code
	Memory int           `json:"memory,omitempty"` // bytes of its memory
	Took   time.Duration `json:"took,omitempty"`
}
