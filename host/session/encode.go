package session

import (
	"encoding/json"
	"fmt"
)

// version is the number of the encoding. A reader knows all earlier ones.
const version = 1

type envelope struct {
	Version int `json:"v"`
	State
}

// Encode writes a session. Equal sessions have equal encodings.
func Encode(s State) ([]byte, error) {
	data, err := json.Marshal(envelope{version, s})
	if err != nil {
		return nil, fmt.Errorf("session: encode: %w", err)
	}
	return data, nil
}

// Decode reads a session; no data at all is somebody new. A session of a later
// release is refused rather than read by half, so that nothing of it is lost.
func Decode(data []byte) (State, error) {
	if len(data) == 0 {
		return State{}, nil
	}
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return State{}, fmt.Errorf("session: decode: %w", err)
	}
	if e.Version > version {
		return State{}, fmt.Errorf("session: decode: written in version %d of the encoding by a newer release; this one reads up to %d", e.Version, version)
	}
	return e.State, nil
}
