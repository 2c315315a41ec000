package scenario

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Times of a run that leaves them open.
const (
	defaultPatience = 5 * time.Second        // for what a person must see next
	defaultQuiet    = 300 * time.Millisecond // that must pass for "nothing"
)

// Options say how a scenario runs.
type Options struct {
	Report   io.Writer     // a line for each step; nil: none
	Patience time.Duration // longest wait for an expectation, in real time; 0: 5 s
	Quiet    time.Duration // for how long "expect nothing" looks, in real time; 0: 300 ms
}

// run is a scenario under way.
type run struct {
	*emulator.Emulator
	ctx      context.Context
	patience time.Duration
	quiet    time.Duration
	person   string            // who acts
	people   map[string]string // ids by the names of "as"
	seen     map[string]string // per person, the message that was expected last
}

// Run drives an emulator through a scenario. The error is a *Problem, or that of ctx.
func (s *Script) Run(ctx context.Context, e *emulator.Emulator, o Options) error {
	r := &run{Emulator: e, ctx: ctx, patience: o.Patience, quiet: o.Quiet, people: map[string]string{}, seen: map[string]string{}}
	if r.patience <= 0 {
		r.patience = defaultPatience
	}
	if r.quiet <= 0 {
		r.quiet = defaultQuiet
	}
	if o.Report == nil {
		o.Report = io.Discard
	}
	r.person = e.People()[0].ID
	for _, st := range s.steps {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("scenario, line %d: %w", st.line, err)
		}
		if problem := st.do(r); problem != nil {
			_, _ = fmt.Fprintf(o.Report, "fail  %4d  %s\n", st.line, st.text) // the report may be a pipe that was closed
			return problem
		}
		_, _ = fmt.Fprintf(o.Report, "ok    %4d  %s\n", st.line, st.text)
	}
	return nil
}

// knows makes a known person the one who acts.
func (r *run) knows(name string) bool {
	if id, ok := r.people[name]; ok {
		r.person = id
		return true
	}
	for _, p := range r.People() {
		if p.ID == name || strings.EqualFold(p.FirstName, name) {
			r.person, r.people[name] = p.ID, p.ID
			return true
		}
	}
	return false
}
