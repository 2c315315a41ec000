package scenario

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// verbs are what a line can do, besides the actions of people.
var verbs = map[string]func(*line) (func(*run) *Problem, *Problem){
	"as":       (*line).as,
	"expect":   (*line).expect,
	"advance":  (*line).advance,
	"settle":   (*line).settle,
	"fault":    (*line).fault,
	"delivery": (*line).delivery,
	"release":  (*line).release,
	"owner":    (*line).owner,
	"measure":  (*line).measure,
	"tell":     (*line).tell,
	"callback": (*line).callback,
}

// compile turns a line into what it does.
func (l *line) compile() (func(*run) *Problem, *Problem) {
	if verb, ok := verbs[l.verb]; ok {
		return verb(l)
	}
	if slices.Contains(emulator.ActionKinds(), l.verb) {
		return l.act()
	}
	all := append(slices.Sorted(maps.Keys(verbs)), emulator.ActionKinds()...)
	return nil, l.problem("use one of "+strings.Join(all, ", "), "%q is no verb", l.verb)
}

// act is an action of a person, such as: tap "Red", optin type=checkbox, or
// attachment "a caption" type=image url=https://….
func (l *line) act() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	if len(plain) > 1 {
		return nil, l.problem("put the text in quotes, and the rest as key=value", "%s takes one text", l.verb)
	}
	a := emulator.Action{}
	if problem := l.decode(options, &a); problem != nil {
		return nil, problem
	}
	a.Kind = l.verb
	if len(plain) == 1 {
		a.Text = plain[0].text
	}
	return func(r *run) *Problem {
		act := a
		if act.Person == "" {
			act.Person = r.person
		} else if id, ok := r.people[act.Person]; ok {
			act.Person = id
		}
		if err := r.Act(r.ctx, act); err != nil {
			return l.problem("let the person do what is on offer to them", "%v", err)
		}
		return nil
	}, nil
}

// as chooses who acts: a person by the name that an earlier line gave, by id, or by
// first name; anybody else is added, as the options say.
func (l *line) as() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	if len(plain) != 1 {
		return nil, l.problem("write a name, such as: as ada", "as wants one name")
	}
	p := emulator.Person{}
	if problem := l.decode(options, &p); problem != nil {
		return nil, problem
	}
	name := plain[0].text
	return func(r *run) *Problem {
		if len(options) == 0 && r.knows(name) {
			return nil
		}
		if p.FirstName == "" {
			p.FirstName = name
		}
		added, err := r.AddPerson(p)
		if err != nil {
			return l.problem("give them what a person has, or leave it out", "%v", err)
		}
		r.person = added.ID
		r.people[name] = added.ID
		return nil
	}, nil
}

func (l *line) advance() (func(*run) *Problem, *Problem) {
	if len(l.rest) != 1 {
		return nil, l.problem("write how far, such as: advance 24h", "advance wants one duration")
	}
	by, err := time.ParseDuration(l.rest[0].text)
	if err != nil || by <= 0 {
		return nil, l.problem("use units as in 90s, 15m or 24h", "%q is no time ahead", l.rest[0].text)
	}
	return func(r *run) *Problem {
		if err := r.Advance(r.ctx, by); err != nil {
			return l.problem("run the emulator on a clock that can be moved", "%v", err)
		}
		return nil
	}, nil
}

func (l *line) settle() (func(*run) *Problem, *Problem) {
	if len(l.rest) > 0 {
		return nil, l.problem("leave out what follows", "settle takes nothing")
	}
	return func(r *run) *Problem {
		if err := r.Settle(r.ctx); err != nil {
			return l.problem("see whether the host answers its webhooks", "%v", err)
		}
		return nil
	}, nil
}

func (l *line) release() (func(*run) *Problem, *Problem) {
	if len(l.rest) > 0 {
		return nil, l.problem("leave out what follows", "release takes nothing")
	}
	return func(r *run) *Problem { r.Release(); return nil }, nil
}

// delivery sets how the first app's webhooks misbehave; without options they are calm.
func (l *line) delivery() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	if len(plain) > 0 {
		return nil, l.problem("write options such as batch=3", "delivery takes no %q", plain[0].text)
	}
	d := emulator.Delivery{}
	if problem := l.decode(options, &d); problem != nil {
		return nil, problem
	}
	if err := d.Check(); err != nil {
		return nil, l.problem("stay within the bounds", "%v", err)
	}
	return func(r *run) *Problem { return l.failed(r.SetDelivery(r.Apps()[0].ID, d)) }, nil
}

// failed is an error of the emulator as a problem.
func (l *line) failed(err error) *Problem {
	if err == nil {
		return nil
	}
	return l.problem("see what the emulator knows at that moment", "%v", err)
}

// owner gives the thread to an app: none, inbox, questions, ours, or an id.
func (l *line) owner() (func(*run) *Problem, *Problem) {
	if len(l.rest) != 1 {
		return nil, l.problem("write none, ours, inbox, questions or an app's id", "owner wants one app")
	}
	who := l.rest[0].text
	return func(r *run) *Problem {
		id := who
		switch who {
		case "none":
			id = ""
		case "ours":
			id = r.Apps()[0].ID
		case "inbox":
			id = emulator.InboxApp
		}
		return l.failed(r.SetOwner("", r.person, id))
	}, nil
}

func (l *line) measure() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	if len(plain) != 1 {
		return nil, l.problem("write its kind, such as: measure unpublish", "measure wants one kind")
	}
	m := emulator.Measure{}
	if problem := l.decode(options, &m); problem != nil {
		return nil, problem
	}
	m.Kind = plain[0].text
	return func(r *run) *Problem { return l.failed(r.Take(m)) }, nil
}

// tell makes a signed request about who acts: tell deletion status=200.
func (l *line) tell() (func(*run) *Problem, *Problem) {
	plain, options := l.options()
	want := 0
	if w, ok := options["status"]; ok {
		delete(options, "status")
		n, err := strconv.Atoi(w.text)
		if err != nil {
			return nil, l.problem("write a status such as 200", "%q is no HTTP status", w.text)
		}
		want = n
	}
	if len(plain) != 1 {
		return nil, l.problem("write deletion or deauthorize", "tell wants one kind")
	}
	t := emulator.Telling{}
	if problem := l.decode(options, &t); problem != nil {
		return nil, problem
	}
	t.Kind = plain[0].text
	return func(r *run) *Problem {
		about := t
		if about.User == "" {
			about.User = r.person
		}
		told, err := r.Tell(r.ctx, about)
		if err != nil {
			return l.failed(err)
		}
		if want != 0 && told.Status != want {
			return l.problem("see why the host answers so", "the host answered %d, not %d: %.200s", told.Status, want, told.Body)
		}
		return nil
	}, nil
}

func (l *line) callback() (func(*run) *Problem, *Problem) {
	if len(l.rest) != 1 {
		return nil, l.problem("write where webhooks go, or \"\" for nowhere", "callback wants one URL")
	}
	return func(r *run) *Problem { return l.failed(r.SetCallback(r.Apps()[0].ID, l.rest[0].text)) }, nil
}
