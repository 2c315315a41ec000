package emit

import "github.com/footlight-bots/footlight/host/compile/ir"

// A template is a row of steps, which the routine run takes one after another. A
// step is a word whose low byte is its operation, with stepLast set in the last one
// of a row, and whose upper 24 bits are a number; other operands follow in words of
// their own. A value is the address of a template whose text is meant (L-EVAL-6).
const (
	stepNothing   = iota // an empty row has to have a step
	stepText             // length of the text | address
	stepProblem          // length of the text | address: an error text
	stepStar             // number of the capture, from 0
	stepBotStar          // likewise
	stepHistory          // kind, and in the upper two bytes the line or text
	stepID               //
	stepData             // length of the path | address
	stepVariable         // scope | name: a value
	stepSet              // scope | name, value: values
	stepClear            // scope | name: a value
	stepMath             // operation | name, operand: values
	stepTopic            // | name: a value
	stepRedirect         // | target: a value
	stepInner            // | template
	stepRandom           // alternatives | templates
	stepChoose           // alternatives | address where the choice is remembered, templates
	stepChosen           // as stepChoose
	stepMark             // head of a token that is nothing but its kind
	stepToken            // head of a token | its number, its text: a value, or 0
	stepDelay            // head of a token | seconds: a value
	stepOpen             // what follows is built aside
	stepShortcode        // a shortcode was built aside
	stepMacro            // the name and arguments of a macro were
	stepDirection        // those of a direction were
	stepOK               // the reply to the message
	stepNoteOK           // it is wanted
	stepBefore           // | template: the first pass over a begin reply

	// Steps of the body of a trigger.

	stepFetch   // requests were built aside; when one fails the row ends
	stepRefuse  // length of the text | address: an error text in the place of the reply
	stepWhen    // operator | number of the condition; left, right: values; template. When it holds the row ends
	stepAlias   // | target: a value; the row ends
	stepOnly    // the only reply follows
	stepDraw    // replies, equally likely | templates
	stepWeighed // replies | address of their weights, templates
)

// stepLast marks the last step of a row.
const stepLast = 0x80

// maxStepNumber is the largest number that a step holds beside its operation.
const maxStepNumber = 1<<24 - 1

// row is a template in the making.
type row struct {
	e     *emitter
	words []uint32
	last  int // index of the last step
	lines []rowLine
}

// rowLine says that the steps from an index on come from a place.
type rowLine struct {
	index int
	loc   ir.Loc
}

// at notes the place of a script from which the next steps come.
func (r *row) at(loc ir.Loc) { r.lines = append(r.lines, rowLine{len(r.words), loc}) }

// step appends a step.
func (r *row) step(op, n int, operands ...uint32) {
	if n < 0 || n > maxStepNumber {
		r.e.problem("a step counts %d, at most %d are allowed", n, maxStepNumber)
	}
	r.last = len(r.words)
	r.words = append(append(r.words, uint32(op)|uint32(n)<<8), operands...)
}

// text appends a step that holds a text of the data.
func (r *row) text(op int, text string) { r.step(op, len(text), uint32(r.e.data.Text(text))) }

// newRow begins a template.
func (e *emitter) newRow() *row {
	if n := len(e.rows); n > 0 {
		r := e.rows[n-1]
		e.rows = e.rows[:n-1]
		r.words, r.lines = r.words[:0], r.lines[:0]
		return r
	}
	return &row{e: e}
}

// end puts the row into the data and returns its address. The row is used again.
func (r *row) end() int {
	if len(r.words) == 0 {
		r.step(stepNothing, 0)
	}
	r.words[r.last] |= stepLast
	at := r.e.data.Words(r.words)
	for _, l := range r.lines {
		r.e.lines.Add(at+4*l.index, l.loc)
	}
	r.e.rows = append(r.e.rows, r)
	return at
}
