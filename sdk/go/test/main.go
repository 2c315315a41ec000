// Command everything is a plug-in that does what plug-ins do, and a few things that they should
// not. It is tested here, and as a module by tests of the host.
package main

import (
	"errors"
	"strconv"
	"time"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

var plugin = direction.Plugin{
	Version:     "1.0",
	Description: "does everything",
	Time:        1500,
	Directions: []direction.Direction{
		{Name: "echo", Description: "says its attributes", Run: echo, Attributes: []direction.Attribute{
			{Name: "text", Default: "nothing", Description: "any text"},
			{Name: "number", Kind: direction.KindNumber, Min: "-1", Max: "1.5"},
			{Name: "integer", Kind: direction.KindInteger},
			{Name: "boolean", Kind: direction.KindBoolean},
			{Name: "choice", Kind: direction.KindChoice, Choices: []string{"red", "Blue"}},
			{Name: "url", Kind: direction.KindURL},
		}},
		{Name: "wrap", Form: direction.FormBlock, Run: func(c *direction.Call) (string, error) { return "[" + c.Block() + "]", nil }},
		{Name: "act", Form: direction.FormEffect, Run: act},
		{Name: "ask", Run: ask, Attributes: []direction.Attribute{{Name: "url", Kind: direction.KindURL, Required: true}}},
		{Name: "remember", Run: remember, Attributes: []direction.Attribute{{Name: "word"}}},
		{Name: "trip", Run: trip, Attributes: []direction.Attribute{{Name: "how", Required: true}}},
	},
	Wants: []direction.Want{
		{Capability: direction.CanLog, Reason: "to tell what it does"},
		{Capability: direction.CanClock, Reason: "to know the time"},
		{Capability: direction.CanRandom, Reason: "to roll dice"},
		{Capability: direction.CanConfig, Items: []string{"city"}, Reason: "to know the city"},
		{Capability: direction.CanSecret, Items: []string{"KEY"}, Reason: "to open the service"},
		{Capability: direction.CanState, Reason: "to keep what all share"},
		{Capability: direction.CanPerson, Reason: "to keep what is a person's"},
		{Capability: direction.CanHTTP, Items: []string{"api.example.org"}, Reason: "to ask the service"},
		{Capability: direction.CanEmit, Reason: "to say things"},
		{Capability: direction.CanCut, Reason: "to part them"},
		{Capability: direction.CanDelay, Reason: "to wait"},
		{Capability: direction.CanAttach, Reason: "to show things"},
		{Capability: direction.CanQuick, Reason: "to offer answers"},
		{Capability: direction.CanRead, Items: []string{"name"}, Reason: "to know the name"},
		{Capability: direction.CanWrite, Items: []string{"name"}, Reason: "to change the name"},
		{Capability: direction.CanTopic, Reason: "to change the topic"},
		{Capability: direction.CanRemind, Reason: "to remind"},
		{Capability: direction.CanSilence, Reason: "to be quiet"},
	},
}

func echo(c *direction.Call) (string, error) {
	text := c.Text("text")
	if c.Has("number") {
		text += " " + strconv.FormatFloat(c.Number("number"), 'g', -1, 64)
	}
	if c.Has("integer") {
		text += " " + strconv.FormatInt(c.Integer("integer"), 10)
	}
	return text + " " + strconv.FormatBool(c.Boolean("boolean")) + " " + c.Text("choice") + " " + c.Text("url"), nil
}

// act does everything that can be done on a stage.
func act(c *direction.Call) (string, error) {
	c.Info(c.Config("city") + " " + c.PersonID() + " " + c.Now().Format(time.RFC3339) + " " + strconv.Itoa(len(c.Secret("KEY"))))
	c.Emit("<b>\"Hello\"\n\x01")
	c.Cut()
	c.Delay(1500*time.Millisecond, false)
	kept, err := c.Person().Get("long")
	if err != nil {
		return "", err
	}
	_, err = c.State().Swap("seat", "", c.PersonID())
	err = errors.Join(err,
		c.Person().Put("long", kept+"0123456789"), // a value that needs a second look in the end
		c.Image("https://example.org/a.png"),
		c.Template(`{"template_type":"button","text":"é"}`),
		c.Quick("Yes", "No"),
		c.Write("name", c.Read("name")+strconv.Itoa(c.Dice(6))),
		c.Clear("name"),
		c.Remind("tea", "5 minutes", "pour"),
		c.Cancel("tea"),
	)
	c.Topic("other")
	c.Silence()
	return "", err
}

func ask(c *direction.Call) (string, error) {
	answer, err := c.Get(c.Text("url"))
	if err != nil {
		return "", err
	}
	return strconv.Itoa(answer.Status) + " " + strconv.Itoa(len(answer.Body)), nil
}

var last string

// remember does what no direction should: it keeps a word in memory, and says what it
// kept before.
func remember(c *direction.Call) (string, error) {
	before := last
	last = c.Text("word")
	return before, nil
}

func trip(c *direction.Call) (string, error) {
	switch c.Text("how") {
	case "panic":
		panic("it fell over")
	case "undeclared":
		return c.Text("where"), nil
	case "kind":
		return strconv.FormatInt(c.Integer("how"), 10), nil
	case "unwanted":
		return c.Read("age"), nil
	}
	return "", errors.New("it did not want to")
}

func init() { direction.Serve(plugin) }

func main() {}
