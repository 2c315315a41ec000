// Package profile is the Messenger Profile of a Page: which properties there are,
// what they may hold, how they are read, set and deleted, and what a person sees of
// them in their language.
//
// It does not know who asks. A change takes effect as a whole or not at all. No API
// of the host is promised.
package profile

import (
	"maps"
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// Profile holds the properties that are set, by name.
type Profile map[string]any

// Get are the properties of those names that are set.
func (p Profile) Get(names []string) (map[string]any, *refusal.Refusal) {
	if refused := known(names); refused != nil {
		return nil, refused
	}
	set := map[string]any{}
	for _, name := range names {
		if v, ok := p[name]; ok {
			set[name] = v
		}
	}
	return set, nil
}

// With is the profile with the given properties in it.
func (p Profile) With(properties map[string]any, r content.Rules) (Profile, *refusal.Refusal) {
	if len(properties) == 0 {
		return nil, refusal.New(100, 0, "Invalid parameter: no property of the Messenger Profile is given")
	}
	if refused := known(slices.Sorted(maps.Keys(properties))); refused != nil {
		return nil, refused
	}
	after := maps.Clone(p)
	for _, rule := range rules {
		v, ok := properties[rule.property]
		if !ok {
			continue
		}
		if refused := rule.check(r, after, v); refused != nil {
			return nil, refused
		}
		after[rule.property] = v
	}
	return after, nil
}

// Without is the profile without the properties of those names.
func (p Profile) Without(names []string) (Profile, *refusal.Refusal) {
	if refused := known(names); refused != nil {
		return nil, refused
	}
	_, hasMenu := p["persistent_menu"]
	if hasMenu && slices.Contains(names, "get_started") && !slices.Contains(names, "persistent_menu") {
		return nil, refusal.New(100, 0, "Invalid parameter: get_started cannot be deleted while a persistent menu is set")
	}
	after := maps.Clone(p)
	for _, name := range names {
		delete(after, name)
	}
	return after, nil
}

// known refuses names of what is no property, and having none.
func known(names []string) *refusal.Refusal {
	if len(names) == 0 {
		return refusal.New(100, 0, "The parameter fields is required")
	}
	for _, name := range names {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.property == name }) {
			return refusal.New(100, 0, "Invalid parameter: %s is no property of the Messenger Profile", name)
		}
	}
	return nil
}
