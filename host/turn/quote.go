package turn

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// inkBytes is how much memory a turn takes at a time for the values that it writes,
// in bytes. A turn writes two or three short ones.
const inkBytes = 128

// quote is a text as JSON. The memory is shared with other values of the turn.
func (s *stage) quote(text string) json.RawMessage {
	if !isPlain(text) {
		return quoted(text)
	}
	return s.dip(append(append(s.room(len(text)), '"'), text...))
}

// quoteNumber is a whole number as a text in JSON.
func (s *stage) quoteNumber(n int64) json.RawMessage {
	return s.dip(strconv.AppendInt(append(s.room(int64Digits), '"'), n, 10))
}

// int64Digits is the length of the longest whole number of 64 bits, in bytes.
const int64Digits = 20

// room is an empty list behind the values so far, for so many bytes and quotes.
func (s *stage) room(n int) []byte {
	if n += len(`""`); cap(s.ink)-len(s.ink) < n {
		s.ink = make([]byte, 0, max(inkBytes, n))
	}
	return s.ink[len(s.ink):]
}

// dip ends a value that was written into the room.
func (s *stage) dip(value []byte) json.RawMessage {
	value = append(value, '"')
	s.ink = s.ink[:len(s.ink)+len(value)]
	return value[:len(value):len(value)]
}

// quoted is a text as JSON.
func quoted(text string) json.RawMessage {
	raw, err := json.Marshal(text)
	if err != nil {
		panic("unreachable: a string is always JSON")
	}
	return raw
}

// appendQuoted appends a text as JSON.
func appendQuoted(b []byte, text string) []byte {
	if !isPlain(text) {
		return append(b, quoted(text)...)
	}
	return append(append(append(b, '"'), text...), '"')
}

// isPlain tells the texts that package json writes as they are.
func isPlain(text string) bool {
	for _, r := range text {
		switch r {
		case '"', '\\', '<', '>', '&', '\u2028', '\u2029':
			return false
		default:
			if r < ' ' {
				return false
			}
		}
	}
	return utf8.ValidString(text)
}

// isQuoted tells whether raw is a plain text, quoted.
func isQuoted(raw json.RawMessage, text string) bool {
	return len(raw) == len(text)+2 && raw[0] == '"' && string(raw[1:len(raw)-1]) == text && isPlain(text)
}
