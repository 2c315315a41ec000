package emulator

import (
	"context"
	"net/http"
	"sync"

	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/batch"
	"github.com/footlight-bots/footlight/host/messenger/emulator/draft"
	"github.com/footlight-bots/footlight/host/messenger/emulator/media"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
)

// batch is POST / with a batch: each item is a call of its own, with its own place in
// the log, its own faults and its own use of the quotas. An item whose predecessor
// failed, and one that a fault leaves without an answer, is answered by null.
func (e *Emulator) batch(c *call) (any, *refusal.Refusal) {
	items, refused := batch.Read(c.Params["batch"])
	if refused != nil {
		return nil, refused
	}
	e.mu.Lock()
	course := batch.Begin(items, e.state.Random)
	e.mu.Unlock()
	bare := c.Get("include_headers") == "false" || c.Params["include_headers"] == false
	begun, end := e.fetchAhead(c, items)
	defer end()
	out := make([]any, len(items))
	for {
		i, it, wait := course.Next()
		e.pause(c.ctx, wait)
		if i < 0 {
			return out, nil
		}
		in := &call{Request: c.inner(it), bare: bare, ahead: begun}
		a := e.take(c.ctx, in)
		ok := a.Status == http.StatusOK
		course.End(i, ok, a.Body, in.late())
		if a.Breaks == "" && !(it.Quiet && ok) {
			out[i] = answer.Inner{Answer: a, Bare: bare}
		}
	}
}

// ahead are the media that are being fetched already.
type ahead map[media.Medium]*fetched

// fetched is what is wrong with a medium, once that is known; nil: nothing.
type fetched struct {
	known   chan struct{} // closed when it is
	refused *refusal.Refusal
}

// fetchAhead begins to fetch what the messages of a batch name by URL, all at once, for its calls run side by side: what
// is late holds up nothing but its own message. end calls off what nobody has waited for.
func (e *Emulator) fetchAhead(c *call, items []batch.Item) (begun ahead, end func()) {
	if e.fetcher == nil {
		return nil, func() {}
	}
	ctx, cancel := context.WithCancel(c.ctx)
	var work sync.WaitGroup
	begun = ahead{}
	for _, it := range items {
		if it.After != "" {
			continue // it begins later
		}
		for _, m := range mediaOf(draft.Read(c.inner(it)).Message) {
			if begun[m] == nil {
				f := &fetched{known: make(chan struct{})}
				begun[m] = f
				work.Go(func() {
					f.refused = e.fetcher.Fetch(ctx, m)
					close(f.known)
				})
			}
		}
	}
	return begun, func() { cancel(); work.Wait() }
}

// inner is an item as a call. It inherits the batch's token and proof, unless it has its own.
func (c *call) inner(it batch.Item) *request.Request {
	in := request.Inner(it.Method, it.URL, it.Body)
	if in.Secret == "" {
		in.Secret = c.Secret
	}
	if in.Version == "" {
		in.Version = c.Version
	}
	if _, ok := in.Params["appsecret_proof"]; !ok && in.Secret == c.Secret && c.proof != "" {
		in.Params["appsecret_proof"] = c.proof
	}
	return in
}
