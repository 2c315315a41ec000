// Package scenario is the small language that drives an emulator: people act, the
// clock moves, faults are armed, and what a person sees next is expected.
//
//	as ada
//	say "hello"
//	expect "Hi!"
//	fault next messages 613
//	advance 24h
//
// A line is one step; "#" begins a comment. Parse finds every mistake of a file
// before anything runs, and tells the line and the cure. Run stops at the first step
// that does not come true. No API of the host is promised.
package scenario

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of a scenario: its bytes and its steps.
const (
	maxSource = 1 << 20
	maxSteps  = 10_000
)

// Problem is a mistake in a scenario, or a step that did not come true.
type Problem struct {
	Line int // from 1
	What string
	Cure string // what to do about it
}

// Error is the problem in one line, without the name of its file.
func (p *Problem) Error() string { return fmt.Sprintf("line %d: %s; %s", p.Line, p.What, p.Cure) }

// Script is a scenario that can run.
type Script struct{ steps []step }

// Len is the number of steps.
func (s *Script) Len() int { return len(s.steps) }

// step is one line, read.
type step struct {
	line int
	text string // as written, for the report
	do   func(*run) *Problem
}

// Parse reads a scenario. The error joins a Problem for every line that is wrong.
func Parse(source string) (*Script, error) {
	if len(source) > maxSource {
		return nil, &Problem{1, fmt.Sprintf("the scenario has %d bytes", len(source)), fmt.Sprintf("keep it under %d", maxSource)}
	}
	s := &Script{}
	var wrong []error
	for i, text := range strings.Split(source, "\n") {
		l, problem := split(i+1, strings.TrimSuffix(text, "\r"))
		if problem == nil && l != nil {
			var do func(*run) *Problem
			if do, problem = l.compile(); problem == nil {
				s.steps = append(s.steps, step{i + 1, strings.TrimSpace(text), do})
			}
		}
		if problem != nil {
			wrong = append(wrong, problem)
		}
	}
	if len(s.steps) > maxSteps {
		wrong = append(wrong, &Problem{s.steps[maxSteps].line, fmt.Sprintf("the scenario has %d steps", len(s.steps)), fmt.Sprintf("keep it to %d, or make two", maxSteps)})
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return s, nil
}
