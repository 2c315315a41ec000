package action

import (
	"encoding/json"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Attachments are what stands in attachments[]: media, a sticker, a location, or what Raw says.
func (a Action) Attachments() ([]any, error) {
	if len(a.Raw) > 0 {
		v, err := value.Decode(a.Raw)
		if err != nil {
			return nil, fmt.Errorf("raw attachment: %w", err)
		}
		if l, ok := value.List(v); ok && len(l) > 0 {
			return l, nil
		}
		if value.Object(v) == nil {
			return nil, fmt.Errorf("raw attachment: want an object or a list of some")
		}
		return []any{v}, nil
	}
	payload := map[string]any{"url": a.URL}
	switch a.Type {
	case "image", "audio", "video", "file", "reel", "ig_reel", "post":
	case "fallback":
		payload["title"] = a.Text
	case "sticker":
		if !value.Digits(a.Payload) {
			return nil, fmt.Errorf("sticker: payload %q: want the sticker's id in digits", a.Payload)
		}
		payload["sticker_id"] = json.Number(a.Payload)
		return []any{map[string]any{"type": "sticker", "payload": payload}}, nil
	case "location":
		var at struct{ Lat, Long float64 }
		if _, err := fmt.Sscanf(a.Payload, "%f,%f", &at.Lat, &at.Long); err != nil {
			return nil, fmt.Errorf("location: payload %q: want latitude and longitude, as in \"52.5,13.4\"", a.Payload)
		}
		return []any{map[string]any{
			"type": "location", "title": a.Text, "payload": map[string]any{"coordinates": map[string]any{"lat": at.Lat, "long": at.Long}},
		}}, nil
	default:
		return nil, fmt.Errorf("type %q: want image, audio, video, file, sticker, location, fallback, reel, ig_reel, post, or raw", a.Type)
	}
	if !value.URL(a.URL) {
		return nil, fmt.Errorf("url %q: want an absolute http or https URL", a.URL)
	}
	return []any{map[string]any{"type": a.Type, "payload": payload}}, nil
}
