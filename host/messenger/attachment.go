package messenger

import "encoding/json"

// wireAttachment is an attachment as it comes. From Graph v6 on url and title of shared
// things are in the payload; before, they stood beside the type.
type wireAttachment struct {
	Type    text            `json:"type"`
	URL     text            `json:"url"`
	Title   text            `json:"title"`
	Payload json.RawMessage `json:"payload"`
}

type wirePayload struct {
	URL         text            `json:"url"`
	Title       text            `json:"title"`
	StickerID   text            `json:"sticker_id"`
	Coordinates wireCoordinates `json:"coordinates"`
}

type wireCoordinates struct {
	Lat  number `json:"lat"`
	Long number `json:"long"`
}

func (a wireAttachment) value() Attachment {
	out := Attachment{Type: string(a.Type), URL: string(a.URL), Title: string(a.Title)}
	if len(a.Payload) == 0 || string(a.Payload) == "null" {
		return out
	}
	out.Payload = a.Payload
	var p wirePayload
	if !lenient(a.Payload, &p) {
		return out
	}
	if p.URL != "" {
		out.URL = string(p.URL)
	}
	if p.Title != "" {
		out.Title = string(p.Title)
	}
	out.StickerID = string(p.StickerID)
	out.Lat, out.Long = float64(p.Coordinates.Lat), float64(p.Coordinates.Long)
	return out
}
