package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// A Request is somebody's wish to be forgotten, as Meta passes it on (messenger.md
// section 7). While it is open it names the person by the id that the app knows; once it
// is closed nothing in it does.
type Request struct {
	Code   string    `json:"code"` // that the person was given to ask with
	At     time.Time `json:"at"`
	State  State     `json:"state"`
	App    string    `json:"app,omitempty"`    // that knows the person; empty: the only one
	User   string    `json:"user,omitempty"`   // app-scoped id, no id of any Page's; empty once closed
	Why    string    `json:"why,omitempty"`    // of Review: why people must look
	Tries  int       `json:"tries,omitempty"`  // that failed
	Next   time.Time `json:"next,omitzero"`    // the next try is not before it
	Closed time.Time `json:"closed,omitzero"`  // when it was closed
	People int       `json:"people,omitempty"` // how many conversations were erased for it
}

// User is somebody as an app knows them.
type User struct {
	App string // its id; empty: the only one
	ID  string // app-scoped
}

// State says how far a request is.
type State string

// The states of requests.
const (
	Open   State = "open"   // the host will see to it
	Review State = "review" // people must see to it
	Done   State = "done"
)

// The bounds of requests.
const (
	// MaxRequests is how many requests are kept. Closed ones make room, the oldest first.
	MaxRequests = 500
	// KeepClosed is how long a closed request can be asked about by its code.
	KeepClosed = 90 * 24 * time.Hour
	// maxRaces is how often a change of the list, or of a request, is tried again that another host was faster with.
	maxRaces = 50
	// maxCode is the most bytes of a code.
	maxCode = 64
)

// ErrNoRequest is wrapped by the error of a question after a request that is not kept.
var ErrNoRequest = errors.New("no such request")

// errRequestsFull tells that there is no room for a request and none can be made.
var errRequestsFull = fmt.Errorf("%d requests to be forgotten are open, no more are kept: see to them with footlight user requests", MaxRequests)

// Requests lie on a shelf of the store that no plug-in can have, as no Page has such an
// id: one value each, and one that lists their codes.
var requestShelf = store.Shelf{Page: "footlight", Plugin: "requests"}

const (
	codesKey   = "codes"
	requestKey = "request/"
)

// Ask keeps a request, durably. One that is kept already stays as it is: Meta may send
// it twice.
func (d *Desk) Ask(ctx context.Context, code string, user User) error {
	if code == "" || len(code) > maxCode || user.ID == "" {
		return errors.New("request: it needs a code and a user")
	}
	fresh, err := json.Marshal(Request{Code: code, At: d.clock.Now().UTC(), State: Open, App: user.App, User: user.ID})
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	none := []byte{}
	first, err := d.store.SetValue(ctx, requestShelf, requestKey+code, fresh, &none)
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	err = d.list(ctx, func(codes []string) ([]string, error) {
		if slices.Contains(codes, code) {
			return codes, nil
		}
		if codes, err = d.room(ctx, codes); err != nil {
			return nil, err
		}
		return append(codes, code), nil
	})
	if err != nil {
		err = fmt.Errorf("request: %w", err)
		if first { // one that was kept before has been promised already
			err = errors.Join(err, d.forgetRequest(ctx, code))
		}
		return err
	}
	return nil
}

// room drops closed requests that were kept long enough, and the oldest when there are
// too many.
func (d *Desk) room(ctx context.Context, codes []string) ([]string, error) {
	var left []string
	var spare []string // closed, but not long ago
	for _, code := range codes {
		r, err := d.Request(ctx, code)
		if err != nil && !errors.Is(err, ErrNoRequest) {
			return nil, err
		}
		switch {
		case err != nil, r.State == Done && d.clock.Now().Sub(r.Closed) > KeepClosed:
			if err := d.forgetRequest(ctx, code); err != nil {
				return nil, err
			}
			continue
		case r.State == Done:
			spare = append(spare, code)
		}
		left = append(left, code)
	}
	if len(left) < MaxRequests {
		return left, nil
	}
	if len(spare) == 0 {
		return nil, errRequestsFull
	}
	if err := d.forgetRequest(ctx, spare[0]); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(left, func(code string) bool { return code == spare[0] }), nil
}

func (d *Desk) forgetRequest(ctx context.Context, code string) error {
	_, err := d.store.SetValue(ctx, requestShelf, requestKey+code, nil, nil)
	return err
}

// list changes the list of codes, however many hosts do so at a time.
func (d *Desk) list(ctx context.Context, change func([]string) ([]string, error)) error {
	for range maxRaces {
		old, err := d.store.Value(ctx, requestShelf, codesKey)
		if err != nil {
			return err
		}
		codes, err := change(strings.Fields(string(old)))
		if err != nil {
			return err
		}
		text := []byte(strings.Join(codes, " "))
		if string(text) == string(old) {
			return nil
		}
		if done, err := d.store.SetValue(ctx, requestShelf, codesKey, text, &old); done || err != nil {
			return err
		}
	}
	return errors.New("the list changes too often")
}

// Request finds a request by its code; ErrNoRequest when there is none (any more).
func (d *Desk) Request(ctx context.Context, code string) (Request, error) {
	r, _, err := d.kept(ctx, code)
	return r, err
}

// kept is a request, and the text as which it is kept.
func (d *Desk) kept(ctx context.Context, code string) (r Request, text []byte, err error) {
	if code == "" || len(code) > maxCode {
		return Request{}, nil, ErrNoRequest
	}
	text, err = d.store.Value(ctx, requestShelf, requestKey+code)
	if err != nil {
		return Request{}, nil, fmt.Errorf("request: %w", err)
	}
	if len(text) == 0 {
		return Request{}, nil, ErrNoRequest
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return Request{}, nil, fmt.Errorf("request %s: %w", code, err)
	}
	return r, text, nil
}

// Requests lists what is kept of requests, the oldest first.
func (d *Desk) Requests(ctx context.Context) ([]Request, error) {
	old, err := d.store.Value(ctx, requestShelf, codesKey)
	if err != nil {
		return nil, fmt.Errorf("requests: %w", err)
	}
	out := []Request{}
	for _, code := range strings.Fields(string(old)) {
		r, err := d.Request(ctx, code)
		switch {
		case errors.Is(err, ErrNoRequest):
		case err != nil:
			return nil, err
		default:
			out = append(out, r)
		}
	}
	return out, nil
}

// Finish closes a request: people have seen to it.
func (d *Desk) Finish(ctx context.Context, code string) error {
	for range maxRaces {
		r, was, err := d.kept(ctx, code)
		if err != nil {
			return fmt.Errorf("request %q: %w; footlight user requests lists them", code, err)
		}
		if r.State == Done {
			return fmt.Errorf("request %s is done already", code)
		}
		if done, err := d.save(ctx, r.closed(d.clock.Now()), was); done || err != nil {
			return err
		}
	}
	return fmt.Errorf("request %s changes too often", code)
}

// closed is a request that nobody can be found by any more.
func (r Request) closed(now time.Time) Request {
	return Request{Code: r.Code, At: r.At, State: Done, Closed: now.UTC(), People: r.People}
}

// save keeps a request, unless what is kept is another text than it was.
func (d *Desk) save(ctx context.Context, r Request, was []byte) (done bool, err error) {
	text, err := json.Marshal(r)
	if err == nil {
		done, err = d.store.SetValue(ctx, requestShelf, requestKey+r.Code, text, &was)
	}
	if err != nil {
		return false, fmt.Errorf("request %s: %w", r.Code, err)
	}
	return done, nil
}
