package turn

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// Limits of the requests of one turn (section 28 of the language). Beyond them a
// request has no answer.
const (
	MaxRequests    = 10
	MaxRequestTime = 10 * time.Second // of one request
	MaxAskingTime  = 20 * time.Second // of all requests together; those made at the same time count once
)

// Fetcher makes requests. The text of an error is the reason that people read
// (L-HTTP-8): it must be short and hold no secrets. A Fetcher is safe for concurrent use.
type Fetcher interface {
	Fetch(ctx context.Context, q Request) (Answer, error)
}

// Request is a request as it goes out.
type Request struct {
	Method string
	URL    string            // percent-encoded
	Header map[string]string // by canonical name
	Body   string
	Within time.Duration // the answer must be there by then
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   string
	Took   time.Duration
}

// outside is what a turn knows of the outside world.
type outside struct {
	ctx      context.Context // of the turn; World has no room for one
	replay   *Recording      // nil: the world itself is asked
	record   Recording
	answers  map[string]*answer // by the name of their request (L-HTTP-4)
	asked    int
	spent    time.Duration
	cut      error  // the turn was cancelled in the middle of a request
	answered int    // of replay
	directed int    // of replay
	seed     uint64 // of the turn
	cues     uint64 // directions run so far
}

// unanswered is the error text of a request that got no answer (L-HTTP-8).
func unanswered(reason string) string { return "[REQ_RESPONSE_ERROR: " + reason + "]" }

// Fetch implements world.Outside. Requests that belong together run at the same
// time; their answers are looked at in order.
func (s *stage) Fetch(requests []world.Request) (problem string) {
	o := &s.outside
	sent := make([]Request, 0, len(requests))
	for _, r := range requests {
		var q Request
		if q, problem = o.prepare(r); problem != "" {
			break
		}
		sent = append(sent, q)
	}
	results := s.send(sent)
	var longest time.Duration
	for i, a := range results {
		o.record.Answers = append(o.record.Answers, a)
		longest = max(longest, a.Took)
		s.Trace(trace.Event{Kind: trace.Request, Name: requests[i].Name, Text: a.Method + " " + a.URL, N: a.Status, OK: a.Problem == ""})
		if a.Problem != "" {
			problem = unanswered(a.Problem)
			break
		}
		if o.answers == nil {
			o.answers = map[string]*answer{}
		}
		o.answers[requests[i].Name] = newAnswer(a.Status, a.Body)
	}
	o.spent += longest
	return problem
}

// prepare makes a request ready to be sent, and counts it.
func (o *outside) prepare(r world.Request) (q Request, problem string) {
	q, problem = shape(r)
	if problem != "" {
		return q, problem
	}
	if o.asked >= MaxRequests {
		return q, unanswered(fmt.Sprintf("more than %d requests in a turn", MaxRequests))
	}
	q.Within = min(MaxRequestTime, MaxAskingTime-o.spent)
	if q.Within <= 0 {
		return q, unanswered(fmt.Sprintf("the requests of a turn may take %s together", MaxAskingTime))
	}
	o.asked++
	return q, ""
}

// send makes requests at the same time and waits for all of them.
func (s *stage) send(requests []Request) []Answered {
	results := make([]Answered, len(requests))
	if s.outside.replay != nil {
		for i := range requests {
			results[i] = s.outside.replayed(requests[i])
		}
		return results
	}
	var all sync.WaitGroup
	for i := range requests {
		if i == len(requests)-1 { // the last one, mostly the only one, needs nobody else
			results[i] = s.fetch(requests[i])
			break
		}
		all.Go(func() { results[i] = s.fetch(requests[i]) })
	}
	all.Wait()
	if err := s.outside.ctx.Err(); err != nil {
		s.outside.cut = err
	}
	return results
}

// fetch makes one request.
func (s *stage) fetch(q Request) Answered {
	out := Answered{Method: q.Method, URL: shown(q.URL)}
	if s.runner.settings.Fetcher == nil {
		out.Problem = "no host is granted to this bot"
		return out
	}
	a, err := s.runner.settings.Fetcher.Fetch(s.outside.ctx, q)
	out.Took = a.Took
	if err != nil {
		out.Problem = err.Error()
		return out
	}
	out.Status, out.Body = a.Status, a.Body
	return out
}

// Data implements world.Outside.
func (s *stage) Data(path string) string { return find(s.outside.answers, path) }
