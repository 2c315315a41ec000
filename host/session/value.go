package session

import (
	"bytes"
	"encoding/json"
)

// TextOf is how a stored value reads in a script (L-VAR-3): a string as it is,
// anything else as JSON without spaces.
func TextOf(raw json.RawMessage) string {
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return string(raw)
	}
	return compact.String()
}
