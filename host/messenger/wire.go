package messenger

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// The platform is not strict with its own types: ids come as numbers in one place
// and as strings in the next, and shapes change without notice. The scalars below
// take what comes; what they cannot read is as good as absent.

// text reads strings, numbers and booleans.
type text string

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = text(readText(raw))
	return nil
}

// readText reads a value as text does; the empty string when it cannot.
func readText(raw []byte) string {
	switch raw[0] {
	case '"':
		if plain, ok := scan.Plain(raw); ok && utf8.Valid(plain) {
			return string(plain)
		}
		var s string
		_ = json.Unmarshal(raw, &s)
		return s
	case '{', '[', 'n':
		return ""
	default:
		return string(raw)
	}
}

// number reads numbers and strings that hold one.
type number float64

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (n *number) UnmarshalJSON(raw []byte) error {
	*n = readNumber(raw)
	return nil
}

// readNumber reads a value as number does; 0 when it cannot.
func readNumber(raw []byte) number {
	if n, ok := readWhole(raw); ok {
		return number(n)
	}
	f, err := strconv.ParseFloat(string(bytes.Trim(raw, `"`)), 64)
	if err != nil {
		return 0
	}
	return number(f)
}

// exactDigits is how many decimal digits a float64 holds, whatever they are.
const exactDigits = 15

// readWhole reads a number that is digits only, as time stamps are; ok is false for another one, or a longer one.
func readWhole(raw []byte) (n int64, ok bool) {
	if len(raw) > exactDigits {
		return 0, false
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, len(raw) > 0
}

// maxMillis bounds time stamps, in milliseconds, to the year 9999: what lies
// beyond could not be written down again.
const maxMillis = 253402300799000

// time reads a time stamp in milliseconds; the zero Time when there is none.
func (n number) time() time.Time {
	if !(n > 0 && n <= maxMillis) {
		return time.Time{}
	}
	return time.UnixMilli(int64(n)).UTC()
}

// count reads a small number of things.
func (n number) count() int {
	if !(n > 0 && n < 1<<31) {
		return 0
	}
	return int(n)
}

// truth reads true, and nothing else, as true.
type truth bool

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (f *truth) UnmarshalJSON(raw []byte) error {
	*f = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// list reads the items of a list one by one, so that a bad item costs only itself.
type list[T any] []T

// UnmarshalJSON implements json.Unmarshaler and never fails.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, (*[]T)(l)) == nil {
		return nil
	}
	*l = nil
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	for _, item := range items {
		var v T
		if lenient(item, &v) {
			*l = append(*l, v)
		}
	}
	return nil
}

// texts turns a list of text into strings.
func texts(l list[text]) []string {
	var out []string
	for _, t := range l {
		out = append(out, string(t))
	}
	return out
}

// lenient decodes raw into v as far as it fits and tells whether raw was of v's
// outer shape at all. encoding/json goes on after a field of the wrong type.
func lenient(raw []byte, v any) bool {
	err := json.Unmarshal(raw, v)
	if err == nil {
		return true
	}
	var mismatch *json.UnmarshalTypeError
	return errors.As(err, &mismatch) && mismatch.Field != ""
}

// compact is raw without white space between its tokens.
func compact(raw []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
