package direction

import (
	"context"
	"errors"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// Set is the plug-ins of one bot. It is safe for concurrent use. A nil Set has none.
type Set struct {
	Plugins []*Plugin // by name
	core    *Plugin   // the directions of the language; nil when they are compiled
	values  Values
	byName  map[string]target // as tags name them
}

// target is what a tag means.
type target struct {
	plugin      *Plugin
	declaration *Declaration
}

var _ turn.Directions = (*Set)(nil)

// index finds out which tag means which direction (L-EXT-2). A bare name that several
// plug-ins declare means none.
func (s *Set) index() {
	s.byName = map[string]target{}
	declared := map[string]int{}
	for _, p := range s.Plugins {
		for i := range p.Manifest.Directions {
			d := &p.Manifest.Directions[i]
			s.byName[p.Name+":"+d.Name] = target{p, d}
			s.byName[d.Name] = target{p, d}
			declared[d.Name]++
		}
	}
	if s.core != nil {
		for i := range s.core.Manifest.Directions {
			d := &s.core.Manifest.Directions[i]
			s.byName[s.core.Name+":"+d.Name] = target{s.core, d}
		}
	}
	for name, n := range declared {
		if n > 1 {
			delete(s.byName, name)
		}
	}
}

// Links are the tags of all plug-ins as the compiler knows them.
func (s *Set) Links() []link.Direction {
	if s == nil {
		return nil
	}
	var links []link.Direction
	for _, p := range s.Plugins {
		links = append(links, p.Links()...)
	}
	return links
}

// List is the plug-ins, by name.
func (s *Set) List() []*Plugin {
	if s == nil {
		return nil
	}
	return s.Plugins
}

// With is the same Set, whose plug-ins keep their values elsewhere. It is closed with
// the one it was made of.
func (s *Set) With(v Values) *Set {
	if s == nil {
		return nil
	}
	return &Set{Plugins: s.Plugins, byName: s.byName, values: v}
}

// Direct implements turn.Directions.
func (s *Set) Direct(ctx context.Context, c turn.Cue) turn.Directed {
	if s == nil {
		return turn.Directed{Problem: "it is not installed"}
	}
	t, known := s.byName[c.Name]
	if !known {
		return turn.Directed{Problem: "it is not installed"}
	}
	return t.plugin.run(ctx, t.declaration, c, s.values)
}

// Close frees all plug-ins when their calls have ended. It is called once.
func (s *Set) Close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	errs := make([]error, 0, len(s.Plugins)+1)
	for _, p := range s.Plugins {
		errs = append(errs, p.Close(ctx))
	}
	if s.core != nil {
		errs = append(errs, s.core.Close(ctx))
	}
	return errors.Join(errs...)
}
