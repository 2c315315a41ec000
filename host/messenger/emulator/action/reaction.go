package action

import "fmt"

// reactions are the names of the emoji that Messenger offers; any other is "other".
var reactions = map[string]string{
	"❤️": "love", "❤": "love", "😍": "love", "😆": "smile", "😮": "wow", "😢": "sad", "😠": "angry", "👍": "like", "👎": "dislike",
}

// Reaction is a reaction to the message of that mid, and the emoji that then stands at
// it; empty: none does.
func (a Action) Reaction(mid string) (reaction map[string]any, emoji string, err error) {
	emoji, action := a.Text, a.Type
	if action == "" {
		action = "react"
	}
	if emoji == "" {
		emoji = "❤️"
	}
	m := map[string]any{"mid": mid, "action": action}
	switch action {
	case "react":
		name := reactions[emoji]
		if name == "" {
			name = "other"
		}
		m["reaction"], m["emoji"] = name, emoji
	case "unreact":
		emoji = ""
	default:
		return nil, "", fmt.Errorf("type %q: want react or unreact", action)
	}
	return m, emoji, nil
}
