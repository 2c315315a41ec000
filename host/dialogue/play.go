package dialogue

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// Build makes a bot out of a folder, for plug-ins that offer these directions. The Script of the returned cast stays open
// until its Close.
type Build func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*Cast, error)

// Cast is a bot that is ready to talk.
type Cast struct {
	Script      world.Script
	Macros      *macro.Set // nil: the bot has none
	Program     *ir.Program
	Diagnostics []diag.Diagnostic
	Core        turn.Directions // the directions of the language, where they are called; nil: they are compiled
	Close       func()
}

// Failure tells which step of a case went wrong, and how.
type Failure struct {
	Case      string
	Step      int // from 1; 0: the build
	Want, Got string
}

func (f *Failure) Error() string {
	where := "build"
	if f.Step > 0 {
		where = fmt.Sprintf("step %d", f.Step)
	}
	return fmt.Sprintf("%s: %s\n    want %s\n    got  %s", f.Case, where, f.Want, f.Got)
}

// play is a case while it runs.
type play struct {
	c        Case
	settings bot.Settings
	build    Build
	files    map[string]string
	cast     *Cast
	runner   *turn.Runner
	talks    map[string]*Talk
	user     string
	step     int
	outside  answers
}

// Run plays a case. A *Failure is what the case found; any other error means
// that it could not run.
func (c Case) Run(ctx context.Context, build Build) error {
	settings, err := c.settings()
	if err != nil {
		return fmt.Errorf("case %s: %w", c.Name, err)
	}
	p := &play{c: c, settings: settings, build: build, files: c.Files, talks: map[string]*Talk{}, user: c.User, outside: answers{list: c.HTTP}}
	defer func() {
		if p.cast != nil {
			p.cast.Close()
		}
	}()
	if err := p.load(ctx); err != nil {
		return err
	}
	if err := p.checkDiagnostics(); err != nil {
		return err
	}
	for i, step := range c.Steps {
		p.step = i + 1
		if err := p.do(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// settings writes the dotted names of a case as a bot.toml and reads it back, so
// that a case can set what an author can set and nothing else.
func (c Case) settings() (bot.Settings, error) {
	lines := []string{fmt.Sprintf("dialect = %q", c.Dialect), fmt.Sprintf("utf8 = %v", c.UTF8), `errors = "skip"`}
	for name, value := range c.Settings {
		text, err := json.Marshal(value)
		if err != nil {
			return bot.Settings{}, err
		}
		lines = append(lines, fmt.Sprintf("%s = %s", name, text))
	}
	return bot.ParseSettings(strings.Join(lines, "\n"))
}

func (p *play) load(ctx context.Context) error {
	dir := fstest.MapFS{}
	for path, text := range p.files {
		dir[path] = &fstest.MapFile{Data: []byte(text)}
	}
	cast, err := p.build(ctx, dir, p.settings, p.c.Directions.declared()...)
	if err != nil {
		return fmt.Errorf("case %s: %w", p.c.Name, err)
	}
	if p.cast != nil {
		p.cast.Close()
	}
	p.cast = cast
	settings := p.settings.Turn(!p.c.Public)
	settings.Fetcher, settings.Directions, settings.Macros = &p.outside, installed{p.c.Directions, cast.Core}, cast.Macros
	p.runner = turn.New(cast.Script, settings)
	for _, talk := range p.talks {
		talk.Runner = p.runner
	}
	return nil
}

func (p *play) fail(want, got string, args ...any) error {
	return &Failure{Case: p.c.Name, Step: p.step, Want: want, Got: fmt.Sprintf(got, args...)}
}

func (p *play) checkDiagnostics() error {
	for _, want := range p.c.Diagnostics {
		if !slices.ContainsFunc(p.cast.Diagnostics, func(d diag.Diagnostic) bool { return isExpected(d, want) }) {
			return p.fail(fmt.Sprintf("%s at %s:%d", want.Code, want.File, want.Line), "%s", diagnosticsLine(p.cast.Diagnostics))
		}
	}
	if p.c.Clean {
		for _, d := range p.cast.Diagnostics {
			if d.Code.IsError() || d.Code == "W105" {
				return p.fail("a clean build", "%s", diagnosticsLine(p.cast.Diagnostics))
			}
		}
	}
	return nil
}

func isExpected(d diag.Diagnostic, want Expected) bool {
	if string(d.Code) != want.Code || d.Span.File == nil {
		return false
	}
	return d.Span.File.Position(d.Span.Start).Line == want.Line && (want.File == "" || d.Span.File.Path == want.File)
}

func diagnosticsLine(list []diag.Diagnostic) string {
	if len(list) == 0 {
		return "no diagnostics"
	}
	var texts []string
	for _, d := range list {
		place := "nowhere"
		if d.Span.File != nil {
			place = fmt.Sprintf("%s:%d", d.Span.File.Path, d.Span.File.Position(d.Span.Start).Line)
		}
		texts = append(texts, fmt.Sprintf("%s at %s", d.Code, place))
	}
	return strings.Join(texts, ", ")
}

func (p *play) talk() *Talk {
	talk, ok := p.talks[p.user]
	if !ok {
		h := fnv.New64a()
		_, _ = h.Write([]byte(p.c.Name + "\x00" + p.user))
		talk = &Talk{
			Runner: p.runner, Now: Start, Seed: h.Sum64(),
			Person: turn.Person{ID: p.user, PageID: "0", Platform: Platform},
		}
		p.talks[p.user] = talk
	}
	return talk
}

func (p *play) do(ctx context.Context, s Step) error {
	switch {
	case s.Say != nil:
		return p.hear(ctx, s, turn.Event{Kind: turn.Text, Text: *s.Say})
	case s.Event != nil:
		return p.hear(ctx, s, s.Event.turn())
	case s.Wait != nil:
		for user, talk := range p.talks { // time passes for everybody
			if user != p.user {
				if _, err := talk.Wait(ctx, seconds(*s.Wait)); err != nil {
					return fmt.Errorf("case %s: step %d: %w", p.c.Name, p.step, err)
				}
			}
		}
		parts, err := p.talk().Wait(ctx, seconds(*s.Wait))
		if err != nil {
			return fmt.Errorf("case %s: step %d: %w", p.c.Name, p.step, err)
		}
		return p.compare(s, parts, nil)
	case s.Set != nil:
		return p.talk().Set(s.Set)
	case s.Get != nil:
		return p.get(s.Get)
	case s.Topic != nil:
		if got := p.topic(); got != *s.Topic {
			return p.fail("topic "+*s.Topic, "topic %s", got)
		}
	case s.As != nil:
		p.user = *s.As
	case s.Load != nil:
		return p.reload(ctx, s.Load)
	case s.Matched != nil:
		return p.matched(s.Matched)
	case s.Freeze:
		p.talk().State.Freeze()
	case s.Thaw != "":
		return p.talk().State.Thaw(s.Thaw)
	}
	return nil
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func (e CaseEvent) turn() turn.Event {
	out := turn.Event{Kind: turn.Kind(e.Kind), Text: e.Payload}
	if e.Kind == string(turn.Media) {
		out.Text = e.Text
		for _, url := range e.URLs {
			out.Media = append(out.Media, turn.Attachment{Type: e.Type, URL: url})
		}
	}
	if r := e.Referral; r != nil {
		out.Referral = &turn.Ref{Param: r.Ref, Source: r.Source, Type: r.Type, AdID: r.AdID}
	}
	return out
}

// hear sends one event, as often as the step says, and compares each reply.
func (p *play) hear(ctx context.Context, s Step, e turn.Event) error {
	missing := slices.Clone(s.Expect)
	for range max(1, s.Times) {
		result, delivered, err := p.talk().Do(ctx, e)
		if err != nil {
			return fmt.Errorf("case %s: step %d: %w", p.c.Name, p.step, err)
		}
		if err := p.outside.check(); err != nil {
			return p.fail("requests as the case lists them", "%v", err)
		}
		parts := result.Reply.Parts
		if slices.Contains(p.c.Needs, "clock") {
			parts = delivered
		}
		if err := p.compare(s, parts, result.Reply.Actions); err != nil {
			return err
		}
		missing = slices.DeleteFunc(missing, func(text string) bool { return text == textOf(parts) })
	}
	if s.Cover && len(missing) > 0 {
		return p.fail("every listed reply at least once", "never %q", missing)
	}
	return nil
}

func (p *play) compare(s Step, parts []reply.Part, actions []reply.Call) error {
	got := textOf(parts)
	if s.Expect != nil && !slices.Contains(s.Expect, got) {
		return p.fail(fmt.Sprintf("%q", []string(s.Expect)), "%q", got)
	}
	if s.Silent && len(parts) > 0 {
		return p.fail("silence", "%q", got)
	}
	if s.Parts != nil {
		if want, got := canonicalParts(*s.Parts), renderParts(parts); want != got {
			return p.fail(want, "%s", got)
		}
	}
	if s.Actions != nil {
		if want, got := canonical(*s.Actions), canonical(callLists(actions)); want != got {
			return p.fail(want, "%s", got)
		}
	}
	return nil
}
