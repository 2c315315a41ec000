package action

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// stickersAlone is when stickers stopped to come as images too (messenger.md §2.7).
var stickersAlone = time.Date(2026, time.August, 30, 0, 0, 0, 0, time.UTC)

// shares are what people share, each with the key of its id in the payload; empty: it has none. Their
// titles are the action's text.
var shares = map[string]string{"fallback": "", "reel": "reel_video_id", "ig_reel": "reel_video_id", "post": "id"}

// Titled reports whether the action's text is the title of what is sent, and no text beside it. That of
// a link that is shared is both.
func (a Action) Titled() bool {
	_, shared := shares[a.Type]
	return len(a.Raw) == 0 && (shared && a.Type != "fallback" || a.Type == "location" || a.Type == "product")
}

// Attachments are what stands in attachments[]: media, a sticker, a location, what is shared, or
// what Raw says.
func (a Action) Attachments(now time.Time) ([]any, error) {
	if len(a.Raw) > 0 {
		return a.rawAttachments()
	}
	_, shared := shares[a.Type]
	switch {
	case a.Type == "sticker":
		return a.sticker(now)
	case a.Type == "location":
		return a.location()
	case a.Type == "product":
		return a.product()
	case !shared && !slices.Contains([]string{"image", "audio", "video", "file"}, a.Type):
		return nil, fmt.Errorf("type %q: want image, audio, video, file, sticker, location, fallback, reel, ig_reel, post, product, or raw", a.Type)
	case !value.URL(a.URL):
		return nil, fmt.Errorf("url %q: want an absolute http or https URL", a.URL)
	}
	payload := map[string]any{"url": a.URL}
	if shared && a.Text != "" {
		payload["title"] = a.Text
	}
	if key := shares[a.Type]; key != "" && a.Payload != "" {
		payload[key] = a.Payload
	}
	return []any{map[string]any{"type": a.Type, "payload": payload}}, nil
}

func (a Action) rawAttachments() ([]any, error) {
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

// sticker is a sticker, which came as an image too once.
func (a Action) sticker(now time.Time) ([]any, error) {
	if !value.Digits(a.Payload) {
		return nil, fmt.Errorf("sticker: payload %q: want the sticker's id in digits", a.Payload)
	}
	one := func(kind string) any {
		return map[string]any{"type": kind, "payload": map[string]any{"url": a.URL, "sticker_id": json.Number(a.Payload)}}
	}
	if now.Before(stickersAlone) {
		return []any{one("image"), one("sticker")}, nil
	}
	return []any{one("sticker")}, nil
}

func (a Action) location() ([]any, error) {
	var at struct{ Lat, Long float64 }
	if _, err := fmt.Sscanf(a.Payload, "%f,%f", &at.Lat, &at.Long); err != nil {
		return nil, fmt.Errorf("location: payload %q: want latitude and longitude, as in \"52.5,13.4\"", a.Payload)
	}
	return []any{map[string]any{
		"type": "location", "title": a.Text, "payload": map[string]any{"coordinates": map[string]any{"lat": at.Lat, "long": at.Long}},
	}}, nil
}

// product is a product of the Page's catalogue that the person shares.
func (a Action) product() ([]any, error) {
	if a.Payload == "" {
		return nil, fmt.Errorf("product: payload: want the id of the product")
	}
	element := map[string]any{"id": a.Payload, "retailer_id": a.Ref, "image_url": a.URL, "title": a.Text}
	return []any{map[string]any{"type": "template", "payload": map[string]any{"product": map[string]any{"elements": []any{element}}}}}, nil
}
