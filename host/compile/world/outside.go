package world

import "github.com/footlight-bots/footlight/host/compile/reply"

// Outside is the part of a World that lies beyond the session: requests, macros
// and the directions of plug-ins. Whatever goes wrong there becomes a text.
type Outside interface {
	// Fetch makes requests of one trigger, which do not depend on each other: the
	// result is as if they were made in order (L-HTTP-3). problem is the error text
	// that takes the place of the reply (L-HTTP-8), or empty; later requests of the
	// trigger are then not made.
	Fetch(requests []Request) (problem string)
	// Data reads an answer of the turn by its path (L-HTTP-5); what is not there is empty.
	Data(path string) string
	// Macro runs a macro (section 23). found is false when there is none that can be
	// called (L-JS-4); problem is the error text that stands in the place of the
	// result, or empty.
	Macro(call Macro) (result, problem string, found bool)
	// Direct runs a direction of a plug-in (section 20.3) and returns what it says:
	// inert text, cuts, delays, shortcodes; an error text when it failed without fallback.
	// The attributes are the caller's again then, and the tokens are good until the next
	// direction.
	Direct(d Direction) []reply.Token
}

// Request is one evaluated $ line.
type Request struct {
	Method  string // in upper case; UPDATE is PUT already
	Name    string // empty: unnamed
	URL     string
	Options string // JSON object with headers and body; empty: none
}

// Macro is one evaluated <call>.
type Macro struct {
	Name string
	Args []string
	// Reply runs a text as a redirect (rs.reply of L-JS-6). It can be called only
	// while the macro runs. After an error the turn is over, and so is the macro.
	Reply func(text string) ([]reply.Token, error)
}

// Core is the name of the plug-in that is the definition of the language's own
// directions. Where they are called and not compiled, a Direction is named "core:set".
// A failure of one of them is an error text of the language as it stands.
const Core = "core"

// Direction is one evaluated direction of a plug-in. Attributes is the script's again when the call
// has been answered: whoever keeps it keeps a copy.
type Direction struct {
	Name       string // as resolved: "weather" or "shop:cart"
	Attributes []Attribute
	Block      string // evaluated content of the block form
}

// Attribute is an evaluated attribute; a flag has an empty value.
type Attribute struct{ Name, Value string }

// Alone is an Outside that has nothing: no host is granted, no macro and no
// direction is known.
type Alone struct{}

var _ Outside = Alone{}

// Fetch implements Outside.
func (Alone) Fetch([]Request) string {
	return "[REQ_RESPONSE_ERROR: no host is granted to this bot]"
}

// Data implements Outside.
func (Alone) Data(string) string { return "" }

// Macro implements Outside.
func (Alone) Macro(Macro) (result, problem string, found bool) { return "", "", false }

// Direct implements Outside.
func (Alone) Direct(d Direction) []reply.Token {
	return []reply.Token{{Kind: reply.Error, Text: "[DIRECTION_ERROR: " + d.Name + ": it is not installed]"}}
}
