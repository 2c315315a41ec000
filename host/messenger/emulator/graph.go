package emulator

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// call is one Graph request on its way through the emulator.
type call struct {
	*request.Request
	token  *state.Token
	app    *state.App  // of the token
	page   *state.Page // of a Page token
	route  *route      // nil: there is no such endpoint
	fault  *fault.Fault
	note   string          // for the call log
	ctx    context.Context // ends when the client goes
	proof  string          // its appsecret_proof, for the calls of a batch
	trace  string
	secret bool   // the answer gives one away
	runs   string // the version that it runs as; empty: none was named
	bare   bool   // nobody reads the headers of its answer
	ahead  ahead  // of a call in a batch
}

// route is one Graph endpoint. A pattern is a path in which "{page}" stands for
// "me" or the id of the token's Page, "{id}" for any id, and "{thread}" for a conversation.
type route struct {
	method, pattern string
	name            string // in faults and the call log
	scope, task     string // permission and task on the Page that the user must have; empty: none
	run             func(*Emulator, *call) (any, *refusal.Refusal)
}

// Permissions and tasks that endpoints need.
const (
	messaging = "pages_messaging"
	metadata  = "pages_manage_metadata"
	showList  = "pages_show_list"
	speak     = "MESSAGING"
	moderate  = "MODERATE"
)

// endpoints are the endpoints, the first that fits counts (emulator.md §2).
func endpoints() []*route {
	return []*route{
		{"POST", "", "batch", "", "", (*Emulator).batch},
		{"POST", "{page}/messages", "messages", messaging, speak, (*Emulator).messages},
		{"POST", "{page}/message_attachments", "message_attachments", messaging, "", (*Emulator).messageAttachments},
		{"GET", "{page}/messenger_profile", "messenger_profile", messaging, "", (*Emulator).profileGet},
		{"POST", "{page}/messenger_profile", "messenger_profile", messaging, "", (*Emulator).profileSet},
		{"DELETE", "{page}/messenger_profile", "messenger_profile", messaging, "", (*Emulator).profileDelete},
		{"GET", "{page}/custom_user_settings", "custom_user_settings", messaging, "", (*Emulator).menuGet},
		{"POST", "{page}/custom_user_settings", "custom_user_settings", messaging, "", (*Emulator).menuSet},
		{"DELETE", "{page}/custom_user_settings", "custom_user_settings", messaging, "", (*Emulator).menuDelete},
		{"GET", "{page}/subscribed_apps", "subscribed_apps", metadata, "", (*Emulator).subscribedGet},
		{"POST", "{page}/subscribed_apps", "subscribed_apps", metadata, moderate, (*Emulator).subscribedSet},
		{"DELETE", "{page}/subscribed_apps", "subscribed_apps", metadata, moderate, (*Emulator).subscribedDelete},
		{"POST", "{page}/personas", "personas", messaging, "", (*Emulator).personaSet},
		{"GET", "{page}/personas", "personas", messaging, "", (*Emulator).personaList},
		{"POST", "{page}/pass_thread_control", "pass_thread_control", messaging, "", (*Emulator).passControl},
		{"POST", "{page}/take_thread_control", "take_thread_control", messaging, "", (*Emulator).takeControl},
		{"POST", "{page}/release_thread_control", "release_thread_control", messaging, "", (*Emulator).releaseControl},
		{"POST", "{page}/request_thread_control", "request_thread_control", messaging, "", (*Emulator).requestControl},
		{"POST", "{page}/extend_thread_control", "extend_thread_control", messaging, "", (*Emulator).extendControl},
		{"GET", "{page}/thread_owner", "thread_owner", messaging, "", (*Emulator).threadOwner},
		{"GET", "{page}/secondary_receivers", "secondary_receivers", messaging, "", (*Emulator).secondaryReceivers},
		{"GET", "{page}/conversations", "conversations", messaging, "", (*Emulator).conversations},
		{"GET", "{thread}", "conversation", messaging, "", (*Emulator).conversation},
		{"GET", "{thread}/messages", "conversation", messaging, "", (*Emulator).conversationMessages},
		{"POST", "{page}/unlink_accounts", "unlink_accounts", messaging, "", (*Emulator).unlinkAccounts},
		{"GET", "{page}/custom_labels", "custom_labels", messaging, "", (*Emulator).labelList},
		{"POST", "{page}/custom_labels", "custom_labels", messaging, "", (*Emulator).labelSet},
		{"GET", "{page}/messaging_feature_review", "messaging_feature_review", messaging, "", (*Emulator).featureReview},
		{"GET", "{id}/subscriptions", "subscriptions", "", "", (*Emulator).subscriptionsGet},
		{"POST", "{id}/subscriptions", "subscriptions", "", "", (*Emulator).subscriptionsSet},
		{"DELETE", "{id}/subscriptions", "subscriptions", "", "", (*Emulator).subscriptionsDelete},
		{"GET", "debug_token", "debug_token", "", "", (*Emulator).debugToken},
		{"GET", "oauth/access_token", "oauth", "", "", (*Emulator).oauthToken},
		{"POST", "oauth/access_token", "oauth", "", "", (*Emulator).oauthToken},
		{"GET", "me/ids_for_pages", "ids_for_pages", "", "", (*Emulator).idsForPages},
		{"GET", "{id}/ids_for_pages", "ids_for_pages", "", "", (*Emulator).idsForPages},
		{"GET", "{id}/ids_for_apps", "ids_for_apps", messaging, "", (*Emulator).idsForApps},
		{"GET", "me/accounts", "accounts", showList, "", (*Emulator).accounts},
		{"GET", "{id}/accounts", "accounts", showList, "", (*Emulator).accounts},
		{"GET", "me", "me", "", "", (*Emulator).node},
		{"GET", "{id}", "node", "", "", (*Emulator).node},
		{"DELETE", "{id}", "node", messaging, "", (*Emulator).nodeDelete},
	}
}

