// Package batch reads Graph's batches: what their items ask for, and in which order
// they run.
//
// It calls nothing. Items that do not wait for each other run in an order that is
// drawn, as calls that run at the same time would finish. No API of the host is promised.
package batch

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxItems is how many calls one batch has at most.
const maxItems = 50

// Item is one call of a batch.
type Item struct {
	Method, URL, Body string
	Name              string // by which others wait for it; empty: none
	After             string // name of the item that it waits for; empty: none
	Quiet             bool   // its answer is left out when it succeeds
}

// Read reads a batch, a list or JSON text of one.
func Read(v any) ([]Item, *refusal.Refusal) {
	if text := value.Text(v); text != "" {
		v, _ = value.Decode([]byte(text)) // what is no JSON is no list
	}
	list, ok := value.List(v)
	switch {
	case !ok || len(list) == 0:
		return nil, refusal.New(100, 0, "param batch must be a list of at least one call.")
	case len(list) > maxItems:
		return nil, refusal.New(100, 0, "Too many requests in batch message. Maximum batch size is %d", maxItems)
	}
	items := make([]Item, len(list))
	names := map[string]bool{}
	for i, v := range list {
		m := value.Object(v)
		it := Item{
			Method: strings.ToUpper(value.Text(m["method"])), URL: value.Text(m["relative_url"]), Body: value.Text(m["body"]),
			Name: value.Text(m["name"]), After: value.Text(m["depends_on"]),
		}
		if it.After == "" && names[it.refers()] { // it waits for what it takes something from
			it.After = it.refers()
		}
		it.Quiet = it.Name != "" // Graph's default for what has a name
		if quiet, ok := m["omit_response_on_success"]; ok {
			it.Quiet = value.Truth(quiet)
		}
		switch {
		case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodDelete}, it.Method):
			return nil, refusal.New(100, 0, "Invalid parameter: batch[%d][method] must be one of {GET, POST, DELETE}", i)
		case it.URL == "":
			return nil, refusal.New(100, 0, "The parameter batch[%d][relative_url] is required", i)
		case it.After != "" && !names[it.After]:
			return nil, refusal.New(100, 0, "Invalid parameter: batch[%d][depends_on] names no earlier call", i)
		case it.Name != "" && names[it.Name]:
			return nil, refusal.New(100, 0, "Invalid parameter: batch[%d][name] is used twice", i)
		}
		names[it.Name] = true
		items[i] = it
	}
	return items, nil
}

// Order draws the order in which the items run: each after the one it waits for.
func Order(items []Item, random *rand.Rand) []int {
	open := make([]int, len(items))
	for i := range open {
		open[i] = i
	}
	done := map[string]bool{"": true}
	order := make([]int, 0, len(items))
	ready := make([]int, 0, len(items)) // places in open
	for len(open) > 0 {
		ready = ready[:0]
		for at, i := range open {
			if done[items[i].After] {
				ready = append(ready, at)
			}
		}
		at := ready[random.IntN(len(ready))] // never empty: an item waits for earlier ones only
		i := open[at]
		open = slices.Delete(open, at, at+1)
		order = append(order, i)
		done[items[i].Name] = true
	}
	return order
}
