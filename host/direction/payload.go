package direction

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// input appends the payload of a call: what the contract calls a call. Its error is the
// reason that people read when a value is not of its kind (L-EXT-6).
func (d *Declaration) input(b []byte, call world.Direction, person string) ([]byte, error) {
	b = append(b, d.opening...)
	first := true
	for i := range d.Attributes {
		a := &d.Attributes[i]
		value, given := valueOf(call.Attributes, a)
		if !given {
			if a.Required {
				return b, errors.New(`"` + a.Name + `" is missing`)
			}
			continue
		}
		if problem := a.known.Problem(value); problem != "" {
			return b, errors.New(problem)
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendValue(append(b, a.key...), a.Kind, value)
	}
	b = append(b, '}')
	if d.Form == abi.FormBlock {
		b = appendText(append(b, `,"block":`...), call.Block)
	}
	if person != "" {
		b = appendText(append(b, `,"person":`...), person)
	}
	return append(b, '}'), nil
}

// valueOf is the value of an attribute, as given or by default. A flag is true, and so
// is an attribute without value that is a boolean; the last one counts.
func valueOf(given []world.Attribute, a *Attribute) (string, bool) {
	for i := len(given) - 1; i >= 0; i-- {
		if given[i].Name != a.Name {
			continue
		}
		if given[i].Value == "" && a.Kind == abi.KindBoolean {
			return "true", true
		}
		return given[i].Value, true
	}
	if a.Default != nil {
		return *a.Default, true
	}
	return "", false
}

// appendValue writes a value in the JSON type of its kind. It is of that kind.
func appendValue(b []byte, kind, value string) []byte {
	switch kind {
	case abi.KindNumber, abi.KindInteger:
		if isCount(value) {
			return append(b, value...)
		}
		n, err := strconv.ParseFloat(value, 64)
		if err == nil {
			return strconv.AppendFloat(b, n, 'f', -1, 64)
		}
	case abi.KindBoolean:
		return append(b, value...)
	}
	return appendText(b, value)
}

// isCount tells the numbers that stand in JSON as they are written: a few digits.
func isCount(value string) bool {
	if value == "" || len(value) > 15 || value[0] == '0' && len(value) > 1 {
		return false
	}
	for i := range len(value) {
		if value[i] < '0' || value[i] > '9' {
			return false
		}
	}
	return true
}

// appendText writes a text as JSON.
func appendText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}

const hex = "0123456789abcdef"

// outcome is what a direction says when it has run.
type outcome struct {
	Text  string `json:"text"`
	Error string `json:"error"`
}

// maxReason is how much of a direction's own reason people are shown, in bytes.
const maxReason = 200

// shortReason is a reason that is not too long.
func shortReason(text string) string {
	if len(text) <= maxReason {
		return text
	}
	return strings.ToValidUTF8(text[:maxReason], "") + "…"
}

// readOutcome reads a result. The error is for the author of the direction.
func readOutcome(data string) (outcome, error) {
	if data == "" {
		return outcome{}, nil
	}
	if !utf8.ValidString(data) {
		return outcome{}, errors.New("its result is not UTF-8")
	}
	if text, plain := plainText(data); plain {
		return outcome{Text: text}, nil
	}
	var o outcome
	if err := json.Unmarshal([]byte(data), &o); err != nil {
		return o, errors.New(`its result is no outcome: it has to be {"text": …} or {"error": …}`)
	}
	return o, nil
}

// plainText reads the result that is most frequent, {"text":"…"} without anything
// escaped, without the costs of a parser.
func plainText(data string) (string, bool) {
	text, ok := strings.CutPrefix(data, `{"text":"`)
	if !ok {
		return "", false
	}
	if text, ok = strings.CutSuffix(text, `"}`); !ok {
		return "", false
	}
	for i := range len(text) {
		if c := text[i]; c < 0x20 || c == '"' || c == '\\' {
			return "", false
		}
	}
	return text, true
}
