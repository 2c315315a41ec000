package directiontest_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	direction "github.com/footlight-bots/footlight/sdk/go"
	"github.com/footlight-bots/footlight/sdk/go/directiontest"
)

// doing is a plug-in of one direction, do, that wants everything.
func doing(run func(*direction.Call) (string, error), attributes ...direction.Attribute) direction.Plugin {
	p := direction.Plugin{
		Version:    "1",
		Directions: []direction.Direction{{Name: "do", Attributes: attributes, Run: run}},
	}
	for _, c := range []direction.Capability{
		direction.CanLog, direction.CanClock, direction.CanRandom, direction.CanState, direction.CanPerson, direction.CanEmit,
		direction.CanCut, direction.CanDelay, direction.CanAttach, direction.CanQuick, direction.CanTopic, direction.CanRemind, direction.CanSilence,
	} {
		p.Wants = append(p.Wants, direction.Want{Capability: c, Reason: "to try it"})
	}
	for c, item := range map[direction.Capability]string{
		direction.CanConfig: "unit", direction.CanSecret: "key", direction.CanHTTP: "*.example", direction.CanRead: "name", direction.CanWrite: "name",
	} {
		p.Wants = append(p.Wants, direction.Want{Capability: c, Items: []string{item}, Reason: "to try it"})
	}
	return p
}

func TestEverythingOfTheStage(t *testing.T) {
	s := directiontest.New(t, doing(func(c *direction.Call) (string, error) {
		c.Emit("one")
		c.Cut()
		c.Delay(1500*time.Millisecond, true)
		c.Delay(time.Hour, false)
		err := errors.Join(
			c.Quick("Yes", "No"),
			c.Image("https://a.example/x.png"),
			c.Link("https://a.example", "Look"),
			c.Card("Tea", "2 coins", "", "Buy=buy tea"),
			c.Template(`{"template_type":"generic"}`),
			c.Cards(`[{"title":"Tea"}]`),
			c.Typing(),
			c.Write("name", c.Read("name")+"!"),
			c.Remind("tea", "30 minutes", "Drink"),
			c.Remind("cake", direction.At(c.Now()), "Eat"),
			c.Cancel("tea"),
		)
		c.Topic("menu")
		c.Silence()
		c.Debug("d")
		c.Error("e")
		return c.PersonID() + c.Config("unit") + c.Secret("key"), err
	}))
	s.Vars["name"], s.Config["unit"], s.Secrets["key"] = "Ann", "°C", "k"
	got := s.Run("<do>")
	want := directiontest.Result{
		Text: "ann°Ck",
		Effects: []string{
			"emit one", "cut", "delay 1.5s keep", "delay 2m0s", "quick Yes | No", "image https://a.example/x.png",
			"link https://a.example Look", "card Tea 2 coins  Buy=buy tea", `template {"template_type":"generic"}`, `cards [{"title":"Tea"}]`,
			"typing", "write name=Ann!", "remind tea, 30 minutes: Drink", "remind cake, 1767603600000: Eat", "cancel tea", "topic menu", "silence",
		},
		Log: []string{"debug: d", "error: e"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if s.Vars["name"] != "Ann!" || s.Topic != "menu" {
		t.Errorf("the person is %v in %s", s.Vars, s.Topic)
	}
}

func TestSpaces(t *testing.T) {
	s := directiontest.New(t, doing(func(c *direction.Call) (string, error) {
		state := c.State()
		first, err := state.Swap("seat", "", c.PersonID())
		if err != nil {
			return "", err
		}
		holder, err := state.Get("seat")
		if err != nil {
			return "", err
		}
		if !first {
			return "taken by " + holder, nil
		}
		return "yours", c.Person().Put("seat", "1")
	}))
	if got := s.Run("<do>"); got.Text != "yours" || s.Person["seat"] != "1" || s.State["seat"] != "ann" {
		t.Errorf("%+v, %v", got, s.State)
	}
	if got := s.Run("<do>"); got.Text != "taken by ann" {
		t.Errorf("%+v", got)
	}
}

func TestStatuses(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(c *direction.Call) error
		want error
	}{
		"host's variable":  {func(c *direction.Call) error { return c.Write("_x", "1") }, direction.ErrInvalid},
		"no quick replies": {func(c *direction.Call) error { return c.Quick() }, direction.ErrInvalid},
		"long value":       {func(c *direction.Call) error { return c.State().Put("a", strings.Repeat("x", direction.MaxValue+1)) }, direction.ErrFull},
		"long key":         {func(c *direction.Call) error { return c.State().Put(strings.Repeat("x", direction.MaxKey), "1") }, direction.ErrInvalid},
		"no time":          {func(c *direction.Call) error { return c.Remind("a", "", "b") }, direction.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			p := doing(func(c *direction.Call) (string, error) { return "", tt.do(c) })
			p.Wants = append(p.Wants, direction.Want{Capability: direction.CanWrite, Items: []string{"_x"}, Reason: "to try it"})
			if got := directiontest.New(t, p).Run("<do>"); got.Err != tt.want.Error() {
				t.Errorf("%q, not %q", got.Err, tt.want)
			}
		})
	}
}

