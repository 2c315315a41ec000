// Package control drives an emulator over HTTP, apart from the Graph paths: JSON in,
// JSON out under /control/, scenarios, and a page on which a visitor is one of the
// people.
//
// It adds nothing to the emulator that its Go methods do not have. No API of the host
// is promised.
package control

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/messenger/emulator/scenario"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxControl is the largest body of a control request, in bytes.
const maxControl = 1 << 20

// maxAdvance is the furthest that one control request moves the clock.
const maxAdvance = 10 * 365 * 24 * time.Hour

// Handler serves everything: the Graph paths with and without a version, the control
// API under /control/ and the chat page at /chat.
func Handler(e *emulator.Emulator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/control/", api{e}.handler())
	mux.HandleFunc("GET /chat", chat)
	mux.Handle("/", e.Handler())
	return mux
}

// Server serves what Handler does; the header of a request may take headerTime. Its Shutdown ends the streams that chat
// pages follow, and all else that is under way, instead of waiting for them.
func Server(e *emulator.Emulator, headerTime time.Duration) *http.Server {
	open, end := context.WithCancel(context.Background())
	s := &http.Server{Handler: Handler(e), ReadHeaderTimeout: headerTime, BaseContext: func(net.Listener) context.Context { return open }}
	s.RegisterOnShutdown(end)
	return s
}

// api is the control API of one emulator. A refusal is {"error":"…"} with status 400.
type api struct{ *emulator.Emulator }

func (e api) handler() http.Handler {
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
	return ours(http.NewCrossOriginProtection().Handler(mux))
}

// ours refuses requests that reached this machine from itself under a foreign name: the browser takes a site
// whose name was made to point here (DNS rebinding) for the origin of this one.
func ours(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
		if at != nil && at.IP.IsLoopback() && !loopback(r.Host) {
			w.WriteHeader(http.StatusMisdirectedRequest)
			_, _ = w.Write(value.Raw(map[string]string{"error": "control: on this machine the emulator answers to localhost and 127.0.0.1 only"})) // the client may have gone
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopback tells whether a Host header names this machine to itself.
func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return strings.EqualFold(name, "localhost") || net.ParseIP(name).IsLoopback()
}

// orders are what POST /control/… does, by the rest of the path.
func (e api) orders() map[string]func(context.Context, *json.Decoder) (any, error) {
	return map[string]func(context.Context, *json.Decoder) (any, error){
		"act": func(ctx context.Context, d *json.Decoder) (any, error) {
			return done(d, func(a emulator.Action) error { return e.Act(ctx, a) })
		},
		"person": func(_ context.Context, d *json.Decoder) (any, error) {
			var p emulator.Person
			if err := body(d, &p); err != nil {
				return nil, err
			}
			if p.ID != "" && e.Knows(p.ID) {
				return p, e.UpdatePerson(p)
			}
			return e.AddPerson(p)
		},
		"page":     func(_ context.Context, d *json.Decoder) (any, error) { return done(d, e.UpdatePage) },
		"scenario": e.scenario,
		"measure":  func(_ context.Context, d *json.Decoder) (any, error) { return done(d, e.Take) },
		"tell": func(ctx context.Context, d *json.Decoder) (any, error) {
			var t emulator.Telling
			if err := body(d, &t); err != nil {
				return nil, err
			}
			return e.Tell(ctx, t)
		},
		"configure": func(ctx context.Context, d *json.Decoder) (any, error) {
			return done(d, func(v struct {
				App         string
				URL         string
				VerifyToken string `json:"verify_token"`
				Fields      []string
			},
			) error {
				return e.Configure(ctx, v.App, v.URL, v.VerifyToken, v.Fields)
			})
		},
		"release": func(context.Context, *json.Decoder) (any, error) { e.Release(); return struct{}{}, nil },
		"user_token": func(_ context.Context, d *json.Decoder) (any, error) {
			var v struct{ User string }
			if err := body(d, &v); err != nil {
				return nil, err
			}
			token, err := e.UserToken(v.User)
			return map[string]string{"access_token": token}, err
		},
		"advance": e.controlAdvance,
		"settle":  func(ctx context.Context, _ *json.Decoder) (any, error) { return struct{}{}, e.Settle(ctx) },
		"fault": func(_ context.Context, d *json.Decoder) (any, error) {
			var f emulator.Fault
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
				Delivery emulator.Delivery
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
func (e api) questions() map[string]func(*http.Request) (any, error) {
	return map[string]func(*http.Request) (any, error){
		"thread": func(r *http.Request) (any, error) {
			return e.Thread(r.URL.Query().Get("page"), r.URL.Query().Get("person"))
		},
		"faults":        func(*http.Request) (any, error) { return e.Faults(), nil },
		"quotas":        func(*http.Request) (any, error) { return e.QuotasUsed(), nil },
		"threads":       func(*http.Request) (any, error) { return e.Threads(), nil },
		"calls":         func(*http.Request) (any, error) { return e.Calls(), nil },
		"attempts":      func(*http.Request) (any, error) { return e.Attempts(), nil },
		"unimplemented": func(*http.Request) (any, error) { return e.Unimplemented(), nil },
		"alerts":        func(*http.Request) (any, error) { return e.Alerts(), nil },
		"state":         func(*http.Request) (any, error) { return e.state(), nil },
	}
}

// state is what GET /control/state shows. The secrets in it are the emulator's own:
// whoever stands in for a host needs them.
func (e api) state() any {
	return map[string]any{"now": e.Now(), "seed": e.Seed(), "apps": e.Apps(), "pages": e.Pages(), "people": e.People(), "users": e.Users()}
}

// controlAdvance moves a clock that can be moved, and waits for what falls due.
func (e api) controlAdvance(ctx context.Context, d *json.Decoder) (any, error) {
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

// scenario runs a scenario, and answers with the report of its steps. A step that did
// not come true is an answer like any other; a scenario that cannot be read is refused.
func (e api) scenario(ctx context.Context, d *json.Decoder) (any, error) {
	var v struct{ Source string }
	if err := body(d, &v); err != nil {
		return nil, err
	}
	script, err := scenario.Parse(v.Source)
	if err != nil {
		return nil, err
	}
	var report strings.Builder
	answer := map[string]any{"ok": true, "seed": e.Seed()}
	if err := script.Run(ctx, e.Emulator, scenario.Options{Report: &report}); err != nil {
		answer["ok"], answer["problem"] = false, err.Error()
	}
	answer["report"] = report.String()
	return answer, nil
}

// controlWatch streams a server-sent event for every change, coalesced.
func (e api) controlWatch(w http.ResponseWriter, r *http.Request) {
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
		case <-e.Done():
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
