package syntax

import (
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// lookalikes are signs that keyboards and word processors put in the place of others.
var lookalikes = map[rune]string{
	'•': "-", '·': "-", '–': "-", '—': "-", '‐': "-", '‑': "-", '−': "-", '－': "-",
	'＋': "+", '＊': "*", '∗': "*", '％': "%", '＠': "@", '＄': "$", '！': "!", '＾': "^", '＞': ">", '＜': "<",
}

// unknown reports a line that begins with no sign (E001).
func (s *scanner) unknown(at source.Span) {
	d := s.report("E001", at, "this line does not begin with a sign", `skipped; write "- " in front if the bot says it`)
	d.Help = `"+" is what people say, "-" what the bot says, "^" goes on from the line above, "//" is a note.`
	first, size := utf8.DecodeRuneInString(at.Text())
	if sign := lookalikes[first]; sign != "" {
		d.Span = s.file.Span(at.Start, at.Start+size)
		d.Suggestion, d.Label = suggestion(sign, d.Span), diag.DidYouMean(sign)
	}
}
