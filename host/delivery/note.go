package delivery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger"
)

// maxRaw is the most bytes of an element of a webhook that are stored as they came. Of a longer
// one only what scripts can see of it is stored.
const maxRaw = 64 << 10

// note is the body of a stored event: either what a person did, or the id of a
// send whose echo came, or a change of who has the word.
type note struct {
	Echo  string           `json:"echo,omitempty"` // stands first: see isEcho
	Move  *move            `json:"move,omitempty"` // stands first: see isMove
	Event *messenger.Event `json:"event,omitempty"`
}

// How notes begin. What came over the wire is stored as it came, because to write it anew would
// take longer than to store it; it is read again by whoever takes the turn.
var (
	echoStart = []byte(`{"echo":`)
	moveStart = []byte(`{"move":`)
	rawStart  = []byte(`{"raw":`)
)

// isEcho tells whether a body is that of an echo, without reading all of it.
func isEcho(body []byte) bool { return bytes.HasPrefix(body, echoStart) }

// isMove tells whether a body is that of a move, without reading all of it.
func isMove(body []byte) bool { return bytes.HasPrefix(body, moveStart) }

// encode writes a note down: an event as its Raw, if it has one that is not too long.
func (n note) encode() ([]byte, error) {
	if e := n.Event; e != nil && len(e.Raw) > 0 {
		if len(e.Raw) <= maxRaw {
			return append(append(append(make([]byte, 0, len(rawStart)+len(e.Raw)+1), rawStart...), e.Raw...), '}'), nil
		}
		bare := *e
		bare.Raw = nil
		n.Event = &bare
	}
	data, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("event: encode: %w", err)
	}
	return data, nil
}

// readNote reads a note. Page, person, time and id of its event may be missing: they stand beside
// the body.
func readNote(body []byte) (note, error) {
	if raw, ok := bytes.CutPrefix(body, rawStart); ok && bytes.HasSuffix(raw, []byte("}")) {
		e, err := messenger.DecodeElement("", false, raw[:len(raw)-1])
		if err != nil {
			return note{}, fmt.Errorf("event: decode: %w", err)
		}
		return note{Event: &e}, nil
	}
	var n note
	if err := json.Unmarshal(body, &n); err != nil {
		return note{}, fmt.Errorf("event: decode: %w", err)
	}
	if n.Event == nil && n.Move == nil && n.Echo == "" {
		return note{}, errors.New("event: decode: nothing in it that this release knows")
	}
	return n, nil
}
