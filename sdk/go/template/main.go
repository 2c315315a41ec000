// Command newdirection answers the tag <newdirection to=Ann>.
package main

import direction "github.com/footlight-bots/footlight/sdk/go"

var plugin = direction.Plugin{
	Version:     "0.1.0",
	Description: "Greets people",
	Directions: []direction.Direction{{
		Name:        "newdirection",
		Description: "says hello to somebody",
		Attributes: []direction.Attribute{
			{Name: "to", Default: "you", Description: "who is greeted"},
			{Name: "times", Kind: direction.KindInteger, Min: "1", Max: "5", Default: "1"},
		},
		Run: run,
	}},
	Wants: []direction.Want{
		{Capability: direction.CanLog, Reason: "to tell you whom it has greeted"},
	},
}

func run(c *direction.Call) (string, error) {
	text := "Hello"
	for range c.Integer("times") - 1 {
		text += ", hello"
	}
	c.Info("greeted " + c.Text("to"))
	return text + ", " + c.Text("to") + "!", nil
}

func init() { direction.Serve(plugin) }

func main() {}
