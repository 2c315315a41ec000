package cli

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/console"
)

func TestWritten(t *testing.T) {
	for _, row := range []struct {
		name string
		of   console.Bubble
		want string
	}{
		{"a text", console.Bubble{Text: "Hello!"}, "Hello!"},
		{"a persona's text", console.Bubble{Text: "Hello!", Persona: "Vera"}, "Vera: Hello!"},
		{"a persona's picture", console.Bubble{Persona: "Vera", Attachment: &console.Attachment{Kind: "image", URL: "https://a.b/c.png"}}, "Vera: (image) https://a.b/c.png"},
		{"cards", console.Bubble{Persona: "Vera", Cards: []console.Card{{Title: "Tea"}, {Title: "Cake", Subtitle: "fresh"}}}, "Vera: [Tea]\n[Cake] fresh"},
		{"nothing that can be written", console.Bubble{Persona: "Vera"}, ""},
	} {
		if got := strings.Join(written(row.of), "\n"); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}
