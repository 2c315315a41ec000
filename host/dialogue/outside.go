package dialogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// CaseAnswer is what the outside world of a case says to a request.
type CaseAnswer struct {
	Method string          `json:"method"`
	URL    string          `json:"url"`
	Status int             `json:"status"`
	JSON   json.RawMessage `json:"json"`
	Text   string          `json:"text"`
	Error  string          `json:"error"` // no answer comes, for this reason
	Expect struct {
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"expect"`
}

// answers is the outside world of a case.
type answers struct {
	list []CaseAnswer

	mu    sync.Mutex
	wrong error // the first request that was not as the case expects
}

var _ turn.Fetcher = (*answers)(nil)

// Fetch implements turn.Fetcher.
func (a *answers) Fetch(_ context.Context, q turn.Request) (turn.Answer, error) {
	i := slices.IndexFunc(a.list, func(c CaseAnswer) bool {
		method := strings.ToUpper(c.Method)
		if method == "UPDATE" {
			method = "PUT"
		}
		return method == q.Method && c.URL == q.URL
	})
	if i < 0 {
		return turn.Answer{}, a.fault("the case holds no answer to %s %s", q.Method, q.URL)
	}
	c := &a.list[i]
	for name, want := range c.Expect.Headers {
		if got := q.Header[textproto.CanonicalMIMEHeaderKey(name)]; got != want {
			return turn.Answer{}, a.fault("%s %s: header %s is %q, want %q", q.Method, q.URL, name, got, want)
		}
	}
	if !sameBody(c.Expect.Body, q.Body) {
		return turn.Answer{}, a.fault("%s %s: the body is %s, want %s", q.Method, q.URL, q.Body, c.Expect.Body)
	}
	if c.Error != "" {
		return turn.Answer{}, errors.New(c.Error)
	}
	body := c.Text
	if c.JSON != nil {
		body = string(c.JSON)
	}
	return turn.Answer{Status: c.Status, Body: body}, nil
}

// sameBody compares a body with what is expected of it: JSON by value; nothing
// expects nothing.
func sameBody(want json.RawMessage, got string) bool {
	var text string
	switch {
	case want == nil:
		return true
	case json.Unmarshal(want, &text) == nil && text == got:
		return true
	case !json.Valid([]byte(got)):
		return false
	}
	return canonical(want) == canonical(json.RawMessage(got))
}

func (a *answers) fault(format string, args ...any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := fmt.Errorf(format, args...)
	if a.wrong == nil {
		a.wrong = err
	}
	return err
}

// check returns what went wrong since it was asked last.
func (a *answers) check() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.wrong
	a.wrong = nil
	return err
}

// CaseDirection is a direction that is installed for a case.
type CaseDirection struct {
	Attributes map[string]struct {
		Kind     string   `json:"kind"`
		Required bool     `json:"required"`
		Default  string   `json:"default"`
		Choices  []string `json:"choices"`
		Min      *float64 `json:"min"`
		Max      *float64 `json:"max"`
	} `json:"attributes"`
	Block   bool   `json:"block"`
	Returns string `json:"returns"` // %name% and %body% stand for what it was given
	Fails   string `json:"fails"`   // the reason for which it fails
}

// parameters are the attributes in the form the build knows, by name.
func (d CaseDirection) parameters() []link.Parameter {
	var list []link.Parameter
	for name, a := range d.Attributes {
		list = append(list, link.Parameter{Name: name, Kind: a.Kind, Required: a.Required, Choices: a.Choices, Min: a.Min, Max: a.Max})
	}
	slices.SortFunc(list, func(a, b link.Parameter) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// directions are the plug-ins of a case.
type directions map[string]CaseDirection

var _ turn.Directions = directions(nil)

// declared is what the plug-ins declare to the build.
func (ds directions) declared() []link.Direction {
	var list []link.Direction
	for name, d := range ds {
		plugin, bare, named := strings.Cut(name, ":")
		if !named {
			plugin, bare = "", name
		}
		list = append(list, link.Direction{Plugin: plugin, Name: bare, Block: d.Block, Parameters: d.parameters()})
	}
	slices.SortFunc(list, func(a, b link.Direction) int { return strings.Compare(a.Plugin+":"+a.Name, b.Plugin+":"+b.Name) })
	return list
}

// installed is the plug-ins of a case, and the one that defines the directions of the
// language if it is called.
type installed struct{ own, core turn.Directions }

// Direct implements turn.Directions.
func (in installed) Direct(ctx context.Context, c turn.Cue) turn.Directed {
	if in.core != nil && strings.HasPrefix(c.Name, world.Core+":") {
		return in.core.Direct(ctx, c)
	}
	return in.own.Direct(ctx, c)
}

// Direct implements turn.Directions.
func (ds directions) Direct(_ context.Context, call turn.Cue) turn.Directed {
	name := call.Name
	d, known := ds[name]
	for other := range ds { // a bare name may mean the direction of a named plug-in
		if _, bare, named := strings.Cut(other, ":"); !known && named && bare == name {
			d, known = ds[other], true
		}
	}
	if !known {
		return turn.Directed{Problem: "it is not installed"}
	}
	values := map[string]string{}
	for name, a := range d.Attributes {
		values[name] = a.Default
	}
	for _, a := range call.Attributes {
		values[a.Name] = a.Value
		for _, p := range d.parameters() {
			if p.Name != a.Name {
				continue
			}
			if problem := p.Problem(a.Value); problem != "" {
				return turn.Directed{Problem: problem}
			}
		}
	}
	if d.Fails != "" {
		return turn.Directed{Problem: d.Fails}
	}
	pairs := []string{"%body%", call.Block}
	for name, value := range values {
		pairs = append(pairs, "%"+name+"%", value)
	}
	said := strings.NewReplacer(pairs...).Replace(d.Returns)
	return turn.Directed{Effects: []turn.Effect{{Token: &reply.Token{Kind: reply.Text, Text: said}}}}
}
