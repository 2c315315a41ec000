package chat

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// Code is that of a line of a .chat file that cannot be read.
const Code diag.Code = "E040"

// parser reads a file line by line.
type parser struct {
	file   File
	source *source.File
	shared Start
	steps  int
	found  []diag.Diagnostic
	broken bool // the name of the current test could not be read
}

// Parse reads a .chat file. A line that cannot be read is reported and left out, so
// that one mistake does not hide the next; a file with mistakes is not to be played.
func Parse(path string, content []byte) (File, []diag.Diagnostic) {
	f := source.New(path, content)
	p := &parser{file: File{Path: path, source: f}, source: f}
	p.shared = Start{Clock: dialogue.Start, Patience: DefaultPatience}
	if len(content) > MaxBytes {
		p.report(1, "", wrong("", "split the file", "the file has %d bytes, more than %d", len(content), MaxBytes))
		return p.file, p.found
	}
	for n := 1; n <= f.LineCount(); n++ {
		line := strings.TrimSpace(f.LineSpan(n).Text())
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if err := p.read(n, line); err != nil {
			p.report(n, line, err)
		}
		if p.steps > MaxSteps {
			break
		}
	}
	return p.file, p.found
}

// report makes a diagnostic of a fault.
func (p *parser) report(n int, line string, err error) {
	var f *fault
	if !errors.As(err, &f) {
		f = &fault{message: err.Error()}
	}
	span := p.source.LineSpan(n)
	text := span.Text()
	piece := f.piece
	if piece == "" || !strings.Contains(text, piece) {
		piece = line
	}
	if at := strings.LastIndex(text, piece); at >= 0 {
		span = p.source.Span(span.Start+at, span.Start+at+len(piece))
	}
	p.found = append(p.found, diag.Diagnostic{Code: Code, Message: f.message, Span: span, Label: f.help})
}

func (p *parser) read(n int, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "test":
		return p.test(n, rest)
	case "given":
		return p.given(rest)
	case "stub":
		return p.stub(n, rest)
	}
	if len(p.file.Tests) == 0 {
		if p.broken {
			return nil // of a test whose first line was reported
		}
		return wrong("", `begin one with test "what it shows"`, "before the first test only given and stub lines may stand")
	}
	step := Step{Line: n, written: line}
	if err := step.read(line, word, rest); err != nil {
		return err
	}
	if p.steps++; p.steps > MaxSteps {
		return wrong("", "split the file", "the file has more than %d steps", MaxSteps)
	}
	test := p.current()
	test.Steps = append(test.Steps, step)
	return nil
}

func (p *parser) current() *Test { return &p.file.Tests[len(p.file.Tests)-1] }

func (p *parser) test(n int, written string) error {
	p.broken = true
	name, rest, err := cutString(written)
	if err != nil {
		return wrong(written, `test "says hello"`, "the name of a test stands in double quotes")
	}
	t := Test{Name: name, Line: n, Start: p.shared}
	t.Start.Vars, t.Start.BotVars = slices.Clone(p.shared.Vars), slices.Clone(p.shared.BotVars)
	if rest != "" {
		reason, tail, err := cutString(strings.TrimSpace(strings.TrimPrefix(rest, "skip")))
		if !strings.HasPrefix(rest, "skip") || err != nil || tail != "" {
			return wrong(rest, `skip "why"`, "after the name only skip and a reason may stand")
		}
		t.Skip = reason
	}
	p.file.Tests, p.broken = append(p.file.Tests, t), false
	return nil
}

func (p *parser) given(rest string) error {
	list, err := pairs(rest)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return wrong("", "write name = value, and commas between several", "nothing is given")
	}
	start := &p.shared
	if len(p.file.Tests) > 0 {
		t := p.current()
		if slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Kind != State }) {
			return wrong("given", "move it up to the line below the test's name", "given comes before the first line of the talk")
		}
		start = &t.Start
	}
	for _, pair := range list {
		if err := start.set(pair); err != nil {
			return err
		}
	}
	return nil
}

// set takes one pair of a given line.
func (s *Start) set(p Pair) error {
	switch p.Name {
	case "topic":
		s.Topic = strings.ToLower(p.Value)
	case "state":
		s.State = p.Value
	case "seed":
		n, err := strconv.ParseUint(p.Value, 10, 64)
		if err != nil {
			return wrong(p.Value, "write a whole number", "seed %q is no whole number", p.Value)
		}
		s.Seed = &n
	case "patience":
		d, err := duration(p.Value)
		if err != nil {
			return err
		}
		s.Patience = d
	case "clock":
		at, err := time.Parse(time.RFC3339, p.Value)
		if err != nil {
			return wrong(p.Value, "write it like 2026-01-01T09:00:00Z", "%q is no time", p.Value)
		}
		s.Clock = at
	case "window":
		if p.Value != "open" && p.Value != "closed" {
			return wrong(p.Value, "write open or closed", "the window is open or closed, not %q", p.Value)
		}
		s.Closed = p.Value == "closed"
	default:
		if name, ok := strings.CutPrefix(p.Name, "bot."); ok {
			s.BotVars = append(s.BotVars, Pair{name, p.Value})
			return nil
		}
		s.Vars = append(s.Vars, p)
	}
	return nil
}
