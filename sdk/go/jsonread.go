package direction

import (
	"errors"
	"strconv"
)

// jsonReader reads JSON by recursive descent.
type jsonReader struct {
	data string
	at   int
}

func (p *jsonReader) fault(what string) error {
	return errors.New("json: " + what + " at byte " + strconv.Itoa(p.at))
}

func (p *jsonReader) blanks() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *jsonReader) value(depth int) (JSON, error) {
	p.blanks()
	if p.at == len(p.data) {
		return JSON{}, p.fault("a value is missing")
	}
	if depth > maxJSONDepth {
		return JSON{}, p.fault("too deep")
	}
	switch c := p.data[p.at]; {
	case c == '"':
		s, err := p.str()
		return JSON{kind: jsonText, text: s}, err
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	switch {
	case p.word("true"):
		return JSON{kind: jsonTrue}, nil
	case p.word("false"):
		return JSON{kind: jsonFalse}, nil
	case p.word("null"):
		return JSON{kind: jsonNull}, nil
	}
	return JSON{}, p.fault("no value begins like this")
}

func (p *jsonReader) word(w string) bool {
	if len(p.data)-p.at < len(w) || p.data[p.at:p.at+len(w)] != w {
		return false
	}
	p.at += len(w)
	return true
}

func (p *jsonReader) array(depth int) (JSON, error) {
	v := JSON{kind: jsonList}
	p.at++
	for first := true; ; first = false {
		done, err := p.next(']', first)
		if err != nil || done {
			return v, err
		}
		e, err := p.value(depth + 1)
		if err != nil {
			return JSON{}, err
		}
		v.list = append(v.list, e)
	}
}

func (p *jsonReader) object(depth int) (JSON, error) {
	v := JSON{kind: jsonObject}
	p.at++
	for first := true; ; first = false {
		key, done, err := p.field(first)
		if err != nil || done {
			return v, err
		}
		e, err := p.value(depth + 1)
		if err != nil {
			return JSON{}, err
		}
		v.keys = append(v.keys, key)
		v.list = append(v.list, e)
	}
}

// field goes to the value of the next field of an object, or past its end.
func (p *jsonReader) field(first bool) (key string, done bool, err error) {
	if done, err = p.next('}', first); err != nil || done {
		return "", done, err
	}
	if p.at == len(p.data) || p.data[p.at] != '"' {
		return "", false, p.fault("a key is missing")
	}
	if key, err = p.str(); err != nil {
		return "", false, err
	}
	p.blanks()
	if p.at == len(p.data) || p.data[p.at] != ':' {
		return "", false, p.fault("a colon is missing")
	}
	p.at++
	return key, false, nil
}

// next goes to the next element of a list or an object, or past its end.
func (p *jsonReader) next(end byte, first bool) (done bool, err error) {
	p.blanks()
	if p.at == len(p.data) {
		return false, p.fault("it ends too early")
	}
	if p.data[p.at] == end {
		p.at++
		return true, nil
	}
	if first {
		return false, nil
	}
	if p.data[p.at] != ',' {
		return false, p.fault("a comma is missing")
	}
	p.at++
	p.blanks()
	if p.at < len(p.data) && p.data[p.at] == end {
		return false, p.fault("a comma too many")
	}
	return false, nil
}

// number reads what RFC 8259 calls a number.
func (p *jsonReader) number() (JSON, error) {
	from := p.at
	if p.data[p.at] == '-' {
		p.at++
	}
	zero := p.at < len(p.data) && p.data[p.at] == '0'
	if n := p.digits(); n == 0 || zero && n > 1 {
		return JSON{}, p.fault("this is no number")
	}
	if p.at < len(p.data) && p.data[p.at] == '.' {
		p.at++
		if p.digits() == 0 {
			return JSON{}, p.fault("a digit is missing")
		}
	}
	if p.at < len(p.data) && (p.data[p.at] == 'e' || p.data[p.at] == 'E') {
		p.at++
		if p.at < len(p.data) && (p.data[p.at] == '+' || p.data[p.at] == '-') {
			p.at++
		}
		if p.digits() == 0 {
			return JSON{}, p.fault("a digit is missing")
		}
	}
	return JSON{kind: jsonNumber, text: p.data[from:p.at]}, nil
}

func (p *jsonReader) digits() (n int) {
	for p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '9' {
		p.at++
		n++
	}
	return n
}
