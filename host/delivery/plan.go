package delivery

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// cargo is the body of a send: one call, and what the outbox must know of it.
type cargo struct {
	Heard    time.Time           `json:"heard"` // when the person spoke whom it answers: the window runs from here
	Message  *messenger.Outgoing `json:"message,omitempty"`
	Persona  *messenger.Persona  `json:"persona,omitempty"`  // who speaks the message, or types; nil: the Page
	Typing   bool                `json:"typing,omitempty"`   // the typing indicator is all
	Handover string              `json:"handover,omitempty"` // app that the thread is passed to
	Reminder string              `json:"reminder,omitempty"` // no call: the reminder of that name comes due
	Same     int                 `json:"same,omitempty"`     // how many messages before it in the reply look like it when read back
	To       string              `json:"to,omitempty"`       // the message that it answers, by a short name of its id: it stands before it when read back
	After    string              `json:"after,omitempty"`    // how the message before it in the reply looks, if that is something else, by a short name
	Behind   string              `json:"behind,omitempty"`   // id of the message that went out right before it, where that is known
	Doubt    time.Time           `json:"doubt,omitzero"`     // when the first try began whose outcome is unknown
	Blind    blindness           `json:"blind,omitempty"`    // of a doubt: what is done when the conversation does not tell
	Met      map[string]met      `json:"met,omitempty"`      // refusals that count against its tries, by class
}

// met is how often a send met refusals of one class.
type met struct {
	Times int       `json:"times"`
	Since time.Time `json:"since"` // the first of them
}

// pack makes the calls of a part, in order.
func pack(r messenger.Rendered, heard time.Time) []cargo {
	var out []cargo
	if r.Typing {
		out = append(out, cargo{Heard: heard, Typing: true, Persona: r.Persona})
	}
	for i := range r.Messages {
		out = append(out, cargo{Heard: heard, Message: &r.Messages[i], Persona: r.Persona})
	}
	if r.Handover != "" {
		out = append(out, cargo{Heard: heard, Handover: r.Handover})
	}
	return out
}

func (c cargo) encode() ([]byte, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("send: encode: %w", err)
	}
	return data, nil
}

// unload reads the body of a send, unless that was packed under this lease.
func (w *work) unload(body []byte) (cargo, error) {
	if c, ok := w.packed[string(body)]; ok {
		return c, nil
	}
	return unload(body)
}

func unload(body []byte) (cargo, error) {
	var c cargo
	if err := json.Unmarshal(body, &c); err != nil {
		return cargo{}, fmt.Errorf("send: decode: %w", err)
	}
	return c, nil
}

// intent is the id of a turn's n-th send. It goes along as metadata and comes
// back in the echo.
func intent(turn string, n int) string { return turn + "." + strconv.Itoa(n) }

// replyOf is the turn whose reply a send belongs to.
func replyOf(intent string) string {
	turn, _, _ := strings.Cut(intent, ".")
	return turn
}

// IsIntent tells whether the metadata of an echo can be the id of a send of ours.
func IsIntent(metadata string) bool {
	turn, n, ok := strings.Cut(metadata, ".")
	if !ok || len(turn) != turnIDLen || n == "" || strings.Trim(n, "0123456789") != "" {
		return false
	}
	return strings.Trim(turn, "0123456789abcdef") == ""
}

// waiting tells for each send, in the order of the store, whether its delay was
// still running at the given time (L-DELAY-5): the first that is left of a reply
// when it has a pause before it that had not passed; any further one when a
// pause lies between. What stands without a pause after what went out is only
// on its way, however long Messenger makes it wait.
func waiting(sends []store.Send, at time.Time) []bool {
	late := make(map[string]bool, 2)
	out := make([]bool, len(sends))
	for i, s := range sends {
		reply := replyOf(s.ID)
		behind, more := late[reply]
		switch {
		case more:
			late[reply] = behind || s.Wait > 0
		default:
			late[reply] = s.Wait > 0 && s.Tries == 0 && s.Due.After(at)
		}
		out[i] = late[reply]
	}
	return out
}

// follow gives the sends behind one that went out at a time their due times anew,
// when their pauses, counted from that time, end later than was planned. It
// returns the sends that have moved; replacing them moves them in the store.
func follow(sends []store.Send, out store.Send, at time.Time) []store.Send {
	rest := slices.DeleteFunc(slices.Clone(sends), func(s store.Send) bool {
		return s.ID == out.ID || replyOf(s.ID) != replyOf(out.ID)
	})
	if len(rest) == 0 || rest[0].Wait == 0 {
		return nil // the next one is on its way; what is behind it will follow it
	}
	var moved []store.Send
	due := at
	for _, s := range rest {
		due = due.Add(s.Wait)
		if !s.Due.Before(due) {
			return moved
		}
		s.Due = due
		moved = append(moved, s)
	}
	return moved
}

// anchor writes into the message that is next once a send is done with which message went out right before it: whoever looks for it later, not
// knowing whether it arrived, knows from where on. That is done where the message moves in any case, and where it could be taken
// for an earlier one: as all pictures look alike, and replies can be the same.
func (w *work) anchor(moved []store.Send, done store.Send) []store.Send {
	next, c, ok := w.next(moved, done)
	if !ok || len(moved) == 0 && looks(*c.Message) != attached && replyOf(next.ID) == replyOf(done.ID) {
		return moved
	}
	return w.place(moved, done, next, c, w.last)
}

// bridge is anchor for a send that is given up. The message next to it would be looked for behind one that never came, so what that one
// stood behind is written into it; but not where the one given up may have arrived after all, and would be taken for it.
func (w *work) bridge(moved []store.Send, gone store.Send) []store.Send {
	next, c, ok := w.next(moved, gone)
	was, _ := unload(gone.Body) // what nobody can read stood behind nothing that is known
	if _, doubted := doubtful(was); !ok || doubted && looks(*was.Message) == looks(*c.Message) {
		return moved
	}
	return w.place(moved, gone, next, c, cmp.Or(w.last, was.Behind))
}

// next is the message that is next once a send is done with. One in doubt is not told of: it may have been first.
func (w *work) next(moved []store.Send, done store.Send) (next store.Send, c cargo, ok bool) {
	rest := moved
	if len(moved) == 0 {
		rest = without(w.conv.Sends, done.ID)
	}
	if next, ok = firstMessage(rest); !ok {
		return next, c, false
	}
	c, err := unload(next.Body)
	return next, c, err == nil && c.Message != nil && c.Doubt.IsZero()
}

// place lets the message that is next know the one before it, by its id, if there is one.
func (w *work) place(moved []store.Send, done, next store.Send, c cargo, before string) []store.Send {
	if before == "" {
		return moved
	}
	c.Behind = before
	body, err := c.encode()
	if err != nil {
		return moved
	}
	next.Body = body
	same := func(s store.Send) bool { return s.ID != next.ID && s.Due.Equal(next.Due) }
	if len(moved) == 0 && slices.ContainsFunc(without(w.conv.Sends, done.ID), same) {
		next.Due = next.Due.Add(-time.Millisecond) // it stays the first of them
	}
	return append([]store.Send{next}, without(moved, next.ID)...)
}

// order sorts sends as the store does; equal ones stay as they are.
func order(sends []store.Send) {
	slices.SortStableFunc(sends, func(a, b store.Send) int { return a.Due.Compare(b.Due) })
}

// without returns the sends whose ids are not among ids.
func without(sends []store.Send, ids ...string) []store.Send {
	return slices.DeleteFunc(slices.Clone(sends), func(s store.Send) bool { return slices.Contains(ids, s.ID) })
}
