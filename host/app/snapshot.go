package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// snapshotTime bounds what a snapshot asks of the store.
const snapshotTime = 2 * time.Second

// Snapshot implements console.Desk. What cannot be read just now is left out.
func (d *Desk) Snapshot() console.State {
	ctx, cancel := context.WithTimeout(context.Background(), snapshotTime)
	defer cancel()
	status := d.bot.Status()
	state := console.State{
		Bot: status.Name, Generation: generation(status), Problems: problems(status), Topics: topics(status), Plugins: plugins(status), Published: d.published(),
	}
	if s, err := d.state(ctx); err == nil {
		state.Topic, state.Variables = s.Topic, variables(s)
	}
	if state.Topic == "" && len(state.Topics) > 0 {
		state.Topic = state.Topics[0].Name
	}
	if pending, err := d.pending(ctx); err == nil {
		state.Pending = pending
	}
	d.mu.Lock()
	person, turns, setbacks := d.person, slices.Clone(d.turns), map[string][]setback{}
	for turn, list := range d.setbacks {
		setbacks[turn] = slices.Clone(list)
	}
	d.mu.Unlock()
	state.Person = person.FirstName
	if thread, err := d.emulator.Thread(d.page, person.ID); err == nil {
		state.Typing = thread.Typing
		if thread.Typing && thread.TypingAs != nil {
			state.TypingAs = thread.TypingAs.Name
		}
		for _, b := range thread.Bubbles {
			state.Thread = append(state.Thread, bubble(b, turns))
		}
	}
	for _, t := range turns {
		state.Traces = append(state.Traces, explain(t, speakers(state.Thread, t.ID), setbacks[t.ID]))
	}
	return state
}

func generation(s bot.Status) console.Generation {
	g := console.Generation{OK: !s.Broken}
	if s.Generation != nil {
		g.Number, g.SavedAt = s.Generation.Number, s.Generation.BuiltAt
	}
	return g
}

func problems(s bot.Status) []console.Problem {
	var list []console.Problem
	if s.Fault != "" {
		list = append(list, console.Problem{Severity: "error", Message: s.Fault, Frame: s.Fault, File: bot.SettingsFile})
	}
	for _, p := range s.Problems {
		list = append(list, problem(p))
	}
	return list
}

func problem(p diag.Diagnostic) console.Problem {
	var out console.Problem
	// The console's fields are those of the JSON rendering.
	if data, err := json.Marshal(diag.NewRecord(&p)); err == nil {
		_ = json.Unmarshal(data, &out)
	}
	var frame strings.Builder
	if err := diag.WriteText(&frame, []diag.Diagnostic{p}, diag.TextOptions{}); err == nil {
		out.Frame, _, _ = strings.Cut(frame.String(), "\n\n") // without the summary
	}
	return out
}

func topics(s bot.Status) []console.Topic {
	if s.Generation == nil {
		return nil
	}
	program := s.Generation.Program
	list := make([]console.Topic, len(program.Topics))
	for i, name := range program.Topics {
		list[i] = console.Topic{Name: name, Triggers: []console.Trigger{}}
	}
	for _, t := range program.Triggers.All() {
		if t.Topic < 0 || t.Topic >= len(list) {
			continue
		}
		topic, file := &list[t.Topic], program.Files[t.Loc.File]
		if topic.File == "" {
			topic.File, topic.Line = file, t.Loc.Line
		}
		topic.Triggers = append(topic.Triggers, console.Trigger{Text: t.Text, File: file, Line: t.Loc.Line})
	}
	return list
}

// plugins are those of the version that answers, each with what it wants and gets.
func plugins(s bot.Status) []console.Plugin {
	if s.Generation == nil {
		return nil
	}
	var list []console.Plugin
	for _, p := range s.Generation.Plugins.List() {
		out := console.Plugin{Name: p.Name, Version: p.Manifest.Version, Description: p.Manifest.Description, Tags: []string{}, Wants: []console.Want{}, Notes: p.Notes}
		for i := range p.Manifest.Directions {
			out.Tags = append(out.Tags, p.Manifest.Directions[i].Name)
		}
		for _, w := range p.Wishes() {
			out.Wants = append(out.Wants, console.Want{
				What: strings.Join(append([]string{w.Capability}, w.Items...), " "), State: w.State(), Reason: w.Reason, Cure: w.Cure,
			})
		}
		list = append(list, out)
	}
	return list
}