// fits reports whether the path of a call of the route's shape is what the pattern wants.
func (r *route) fits(c *call) bool {
	rest := r.pattern
	for _, at := range c.Path {
		part, after, _ := strings.Cut(rest, "/")
		if part != at && !isKind(part, at) {
			return false
		}
		rest = after
	}
	return true
}

// isKind reports whether an element of a path is what the pattern's braces want.
func isKind(brace, at string) bool {
	switch brace {
	case "{id}":
		return value.Digits(at)
	case "{thread}":
		return strings.HasPrefix(at, "t_")
	}
	return brace == "{page}"
}

// ofPage reports whether the endpoint wants the token of the Page in its path.
func (r *route) ofPage() bool {
	return strings.HasPrefix(r.pattern, "{page}") || strings.HasPrefix(r.pattern, "{thread}")
}

// shape is what two calls must share to be able to fit the same endpoint.
type shape struct {
	method string
	parts  int
}

// byShape sorts the endpoints so that few have to be looked at for a call.
func byShape(all []*route) map[shape][]*route {
	out := map[shape][]*route{}
	for _, r := range all {
		at := shape{r.method, 0}
		if r.pattern != "" {
			at.parts = 1 + strings.Count(r.pattern, "/")
		}
		out[at] = append(out[at], r)
	}
	return out
}

// find is the endpoint of a call; nil: there is none.
func (e *Emulator) find(c *call) *route {
	for _, r := range e.routes[shape{c.Method, len(c.Path)}] {
		if r.fits(c) {
			return r
		}
	}
	return nil
}

// Handler serves the Graph paths, with and without a version.
func (e *Emulator) Handler() http.Handler { return http.HandlerFunc(e.graph) }

// graph answers one Graph request.
func (e *Emulator) graph(w http.ResponseWriter, r *http.Request) {
	a := e.run(r.Context(), &call{Request: request.Read(w, r)})
	switch a.Breaks {
	case fault.Timeout:
		select {
		case <-r.Context().Done():
		case <-e.ctx.Done():
		}
		breakOff(w)
		return
	case fault.Reset:
		breakOff(w)
		return
	}
	a.Write(w)
}

// traceBytes is the length of a call's trace, in bytes.
const traceBytes = 8

// run takes one call from its parameters to its answer, as late as a fault makes it.
func (e *Emulator) run(ctx context.Context, c *call) answer.Answer {
	a := e.take(ctx, c)
	e.pause(ctx, c.late())
	return a
}

// late is by how much a fault delays the call's answer.
func (c *call) late() time.Duration {
	if c.fault != nil && (c.fault.Kind == fault.Slow || c.fault.Answers()) {
		return c.fault.Late()
	}
	return 0
}

