// Package reply is what a reply is made of. While a template is evaluated it
// yields Tokens, in the interpreter as in the compiled module; when evaluation is
// over they are flattened to the text of an argument (L-EVAL-6) or cut into
// Parts (section 20.2 of the language). No API of the host is promised.
package reply

import (
	"time"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Kind says what a Token is.
type Kind uint8

// The kinds of tokens.
const (
	Text      Kind = iota + 1 // Text, inert
	Error                     // an error text (section 26): Text; formatting leaves it alone
	Send                      // cuts the part (L-SEND-1)
	Delay                     // cuts or delays (L-DELAY-1): Millis, NoCancel
	NoReply                   // L-NOREPLY-1
	Begin                     // begin of a formatted block: Format
	End                       // end of the innermost formatted block
	Shortcode                 // Text: its name; Args
)

// Format is the effect of a formatted block (L-TAG-8, L-TAG-9).
type Format uint8

// The formats.
const (
	Formal Format = iota + 1
	Sentence
	Uppercase
	Lowercase
	Person
)

// MaxDelayMillis is the longest delay of one <delay>, in milliseconds (L-DELAY-2).
const MaxDelayMillis = syntax.MaxDelay * 1000

// Token is one element of a reply in the making.
type Token struct {
	Kind     Kind
	Format   Format
	NoCancel bool
	Millis   int // of a Delay; 0 to 120,000
	Text     string
	Args     []Arg
	Data     string // of a Shortcode: what the world had to say to it, as JSON; scripts leave it empty
}

// Arg is an argument of a shortcode.
type Arg struct {
	Text string `json:"text,omitempty"`
	JSON string `json:"json,omitempty"` // valid JSON when the argument was JSON or data (L-SC-3); then Text is empty
}

// Call is a shortcode with its evaluated arguments.
type Call struct {
	Name string `json:"name"`
	Args []Arg  `json:"args,omitempty"`
	Data string `json:"data,omitempty"` // as in Token
}

// Part is one message of a reply as the script means it, before any platform's limits.
type Part struct {
	Text       string        `json:"text,omitempty"`
	Delay      time.Duration `json:"delay,omitempty"` // pause before it, counted from the part before
	NoCancel   bool          `json:"no_cancel,omitempty"`
	Shortcodes []Call        `json:"shortcodes,omitempty"` // the visible ones, as written
	Problem    bool          `json:"problem,omitempty"`    // an error text is in it
}

// Reply is a finished reply.
type Reply struct {
	Parts   []Part
	Actions []Call // L-SC-4, in order
	Text    string // the reply text without error texts (L-TEXT-3, L-HIST-2): what history keeps
	Last    string // the text of the last part that had text, without error texts (L-PREV-2)
	Silent  bool   // a <noreply> was among the tokens: there are no parts and no texts, but Actions
	Dropped int    // parts beyond MaxParts, which are left out
}
