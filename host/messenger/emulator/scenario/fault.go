package scenario

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

var ordinal = regexp.MustCompile(`^(\d+)(st|nd|rd|th)$`)

// fault arms a fault, in the words of the example of its clause:
//
//	fault next send 613
//	fault 3rd messages timeout deliver
//	fault every node 190/460
//	fault next send usage percent=99
//	fault clear
//
// The first word says which call (next, every, or 2nd and so on); the second names
// the endpoint ("send" is messages, "any" is all); then come a kind, or a code with
// its subcode; "deliver" lets the call take effect first. Options set the rest.
func (l *line) fault() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	if len(plain) == 1 && plain[0].text == "clear" {
		return func(r *run) *Problem { r.Disarm(0); return nil }, nil
	}
	if len(plain) < 2 {
		return nil, l.problem("write, for instance: fault next send 613", "fault wants a call and an endpoint")
	}
	f := emulator.Fault{}
	if problem := l.decode(options, &f); problem != nil {
		return nil, problem
	}
	switch which := plain[0].text; {
	case which == "next":
	case which == "every":
		f.Times = -1
	case ordinal.MatchString(which):
		f.Nth, _ = strconv.Atoi(ordinal.FindStringSubmatch(which)[1]) // digits, and too many of them are refused below
	default:
		return nil, l.problem("write next, every, or one such as 3rd", "%q does not say which call", which)
	}
	switch f.Endpoint = plain[1].text; {
	case f.Endpoint == "send":
		f.Endpoint = "messages"
	case f.Endpoint == "any":
		f.Endpoint = ""
	case !slices.Contains(emulator.Endpoints(), f.Endpoint):
		return nil, l.problem("use send, any, or one of "+strings.Join(emulator.Endpoints(), ", "), "%q is no endpoint", f.Endpoint)
	}
	for _, w := range plain[2:] {
		code, subcode, both := strings.Cut(w.text, "/")
		n, err := strconv.Atoi(code)
		switch {
		case w.text == "deliver":
			f.Deliver = true
		case err == nil && !both:
			f.Code = n
		case err == nil:
			if f.Code = n; subcode != "" {
				if f.Subcode, err = strconv.Atoi(subcode); err != nil {
					return nil, l.problem("write it as in 10/2018278", "%q is no code with its subcode", w.text)
				}
			}
		default:
			f.Kind = w.text
		}
	}
	if err := f.Check(emulator.Endpoints()); err != nil {
		return nil, l.problem("see the kinds and bounds of faults", "%v", err)
	}
	return func(r *run) *Problem {
		armed := f
		if id, ok := r.people[armed.Recipient]; ok {
			armed.Recipient = id
		}
		_, err := r.Arm(armed)
		return l.failed(err)
	}, nil
}
