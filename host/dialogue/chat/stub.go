package chat

import (
	"strconv"
	"strings"
)

// Stub stands in for the outside world: it answers a direction or a request.
type Stub struct {
	Line int

	direction string // name, without http
	attrs     []Pair // values may hold *
	method    string // of a request
	url       string // may hold *

	text   string // what the direction says, or the body of the answer
	file   string // of the body
	status int
	fails  bool // text is the reason
}

// stub reads "stub weather city=* -> 18 degrees" and "stub http GET https://… -> 200 @weather.json".
func (p *parser) stub(n int, rest string) error {
	const usage = "write stub weather city=* -> 18 degrees, or stub http GET https://a.example/* -> 200 @file.json"
	sides := split(rest, "->")
	if len(sides) < 2 || sides[0] == "" {
		return wrong("", usage, "a stub has two sides with -> between them")
	}
	result := strings.TrimSpace(rest[strings.Index(rest, "->")+2:])
	if len(sides) > 2 { // only the first one outside of quotes divides
		result = strings.Join(sides[1:], " -> ")
	}
	s := Stub{Line: n}
	words := strings.Fields(sides[0])
	var err error
	if words[0] == "http" {
		if len(words) != 3 || !strings.Contains(words[2], "://") {
			return wrong(sides[0], usage, "http needs a method and an address")
		}
		s.method, s.url = strings.ToUpper(words[1]), words[2]
		if s.method == "UPDATE" {
			s.method = "PUT"
		}
		err = s.answer(result)
	} else {
		if s.direction, s.attrs, err = tag(sides[0]); err == nil {
			err = s.said(result)
		}
	}
	if err != nil {
		return err
	}
	if len(p.file.Tests) == 0 {
		p.file.Stubs = append(p.file.Stubs, s)
		return nil
	}
	test := p.current()
	test.Stubs = append(test.Stubs, s)
	return nil
}

// failing reads error "reason".
func (s *Stub) failing(result string) (bool, error) {
	rest, ok := strings.CutPrefix(result, "error ")
	if !ok || !strings.HasPrefix(strings.TrimSpace(rest), `"`) {
		return false, nil
	}
	reason, tail, err := cutString(strings.TrimSpace(rest))
	if err == nil && tail != "" {
		err = wrong(tail, "", "nothing may stand behind the reason")
	}
	s.fails, s.text = true, reason
	return true, err
}

// said is what a direction says.
func (s *Stub) said(result string) error {
	if done, err := s.failing(result); done {
		return err
	}
	text, err := unescape(result)
	if strings.HasPrefix(result, `"`) {
		text, err = titled(result)
	}
	s.text = text
	return err
}

// Bounds of a status of an HTTP answer.
const (
	minStatus = 100
	maxStatus = 599
)

// answer is what a request gets: a status and a body, or the body's file.
func (s *Stub) answer(result string) error {
	if done, err := s.failing(result); done {
		return err
	}
	word, body, _ := strings.Cut(result, " ")
	status, err := strconv.Atoi(word)
	if err != nil || status < minStatus || status > maxStatus {
		return wrong(result, `write 200 {"temp":18}, 200 @weather.json or error "timeout"`, "an answer begins with its status")
	}
	s.status = status
	body = strings.TrimSpace(body)
	if file, ok := strings.CutPrefix(body, "@"); ok {
		s.file = strings.Trim(file, `"`)
		return nil
	}
	s.text = body
	return nil
}

// weight says how specific a stub is: attributes first, then characters that are
// written out.
func (s *Stub) weight() (attributes, characters int) {
	for _, a := range s.attrs {
		if a.Value != "*" {
			attributes++
		}
		characters += len(strings.ReplaceAll(a.Value, "*", ""))
	}
	return attributes, characters + len(strings.ReplaceAll(s.url, "*", ""))
}

// glob tells whether a text matches a pattern in which * is anything.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[last])
}