// variables are the author's first, then those of the host.
func variables(s session.State) []console.Variable {
	list := make([]console.Variable, 0, len(s.Vars)+len(s.Reminders))
	for _, name := range s.Names() {
		list = append(list, console.Variable{Name: name, Value: session.TextOf(s.Vars[name])})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Reminders)) {
		name = session.ReminderPrefix + name
		due, _ := turn.Variable(s, name)
		list = append(list, console.Variable{Name: name, Value: due})
	}
	return list
}

func bubble(b emulator.Bubble, turns []delivery.Taken) console.Bubble {
	out := console.Bubble{ID: b.ID, From: console.FromPerson, Text: b.Text, At: b.At, QuickReplies: buttons(b.QuickReplies), Buttons: buttons(b.Buttons)}
	if b.From == "page" {
		out.From = console.FromBot
	}
	if b.Persona != nil {
		out.Persona = b.Persona.Name
	}
	out.Attachment, out.Cards = attachment(b.Attachment)
	for _, t := range turns {
		if b.From == "page" && strings.HasPrefix(b.Metadata, t.ID+".") || b.From != "page" && strings.HasSuffix(t.Name, "|"+b.ID) {
			out.Why = why(t, out.From)
		}
	}
	return out
}

func buttons(list []emulator.Button) []console.Button {
	var out []console.Button
	for _, b := range list {
		out = append(out, console.Button{Title: b.Title, URL: b.URL})
	}
	return out
}

// attachment reads what the page shows of an attachment: its kind and address,
// or the cards of a template.
func attachment(raw json.RawMessage) (*console.Attachment, []console.Card) {
	if len(raw) == 0 {
		return nil, nil
	}
	var a struct {
		Type    string `json:"type"`
		Payload struct {
			URL      string `json:"url"`
			Elements []struct {
				Title    string            `json:"title"`
				Subtitle string            `json:"subtitle"`
				Image    string            `json:"image_url"`
				Buttons  []emulator.Button `json:"buttons"`
			} `json:"elements"`
		} `json:"payload"`
	}
	if json.Unmarshal(raw, &a) != nil {
		return nil, nil
	}
	if a.Type != "template" {
		return &console.Attachment{Kind: a.Type, URL: a.Payload.URL}, nil
	}
	var cards []console.Card
	for _, e := range a.Payload.Elements {
		cards = append(cards, console.Card{Title: e.Title, Subtitle: e.Subtitle, Image: e.Image, Buttons: buttons(e.Buttons)})
	}
	return nil, cards
}

func why(t delivery.Taken, from string) *console.Why {
	w := &console.Why{Turn: t.ID}
	if from == console.FromPerson {
		return w
	}
	for _, e := range t.Result.Trace {
		if e.Kind == trace.Matched {
			w.Trigger, w.File, w.Line = e.Text, e.File, e.Line
			break
		}
	}
	return w
}

// speakers are the personas who have spoken in a turn, in the order of their first words.
func speakers(thread []console.Bubble, turn string) []string {
	var names []string
	for _, b := range thread {
		if b.Persona != "" && b.Why != nil && b.Why.Turn == turn && !slices.Contains(names, b.Persona) {
			names = append(names, b.Persona)
		}
	}
	return names
}

// explain writes a turn out, with who spoke in it in place of the Page, and with what kept its messages from being sent.
func explain(t delivery.Taken, personas []string, setbacks []setback) console.Trace {
	out := console.Trace{Turn: t.ID, Input: heard(t.Event), Lines: []console.TraceLine{}}
	for _, line := range trace.Lines(t.Result.Trace) {
		out.Lines = append(out.Lines, console.TraceLine{Kind: line.Kind, Text: line.Text, File: line.File, Line: line.Line, Indent: line.Indent})
	}
	for _, name := range personas {
		out.Lines = append(out.Lines, console.TraceLine{Kind: "persona", Text: "spoken by " + name})
	}
	for _, p := range t.Problems {
		out.Lines = append(out.Lines, console.TraceLine{Kind: "problem", Text: p})
	}
	if t.Err != nil {
		out.Lines = append(out.Lines, console.TraceLine{Kind: "problem", Text: t.Err.Error()})
	}
	for _, s := range setbacks {
		out.Lines = append(out.Lines, s.line)
	}
	return out
}

// heard is an event in a few words.
func heard(e turn.Event) string {
	switch e.Kind {
	case turn.Text:
		return e.Text
	case turn.QuickReply, turn.Postback:
		return "tapped " + e.Text
	case turn.Reminder:
		return "reminder " + e.Text
	default:
		return strings.ReplaceAll(string(e.Kind), "_", " ")
	}
}
