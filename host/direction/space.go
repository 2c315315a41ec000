package direction

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of what plug-ins keep.
const (
	maxKeys = 1000 // as abi.MaxKeys: of a plug-in for all people of a bot
	// maxPersonKeys is how many keys a plug-in may have about one person.
	maxPersonKeys = 100
)

// locate splits a key into its space and the rest, and looks whether the space is
// granted. A key of no space has no error: it is just nowhere.
func (s *stage) locate(key string) (space abi.Space, rest string, err error) {
	name, rest, _ := strings.Cut(key, ":")
	space, known := abi.SpaceNamed(name)
	if !known {
		return abi.Space{}, "", nil
	}
	switch space.Name {
	case abi.SpaceSecret, abi.SpaceConfig:
		err = s.needs(space.Capability)
		if err == nil && space.Name == abi.SpaceSecret {
			err = s.needsOne(space.Capability, rest)
		}
	default:
		err = s.needs(space.Capability)
	}
	return space, rest, err
}

// Get implements plugin.Stage.
func (s *stage) Get(key string) (string, error) {
	space, rest, err := s.locate(key)
	if err != nil {
		return "", err
	}
	switch space.Name {
	case abi.SpaceState:
		value, err := s.values.Value(s.ctx, s.shelf(), rest)
		if err != nil {
			return "", errors.Join(errKept, err)
		}
		return value, nil
	case abi.SpacePerson:
		return s.about()[rest], nil
	case abi.SpaceConfig:
		value, _ := configText(s.plugin.grants.Config[rest])
		return value, nil
	case abi.SpaceSecret:
		value, _ := s.plugin.secret(rest)
		return value, nil
	}
	return "", nil
}

// errKept is the failure of a direction that cannot read what it has kept.
var errKept = errors.New("what it has kept cannot be read")

func (s *stage) shelf() Shelf { return Shelf{Page: s.cue.Person.PageID, Plugin: s.plugin.Name} }

// Put implements plugin.Stage.
func (s *stage) Put(key, value string) (int32, error) { return s.write(key, value, nil) }

// Swap implements plugin.Stage.
func (s *stage) Swap(key, old, value string) (int32, error) { return s.write(key, value, &old) }

// write is Put and Swap.
func (s *stage) write(key, value string, old *string) (int32, error) {
	space, rest, err := s.locate(key)
	switch {
	case err != nil:
		return 0, err
	case !space.Writable, rest == "", len(key) > abi.MaxKey, !utf8.ValidString(key), !utf8.ValidString(value):
		return abi.StatusInvalid, nil
	case len(value) > abi.MaxValue:
		return abi.StatusFull, nil
	case space.Name == abi.SpacePerson:
		return s.keep(rest, value, old)
	}
	done, err := s.values.SetValue(s.ctx, s.shelf(), rest, value, old)
	switch {
	case errors.Is(err, ErrFull):
		return abi.StatusFull, nil
	case err != nil:
		return abi.StatusFailed, nil
	case !done:
		return abi.StatusChanged, nil
	}
	return abi.StatusOK, nil
}

// keep writes a value about the person. It becomes part of the person's session.
func (s *stage) keep(key, value string, old *string) (int32, error) {
	about := s.about()
	now, known := about[key]
	if old != nil && now != *old {
		return abi.StatusChanged, nil
	}
	size := len(key) + len(value)
	for k, v := range about {
		if k != key {
			size += len(k) + len(v)
		}
	}
	if !known && value != "" && len(about) >= maxPersonKeys || size > abi.MaxPerson {
		return abi.StatusFull, nil
	}
	if len(s.effects) >= abi.MaxEffects {
		return 0, &plugin.Limit{Max: "100 effects"}
	}
	if about[key] = value; value == "" {
		delete(about, key)
	}
	s.effects = append(s.effects, turn.Effect{Keep: &turn.Keep{Plugin: s.plugin.Name, Key: key, Value: value}})
	return abi.StatusOK, nil
}
