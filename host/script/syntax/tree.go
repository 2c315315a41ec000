// Package syntax reads one document: lines, continuations and comments, then the
// patterns of triggers and the templates of replies. It never stops at a fault:
// it reports a diagnostic and yields the best tree. It knows one document at a
// time; what documents mean together is link's business.
// No API of the host is promised.
package syntax

import "github.com/footlight-bots/footlight/host/script/source"

// Document is one file of a bot.
type Document struct {
	File        *source.File
	Topic       string // the topic a .topic document belongs to; empty for the root topic
	Definitions []Definition
	Blocks      []Block // in source order; lines outside "> topic" stand in blocks of the document's own topic
	Objects     []Object
	Allows      []Allow
	Broken      []*Trigger // triggers that cannot be used; what stands below them is still checked
}

// Definition is one ! line with its continuations (section 5 of the language).
type Definition struct {
	Type  string // lower-cased: version, local, global, var, array, sub, person
	Name  string // inner blanks squeezed to one
	Value string // joined without a joiner; empty for arrays, which use Lines
	Lines []Text // arrays: the value and each continuation, one by one (L-DEF-5)
	Span  source.Span
}

// Text is a stretch of a document: what it says and where it stands.
type Text struct {
	Value string
	Span  source.Span
}

// Block is a run of triggers of one topic, or of the begin block.
type Block struct {
	Begin    bool
	Topic    string // lower-cased name; empty: the document's own topic
	Includes []Text
	Inherits []Text
	Triggers []*Trigger
	Span     source.Span // of the "> topic" line; zero for the document's own
}

// Trigger is one + with everything below it.
type Trigger struct {
	Text       string // as written, continuations joined
	Span       source.Span
	Pattern    *Pattern
	Weight     uint32 // L-SORT-2; 0 without
	Previous   *Pattern
	PrevText   string
	PrevSpan   source.Span
	NoStrip    bool // "# punc nostrip" (L-NORM-8)
	Alias      *Template
	Conditions []Condition
	Replies    []Reply
	Requests   []Request
	Samples    []Text // "//? a | b" (L-CHAT-3)
}

// Condition is one * line.
type Condition struct {
	Left, Right *Template // trimmed; a pair of double quotes around an operand is gone
	Op          string    // "==", "!=", "<", "<=", ">" or ">="; eq, ne and <> are rewritten
	Reply       *Template
	Span        source.Span
}

// Reply is one - line. Its Template has no {weight} tags.
type Reply struct {
	Weight   uint32 // at least 1
	Template *Template
	Span     source.Span
}

// Request is one $ line.
type Request struct {
	Method, Name string
	URL          *Template
	JSON         []JSONPiece // nil without
	Problem      string      // the error text of L-HTTP-8 when the line is broken; the rest is empty then
	Span         source.Span
}

// Object is one macro.
type Object struct {
	Name, Language, Code string
	Span                 source.Span
}

// Allow is a "// allow W107" comment: it silences these warnings on the next line.
type Allow struct {
	Names  []string
	Span   source.Span
	Covers source.Span // the line below, with its continuations; zero if there is none
}

// Pattern is the pattern of a trigger or of a % line, {weight} tags removed and
// literals not yet folded.
type Pattern struct {
	Text     string // the trigger without {weight}: what sorting looks at (L-SORT-4)
	Elements []Element
	Span     source.Span
}

// ElementKind says what an Element matches (section 8.1 of the language).
type ElementKind uint8

// The kinds of elements.
const (
	Literal    ElementKind = iota + 1 // Text
	Space                             // a blank
	Star                              // *
	Hash                              // #
	Underscore                        // _
	Group                             // ( ): Alternatives, captured
	Optional                          // [ ]: Alternatives, or nothing; not captured
	ArrayRef                          // @name: Text is the name, lower-cased
	BotRef                            // <bot x>: Text is the name
	GetRef                            // <get x>: Text is the name
	InputRef                          // <inputN>: N
	ReplyRef                          // <replyN>: N
)

// Element is one piece of a Pattern.
type Element struct {
	Kind         ElementKind
	Text         string
	N            int
	Alternatives [][]Element
	Span         source.Span
}

// Template is a reply text, or anything else that may hold tags (section 15).
type Template struct {
	Nodes []Node
	Span  source.Span
}

// NodeKind says what a Node of a template is.
type NodeKind uint8

// The kinds of nodes. Args are templates in argument position, Blocks templates in place.
const (
	TextNode      NodeKind = iota + 1 // Text, escapes resolved
	StarNode                          // <starN>: N
	BotStarNode                       // <botstarN>: N
	InputNode                         // <inputN>: N
	ReplyNode                         // <replyN>: N
	IDNode                            // <id>
	GetNode                           // <get x>, <bot x>, <env x>: Name is get, bot or env; Args[0]
	SetNode                           // <set x=v>, <bot x=v>, <env x=v>: Name set, bot or env; Args[0], Args[1]
	ClearNode                         // <set x>: Args[0]
	MathNode                          // Name add, sub, mult or div; Args[0], Args[1]
	TopicNode                         // {topic=t}: Args[0]
	RedirectNode                      // {@ t}, <@>: Args[0]
	CallNode                          // <call>: Args, the first is the name
	DataNode                          // ${{path}}: Text
	RandomNode                        // {random}: Blocks
	ArrayNode                         // (@name): Text, lower-cased; text if link finds no such array
	FormatNode                        // Name formal, sentence, uppercase, lowercase or person; Blocks[0]
	RawNode                           // <raw>: Text; in the content of ^reminder Blocks[0] as well, the script it is
	SendNode                          // <send>, <chat>
	DelayNode                         // <delay>: Attributes
	NoReplyNode                       // <noreply>
	OKNode                            // {ok}
	DirectionNode                     // any other <name …>: Name, Attributes; Blocks[0] when it is a block; Text: the tag as written
	ShortcodeNode                     // ^name(…): Name, Shortcode
)

// Node is one element of a Template.
type Node struct {
	Kind       NodeKind
	Name       string
	Text       string
	N          int
	Args       []*Template
	Blocks     []*Template
	Attributes []Attribute
	Shortcode  *Shortcode
	Plain      *Template // directions: what the tag reads as when it is no direction after all
	EndText    string    // block directions: the end tag as written
	Span       source.Span
}

// Attribute is name=value of a direction; a flag has no Value.
type Attribute struct {
	Name  string // lower-cased
	Value *Template
	Span  source.Span
}

// Shortcode holds the arguments of a ShortcodeNode, split before evaluation (L-SC-3).
type Shortcode struct {
	Args    []*Template
	JSON    []JSONPiece // instead of Args when the list begins with { or [
	Problem string      // the error text of L-SC-5 when it is broken; it is then the node's text
}

// JSONPiece is literal JSON (Template nil) or a template inside of it.
type JSONPiece struct {
	Text     string
	Template *Template
	InString bool
}
