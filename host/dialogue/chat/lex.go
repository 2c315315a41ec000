package chat

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fault is a mistake in a line: the piece of it that is wrong, or all of it.
type fault struct {
	piece   string
	message string
	help    string
}

func (f *fault) Error() string { return f.message }

func wrong(piece, help, message string, args ...any) error {
	return &fault{piece: piece, help: help, message: fmt.Sprintf(message, args...)}
}

// unescape resolves the two escapes of a text: \n and \\.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i < len(text) && text[i] == 'n':
			b.WriteByte('\n')
		case i < len(text) && text[i] == '\\':
			b.WriteByte('\\')
		default:
			return "", wrong(text[i-1:min(i+1, len(text))], `write \\ for the sign itself`, `a backslash stands before n or another backslash`)
		}
	}
	return b.String(), nil
}

// escape is the other way.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(text)
}

// cutString takes a text in double quotes off the front.
func cutString(text string) (value, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", wrong(text, `write it in double quotes`, "a text in double quotes is missing")
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), strings.TrimSpace(text[i+1:]), nil
		case text[i] != '\\':
			b.WriteByte(text[i])
			continue
		case i+1 == len(text):
			continue
		}
		i++
		switch text[i] {
		case '"', '\\':
			b.WriteByte(text[i])
		case 'n':
			b.WriteByte('\n')
		default:
			return "", "", wrong(text[i-1:i+1], `in quotes \" \\ and \n are known`, "this escape is not known")
		}
	}
	return "", "", wrong(text, `write " at its end`, "the closing quote is missing")
}

// quote writes a text in double quotes.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// cutWord takes a word off the front: bare up to a blank, or in double quotes.
func cutWord(text string) (word, rest string, err error) {
	if strings.HasPrefix(text, `"`) {
		return cutString(text)
	}
	word, rest, _ = strings.Cut(text, " ")
	return word, strings.TrimSpace(rest), nil
}

// pairs reads "key = value, key = "a, b"".
func pairs(text string) ([]Pair, error) {
	var list []Pair
	for text != "" {
		key, rest, found := strings.Cut(text, "=")
		if key = strings.TrimSpace(key); !found || key == "" {
			return nil, wrong(text, "write name = value, and commas between several", "this is no name with a value")
		}
		rest = strings.TrimSpace(rest)
		var value string
		if strings.HasPrefix(rest, `"`) {
			var err error
			if value, rest, err = cutString(rest); err != nil {
				return nil, err
			}
			if rest != "" && rest[0] != ',' {
				return nil, wrong(rest, "write a comma between two pairs", "a comma is missing after the value of %s", key)
			}
			text = strings.TrimSpace(strings.TrimPrefix(rest, ","))
		} else {
			value, text, _ = strings.Cut(rest, ",")
			value, text = strings.TrimSpace(value), strings.TrimSpace(text)
		}
		list = append(list, Pair{key, value})
	}
	return list, nil
}

// split cuts a text at a separator outside of double quotes.
func split(text, separator string) []string {
	var list []string
	quoted, from := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], separator):
			list = append(list, strings.TrimSpace(text[from:i]))
			from = i + len(separator)
			i = from - 1
		}
	}
	return append(list, strings.TrimSpace(text[from:]))
}

const dayHours = 24

// duration reads 1h30m, 500ms, 2d.
func duration(text string) (time.Duration, error) {
	no := wrong(text, "write 30s, 1h30m, 500ms or 2d", "%q is no span of time", text)
	var days time.Duration
	rest := text
	if before, after, found := strings.Cut(text, "d"); found {
		n, err := strconv.ParseFloat(before, 64)
		if err != nil || !(n >= 0 && n <= maxWaitDays) { // NaN is neither
			return 0, no
		}
		days, rest = time.Duration(n*dayHours*float64(time.Hour)), after
		if rest == "" {
			return days, nil
		}
	}
	if strings.ContainsAny(rest, "µμun+-") {
		return 0, no
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || days+d > maxWaitDays*dayHours*time.Hour {
		return 0, no
	}
	return days + d, nil
}

// maxWaitDays is the longest wait, in days.
const maxWaitDays = 3650
