package webhook

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestFieldOf(t *testing.T) {
	for _, row := range []struct {
		name    string
		element map[string]any
		want    string
	}{
		{"message", map[string]any{"message": map[string]any{"text": "x"}}, Messages},
		{"echo", map[string]any{"message": map[string]any{"is_echo": true}}, Echoes},
		{"postback with a referral beside it", map[string]any{"referral": 1, "postback": 1}, Postbacks},
		{"revealed coupon", map[string]any{"template": map[string]any{"type": "coupon"}}, Messages},
		{"unknown shape", map[string]any{"sender": 1, "novelty": 1}, ""},
	} {
		if got := FieldOf(row.element); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	for key, field := range fieldOfKey {
		if Unknown([]string{field}) >= 0 {
			t.Errorf("key %s: nobody can subscribe to %s", key, field)
		}
	}
	if err := CheckFields([]string{Messages, "mesages"}); err == nil || CheckFields([]string{Messages}) != nil {
		t.Errorf("fields: %v", err)
	}
}

// An app that does not control the thread sees postbacks without payload.
func TestStandby(t *testing.T) {
	ev := Event{Postback: map[string]any{"title": "Go", "payload": "GO"}}
	if got := ev.Standby().Postback; !reflect.DeepEqual(got, map[string]any{"title": "Go"}) {
		t.Errorf("standby: %v", got)
	}
	if len(ev.Postback.(map[string]any)) != 2 {
		t.Error("the event itself changed")
	}
}

// messenger.md §2.8: templates echo with title and url beside the payload.
func TestEcho(t *testing.T) {
	payload := map[string]any{"template_type": "generic", "elements": []any{map[string]any{"title": "T"}}}
	for _, row := range []struct {
		name          string
		message, want map[string]any
	}{
		{"text", map[string]any{"text": "x", "metadata": "m"}, map[string]any{"is_echo": true, "text": "x", "metadata": "m"}},
		{
			"image",
			map[string]any{"attachment": map[string]any{"type": "image", "payload": map[string]any{"url": "u", "is_reusable": true}}},
			map[string]any{"is_echo": true, "attachments": []any{map[string]any{"type": "image", "payload": map[string]any{"url": "u"}}}},
		},
		{
			"image by its id",
			map[string]any{"attachment": map[string]any{"type": "image", "payload": map[string]any{"attachment_id": "5"}}},
			map[string]any{"is_echo": true, "attachments": []any{map[string]any{"type": "image", "payload": map[string]any{"url": "u5"}}}},
		},
		{
			"upload",
			map[string]any{"attachment": map[string]any{"type": "image", "payload": map[string]any{}}},
			map[string]any{"is_echo": true, "attachments": []any{map[string]any{"type": "image", "payload": map[string]any{}}}},
		},
		{
			"media template, whose id becomes a number",
			map[string]any{"attachment": map[string]any{"type": "template", "payload": map[string]any{
				"template_type": "media", "elements": []any{map[string]any{"media_type": "image", "attachment_id": "5"}},
			}}},
			map[string]any{"is_echo": true, "attachments": []any{map[string]any{"type": "template", "title": "", "url": nil, "payload": map[string]any{
				"template_type": "media", "elements": []any{map[string]any{"media_type": "image", "attachment_id": json.Number("5")}},
			}}}},
		},
		{
			"template",
			map[string]any{"attachment": map[string]any{"type": "template", "payload": payload}},
			map[string]any{"is_echo": true, "attachments": []any{map[string]any{"type": "template", "title": "T", "url": nil, "payload": payload}}},
		},
	} {
		if got := Echo(row.message, func(id string) string { return map[string]string{"5": "u5"}[id] }); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}
