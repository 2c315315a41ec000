// Package ir is the form of a script between the language and WebAssembly: flat
// lists of topics, triggers, patterns and templates, each known by its number.
// All ordering is done, all names are resolved. It can be printed, interpreted
// in plain Go (interp, the oracle) and emitted as a module (emit).
// No API of the host is promised.
package ir

import (
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/message"
)

// None stands for "no such number" wherever a field holds one.
const None = -1

// Bypass is the topic of a person with whom a human is talking. It belongs to the
// host: scripts cannot switch to it, it is not among Meta.Topics, and its number is
// the one behind theirs (L-EV-10).
const Bypass = "dex-human-bypass"

// Meta is what the host needs to know about a program without running it. It
// travels inside the module (custom section "footlight", as JSON), and the triggers
// beside it.
type Meta struct {
	Dialect  string          `json:"dialect"` // "dexter" or "rivescript"
	Message  message.Options `json:"message"`
	Files    []string        `json:"files"`
	Topics   []string        `json:"topics"` // names; the root topic is number 0
	Triggers Triggers        `json:"-"`
	BotVars  []Definition    `json:"bot_vars,omitempty"`
	Env      []Definition    `json:"env,omitempty"`
	Kept     bool            `json:"kept,omitempty"`     // some trigger is under "# punc nostrip"
	Deferred []string        `json:"deferred,omitempty"` // keys of the scripts of reminders: see reply.Content
	Objects  []Object        `json:"objects,omitempty"`  // macros
}

// TriggerInfo describes a trigger to people.
type TriggerInfo struct {
	Text  string // as written
	Topic int    // into Meta.Topics; None for a trigger of the begin block
	Class int    // L-SORT-4, 1 to 8
	Loc   Loc
	// Conditions and Replies tell the lines below the trigger, in their order.
	Conditions []ConditionInfo
	Replies    []int // lines
}

// ConditionInfo describes a condition to people.
type ConditionInfo struct {
	Op   string // as authors write it: "=="
	Line int
}

// Loc is a place in a script. Lines count from 1; 0 is nowhere.
type Loc struct {
	File int `json:"file"` // into Meta.Files
	Line int `json:"line"`
}

// Definition is a name with its value.
type Definition struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Program is a whole script, ready to run.
type Program struct {
	Meta     Meta
	Groups   []Group   // one for each of Meta.Topics, then that of Bypass; the begin block's, if any, comes last
	Views    []View    // likewise
	Triggers []Trigger // one for each of Meta.Triggers
	Patterns []Pattern
	Funcs    []Func
	Deferred []int // one for each of Meta.Deferred: the Func that is evaluated like a reply when a reminder comes due
	Begin    int   // the View of the begin block, or None
	Choices  int   // choices that ChooseBlock steps remember: their numbers are below this
	Errors   Errors
}

// Errors are the texts of section 26 that the script itself can produce.
type Errors struct {
	NotMatched string `json:"not_matched"`
	NotFound   string `json:"not_found"`
	Recursion  string `json:"recursion"`
	NoObject   string `json:"no_object"` // an unknown macro
}

// Trigger is one + with everything below it.
type Trigger struct {
	Rank         Rank
	Pattern      int // into Patterns
	Previous     int // into Patterns, or None
	Captures     int // numbered captures of the pattern
	PrevCaptures int
	Kept         bool // "# punc nostrip" (L-NORM-8)
	Requests     []Request
	Alias        int // into Funcs: the target in argument position, or None
	Conditions   []Condition
	Replies      []Reply
}

// Request is one $ line (section 22 of the language).
type Request struct {
	Loc     Loc
	Method  string // in upper case; UPDATE is PUT already
	Name    string // empty: unnamed
	URL     int    // into Funcs, argument
	Options *Arg   // JSON object with headers and body; nil: none
	Problem string // the error text of a line that can never be sent (L-HTTP-8); the rest is then unset
	Joins   bool   // may be made at the same time as the request before it (L-HTTP-3)
}

// Condition is one * line. Left and Right are evaluated in argument position and
// trimmed of white space.
type Condition struct {
	Loc         Loc
	Op          CompareOp
	Left, Right int // into Funcs
	Before      int // into Funcs, or None; see Reply
	Reply       int // into Funcs
}

// CompareOp is an operator of a condition.
type CompareOp uint8

// The operators (L-COND-4, L-COND-5).
const (
	Equal CompareOp = iota
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
)

// Reply is one - line. A reply of the begin block is evaluated in two passes
// (L-BEGIN-3): Before makes its choices, sets variables and topics and tells with
// NoteOK whether the message is wanted; then the message is answered; then Func
// runs. Before yields no tokens. It is None outside the begin block, and where the
// first pass has nothing to do.
type Reply struct {
	Loc    Loc
	Weight uint32 // at least 1
	Before int    // into Funcs, or None
	Func   int    // into Funcs
}

// Pattern is a trigger's or previous line's pattern as a small graph. Matching
// starts at node 0 at position 0 and succeeds at an Accept node at the end of
// the text. Edges are tried in the written order: that is the preference of
// L-TRIG-12.
type Pattern struct {
	Nodes []Node
	Slots int  // captures; slot n holds capture n+1
	Bare  bool // the whole trigger is "*": it also accepts the empty text
}

// WholeText tells whether a pattern matches one text and no other, as most do, and
// which.
func (p *Pattern) WholeText() (text string, ok bool) {
	first := &p.Nodes[0]
	if p.Bare || first.Op != Literal || p.Nodes[first.Next].Op != Accept {
		return "", false
	}
	return first.Text, true
}

