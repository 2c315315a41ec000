package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/direction"
)

// TestPluginsOnTheDesk: the desk shows what plug-ins want, why, and what would grant it.
func TestPluginsOnTheDesk(t *testing.T) {
	if got := plugins(bot.Status{}); got != nil {
		t.Errorf("before the first version: %v", got)
	}
	sky := &direction.Plugin{Name: "sky", Notes: []string{"a note"}, Manifest: &direction.Manifest{
		Version: "1.2", Description: "tells the weather", Directions: []direction.Declaration{{Name: "weather"}, {Name: "rain"}},
		Wants: []direction.Want{{Capability: "http", Items: []string{"a.example"}, Reason: "to ask"}, {Capability: "config", Items: []string{"unit"}, Reason: "to know"}},
	}}
	want := []console.Plugin{{
		Name: "sky", Version: "1.2", Description: "tells the weather", Tags: []string{"weather", "rain"}, Notes: []string{"a note"},
		Wants: []console.Want{
			{What: "http a.example", State: "not granted", Reason: "to ask", Cure: `hosts = ["a.example"]`},
			{What: "config unit", State: "not set", Reason: "to know", Cure: `config = {unit = "…"}`},
		},
	}}
	got := plugins(bot.Status{Generation: &bot.Generation{Plugins: &direction.Set{Plugins: []*direction.Plugin{sky}}}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
