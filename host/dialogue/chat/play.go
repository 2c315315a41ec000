package chat

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// Stage is where the tests of one bot are played.
type Stage struct {
	Cast     *dialogue.Cast
	Settings bot.Settings
	Folder   fs.FS // of the bot: files that tests name are read from it
	// Installed makes the directions of plug-ins for one test: what they keep in it they do
	// not find in another. Nil: there are none.
	Installed func() turn.Directions
	Seed      uint64 // for every test; 0: their own
	Update    bool   // write down what the bot says where it is not as expected
}

// Outcome is what came of one test.
type Outcome struct {
	File    string
	Test    Test
	Skipped bool
	Failed  *Failure // nil: passed
	Seed    uint64
	Unused  []int // lines of stubs of the test that nothing asked for
	Edits   Edits // with Stage.Update: what would make the test pass

	used map[int]bool // lines of all stubs that answered
}

// Failure is the first thing in a test that was not as expected.
type Failure struct {
	Line  int
	Step  string // as written
	Want  string
	Got   string
	Talk  []string      // the conversation so far, as it would be written
	Trace []trace.Event // of the latest turn
}

// performance is one test while it runs.
type performance struct {
	talk     *dialogue.Talk
	stage    *Stage
	file     *File
	test     *Test
	world    *outside
	machine  *interp.Machine // for "one of"; made when asked for
	bubbles  []bubble        // delivered and not yet expected
	seen     []bubble        // since the person last spoke
	buttons  []button        // shown so far
	last     *bubble         // the bubble expected just before
	skipping bool            // after "< ...": bubbles that do not fit the next expectation pass
	script   []string
	line     int // the last line whose expectation is done with: what is said next would stand below it
	edits    Edits
}

