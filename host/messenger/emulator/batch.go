package emulator

import (
	"net/http"
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/batch"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
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
	order := batch.Order(items, e.state.Random)
	e.mu.Unlock()
	headers := c.Get("include_headers") != "false" && c.Params["include_headers"] != false
	out := make([]any, len(items))
	failed := map[string]bool{}
	answers := map[string]any{}
	for _, i := range order {
		it := items[i]
		if failed[it.After] {
			failed[it.Name] = it.Name != ""
			continue
		}
		a := e.run(c.ctx, &call{Request: c.inner(it.With(answers))})
		bad := a.status != http.StatusOK
		failed[it.Name] = bad && it.Name != ""
		if it.Name != "" {
			answers[it.Name], _ = value.Decode(a.body) // it is the emulator's own
		}
		if a.breaks != "" || it.Quiet && !bad {
			continue
		}
		one := map[string]any{"code": a.status, "body": string(a.body)}
		if headers {
			one["headers"] = headerList(a.header)
		}
		out[i] = one
	}
	return out, nil
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

func headerList(h http.Header) []any {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = map[string]any{"name": name, "value": h.Get(name)}
	}
	return out
}