// take is run at once: it makes the answer and logs the call.
func (e *Emulator) take(ctx context.Context, c *call) answer.Answer {
	start := e.clock.Now()
	c.route, c.ctx = e.find(c), ctx
	e.mu.Lock()
	c.trace = "A" + e.state.Text(traceBytes)
	if c.fault = e.faults.Strike(c.endpoint(), c.addressee()); c.fault != nil {
		e.befall(c)
	}
	e.mu.Unlock()
	var a answer.Answer
	if c.fault == nil || c.fault.TakesEffect() {
		result, refused := e.dispatch(c)
		a = e.answer(c, result, refused)
	}
	if c.fault != nil && c.fault.Answers() {
		a = e.misbehave(c)
	}
	e.logCall(c, start, a)
	return a
}

// answer is Graph's own answer to a call.
func (e *Emulator) answer(c *call, result any, refused *refusal.Refusal) answer.Answer {
	a := answer.Answer{Status: http.StatusOK, Headers: e.usage(c)}
	auth := ""
	if refused != nil {
		a.Status, result = refused.HTTPStatus(e.switches.Status), refused.Answer(e.switches.Language, c.trace)
		auth = refused.Challenge()
	}
	a.Body = value.Raw(result)
	if c.bare {
		return a
	}
	a.Headers = append(a.Headers, answer.Header{Name: "Content-Type", Value: "application/json; charset=UTF-8"}, answer.Header{Name: "X-Fb-Trace-Id", Value: c.trace})
	if auth != "" {
		a.Headers = append(a.Headers, answer.Header{Name: "Www-Authenticate", Value: auth})
	}
	if c.runs != "" {
		a.Headers = append(a.Headers, answer.Header{Name: "Facebook-Api-Version", Value: c.runs})
	}
	return a
}

// endpoint is the name of the call's endpoint; empty: it has none.
func (c *call) endpoint() string {
	if c.route == nil {
		return ""
	}
	return c.route.name
}

// addressee is the person that the call is about, as faults name them; empty: nobody.
func (c *call) addressee() string {
	if id := value.Text(value.Object(c.Params["recipient"])["id"]); id != "" {
		return id
	}
	for _, name := range []string{"recipient", "psid", "user_id"} {
		if id := c.Get(name); id != "" {
			return id
		}
	}
	if c.endpoint() == "node" {
		return c.Path[0]
	}
	return ""
}

// dispatch runs the checks that come before an endpoint, then the endpoint.
func (e *Emulator) dispatch(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	refused := e.admit(c)
	e.mu.Unlock()
	if refused != nil {
		return nil, refused
	}
	return c.route.run(e, c)
}

// admit checks version, token and quota, and that there is such an endpoint. The
// mutex is held.
func (e *Emulator) admit(c *call) *refusal.Refusal {
	if c.Version != "" {
		runs, ok := request.Resolve(c.Version, e.clock.Now(), e.ended)
		if !ok {
			return &refusal.Refusal{Code: 2500, Text: "Unknown path components: /" + c.Version, Bare: true}
		}
		if c.runs = runs; runs != c.Version {
			c.note = fmt.Sprintf("%s has ended; the call ran as %s", c.Version, runs)
		}
	}
	if c.route == nil {
		e.unknownLocked(c)
		return refusal.Missing(strings.Join(c.Path, "/"))
	}
	if c.route.name == "oauth" {
		return c.Broken // it is where tokens come from
	}
	if refused := e.authorize(c); refused != nil {
		return refused
	}
	if refused := e.checkQuotas(c); refused != nil {
		return refused
	}
	if c.route.ofPage() {
		if refused := e.own(c); refused != nil {
			return refused
		}
	}
	if refused := c.token.Permit(c.route.scope, c.route.task); refused != nil {
		return refused
	}
	return c.Broken
}

// own checks that the call's token is that of the Page in the path. The mutex is held.
func (e *Emulator) own(c *call) *refusal.Refusal {
	id := c.Path[0]
	switch {
	case strings.HasPrefix(c.route.pattern, "{page}") && id != "me" && e.state.Page(id) == nil:
		return refusal.Missing(id)
	case c.page == nil && id == "me":
		return refusal.NeedsUser() // whom "me" means then has no such thing
	case c.page == nil:
		return refusal.Token(0, "This method must be called with a Page Access Token")
	case strings.HasPrefix(c.route.pattern, "{page}") && id != "me" && id != c.page.ID:
		return refusal.New(10, 0, "%s", refusal.Text(10, 0))
	}
	return nil
}