// NodeOp is what a Node does.
type NodeOp uint8

// The node operations. "Next" is where matching goes on.
const (
	Accept   NodeOp = iota // the text must end here
	Literal                // Text must stand here
	AnyRun                 // * one or more characters, as few as possible
	DigitRun               // # one or more digits, as few as possible
	WordRun                // _ one or more characters that are neither blank nor digit, as few as possible
	Gap                    // L-TRIG-9: the position is a border; swallows a blank (preferred) or nothing
	Split                  // Alts, tried in order
	Open                   // capture Slot begins here
	Close                  // capture Slot ends here
	Dynamic                // the value of a variable or a line of history, as literal text (L-TRIG-6); not if it is empty
	Empty                  // goes on without moving if the value of a Dynamic of the same fields is empty
	Fail                   // matches nothing (an empty array)
)

// DynamicKind is whose value a Dynamic or Empty node reads. Values are
// normalised: variables and earlier messages by message.Normalizer.Value,
// replies by ReplyValue; what is unset is the word "undefined".
type DynamicKind uint8

// The kinds of Dynamic nodes.
const (
	UserVar DynamicKind = iota
	BotVar
	InputLine
	ReplyLine
)

// Node is one step of a pattern.
type Node struct {
	Op      NodeOp
	Next    int // unused by Accept, Split and Fail
	Text    string
	Alts    []int
	Slot    int
	Dynamic DynamicKind
	Name    string // of a UserVar or BotVar
	N       int    // of an InputLine or ReplyLine
}

// Func is a template: a list of steps that each append tokens or change the
// world. Arguments of steps are templates of their own; their text is that of
// reply.Flatten.
//
// Steps run in the order of L-EVAL. While a trigger's conditions and reply are
// evaluated, SwitchTopic and, outside of arguments, Redirect only take a note:
// when the reply is through, the topics are switched in order, then the redirects
// run in order and their tokens take the place of the notes. A Redirect in an
// argument runs at once. A trigger without a usable reply still switches topics.
type Func struct {
	Name string // for people: "order.topic:12 reply 2"
	Loc  Loc
	Ops  []Op
}

// OpKind is what an Op does.
type OpKind uint8

// The steps of a template. F are numbers of Funcs; those marked "argument" are
// evaluated in argument position (L-EVAL-6).
const (
	EmitText      OpKind = iota + 1 // token Text: Text
	EmitProblem                     // token Error: Text
	EmitStar                        // capture N of the trigger; "undefined" beyond the last (L-CAP-3)
	EmitBotStar                     // capture N of the previous pattern
	EmitInput                       // history, N from 1 to 10
	EmitReply                       // history, N from 1 to 10
	EmitID                          // <id>
	EmitVar                         // <get>, <bot>, <env>: Scope; F[0] the name, argument
	SetVar                          // Scope; F[0] name, F[1] value, arguments; both trimmed
	ClearVar                        // Scope; F[0] name, argument
	Math                            // N a world.MathOp; F[0] name, F[1] operand, arguments
	SwitchTopic                     // {topic=…}: F[0] the name, argument; waits (L-EVAL-3)
	Redirect                        // {@ …}: F[0] the target, argument; waits outside arguments (L-EVAL-3)
	FormatBlock                     // Format; F[0] the content, evaluated in place
	RandomBlock                     // one of F, with equal chances: nothing is drawn for a single one
	EmitSend                        // <send>
	EmitDelay                       // <delay>: N milliseconds, or F[0] seconds as an argument, read by world.Millis; Flag: nocancel
	EmitNoReply                     // <noreply>
	EmitCall                        // shortcode: Text the name; Args
	EmitData                        // ${{path}}: Text the path
	CallMacro                       // <call>: F[0] the name, further F its arguments, arguments all; its result is read by reply.Delivery, in argument position it is text
	CallDirection                   // direction of a plug-in: Text its name; Names and F its attributes; F beyond Names: the content of its block
	EmitOK                          // {ok} of the begin block: the tokens of the reply to the message, which is answered now if it was not yet

	// Steps that occur in replies of the begin block only (see Reply).
	ChooseBlock // as RandomBlock, and the choice is remembered under N
	ChosenBlock // the one of F that was remembered under N
	NoteOK      // the message is to be answered when the first pass is over

	// A step that occurs in the script of reminders only (see Program.Deferred).
	EmitHeld // text N, from 1, of those that were kept with the reminder
)

// Op is one step of a template.
type Op struct {
	Kind   OpKind
	Text   string
	N      int
	Scope  uint8 // a world.Scope
	Format reply.Format
	Flag   bool
	F      []int
	Names  []string // of the attributes of a CallDirection
	Args   []Arg
}

// Arg is an argument of a shortcode: a template, or JSON with templates in it.
// It becomes a reply.RawArg: a JSONArg if JSON, a DataArg if Data, else a TextArg.
type Arg struct {
	JSON   bool
	Data   bool // one tag and nothing else: its value may be a list or an object (L-SC-3)
	Pieces []Piece
}

// Piece is a stretch of an argument. For a plain argument there is one, with a
// Func. In JSON, literal Text (reply.AsIs) alternates with Funcs whose text is
// inserted escaped inside a string (InString; reply.InString), or as data outside
// of one (reply.AsValue; L-SC-3).
type Piece struct {
	Text     string
	Func     int // into Funcs, or None
	InString bool
}
