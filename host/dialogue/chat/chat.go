// Package chat is the .chat format: conversation tests that read like a talk. It
// parses the files, plays each test in a world of its own under a virtual clock,
// reports what was not as expected, and can write down what the bot said instead.
// A test knows no network: requests and directions are answered by its stubs.
// No API of the host is promised.
package chat

import (
	"regexp"
	"time"

	"github.com/footlight-bots/footlight/host/script/source"
)

// Bounds of a .chat file.
const (
	MaxBytes = 1 << 20
	MaxSteps = 10_000
)

// DefaultPatience is how far an expectation pulls the clock forward to reach a
// bubble that waits.
const DefaultPatience = 10 * time.Second

// File is one .chat file.
type File struct {
	Path  string
	Stubs []Stub // for all its tests
	Tests []Test

	source *source.File
}

// Test is one conversation of a file.
type Test struct {
	Name  string
	Line  int
	Skip  string // the reason, when the test is left out
	Start Start
	Stubs []Stub
	Steps []Step
}

// Start is what the given lines of a test say.
type Start struct {
	Vars     []Pair // of the person
	BotVars  []Pair
	Topic    string
	State    string // file with a saved state; empty: somebody new
	Clock    time.Time
	Seed     *uint64
	Patience time.Duration
	Closed   bool // the messaging window
}

// Pair is a name with its value.
type Pair struct{ Name, Value string }

// Kind says what a Step does.
type Kind uint8

// The kinds of steps.
const (
	Say       Kind = iota + 1 // Text is typed
	Event                     // Text is the event's name, Args what belongs to it
	Raw                       // Text is the path of a webhook event
	Expect                    // a bubble
	Mark                      // more about the bubble before, or about the next one
	State                     // Facts hold
	Wait                      // For passes
	WaitUntil                 // the clock comes to Text
	WaitNext                  // the next thing that waits comes due
)

// Step is one line of a test.
type Step struct {
	Kind  Kind
	Line  int
	Text  string
	Args  []string
	For   time.Duration
	Want  want   // of an Expect
	Mark  mark   // of a Mark
	Facts []fact // of a State

	written string // the line without blanks at its ends
}

// want is what an Expect asks of a bubble. One of its fields counts.
type want struct {
	text  string
	match *regexp.Regexp
	oneOf bool
	place string // of oneOf; empty: the trigger that matched
	any   bool
	rest  bool
}

// mark is a [kind] with what must be there.
type mark struct {
	kind  string
	any   bool // *
	url   string
	items []item
	json  any
}

// item is one button, quick reply or card.
type item struct {
	title string
	more  string // payload, target or subtitle
	asked bool   // more counts
}

// fact is something that a ~ line says.
type fact struct {
	kind  string // topic, set, unset, trigger, called, pending, window
	name  string
	value string
	attrs []Pair // of called
}
