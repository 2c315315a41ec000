package emulator

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Fault is a misfortune that befalls a Graph call (emulator.md §9).
type Fault struct {
	// Endpoint is the last part of the path, such as "messages" or "messenger_profile"; "node" is
	// GET /{id}; empty: any.
	Endpoint  string `json:"endpoint"`
	Recipient string `json:"recipient"` // PSID; empty: any
	Nth       int    `json:"nth"`       // the first call that it befalls, counted from 1 among those that fit; 0: the next
	Times     int    `json:"times"`     // how many calls it befalls; 0: one; negative: all until cleared
	// Kind is "error" (the default), "timeout" (no answer), "reset" (the connection breaks),
	// "html" (a gateway's page) or "garbage" (200 with what is no JSON).
	Kind string `json:"kind"`
	// Deliver lets the call take effect before the fault: deliver then fail.
	Deliver bool `json:"deliver"`

	Status    int    `json:"status"`  // 0: by code; of html: 502
	Code      int    `json:"code"`    // of error; 0: 2
	Subcode   int    `json:"subcode"` // 0: none
	Type      string `json:"type"`    // empty: OAuthException
	Message   string `json:"message"` // empty: the text of the code
	Transient bool   `json:"transient"`
}

var faultKinds = []string{"error", "timeout", "reset", "html", "garbage"}

// maxFaults is how many faults can be armed at once.
const maxFaults = 1000

type armed struct {
	Fault
	id    int
	seen  int // calls that fitted
	spent int // calls that it befell
}

// Arm arms a fault and returns its number.
func (e *Emulator) Arm(f Fault) (int, error) {
	if f.Kind == "" {
		f.Kind = "error"
	}
	if !slices.Contains(faultKinds, f.Kind) {
		return 0, fmt.Errorf("fault kind %q: want one of %q", f.Kind, faultKinds)
	}
	if f.Endpoint != "" && !slices.ContainsFunc(routes, func(r route) bool { return r.name == f.Endpoint }) {
		return 0, fmt.Errorf("fault endpoint %q: not one of the emulator's", f.Endpoint)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return 0, fmt.Errorf("fault status %d: want 200 to 599", f.Status)
	}
	if f.Nth < 0 || f.Code < 0 || f.Subcode < 0 {
		return 0, fmt.Errorf("fault: nth, code and subcode must not be negative")
	}
	if f.Code == 0 {
		f.Code = 2
	}
	if f.Times == 0 {
		f.Times = 1
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.faults) >= maxFaults {
		return 0, fmt.Errorf("fault: %d are armed already", maxFaults)
	}
	e.faultSeq++
	e.faults = append(e.faults, &armed{Fault: f, id: e.faultSeq})
	return e.faultSeq, nil
}

// Disarm clears the fault of that number; 0 clears all.
func (e *Emulator) Disarm(id int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = slices.DeleteFunc(e.faults, func(f *armed) bool { return id == 0 || f.id == id })
}

// strike returns the fault that befalls a call, or nil. Of several the one armed
// first counts; all of them count the call.
func (e *Emulator) strike(r *route, c *call) *Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	var hit *armed
	for _, f := range e.faults {
		if f.Endpoint != "" && (r == nil || r.name != f.Endpoint) ||
			f.Recipient != "" && value.Text(value.Object(c.Params["recipient"])["id"]) != f.Recipient {
			continue
		}
		f.seen++
		if hit == nil && f.seen >= f.Nth {
			hit = f
		}
	}
	if hit == nil {
		return nil
	}
	hit.spent++
	if hit.Times > 0 && hit.spent >= hit.Times {
		e.faults = slices.DeleteFunc(e.faults, func(f *armed) bool { return f == hit })
	}
	f := hit.Fault
	return &f
}

// gatewayPage is what a gateway answers when it reaches nobody.
const gatewayPage = "<!DOCTYPE html><html><head><title>Facebook | Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>\n"

// misbehave gives a call the answer of its fault.
func (e *Emulator) misbehave(w http.ResponseWriter, r *http.Request, c *call, route *route, f *Fault, start time.Time) {
	kind := f.Kind
	if f.Deliver {
		kind = "deliver, " + kind
	}
	switch f.Kind {
	case "timeout":
		e.logCall(c, route, start, 0, nil, kind)
		select {
		case <-r.Context().Done():
		case <-e.ctx.Done():
		}
		breakOff(w)
	case "reset":
		e.logCall(c, route, start, 0, nil, kind)
		breakOff(w)
	case "html":
		status := f.Status
		if status == 0 {
			status = http.StatusBadGateway
		}
		e.logCall(c, route, start, status, value.Raw(gatewayPage), kind)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(gatewayPage)) // the client may have gone
	case "garbage":
		const garbage = `{"recipient_id":"` // cut short, as by a broken proxy
		e.logCall(c, route, start, http.StatusOK, value.Raw(garbage), kind)
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write([]byte(garbage)) // the client may have gone
	default:
		refused := f.refusal()
		e.usage(w, c)
		if auth := refused.Challenge(); auth != "" {
			w.Header().Set("WWW-Authenticate", auth)
		}
		status := refused.HTTPStatus(e.switches.Status)
		e.logCall(c, route, start, status, e.reply(w, status, refused.Answer(e.switches.Language, c.trace), c), kind)
	}
}

// breakOff resets the connection: the client sees neither answer nor end.
func breakOff(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way to break a connection that cannot be taken over
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes the close a reset where the system can
	}
	_ = conn.Close()
}

// refusal is the answer of a fault of the kind error.
func (f *Fault) refusal() *refusal.Refusal {
	text := f.Message
	dead := f.Code == 190 || f.Code == 102
	if death, known := refusal.Death(f.Subcode); text == "" && dead && known {
		text = death
	}
	if text == "" {
		text = refusal.Text(f.Code)
	}
	r := &refusal.Refusal{Code: f.Code, Subcode: f.Subcode, Type: f.Type, Text: text, Transient: f.Transient, Status: f.Status}
	if dead {
		r.Auth, r.Bare = refusal.InvalidToken, true
	}
	return r
}