// PlayAll plays the tests of files for which only is true, several at a time. The
// outcomes are in the order of the files. Stubs of files that no test asked for are
// in unused, as "path:line".
func (s *Stage) PlayAll(ctx context.Context, files []File, only func(Test) bool) (outcomes []Outcome, unused []string, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	perFile := make([][]Outcome, len(files))
	for i := range files {
		perFile[i] = make([]Outcome, len(files[i].Tests))
		for j := range files[i].Tests {
			group.Go(func() (err error) {
				if only(files[i].Tests[j]) {
					perFile[i][j], err = s.Play(ctx, &files[i], &files[i].Tests[j])
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for i, list := range perFile {
		played := slices.DeleteFunc(slices.Clone(list), func(o Outcome) bool { return o.File == "" })
		outcomes = append(outcomes, played...)
		if len(played) < len(list) {
			continue // whoever asks for the stubs of the file may have been left out
		}
		for _, stub := range files[i].Stubs {
			if !slices.ContainsFunc(played, func(o Outcome) bool { return o.used[stub.Line] }) {
				unused = append(unused, fmt.Sprintf("%s:%d", files[i].Path, stub.Line))
			}
		}
	}
	return outcomes, unused, nil
}

// Play plays one test of a file.
func (s *Stage) Play(ctx context.Context, file *File, test *Test) (Outcome, error) {
	out := Outcome{File: file.Path, Test: *test, Seed: s.seed(file, test)}
	if test.Skip != "" {
		out.Skipped = true
		return out, nil
	}
	p := s.perform(file, test, out.Seed)
	if fault := p.prepare(); fault != nil {
		out.Failed = fault
		fault.Line, fault.Step = test.Line, "(start of the test)"
		return out, nil
	}
	out.Failed = p.run(ctx, &out)
	if err := ctx.Err(); err != nil {
		return out, fmt.Errorf("%s:%d: %w", file.Path, test.Line, err)
	}
	out.used = p.world.used
	for _, stub := range test.Stubs {
		if !out.used[stub.Line] && out.Failed == nil {
			out.Unused = append(out.Unused, stub.Line)
		}
	}
	if s.Update && out.Failed == nil {
		out.Edits = p.edits
	}
	return out, nil
}

// seed is that of the test's chance: the stage's, the test's, or that of its name.
func (s *Stage) seed(file *File, test *Test) uint64 {
	switch {
	case s.Seed != 0:
		return s.Seed
	case test.Start.Seed != nil:
		return *test.Start.Seed
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(file.Path + "\x00" + test.Name)) // a hash takes everything
	return h.Sum64()
}

func (s *Stage) perform(file *File, test *Test, seed uint64) *performance {
	world := &outside{
		stubs:  slices.Concat(file.Stubs, test.Stubs),
		folder: s.Folder, near: file.Path, used: map[int]bool{},
	}
	if s.Installed != nil {
		world.installed = s.Installed()
	}
	settings := s.Settings.Turn(true)
	settings.Fetcher, settings.Directions, settings.Macros = world, world, s.Cast.Macros
	return &performance{
		stage: s, file: file, test: test, world: world, edits: Edits{}, line: test.Line,
		talk: &dialogue.Talk{
			Runner: turn.New(s.Cast.Script, settings), Seed: seed,
			Person: turn.Person{ID: "localuser", PageID: "0", Platform: dialogue.Platform},
			Now:    test.Start.Clock, Window: messenger.Window, Opened: test.Start.Clock,
		},
	}
}

// prepare brings the person to where the test starts.
func (p *performance) prepare() *Failure {
	start := &p.test.Start
	if start.State != "" {
		data, err := readBeside(p.stage.Folder, p.file.Path, start.State)
		if err == nil {
			p.talk.State, err = session.Decode(data)
		}
		if err != nil {
			return &Failure{Want: "the state of " + start.State, Got: err.Error()}
		}
	}
	if start.Closed {
		p.talk.Opened = time.Time{}
	}
	vars := map[string]any{}
	for _, v := range start.Vars {
		vars[v.Name] = v.Value
	}
	if start.Topic != "" {
		topics := p.stage.Cast.Script.Program().Topics
		if start.Topic != ir.Bypass && !slices.Contains(topics, start.Topic) {
			return &Failure{Want: "topic " + start.Topic, Got: "the bot has no such topic"}
		}
		vars["topic"] = start.Topic
	}
	for _, v := range start.BotVars {
		if p.talk.State.BotVars == nil {
			p.talk.State.BotVars = map[string]string{}
		}
		p.talk.State.BotVars[v.Name] = v.Value
	}
	if err := p.talk.Set(vars); err != nil {
		return &Failure{Want: "variables", Got: err.Error()}
	}
	return nil
}

// run goes through the steps and returns the first failure.
func (p *performance) run(ctx context.Context, out *Outcome) *Failure {
	for i := range p.test.Steps {
		step := &p.test.Steps[i]
		if fault := p.do(ctx, step); fault != nil {
			return p.failed(step.Line, step.written, fault)
		}
	}
	if fault := p.silent(); fault != nil {
		return p.failed(p.test.Line, "(end of the test)", fault)
	}
	return nil
}

func (p *performance) failed(line int, written string, f *Failure) *Failure {
	_, last := p.talk.Last()
	f.Line, f.Step, f.Talk, f.Trace = line, written, p.script, last.Trace
	return f
}

func (p *performance) do(ctx context.Context, s *Step) *Failure {
	switch s.Kind {
	case Say, Event, Raw:
		return p.hear(ctx, s)
	case Expect:
		return p.expect(ctx, s)
	case Mark:
		return p.mark(ctx, s)
	case State:
		return p.state(s)
	}
	if fault := p.silent(); fault != nil {
		return fault
	}
	wait, fault := p.span(s)
	if fault != nil {
		return fault
	}
	p.script = append(p.script, s.written)
	p.last, p.line = nil, s.Line
	return p.pass(ctx, wait)
}

// span is how long a wait takes.
func (p *performance) span(s *Step) (time.Duration, *Failure) {
	switch s.Kind {
	case WaitNext:
		next, ok := p.talk.Next()
		if !ok {
			return 0, &Failure{Want: "something that waits", Got: "nothing is outstanding"}
		}
		return next, nil
	case WaitUntil:
		at, err := time.Parse(time.RFC3339, s.Text)
		if err != nil {
			clock, _ := time.Parse("15:04", s.Text) // the parser has seen to it
			now := p.talk.Now
			at = time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
			if !at.After(now) {
				at = at.AddDate(0, 0, 1)
			}
		}
		if at.Before(p.talk.Now) {
			return 0, &Failure{Want: "a time to come", Got: "it is " + p.talk.Now.Format(time.RFC3339) + " already"}
		}
		return at.Sub(p.talk.Now), nil
	}
	return s.For, nil
}

// pass lets time go by.
func (p *performance) pass(ctx context.Context, d time.Duration) *Failure {
	parts, err := p.talk.Wait(ctx, d)
	if err != nil {
		return broken(err)
	}
	for _, part := range parts {
		p.deliver(newBubble(part))
	}
	return p.lacks()
}

func (p *performance) deliver(b bubble) {
	p.bubbles, p.seen, p.buttons = append(p.bubbles, b), append(p.seen, b), append(p.buttons, b.buttons...)
}

// lacks is the failure of a test whose bot asked for what no stub answers.
func (p *performance) lacks() *Failure {
	if missing := p.world.lacks(); missing != "" {
		return &Failure{Want: "an answer of the outside world; add the line", Got: missing}
	}
	return nil
}

// broken is the failure of a test whose turn could not be taken.
func broken(err error) *Failure {
	if errors.Is(err, context.Canceled) {
		return &Failure{Want: "an end of the test", Got: "it was stopped"}
	}
	return &Failure{Want: "a turn", Got: err.Error()}
}
