package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxControl is the largest body of a control request, in bytes.
const maxControl = 1 << 20

// maxAdvance is the furthest that one control request moves the clock.
const maxAdvance = 10 * 365 * 24 * time.Hour

// control serves the control API: JSON in, JSON out, apart from all Graph paths.
// A refusal is {"error":"…"} with status 400.
func (e *Emulator) control() http.Handler {
	mux := http.NewServeMux()
	for path, f := range e.orders() {
		mux.HandleFunc("POST /control/"+path, func(w http.ResponseWriter, r *http.Request) {
			d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControl))
			d.DisallowUnknownFields()
			v, err := f(r.Context(), d)
			respond(w, v, err)
		})
	}
	for path, f := range e.questions() {
		mux.HandleFunc("GET /control/"+path, func(w http.ResponseWriter, r *http.Request) {
			v, err := f(r)
			respond(w, v, err)
		})
	}
	mux.HandleFunc("GET /control/watch", e.controlWatch)
	mux.HandleFunc("/control/", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(value.Raw(map[string]string{"error": "control: no " + r.Method + " " + r.URL.Path})) // the client may have gone
	})
	// A page of some other site, open in the author's browser, must not drive the emulator.
	return http.NewCrossOriginProtection().Handler(mux)
}

// orders are what POST /control/… does, by the rest of the path.
func (e *Emulator) orders() map[string]func(context.Context, *json.Decoder) (any, error) {
	return map[string]func(context.Context, *json.Decoder) (any, error){
		"act": func(ctx context.Context, d *json.Decoder) (any, error) {
			return done(d, func(a Action) error { return e.Act(ctx, a) })
		},
		"person": func(_ context.Context, d *json.Decoder) (any, error) {
			var p Person
			if err := body(d, &p); err != nil {
				return nil, err
			}
			if p.ID != "" && e.knows(p.ID) {
				return p, e.UpdatePerson(p)
			}
			return e.AddPerson(p)
		},
		"page":    func(_ context.Context, d *json.Decoder) (any, error) { return done(d, e.UpdatePage) },
		"advance": e.controlAdvance,
		"settle":  func(ctx context.Context, _ *json.Decoder) (any, error) { return struct{}{}, e.Settle(ctx) },
		"fault": func(_ context.Context, d *json.Decoder) (any, error) {
			var f Fault
			if err := body(d, &f); err != nil {
				return nil, err
			}
			id, err := e.Arm(f)
			return map[string]int{"id": id}, err
		},
		"disarm": func(_ context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct{ ID int }) error { e.Disarm(v.ID); return nil })
		},
		"delivery": func(_ context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct {
				App      string
				Delivery Delivery
			},
			) error {
				return e.SetDelivery(v.App, v.Delivery)
			})
		},
		"callback": func(_ context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct{ App, URL string }) error { return e.SetCallback(v.App, v.URL) })
		},
		"owner": func(_ context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct{ Page, Person, App string }) error { return e.SetOwner(v.Page, v.Person, v.App) })
		},
		"token": func(_ context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct {
				Token   string
				Subcode int
			},
			) error {
				return e.KillToken(v.Token, v.Subcode)
			})
		},
	}
}

// questions are what GET /control/… tells, by the rest of the path.
func (e *Emulator) questions() map[string]func(*http.Request) (any, error) {
	return map[string]func(*http.Request) (any, error){
		"thread": func(r *http.Request) (any, error) {
			return e.Thread(r.URL.Query().Get("page"), r.URL.Query().Get("person"))
		},
		"threads":       func(*http.Request) (any, error) { return e.Threads(), nil },
		"calls":         func(*http.Request) (any, error) { return e.Calls(), nil },
		"attempts":      func(*http.Request) (any, error) { return e.Attempts(), nil },
		"unimplemented": func(*http.Request) (any, error) { return e.Unimplemented(), nil },
		"alerts":        func(*http.Request) (any, error) { return e.Alerts(), nil },
		"state":         func(*http.Request) (any, error) { return e.state(), nil },
	}
}

func (e *Emulator) knows(person string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.person(person) != nil
}

// state is what GET /control/state shows. The secrets in it are the emulator's own:
// whoever stands in for a host needs them.
func (e *Emulator) state() any {
	return map[string]any{"now": e.Now(), "seed": e.seed, "apps": e.Apps(), "pages": e.Pages(), "people": e.People()}
}

// controlAdvance moves a clock that can be moved, and waits for what falls due.
func (e *Emulator) controlAdvance(ctx context.Context, d *json.Decoder) (any, error) {
	var v struct{ By string }
	if err := body(d, &v); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(v.By)
	if err != nil || by <= 0 || by > maxAdvance {
		return nil, fmt.Errorf("by %q: want a positive duration such as \"24h\", %s at most", v.By, maxAdvance)
	}
	if err := e.Advance(ctx, by); err != nil {
		return nil, err
	}
	return map[string]any{"now": e.Now()}, nil
}

// ErrRealClock is Advance's error when the emulator runs on the machine's clock.
var ErrRealClock = errors.New("advance: the emulator runs on the machine's clock, which nobody moves")

// Advance moves the emulator's clock, if it is one that can be moved, and then waits
// until the webhooks that fell due have been tried, ctx at the longest.
func (e *Emulator) Advance(ctx context.Context, by time.Duration) error {
	movable, ok := e.clock.(interface{ Advance(time.Duration) })
	if !ok {
		return ErrRealClock
	}
	movable.Advance(by)
	e.mu.Lock()
	e.touch() // typing bubbles end, windows close
	e.mu.Unlock()
	return e.Settle(ctx)
}

// controlWatch streams a server-sent event for every change, coalesced.
func (e *Emulator) controlWatch(w http.ResponseWriter, r *http.Request) {
	changes, stop := e.Watch()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	for {
		if _, err := fmt.Fprint(w, "data: change\n\n"); err != nil {
			return
		}
		if err := flush.Flush(); err != nil {
			return
		}
		select {
		case <-changes:
		case <-r.Context().Done():
			return
		case <-e.ctx.Done():
			return
		}
	}
}

func body(d *json.Decoder, v any) error {
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("control request: body: %w", err)
	}
	return nil
}

// done decodes a body, acts on it, and has nothing to tell.
func done[T any](d *json.Decoder, act func(T) error) (any, error) {
	var v T
	if err := body(d, &v); err != nil {
		return nil, err
	}
	return struct{}{}, act(v)
}

func respond(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		v = map[string]string{"error": err.Error()}
	}
	_, _ = w.Write(append(value.Raw(v), '\n')) // the client may have gone
}
