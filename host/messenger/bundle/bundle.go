// Package bundle writes the body of a call that makes many (messenger.md section 3.10), once: what would be read
// again as values of Go, to be escaped and escaped again, stands in its place from the beginning. It makes no call and
// judges nothing. No API of the host is promised.
package bundle

import (
	"net/url"
	"strconv"
)

// Form is the body of one call: parameters, escaped, so that it can stand in a JSON string as it is.
type Form []byte

// With is the form with one more parameter, whose name needs no escape. The form itself is not to be used any more.
func (f Form) With(name string, value []byte) Form {
	if len(f) > 0 {
		f = append(f, '&')
	}
	return append(append(append(f, name...), '='), url.QueryEscape(string(value))...)
}

// Body is the body of the call that posts all forms to a path, which needs no escape, and asks for the headers of each answer or
// not. The parameter of the call itself, and of each form, that is called name has a value; where that is empty there is none.
func Body(path string, forms []Form, headers bool, name, value string) []byte {
	raw := []byte(`{"batch":[`)
	for i, f := range forms {
		if i > 0 {
			raw = append(raw, ',')
		}
		if value != "" {
			f = f.With(name, []byte(value))
		}
		raw = append(append(append(raw, `{"method":"POST","relative_url":"`...), path...), `","body":"`...)
		raw = append(append(raw, f...), `"}`...)
	}
	raw = strconv.AppendBool(append(raw, `],"include_headers":`...), headers)
	if value != "" {
		raw = append(append(append(append(append(raw, `,"`...), name...), `":"`...), value...), '"')
	}
	return append(raw, '}')
}
