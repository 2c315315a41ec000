package action

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Form puts what the action fills in or chooses into ev, and returns the field that
// hears of it: a feedback form (Text is the score, Payload the free text, Type csat, nps
// or ces), a game or a cart; empty for other kinds. What Raw says goes first. person is
// the id of who does it.
func (a Action) Form(ev *webhook.Event, person, locale string) (field string, err error) {
	m, err := a.Object(a.Kind)
	if err != nil {
		return "", err
	}
	switch a.Kind {
	case "feedback":
		field, ev.Feedback = "messaging_feedback", a.feedback(m)
	case "game":
		fill(m, map[string]any{
			"game_id": a.Ref, "player_id": person, "locale": locale, "context_type": "SOLO", "context_id": person, "payload": a.Payload,
		})
		field, ev.GamePlay = "messaging_game_plays", m
	case "order":
		if products, ok := value.List(m["products"]); !ok || len(products) == 0 {
			return "", fmt.Errorf(`order: want products in raw, as in {"products":[{"id":"1","quantity":2}]}`)
		}
		fill(m, map[string]any{"note": a.Text})
		field, ev.Order = "send_cart", m
	}
	return field, nil
}

// Rating is what the person thinks of the message of that mid; Text says it.
func (a Action) Rating(mid string) map[string]any {
	text := a.Text
	if text == "" {
		text = "Good response"
	}
	return map[string]any{"feedback": text, "mid": mid}
}

// feedback is the answer to a form of one question.
func (a Action) feedback(m map[string]any) map[string]any {
	if len(m) > 0 {
		return m
	}
	kind := a.Type
	if kind == "" {
		kind = "csat"
	}
	answer := map[string]any{"type": kind, "payload": a.Text}
	if a.Payload != "" {
		answer["follow_up"] = map[string]any{"type": "free_form", "payload": a.Payload}
	}
	return map[string]any{"feedback_screens": []any{map[string]any{"screen_id": 0, "questions": map[string]any{"q1": answer}}}}
}

// fill adds what m lacks.
func fill(m, more map[string]any) {
	for k, v := range more {
		if _, ok := m[k]; !ok {
			m[k] = v
		}
	}
}
