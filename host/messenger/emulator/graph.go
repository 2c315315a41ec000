package emulator

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// call is one Graph request on its way through the emulator.
type call struct {
	*request.Request
	token *token
	app   *app   // of the token
	page  *page  // of a Page token
	note  string // for the call log
	trace string
}

// route is one Graph endpoint. A pattern is a path in which "{page}" stands for
// "me" or the id of the token's Page, and "{id}" for any id.
type route struct {
	method, pattern string
	name            string // in faults and the call log
	run             func(*Emulator, *call) (any, *refusal.Refusal)
}

// routes are the endpoints, the first that fits counts (emulator.md §2).
var routes = []route{
	{"POST", "{page}/messages", "messages", (*Emulator).messages},
	{"POST", "{page}/message_attachments", "message_attachments", (*Emulator).messageAttachments},
	{"GET", "{page}/messenger_profile", "messenger_profile", (*Emulator).profileGet},
	{"POST", "{page}/messenger_profile", "messenger_profile", (*Emulator).profileSet},
	{"DELETE", "{page}/messenger_profile", "messenger_profile", (*Emulator).profileDelete},
	{"GET", "{page}/subscribed_apps", "subscribed_apps", (*Emulator).subscribedGet},
	{"POST", "{page}/subscribed_apps", "subscribed_apps", (*Emulator).subscribedSet},
	{"DELETE", "{page}/subscribed_apps", "subscribed_apps", (*Emulator).subscribedDelete},
	{"GET", "{page}/thread_owner", "thread_owner", (*Emulator).threadOwner},
	{"GET", "{id}/subscriptions", "subscriptions", (*Emulator).subscriptionsGet},
	{"POST", "{id}/subscriptions", "subscriptions", (*Emulator).subscriptionsSet},
	{"DELETE", "{id}/subscriptions", "subscriptions", (*Emulator).subscriptionsDelete},
	{"GET", "debug_token", "debug_token", (*Emulator).debugToken},
	{"GET", "me", "me", (*Emulator).node},
	{"GET", "{id}", "node", (*Emulator).node},
}

func (r route) fits(c *call) bool {
	parts := strings.Split(r.pattern, "/")
	if r.method != c.Method || len(parts) != len(c.Path) {
		return false
	}
	for i, part := range parts {
		if part != c.Path[i] && !strings.HasPrefix(part, "{") || part == "{id}" && !digits(c.Path[i]) {
			return false
		}
	}
	return true
}

func find(c *call) *route {
	for i := range routes {
		if routes[i].fits(c) {
			return &routes[i]
		}
	}
	return nil
}

// Handler serves Graph paths with and without a version, the control API under
// /control/ and the chat page at /chat.
func (e *Emulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/control/", e.control())
	mux.HandleFunc("GET /chat", e.chat)
	mux.HandleFunc("/", e.graph)
	return mux
}

// graph answers one Graph request.
func (e *Emulator) graph(w http.ResponseWriter, r *http.Request) {
	start := e.clock.Now()
	c := &call{Request: request.Read(w, r)}
	e.mu.Lock()
	c.trace = "A" + e.text(traceBytes)
	e.mu.Unlock()
	route := find(c)
	fault := e.strike(route, c)
	var result any
	var refused *refusal.Refusal
	if fault == nil || fault.Deliver {
		result, refused = e.dispatch(route, c)
	}
	if fault != nil {
		e.misbehave(w, r, c, route, fault, start)
		return
	}
	status := http.StatusOK
	if refused != nil {
		status, result = refused.HTTPStatus(e.switches.Status), refused.Answer(e.switches.Language, c.trace)
		if auth := refused.Challenge(); auth != "" {
			w.Header().Set("WWW-Authenticate", auth)
		}
	}
	e.usage(w, c)
	body := e.reply(w, status, result, c)
	e.logCall(c, route, start, status, body, "")
}

// dispatch runs the checks that come before an endpoint, then the endpoint.
func (e *Emulator) dispatch(route *route, c *call) (any, *refusal.Refusal) {
	if c.Version != "" {
		runs, ok := request.Resolve(c.Version, e.clock.Now())
		if !ok {
			return nil, &refusal.Refusal{Code: 2500, Text: "Unknown path components: /" + c.Version, Bare: true}
		}
		if runs != c.Version {
			c.note = fmt.Sprintf("%s has ended; the call ran as %s", c.Version, runs)
		}
	}
	e.mu.Lock()
	refused := e.authorize(c)
	e.mu.Unlock()
	if refused != nil {
		return nil, refused
	}
	if route == nil {
		e.unknown(c)
		return nil, refusal.Missing(strings.Join(c.Path, "/"))
	}
	if strings.HasPrefix(route.pattern, "{page}") {
		if refused := e.own(c); refused != nil {
			return nil, refused
		}
	}
	if c.Broken != nil {
		return nil, c.Broken
	}
	return route.run(e, c)
}

// own checks that the call's token is that of the Page in the path.
func (e *Emulator) own(c *call) *refusal.Refusal {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := c.Path[0]
	switch {
	case id != "me" && e.page(id) == nil:
		return refusal.Missing(id)
	case c.page == nil:
		return refusal.Token(0, "This method must be called with a Page Access Token")
	case id != "me" && id != c.page.ID:
		return refusal.New(10, 0, "%s", refusal.Text(10))
	}
	if limit := e.quotas.CallsPerEngagedUser; limit > 0 && e.usedShare(c.page) >= 1 {
		return &refusal.Refusal{Code: 80006, Text: "There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."}
	}
	return nil
}

// reply writes an answer as Graph does and returns its bytes.
func (e *Emulator) reply(w http.ResponseWriter, status int, result any, c *call) json.RawMessage {
	body := value.Raw(result)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("X-FB-Trace-ID", c.trace)
	if c.Version != "" {
		w.Header().Set("Facebook-API-Version", c.Version)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client has gone; the call log has the answer
	return body
}

// usage sets the rate headers (messenger.md §3.9).
func (e *Emulator) usage(w http.ResponseWriter, c *call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	percent := 0
	id := ""
	if c.page != nil {
		id = c.page.ID
		e.count(c.page)
		percent = min(100, int(math.Ceil(100*e.usedShare(c.page))))
	}
	w.Header().Set("X-App-Usage", string(value.Raw(map[string]int{"call_count": percent, "total_time": 0, "total_cputime": 0})))
	if id == "" {
		return
	}
	regain := 0
	if percent >= 100 {
		regain = int(callSpan / time.Minute)
	}
	w.Header().Set("X-Business-Use-Case-Usage", string(value.Raw(map[string]any{id: []any{map[string]any{
		"type": "messenger", "call_count": percent, "total_cputime": 0, "total_time": 0,
		"estimated_time_to_regain_access": regain,
	}}})))
}
