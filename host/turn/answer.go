package turn

import (
	"encoding/json"
	"strconv"
	"strings"
)

// answer is what ${{…}} looks into (L-HTTP-5, L-HTTP-6).
type answer struct {
	status int
	text   string
	root   *datum // nil when the body is no JSON
}

func newAnswer(status int, body string) *answer {
	a := &answer{status: status, text: strings.ToValidUTF8(body, "\ufffd")}
	if raw := []byte(strings.TrimSpace(a.text)); json.Valid(raw) {
		a.root = &datum{raw: raw}
	}
	return a
}

// find reads a path: in the answer that its first key names, else in the unnamed one.
func find(answers map[string]*answer, path string) string {
	keys := strings.Split(path, ".")
	a, named := answers[keys[0]]
	switch {
	case named && keys[0] != "":
		keys = keys[1:]
	default:
		if a = answers[""]; a == nil {
			return ""
		}
	}
	if len(keys) == 1 {
		switch keys[0] {
		case "__status":
			return strconv.Itoa(a.status)
		case "__text":
			return a.text
		}
	}
	d := a.root
	for _, key := range keys {
		if d = d.child(key); d == nil {
			return ""
		}
	}
	return d.read()
}

// datum is a value of an answer. It is opened when somebody looks into it, so that
// large answers cost what is read of them, and only once.
type datum struct {
	raw    json.RawMessage
	opened bool
	fields map[string]*datum
	items  []*datum
	said   bool
	text   string
}

// child is what an object has under a key or a list at a position; nil if nothing.
func (d *datum) child(key string) *datum {
	if d == nil {
		return nil
	}
	d.open()
	if d.fields != nil {
		return d.fields[key]
	}
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 || n >= len(d.items) || strconv.Itoa(n) != key {
		return nil
	}
	return d.items[n]
}

func (d *datum) open() {
	if d.opened {
		return
	}
	d.opened = true
	switch d.raw[0] {
	case '{':
		var fields map[string]json.RawMessage
		if json.Unmarshal(d.raw, &fields) == nil {
			d.fields = make(map[string]*datum, len(fields))
			for key, raw := range fields {
				d.fields[key] = &datum{raw: raw}
			}
		}
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(d.raw, &items) == nil {
			for _, raw := range items {
				d.items = append(d.items, &datum{raw: raw})
			}
		}
	}
}

// read is the value as text: strings and numbers as they are in the answer, null
// as nothing, lists and objects as JSON without spaces.
func (d *datum) read() string {
	if d == nil {
		return ""
	}
	if !d.said {
		d.said = true
		if text, ok := scalar(d.raw); ok {
			d.text = text
		} else {
			d.text = compact(d.raw)
		}
	}
	return d.text
}
