package direction

import (
	"math"
	"strconv"
)

// maxJSONDepth bounds how deep lists and objects may stand in each other. It
// keeps a hostile answer of a web service from using up the stack.
const maxJSONDepth = 64

// JSON is a value read by ParseJSON. The zero JSON stands for what is not
// there: all its methods may be called, and give empty answers.
//
// It is here because encoding/json doubles the size of a module and makes a
// call ten times dearer.
type JSON struct {
	kind jsonKind
	text string   // of a text; the digits of a number
	keys []string // of an object, in the order of the source
	list []JSON   // elements of a list; values of an object
}

type jsonKind uint8

const (
	jsonAbsent jsonKind = iota
	jsonNull
	jsonFalse
	jsonTrue
	jsonNumber
	jsonText
	jsonList
	jsonObject
)

// ParseJSON reads one JSON value. Objects keep the last of several equal keys;
// lists and objects may be nested 64 deep. The error says at which byte the
// input is wrong.
func ParseJSON(data []byte) (JSON, error) {
	p := jsonReader{data: string(data)}
	v, err := p.value(0)
	if err != nil {
		return JSON{}, err
	}
	p.blanks()
	if p.at != len(p.data) {
		return JSON{}, p.fault("more after the value")
	}
	return v, nil
}

// Get follows keys into objects. What is not there is the zero JSON.
func (j JSON) Get(keys ...string) JSON {
	for _, key := range keys {
		next := JSON{}
		if j.kind == jsonObject {
			for i := len(j.keys) - 1; i >= 0; i-- {
				if j.keys[i] == key {
					next = j.list[i]
					break
				}
			}
		}
		j = next
	}
	return j
}

// At is the element of a list at position i, counted from 0.
func (j JSON) At(i int) JSON {
	if j.kind != jsonList || i < 0 || i >= len(j.list) {
		return JSON{}
	}
	return j.list[i]
}

// Len is the number of elements of a list or an object, and 0 of others.
func (j JSON) Len() int { return len(j.list) }

// Keys are the keys of an object, in the order of the source. The slice is the
// value's own: do not change it.
func (j JSON) Keys() []string { return j.keys }

// Exists says whether the value is there; null is.
func (j JSON) Exists() bool { return j.kind != jsonAbsent }

// Text is a text as it is, a number as it was written, true or false, and
// empty for everything else.
func (j JSON) Text() string {
	switch j.kind {
	case jsonText, jsonNumber:
		return j.text
	case jsonTrue:
		return "true"
	case jsonFalse:
		return "false"
	}
	return ""
}

// Number is a number, or a text that is one. The second result says whether
// it was.
func (j JSON) Number() (float64, bool) {
	if j.kind != jsonNumber && j.kind != jsonText {
		return 0, false
	}
	n, err := strconv.ParseFloat(j.text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, false
	}
	return n, true
}

// Boolean is whether the value is true.
func (j JSON) Boolean() bool { return j.kind == jsonTrue }
