package session

import (
	"encoding/json"
	"fmt"
)

// version is the number of the encoding, its first byte. A reader knows all earlier ones.
const version = 2

// lowest is the lowest byte with which JSON may begin, as the encoding of version 1 did, and what authors write by hand
// does still. What is below is the number of a version.
const lowest = '\t'

type envelope struct {
	Version int `json:"v"`
	State
}

// The tags of fields, in the order in which they are written; a field that is empty is left out. What
// few sessions have is written as JSON, behind tagRest.
const (
	tagTopic = iota + 1
	tagVars
	tagBotVars
	tagEnvVars
	tagInputs
	tagReplies
	tagLastPart
	tagChoices
	tagTurns
	tagMatched
	tagSince
	tagHeard
	tagMuted
	tagHeld
	tagRest
)

// rest is the part of a State that is behind tagRest.
type rest struct {
	Frozen    *Frozen                      `json:"frozen,omitempty"`
	Reminders map[string]Reminder          `json:"reminders,omitempty"`
	Absence   *Absence                     `json:"absence,omitempty"`
	Trials    map[string]Trial             `json:"trials,omitempty"`
	Kept      map[string]map[string]string `json:"kept,omitempty"`
}

// Encode writes a session. Equal sessions have equal encodings.
func Encode(s State) ([]byte, error) {
	w := writer{b: append(make([]byte, 0, usual), version)}
	w.text(tagTopic, s.Topic)
	w.vars(tagVars, s.Vars)
	w.pairs(tagBotVars, s.BotVars)
	w.pairs(tagEnvVars, s.EnvVars)
	w.list(tagInputs, s.Inputs)
	w.list(tagReplies, s.Replies)
	w.text(tagLastPart, s.LastPart)
	w.list(tagChoices, s.Choices)
	w.count(tagTurns, s.Turns)
	w.list(tagMatched, s.Matched)
	w.time(tagSince, s.Since)
	w.time(tagHeard, s.Heard)
	if s.Muted {
		w.b = append(w.b, tagMuted)
	}
	w.time(tagHeld, s.Held)
	if s.Frozen != nil || s.Absence != nil || len(s.Reminders)+len(s.Trials)+len(s.Kept) > 0 {
		w.json(tagRest, rest{s.Frozen, s.Reminders, s.Absence, s.Trials, s.Kept})
	}
	if w.err != nil {
		return nil, fmt.Errorf("session: encode: %w", w.err)
	}
	return w.b, nil
}

// Decode reads a session; no data at all is somebody new. A session of a later
// release is refused rather than read by half, so that nothing of it is lost. Nothing of
// the result points into data.
func Decode(data []byte) (s State, err error) {
	switch {
	case len(data) == 0:
		return State{}, nil
	case data[0] >= lowest:
		s, err = decodeJSON(data)
	case data[0] > version:
		err = fmt.Errorf("written in version %d of the encoding by a newer release; this one reads up to %d", data[0], version)
	case data[0] < version:
		err = fmt.Errorf("it begins with %#x, as no session does", data[0])
	default:
		s, err = decode(data[1:])
	}
	if err != nil {
		return State{}, fmt.Errorf("session: decode: %w", err)
	}
	return s, nil
}

func decodeJSON(data []byte) (State, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return State{}, err
	}
	if e.Version > 1 {
		return State{}, fmt.Errorf("written in version %d of the encoding by a newer release; this one reads up to %d", e.Version, version)
	}
	return e.State, nil
}

// decode reads the fields.
func decode(data []byte) (State, error) {
	var s State
	var more rest
	r := newReader(data)
	for before := byte(0); r.more(); {
		tag := r.byte()
		if tag <= before {
			r.fail("field %d stands behind field %d", tag, before)
		}
		before = tag
		switch tag {
		case tagTopic:
			s.Topic = r.text()
		case tagVars:
			s.Vars = r.vars()
		case tagBotVars:
			s.BotVars = r.pairs()
		case tagEnvVars:
			s.EnvVars = r.pairs()
		case tagInputs:
			s.Inputs = r.list()
		case tagReplies:
			s.Replies = r.list()
		case tagLastPart:
			s.LastPart = r.text()
		case tagChoices:
			s.Choices = r.list()
		case tagTurns:
			s.Turns = r.count()
		case tagMatched:
			s.Matched = r.list()
		case tagSince:
			s.Since = r.time()
		case tagHeard:
			s.Heard = r.time()
		case tagMuted:
			s.Muted = true
		case tagHeld:
			s.Held = r.time()
		case tagRest:
			r.json(&more)
		default:
			r.fail("no field has the tag %d", tag)
		}
	}
	s.Frozen, s.Reminders, s.Absence, s.Trials, s.Kept = more.Frozen, more.Reminders, more.Absence, more.Trials, more.Kept
	return s, r.err
}
