package direction

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func itoa(n int) string { return strconv.Itoa(n) }

// jsonWriter writes JSON into buf, commas included.
type jsonWriter struct {
	buf   []byte
	comma bool // something stands before what comes next, on the same level
}

func (w *jsonWriter) open(c byte) {
	w.buf = append(w.buf, c)
	w.comma = false
}

func (w *jsonWriter) close(c byte) {
	w.buf = append(w.buf, c)
	w.comma = true
}

// element begins the next element of a list.
func (w *jsonWriter) element() *jsonWriter {
	if w.comma {
		w.buf = append(w.buf, ',')
	}
	w.comma = true
	return w
}

// key begins the next field of an object.
func (w *jsonWriter) key(name string) *jsonWriter {
	w.element()
	w.buf = append(appendText(w.buf, name), ':')
	return w
}

// raw writes what is JSON already.
func (w *jsonWriter) raw(json string) { w.buf = append(w.buf, json...) }

func (w *jsonWriter) text(key, value string) {
	w.key(key)
	w.buf = appendText(w.buf, value)
}

// optional writes a text unless it is empty.
func (w *jsonWriter) optional(key, value string) {
	if value != "" {
		w.text(key, value)
	}
}

// flag writes true, or nothing.
func (w *jsonWriter) flag(key string, set bool) {
	if set {
		w.key(key).raw("true")
	}
}

// count writes a number above 0, or nothing.
func (w *jsonWriter) count(key string, n int) {
	if n > 0 {
		w.key(key).raw(itoa(n))
	}
}

// texts writes a list of texts unless it is empty.
func (w *jsonWriter) texts(key string, list []string) {
	if len(list) == 0 {
		return
	}
	w.key(key).list(list)
}

func (w *jsonWriter) list(list []string) {
	w.open('[')
	for _, s := range list {
		w.element()
		w.buf = appendText(w.buf, s)
	}
	w.close(']')
}

// Quote writes a text as JSON, quotes included, for JSON that you put together
// yourself. Bytes that are no UTF-8 become U+FFFD.
func Quote(s string) string { return string(appendText(nil, s)) }

// appendText writes a text as JSON. Bytes that are no UTF-8 become U+FFFD.
func appendText(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}
