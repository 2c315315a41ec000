package reply

import "strings"

// item is a token on its way into a part: blocks are formatted away.
type item struct {
	kind     Kind // Text, Error, Send, Delay, NoReply or Shortcode
	noCancel bool
	millis   int
	text     string
	call     *Token // of a Shortcode
}

// block is a formatted block that is still open.
type block struct {
	format Format
	from   int // its first item
}

// resolve formats all blocks, inner ones first (L-TAG-8). An End without a Begin
// is ignored; a block without its End reaches to the end. The items are appended to
// items, which is empty.
func resolve(items []item, tokens []Token, person func(string) string) []item {
	var room [usual]block
	open := room[:0]
	for i := range tokens {
		t := &tokens[i]
		switch t.Kind {
		case Begin:
			open = append(open, block{t.Format, len(items)})
		case End:
			if len(open) > 0 {
				open = closeLast(open, items, person)
			}
		case Shortcode:
			items = append(items, item{kind: Shortcode, call: t})
		default:
			items = append(items, item{kind: t.Kind, noCancel: t.NoCancel, millis: t.Millis, text: t.Text})
		}
	}
	for len(open) > 0 {
		open = closeLast(open, items, person)
	}
	return items
}

// closeLast formats the innermost of the open blocks, and returns the others.
func closeLast(open []block, items []item, person func(string) string) []block {
	last := open[len(open)-1]
	formatBlock(items[last.from:], last.format, person)
	return open[:len(open)-1]
}

// formatBlock formats the text of a block in place. What stands between two cuts
// or error texts is one text, however many tokens it came from.
func formatBlock(items []item, format Format, person func(string) string) {
	s := formatter{format: format, person: person}
	for i := 0; i < len(items); i++ {
		switch items[i].kind {
		case Text:
			text, count := gather(items[i:])
			items[i].text = s.apply(text)
			i += count - 1
		case Error:
			s.passError(items[i].text)
		case Send, Delay:
			s.passCut()
		}
	}
}

// gather takes the text of all items up to the next cut or error, and tells how many
// they are. It belongs to the first one: shortcodes in between keep their part.
func gather(items []item) (text string, count int) {
	end := 1
	for end < len(items) && (items[end].kind == Text || items[end].kind == Shortcode || items[end].kind == NoReply) {
		end++
	}
	if end == 1 {
		return items[0].text, end
	}
	var b strings.Builder
	for i := range items[:end] {
		b.WriteString(items[i].text)
		items[i].text = ""
	}
	return b.String(), end
}
