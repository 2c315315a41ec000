package reply

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Notation writes tokens as a text that Delivery reads back: the reply of rs.reply
// (L-JS-6, L-JS-7). Blocks are formatted; an error counts as its text. Person applies
// the person substitutions; nil leaves texts as they are.
func Notation(tokens []Token, person func(string) string) string {
	var b, calls strings.Builder
	for _, it := range resolve(nil, tokens, person) {
		switch it.kind {
		case Text, Error:
			b.WriteString(escapes.Replace(it.text))
		case Send:
			moveCalls(&b, &calls)
			b.WriteString("<send>")
		case NoReply:
			b.WriteString("<noreply>")
		case Delay:
			moveCalls(&b, &calls)
			b.WriteString("<delay seconds=" + strconv.FormatFloat(float64(it.millis)/1000, 'f', -1, 64))
			if it.noCancel {
				b.WriteString(" nocancel")
			}
			b.WriteByte('>')
		case Shortcode:
			writeCall(&calls, it.call)
		}
	}
	moveCalls(&b, &calls)
	return b.String()
}

// moveCalls ends a part: its shortcodes stand behind its text, where the blank that
// may be needed in front of them does no harm.
func moveCalls(b, calls *strings.Builder) {
	if calls.Len() == 0 {
		return
	}
	if last, _ := utf8.DecodeLastRuneInString(b.String()); isWord(last) {
		b.WriteByte(' ')
	}
	b.WriteString(calls.String())
	calls.Reset()
}

// escapes makes a text safe for Delivery: what rs.escape does.
var escapes = strings.NewReplacer(`\`, `\\`, `<`, `\<`, `^`, `\^`)

func writeCall(b *strings.Builder, call *Token) {
	b.WriteString("^" + call.Text + "(")
	for i, arg := range call.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		if arg.JSON != "" {
			b.WriteString(arg.JSON)
			continue
		}
		b.WriteString(`"` + quotes.Replace(arg.Text) + `"`)
	}
	b.WriteByte(')')
}

var quotes = strings.NewReplacer(`\`, `\\`, `<`, `\<`, `^`, `\^`, `"`, `\"`)
