// Command weather answers the tag <weather city=Oslo>: what the sky is like, or will be. It
// asks open-meteo.com, which wants no key, and remembers answers for a while.
package main

import (
	"errors"
	"strings"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

var plugin = direction.Plugin{
	Version:     "1.0.0",
	Description: "Says what the weather is like in a city",
	Directions: []direction.Direction{{
		Name:        "weather",
		Description: "the weather in a city, now or in the days to come",
		Attributes: []direction.Attribute{
			{Name: "city", Required: true, Description: "its name, in any language: Oslo, Wien, 東京"},
			{Name: "day", Kind: direction.KindInteger, Min: "0", Max: "6", Default: "0", Description: "0 is now, 1 tomorrow"},
			{Name: "units", Kind: direction.KindChoice, Choices: []string{celsius, fahrenheit}, Description: "otherwise what the owner of the bot has set"},
		},
		Run: weather,
	}},
	Wants: []direction.Want{
		{Capability: direction.CanHTTP, Items: []string{"geocoding-api.open-meteo.com", "api.open-meteo.com"}, Reason: "to find the city and ask for its weather"},
		{Capability: direction.CanConfig, Items: []string{"units"}, Reason: "to know whether your people count in celsius or fahrenheit"},
		{Capability: direction.CanState, Reason: "to remember the weather for a quarter of an hour instead of asking again"},
		{Capability: direction.CanClock, Reason: "to forget old weather"},
		{Capability: direction.CanLog, Reason: "to tell you whether it asked or remembered"},
	},
}

const (
	celsius    = "celsius"
	fahrenheit = "fahrenheit"
)

func weather(c *direction.Call) (string, error) {
	city := strings.Join(strings.Fields(c.Text("city")), " ")
	if city == "" {
		return "", errors.New("the city is empty")
	}
	wish := question{city: city, day: int(c.Integer("day")), units: unitsOf(c)}
	if text, fresh := recall(c, wish); fresh {
		c.Debug("remembered " + wish.key())
		return text, nil
	}
	text, err := ask(c, wish)
	if err != nil {
		return "", err
	}
	c.Debug("asked for " + wish.key())
	keep(c, wish, text)
	return text, nil
}

// unitsOf is what the tag says, or the owner, or celsius.
func unitsOf(c *direction.Call) string {
	switch {
	case c.Has("units"):
		return c.Text("units")
	case c.Config("units") == fahrenheit:
		return fahrenheit
	}
	return celsius
}

func init() { direction.Serve(plugin) }

func main() {}
