package crowd

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/weather"
)

// TestInvent: whatever the weather, a person says something that the script or nobody knows, in reasonable time; and the
// word is not taken from the bot in two ways.
func TestInvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		f := weather.Forecast(rand.New(rand.NewPCG(seed, 1)))
		p := Invent(rand.New(rand.NewPCG(seed, 2)), f)
		if again := Invent(rand.New(rand.NewPCG(seed, 2)), f); !reflect.DeepEqual(p, again) {
			t.Fatalf("two people of one seed: %+v, %+v", p, again)
		}
		if n := len(p.Lines); n < 1 || n > f.Messages {
			t.Fatalf("%d lines, at most %d", n, f.Messages)
		}
		names := company.FormNames
		if p.Routed {
			names = company.Routed
		}
		for _, l := range p.Lines {
			switch {
			case l.Bad() == slices.Contains(names, l.Form), l.Bad() && f.Poison == 0:
				t.Errorf("form %q", l.Form)
			case l.Wait < 0 || l.Wait > time.Minute:
				t.Errorf("waits for %s", l.Wait)
			case l.Human > 0 && (p.Routed || f.Human == 0):
				t.Errorf("a human writes in a thread that changes hands, or though nobody does: %+v", l)
			case (l.Taken > 0) != (l.Given > 0) || l.Taken > 0 && !p.Routed:
				t.Errorf("the thread is taken after %s and given back after %s", l.Taken, l.Given)
			}
		}
	})
}

// TestInventEverything: what can befall a person befalls one of many.
func TestInventEverything(t *testing.T) {
	f := weather.Weather{Messages: 9, Poison: 0.3, Human: 0.5, Route: 0.5}
	seen := map[string]bool{}
	for seed := range uint64(100) {
		p := Invent(rand.New(rand.NewPCG(seed, 0)), f)
		for _, l := range p.Lines {
			seen[l.Form] = true
			seen["tap"] = seen["tap"] || l.Tap
			seen["rest"] = seen["rest"] || l.Rest
			seen["human"] = seen["human"] || l.Human > 0
			seen["taken"] = seen["taken"] || l.Taken > 0
		}
	}
	for _, want := range slices.Concat(company.FormNames, company.Routed, []string{company.Poison, company.Deadly, "tap", "rest", "human", "taken"}) {
		if !seen[want] {
			t.Errorf("no %q", want)
		}
	}
}
