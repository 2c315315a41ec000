package content

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Field is one text of an object. Missing is the subcode of 100 with which its
// absence is refused; 0: it may be absent.
type Field struct {
	Name    string
	Most    int // characters; 0: any number
	Missing int
	URL     bool
}

// Fields refuses an object whose texts are absent, too long or no URLs.
func (r Rules) Fields(m map[string]any, fields []Field) *refusal.Refusal {
	for _, f := range fields {
		s := value.Text(m[f.Name])
		switch {
		case s == "" && f.Missing != 0:
			return refusal.New(100, f.Missing, "Invalid parameter: %s must not be empty", f.Name)
		case f.Most > 0 && r.length(s) > f.Most:
			return tooLong("name_placeholder["+f.Name+"]", f.Most)
		case s != "" && f.URL && !value.URL(s):
			return refusal.URL("message[attachment][payload][" + f.Name + "]")
		}
	}
	return nil
}

// length counts characters the way F1 says.
func (r Rules) length(s string) int {
	if r.CodePoints {
		return utf8.RuneCountInString(s)
	}
	n := 0
	for _, c := range s {
		n += utf16.RuneLen(c)
	}
	return n
}

// Length refuses a text of more than limit characters.
func (r Rules) Length(param, s string, limit int) *refusal.Refusal {
	if r.length(s) > limit {
		return tooLong(param, limit)
	}
	return nil
}

func tooLong(param string, limit int) *refusal.Refusal {
	return refusal.New(100, 0, "Length of param %s must be less than or equal to %d", param, limit)
}

// Count refuses lists with too few or too many elements, by the codes 194 and 105.
func Count(param string, n, least, most int) *refusal.Refusal {
	switch {
	case n > most:
		return refusal.New(105, 0, "param %s has too many elements.", param)
	case n < least:
		return refusal.New(194, 0, "param %s has too few elements.", param)
	}
	return nil
}
