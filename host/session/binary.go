package session

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// usual is how many bytes an encoding has room for without growing.
const usual = 1 << 10

// errShort is what an encoding that ends too early gives.
var errShort = errors.New("it ends too early")

// writer writes fields: a tag, then lengths and counts as varints before what they count.
type writer struct {
	b   []byte
	err error // the first one
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) string(s string) {
	w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...)
}

func (w *writer) begin(tag byte, count int) {
	w.b = binary.AppendUvarint(append(w.b, tag), uint64(count))
}

func (w *writer) text(tag byte, s string) {
	if s != "" {
		w.b = append(w.b, tag)
		w.string(s)
	}
}

func (w *writer) count(tag byte, n uint64) {
	if n != 0 {
		w.b = binary.AppendUvarint(append(w.b, tag), n)
	}
}

func (w *writer) list(tag byte, list []string) {
	if len(list) == 0 {
		return
	}
	w.begin(tag, len(list))
	for _, s := range list {
		w.string(s)
	}
}

func (w *writer) pairs(tag byte, pairs map[string]string) {
	if len(pairs) == 0 {
		return
	}
	w.begin(tag, len(pairs))
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		w.string(name)
		w.string(pairs[name])
	}
}

func (w *writer) vars(tag byte, vars map[string]json.RawMessage) {
	if len(vars) == 0 {
		return
	}
	w.begin(tag, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		value := vars[name]
		if value == nil {
			value = json.RawMessage("null")
		}
		if _, ok := plain(value); !ok && !json.Valid(value) {
			w.fail(fmt.Errorf("variable %q is no JSON", name))
		}
		w.string(name)
		w.string(string(value))
	}
}

func (w *writer) time(tag byte, t time.Time) {
	if t.IsZero() {
		return
	}
	room := binary.AppendUvarint(append(w.b, tag), 0) // a time is shorter than 128 bytes
	b, err := t.AppendBinary(room)
	if err != nil {
		w.fail(err)
		return
	}
	b[len(room)-1] = byte(len(b) - len(room))
	w.b = b
}

func (w *writer) json(tag byte, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		w.fail(err)
	}
	w.b = append(w.b, tag)
	w.string(string(data))
}

// reader reads what a writer wrote, out of a copy; after the first error it yields nothing.
type reader struct {
	texts string
	bytes []byte
	at    int
	err   error
}

func newReader(data []byte) *reader { return &reader{texts: string(data), bytes: slices.Clone(data)} }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) more() bool { return r.err == nil && r.at < len(r.bytes) }

func (r *reader) byte() byte {
	if !r.more() {
		r.fail("%w", errShort)
		return 0
	}
	r.at++
	return r.bytes[r.at-1]
}

func (r *reader) count() uint64 {
	n, size := binary.Uvarint(r.bytes[r.at:])
	if r.err != nil || size <= 0 {
		r.fail("%w", errShort)
		return 0
	}
	r.at += size
	return n
}

// size is a count of things of which each takes a byte at least.
func (r *reader) size() int {
	n := r.count()
	if n > uint64(len(r.bytes)-r.at) {
		r.fail("%w", errShort)
		return 0
	}
	return int(n)
}

// span is where the next string lies.
func (r *reader) span() (from, to int) {
	n := r.size()
	from, to = r.at, r.at+n
	r.at = to
	return from, to
}

func (r *reader) text() string {
	from, to := r.span()
	return r.texts[from:to]
}

func (r *reader) raw() []byte {
	from, to := r.span()
	return r.bytes[from:to:to]
}

func (r *reader) list() []string {
	list := make([]string, r.size())
	for i := range list {
		list[i] = r.text()
	}
	return list
}

func (r *reader) pairs() map[string]string {
	n := r.size()
	pairs := make(map[string]string, n)
	for range n {
		name := r.text()
		pairs[name] = r.text()
	}
	return pairs
}

func (r *reader) vars() map[string]json.RawMessage {
	n := r.size()
	vars := make(map[string]json.RawMessage, n)
	for range n {
		name := r.text()
		value := r.raw()
		if _, ok := plain(value); !ok && !json.Valid(value) {
			r.fail("variable %q is no JSON", name)
		}
		vars[name] = value
	}
	return vars
}

func (r *reader) time() (t time.Time) {
	if err := t.UnmarshalBinary(r.raw()); err != nil {
		r.fail("%w", err)
	}
	return t
}

func (r *reader) json(v any) {
	if err := json.Unmarshal(r.raw(), v); err != nil {
		r.fail("%w", err)
	}
}