func TestServices(t *testing.T) {
	s := directiontest.New(t, doing(func(c *direction.Call) (string, error) {
		answer, err := c.HTTP(direction.Request{Method: "POST", URL: c.Text("url"), Headers: map[string]string{"b": "2", "a": "1"}, Body: "x"})
		if err != nil {
			return "", err
		}
		if v, err := answer.JSON(); err == nil {
			return v.Get("temp").Text(), nil
		}
		return string(answer.Body), nil
	}, direction.Attribute{Name: "url", Kind: direction.KindURL, Required: true}))
	s.Answer("https://api.example/*", 200, `{"temp": 18}`)
	s.Answer("https://api.example/bytes", 404, "\xff\x00")
	s.Fail("https://api.example/slow", "timeout")
	for path, want := range map[string]directiontest.Result{
		"now":   {Text: "18"},
		"bytes": {Text: "\xff\x00"},
		"slow":  {Err: "timeout"},
	} {
		got := s.Run(`<do url="https://api.example/` + path + `">`)
		// A text with other bytes becomes UTF-8 on its way out.
		want.Text = strings.ToValidUTF8(want.Text, "\uFFFD")
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, not %+v", path, got, want)
		}
	}
}

// recorder takes the faults that a stage reports to a test.
type recorder struct {
	testing.TB
	faults []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.faults = append(r.faults, strings.TrimSpace(strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")))
}

func TestWhatIsNotWantedFailsTheTest(t *testing.T) {
	for want, run := range map[string]func(c *direction.Call){
		"the plug-in uses topic, but its wants do not ask for it":              func(c *direction.Call) { c.Topic("x") },
		"the plug-in uses secret key, but its wants do not ask for it":         func(c *direction.Call) { c.Secret("key") },
		"the plug-in uses http evil.test, but its wants do not ask for it":     func(c *direction.Call) { _, _ = c.Get("http://evil.test/") },
		"the plug-in uses http notexample, but its wants do not ask for it":    func(c *direction.Call) { _, _ = c.Get("http://notexample/") },
		"no answer for http://a.example/: add stage.Answer(\"http://a.example": func(c *direction.Call) { _, _ = c.Get("http://a.example/") },
	} {
		p := doing(func(c *direction.Call) (string, error) { run(c); return "", nil })
		p.Wants = []direction.Want{{Capability: direction.CanHTTP, Items: []string{"*.example"}, Reason: "to try it"}}
		r := &recorder{TB: t}
		directiontest.New(r, p).Run("<do>")
		if len(r.faults) != 1 || !strings.HasPrefix(r.faults[0], want) {
			t.Errorf("%q, not %q", r.faults, want)
		}
	}
}

func TestTags(t *testing.T) {
	p := doing(func(c *direction.Call) (string, error) { return c.Text("n") + c.Text("who") + c.Text("how"), nil },
		direction.Attribute{Name: "n", Kind: direction.KindInteger, Min: "1", Max: "3", Default: "1"},
		direction.Attribute{Name: "who", Required: true},
		direction.Attribute{Name: "how", Kind: direction.KindChoice, Choices: []string{"Loud", "soft"}},
		direction.Attribute{Name: "flag", Kind: direction.KindBoolean},
	)
	p.Directions = append(p.Directions, direction.Direction{Name: "wrap", Form: direction.FormBlock, Run: func(c *direction.Call) (string, error) {
		return "[" + c.Block() + "]", nil
	}})
	for tag, want := range map[string]directiontest.Result{
		`<do who="Ann Bo" how=LOUD flag>`:     {Text: "1Ann BoLoud"},
		`<do who='a"b' N=3 fallback="sorry">`: {Text: `3a"b`},
		`<do who=a n=4>`:                      {Err: "attribute n: 4 is above 3"},
		`<do who=a n=0>`:                      {Err: "attribute n: 0 is below 1"},
		`<do who=a n=1.5>`:                    {Err: "attribute n: 1.5 is no integer"},
		`<do who=a n=x>`:                      {Err: "attribute n: x is no number"},
		`<do who=a how=so>`:                   {Err: "attribute how: so is none of Loud, soft"},
		`<do who=a flag=1>`:                   {Err: "attribute flag: 1 is neither true nor false"},
		`<do who=a x=1>`:                      {Err: "<do> has no attribute x"},
		`<do>`:                                {Err: "attribute who is missing"},
		`<do who=a>b`:                         {Err: "something stands behind <do>"},
		`<did>`:                               {Err: "the plug-in has no direction did"},
		`do`:                                  {Err: "do is no tag"},
		`<wrap>a <b> c</wrap>`:                {Text: "[a <b> c]"},
		`<wrap>a`:                             {Err: "</wrap> is missing"},
	} {
		if got := directiontest.New(t, p).Run(tag); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, not %+v", tag, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	p := direction.Plugin{
		Directions: []direction.Direction{
			{Name: "A", Form: "ring", Attributes: []direction.Attribute{
				{Name: "fallback"}, {Name: "c", Kind: direction.KindChoice}, {Name: "n", Kind: direction.KindNumber, Min: "low", Default: "x"},
			}},
		},
		Wants: []direction.Want{{Capability: direction.CanHTTP}},
	}
	got := strings.Join(directiontest.Check(p), "\n")
	for _, want := range []string{
		"version is missing", `direction "A": a name is`, `no form "ring"`, `attribute "fallback"`, "c has no choices",
		"the bound low is no number", "the default of n: x is no number", "want http: the reason is missing", "want http: items are for",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said in\n%s", want, got)
		}
	}
}
