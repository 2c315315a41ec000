package ir

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Print writes a program for people: what was understood of a script, step by
// step. The form is stable enough for goldens, and nobody reads it back.
func Print(w io.Writer, p *Program) error {
	b := bufio.NewWriter(w)
	pr := printer{b, p}
	pr.line("dialect %s", p.Meta.Dialect)
	for i := range p.Views {
		pr.view(i)
	}
	for i := range p.Triggers {
		pr.trigger(i)
	}
	for i, f := range p.Deferred {
		pr.line("\ndeferred %d: func %d", i, f)
	}
	for i := range p.Patterns {
		pr.pattern(i)
	}
	for i := range p.Funcs {
		pr.function(i)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("print program: %w", err)
	}
	return nil
}

// printer writes to b, whose first error is kept until it is flushed.
type printer struct {
	b *bufio.Writer
	p *Program
}

func (pr printer) line(format string, args ...any) { _, _ = fmt.Fprintf(pr.b, format+"\n", args...) }

func (pr printer) view(i int) {
	name := "begin"
	switch {
	case i == pr.p.Begin:
	case i < len(pr.p.Meta.Topics):
		name = "topic " + pr.p.Meta.Topics[i]
	default:
		name = "topic " + Bypass
	}
	previous, order := pr.p.Order(i)
	pr.line("\n%s", name)
	if len(previous) > 0 {
		pr.line("  previous %s", numbers(previous))
	}
	pr.line("  order %s", numbers(order))
}

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}

func (pr printer) trigger(i int) {
	t, info := &pr.p.Triggers[i], pr.p.Meta.Triggers.At(i)
	pr.line("\ntrigger %d %s %q class %d", i, pr.place(info.Loc), info.Text, info.Class)
	pr.line("  pattern %d, %d captures", t.Pattern, t.Captures)
	if t.Previous != None {
		pr.line("  previous %d, %d captures", t.Previous, t.PrevCaptures)
	}
	if t.Kept {
		pr.line("  unstripped")
	}
	for i := range t.Requests {
		pr.line("  %s", t.Requests[i].describe())
	}
	if t.Alias != None {
		pr.line("  alias func %d", t.Alias)
	}
	for _, c := range t.Conditions {
		pr.line("  if func %d %s func %d: %s", c.Left, c.Op, c.Right, passes(c.Before, c.Reply))
	}
	for _, r := range t.Replies {
		pr.line("  reply weight %d: %s", r.Weight, passes(r.Before, r.Func))
	}
}

func (r *Request) describe() string {
	if r.Problem != "" {
		return "request " + strconv.Quote(r.Problem)
	}
	text := fmt.Sprintf("request %s func %d", r.Method, r.URL)
	if r.Name != "" {
		text = fmt.Sprintf("request %s:%s func %d", r.Method, r.Name, r.URL)
	}
	if r.Options != nil {
		text += " " + r.Options.describe()
	}
	if r.Joins {
		text += ", joins"
	}
	return text
}

func passes(before, fn int) string {
	if before == None {
		return fmt.Sprintf("func %d", fn)
	}
	return fmt.Sprintf("func %d, then func %d", before, fn)
}

func (pr printer) place(l Loc) string {
	if l.Line == 0 {
		return "nowhere"
	}
	return fmt.Sprintf("%s:%d", pr.p.Meta.Files[l.File], l.Line)
}

var compareNames = [...]string{"==", "!=", "<", "<=", ">", ">="}

// String is the operator as authors write it.
func (op CompareOp) String() string { return compareNames[op] }

var nodeNames = [...]string{
	Accept: "accept", Literal: "literal", AnyRun: "any", DigitRun: "digits", WordRun: "word", Gap: "gap",
	Split: "split", Open: "open", Close: "close", Dynamic: "value", Empty: "empty", Fail: "fail",
}

func (pr printer) pattern(i int) {
	p := &pr.p.Patterns[i]
	bare := ""
	if p.Bare {
		bare = ", bare"
	}
	pr.line("\npattern %d, %d captures%s", i, p.Slots, bare)
	for j := range p.Nodes {
		n := &p.Nodes[j]
		text := fmt.Sprintf("  %d %s", j, nodeNames[n.Op])
		switch n.Op {
		case Literal:
			text += " " + strconv.Quote(n.Text)
		case Open, Close:
			text += fmt.Sprintf(" %d", n.Slot+1)
		case Dynamic, Empty:
			text += " " + dynamicName(n)
		}
		switch n.Op {
		case Accept, Fail:
		case Split:
			text += " → " + numbers(n.Alts)
		default:
			if n.Next != j+1 {
				text += fmt.Sprintf(" → %d", n.Next)
			}
		}
		pr.line("%s", text)
	}
}

func dynamicName(n *Node) string {
	switch n.Dynamic {
	case InputLine:
		return fmt.Sprintf("input%d", n.N)
	case ReplyLine:
		return fmt.Sprintf("reply%d", n.N)
	case BotVar:
		return "bot " + n.Name
	default:
		return "get " + n.Name
	}
}

var opNames = [...]string{
	EmitText: "text", EmitProblem: "problem", EmitStar: "star", EmitBotStar: "botstar", EmitInput: "input",
	EmitReply: "reply", EmitID: "id", EmitVar: "get", SetVar: "set", ClearVar: "clear", Math: "math",
	SwitchTopic: "topic", Redirect: "redirect", FormatBlock: "format", RandomBlock: "random", EmitSend: "send",
	EmitDelay: "delay", EmitNoReply: "noreply", EmitCall: "call", EmitOK: "ok",
	EmitData: "data", CallMacro: "macro", CallDirection: "direct",
	ChooseBlock: "choose", ChosenBlock: "chosen", NoteOK: "noteok", EmitHeld: "held",
}

func (pr printer) function(i int) {
	f := &pr.p.Funcs[i]
	pr.line("\nfunc %d %s", i, f.Name)
	for j := range f.Ops {
		pr.line("  %s", describe(&f.Ops[j]))
	}
}

// describe writes one step: its name, then what counts of its fields.
func describe(op *Op) string {
	words := []string{opNames[op.Kind]}
	switch op.Kind {
	case EmitText, EmitProblem, EmitCall, EmitData:
		words = append(words, strconv.Quote(op.Text))
	case CallDirection:
		words = append(append(words, strconv.Quote(op.Text)), op.Names...)
	case EmitStar, EmitBotStar, EmitInput, EmitReply, Math, ChooseBlock, ChosenBlock, EmitDelay, EmitHeld:
		words = append(words, strconv.Itoa(op.N))
	case EmitVar, SetVar, ClearVar:
		words = append(words, [...]string{"user", "bot", "env"}[op.Scope])
	case FormatBlock:
		words = append(words, [...]string{"", "formal", "sentence", "uppercase", "lowercase", "person"}[op.Format])
	}
	if op.Flag {
		words = append(words, "nocancel")
	}
	if len(op.F) > 0 {
		words = append(words, "func "+numbers(op.F))
	}
	for _, a := range op.Args {
		words = append(words, a.describe())
	}
	return strings.Join(words, " ")
}

func (a Arg) describe() string {
	var words []string
	switch {
	case a.JSON:
		words = append(words, "json")
	case a.Data:
		words = append(words, "data")
	}
	for _, p := range a.Pieces {
		switch {
		case p.Func == None:
			words = append(words, strconv.Quote(p.Text))
		case p.InString:
			words = append(words, fmt.Sprintf("string func %d", p.Func))
		default:
			words = append(words, fmt.Sprintf("func %d", p.Func))
		}
	}
	return "(" + strings.Join(words, " ") + ")"
}
