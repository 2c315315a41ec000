package app

import (
	"context"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

const disguises = `+ who is there
- ^persona(vera)I am Vera. <send> And this is the Page.

+ wait
- Hm. <delay seconds=8>^persona(vera)There you are.

+ type
- ^typing()^persona(vera)Here.

+ a picture
- ^persona(vera)^image(https://tea.example/cup.png)

+ call *
- ^persona(<star>)Hello.
`

const castList = `[personas.vera]
name = "Vera from the tea house"
picture = "https://tea.example/vera.png"
`

// Scripts let others speak in place of the Page: whom bot.toml names is made when they first speak, and again when
// somebody has deleted them; where Meta has none, the Page speaks itself (messenger.md section 3.8).
func TestPersonas(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": disguises + alive, "bot.toml": castList}, nil)
	ada := p.newcomer()
	client, _ := p.host.client(p.page)
	speakers := func(n int) string {
		t.Helper()
		var names []string
		for _, b := range p.answered(ada, n)[n-1:] {
			name := "Page"
			if b.Persona != nil {
				name = b.Persona.Name
			}
			names = append(names, name)
		}
		return strings.Join(names, ", ")
	}
	personas := func() string {
		t.Helper()
		made, err := client.Personas(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		ids := ""
		for id := range made {
			ids += id + " "
		}
		return strings.TrimSpace(ids)
	}
	p.act(ada, emulator.Action{Kind: "say", Text: "who is there"})
	if got := speakers(1); got != "Vera from the tea house" {
		t.Errorf("the first part is spoken by %s", got)
	}
	if got := speakers(2); got != "Page" {
		t.Errorf("the second part is spoken by %s", got)
	}
	first := personas()
	p.act(ada, emulator.Action{Kind: "say", Text: "a picture"})
	if got := speakers(3); got != "Vera from the tea house" || personas() != first {
		t.Errorf("a picture is sent by %s; personas %s, want %s", got, personas(), first)
	}

	if err := client.DropPersona(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	p.act(ada, emulator.Action{Kind: "say", Text: "a picture"})
	if got := speakers(4); got != "Vera from the tea house" || personas() == first || personas() == "" {
		t.Errorf("after she was deleted a picture is sent by %s; personas %s", got, personas())
	}

	p.act(ada, emulator.Action{Kind: "say", Text: "call bob"})
	if got := speakers(5); got != "Page" {
		t.Errorf("somebody unknown: %s", got)
	}

	// Who is about to speak types (messenger.md section 3.8).
	dora := p.newcomer()
	p.act(dora, emulator.Action{Kind: "say", Text: "type"})
	p.answered(dora, 1)
	typed := false
	for _, call := range p.Calls() {
		params := string(call.Params)
		typed = typed || strings.Contains(params, "typing_on") && strings.Contains(params, `"persona_id":"`+personas()+`"`) && strings.Contains(params, dora)
	}
	if !typed {
		t.Error("^typing^persona(vera) lets the Page type")
	}
	changes, stop := p.Watch()
	defer stop()
	p.act(dora, emulator.Action{Kind: "say", Text: "wait"})
	for ctx, end := context.WithTimeout(t.Context(), patience); ; {
		defer end()
		thread, err := p.Thread(p.page, dora)
		if err == nil && thread.Typing && thread.TypingAs != nil && thread.TypingAs.Name == "Vera from the tea house" {
			break
		}
		select {
		case <-changes:
			continue
		case <-ctx.Done():
			t.Fatalf("during the delay before her part Vera does not type: %+v", thread)
		}
	}

	q := onPlatform(t, map[string]string{"default.topic": disguises + alive, "bot.toml": castList}, nil)
	if _, err := q.Arm(emulator.Fault{Endpoint: "personas", Code: 10, Times: -1}); err != nil {
		t.Fatal(err)
	}
	bea := q.newcomer()
	q.act(bea, emulator.Action{Kind: "say", Text: "who is there"})
	if got := q.answered(bea, 1)[0]; got.Persona != nil || got.Text != "I am Vera." {
		t.Errorf("without personas: %+v", got)
	}
}
