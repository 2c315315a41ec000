package chat

import "context"

// Exchange is something that a test does, and what the bot says to it.
type Exchange struct {
	Line int // in the test's file
	Said string
	Got  []string // bubbles; what stopped the talk comes last
}

// Transcript plays a test for what the bot says and not for whether that is right, so that two
// versions of a bot can be compared. Bubbles that a test waits for are waited for.
func (s *Stage) Transcript(ctx context.Context, file *File, test *Test) ([]Exchange, error) {
	p := s.perform(file, test, s.seed(file, test))
	opening := Exchange{Line: test.Line, Said: "(start of the test)"}
	if fault := p.prepare(); fault != nil {
		opening.Got = []string{fault.Got}
		return []Exchange{opening}, nil
	}
	var talk []Exchange
	now := &opening
	drain := func() {
		for _, b := range p.bubbles {
			now.Got = append(now.Got, b.String())
		}
		p.bubbles = nil
	}
	for i := range test.Steps {
		step := &test.Steps[i]
		var fault *Failure
		switch step.Kind {
		case Mark, State:
			continue
		case Expect:
			var b bubble
			var ok bool
			if b, ok, fault = p.next(ctx); ok {
				now.Got, p.bubbles = append(now.Got, b.String()), p.bubbles[1:]
			}
		default:
			drain()
			talk = append(talk, Exchange{Line: step.Line, Said: step.written})
			now = &talk[len(talk)-1]
			fault = p.do(ctx, step)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if fault != nil {
			drain()
			now.Got = append(now.Got, "("+fault.Got+")")
			return talk, nil
		}
	}
	drain()
	return talk, nil
}
