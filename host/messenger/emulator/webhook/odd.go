package webhook

import (
	"encoding/json"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Shapes of events that a host must live with (emulator.md §6).
const (
	OddKeys        = "keys"         // keys that nobody knows, in the event and in what it carries
	OddAttachment  = "attachment"   // an attachment of a type that nobody knows
	OddFallback    = "fallback"     // a fallback attachment without payload
	OddNoTimestamp = "no_timestamp" // no timestamp
	OddStandby     = "standby_only" // the entry has standby and no messaging
)

var shapes = []string{"", OddKeys, OddAttachment, OddFallback, OddNoTimestamp, OddStandby}

// Bend gives an event an odd shape. What has no place for it stays as it is.
func Bend(it Item, shape string) Item {
	if it.Key == Changes {
		return it
	}
	if shape == OddStandby {
		it.Key = Standby
		return it
	}
	v, err := value.Decode(it.Body)
	element := value.Object(v)
	if err != nil || element == nil {
		return it
	}
	message := value.Object(element["message"])
	attach := func(a map[string]any) {
		if message != nil {
			list, _ := value.List(message["attachments"])
			message["attachments"] = append(list[:len(list):len(list)], a)
		}
	}
	switch shape {
	case OddKeys:
		element["surprise"] = map[string]any{"version": json.Number("2"), "list": []any{nil, true}}
		if message != nil {
			message["mood"] = "curious"
		}
	case OddAttachment:
		attach(map[string]any{"type": "hologram", "payload": map[string]any{"depth": json.Number("3")}})
	case OddFallback:
		attach(map[string]any{"type": "fallback"})
	case OddNoTimestamp:
		delete(element, "timestamp")
	}
	it.Body = value.Raw(element)
	return it
}
