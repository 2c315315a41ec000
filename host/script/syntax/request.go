package syntax

import (
	"slices"
	"strings"
)

// methods are the methods of requests; UPDATE is another word for PUT (L-HTTP-1).
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "UPDATE"}

// The error texts of requests that are broken as they are written (L-HTTP-8).
const (
	badCommand = "[REQ_FORMAT_ERROR: Invalid $ command]"
	badBody    = "[REQ_FORMAT_ERROR: Invalid $ request body]"
)

// request takes a $ line (section 22).
func (p *parser) request(c *command) Request {
	t := newTemplateParser(&c.arg, &p.reporter, false)
	span := c.arg.Span(0, c.arg.Len())
	faulty := c.span
	bad := func(problem, message string) Request {
		d := p.report("E015", faulty, message, "people see an error text")
		d.Help = "a request has the form $ METHOD[:name] https://address [JSON]."
		return Request{Problem: problem, Span: span}
	}
	end := t.find(0, len(t.text), func(i int) bool { return t.blanks(i) > i })
	if end < 0 {
		return bad(badCommand, "this request has no address")
	}
	method, name, named := strings.Cut(t.text[:end], ":")
	method = strings.ToUpper(method)
	faulty = t.passage.Span(0, end)
	switch {
	case !slices.Contains(methods, method):
		return bad(badCommand, quote(t.text[:end])+" is no method: it is one of "+strings.Join(methods, ", "))
	case named && !validRequestName(name):
		return bad(badCommand, quote(name)+` is no name of a request: letters, digits, "_" and "-" only`)
	case method == "UPDATE":
		method = "PUT"
	}
	start := t.blanks(end)
	stop := t.find(start, len(t.text), func(i int) bool {
		next := t.blanks(i)
		return next > i && next < len(t.text) && t.text[next] == '{'
	})
	r := Request{Method: method, Name: name, Span: span}
	if stop >= 0 {
		var reason string
		if r.JSON, _, reason = t.json(t.blanks(stop), 0); reason != "" {
			faulty = t.fault
			return bad(badBody, reason)
		}
	} else {
		stop = len(t.text)
	}
	r.URL = t.template(start, stop)
	faulty = r.URL.Span
	if address, literal := r.URL.leading(); !addressed(address, literal) {
		return bad(badCommand, "the address must begin with https:// or http://")
	}
	return r
}

func validRequestName(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool { return r != '-' && !isNameRune(r) }) < 0
}

// addressed tells whether an address that begins with text can be one; whole
// says that the text is all of it.
func addressed(text string, whole bool) bool {
	for _, scheme := range [...]string{"http://", "https://"} {
		if strings.HasPrefix(text, scheme) || !whole && strings.HasPrefix(scheme, text) {
			return true
		}
	}
	return false
}

// leading is the literal text a template begins with, and whether that is all of it.
func (t *Template) leading() (text string, whole bool) {
	for _, n := range t.Nodes {
		if n.Kind != TextNode {
			return text, false
		}
		text += n.Text
	}
	return text, true
}
