// Package record is the encoding of what the stores keep: events, sends, letters, times and
// deduplication keys, the same in every store. It knows nothing of files or
// networks. Decoders take any bytes and return errors, never panics; the
// first byte of a record is the version of its format. No API of the host is promised.
package record

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// version is the format of records as they are written today.
const version = 2

// errShort is what a record that ends too early gives.
var errShort = fmt.Errorf("record ends too early: %w", store.ErrForGood)

// Seen is the deduplication key of an event: a hash, because ids may hold the
// person's id and the key outlives an erasure.
func Seen(k store.Key, id string) [16]byte {
	sum := sha256.Sum256([]byte(k.Page + "/" + k.Person + "/" + id))
	return [16]byte(sum[:16])
}

// Event encodes an event and when it was accepted, in milliseconds. Key and Seq
// are left to the caller.
func Event(e store.Event, accepted int64) []byte {
	b := make([]byte, 0, 32+len(e.ID)+len(e.Body))
	b = append(b, version)
	b = binary.AppendVarint(b, accepted)
	b = binary.AppendVarint(b, Ceil(e.Due))
	b = binary.AppendVarint(b, Floor(e.At))
	b = appendString(b, e.ID)
	return append(b, e.Body...)
}

// ParseEvent decodes what Event encoded. Nothing of the result points into b.
func ParseEvent(b []byte) (e store.Event, accepted int64, err error) {
	r := reader{b: b}
	r.version()
	accepted = r.varint()
	e.Due = Time(r.varint())
	e.At = Time(r.varint())
	e.ID = r.string()
	if r.err != nil {
		return store.Event{}, 0, fmt.Errorf("event: %w", r.err)
	}
	e.Body = slices.Clone(r.b)
	return e, accepted, nil
}

// Ready is when an encoded event is work, in milliseconds: once it was accepted and is due.
func Ready(b []byte) (int64, error) {
	r := reader{b: b}
	r.version()
	accepted := r.varint()
	return max(accepted, r.varint()), r.err
}

// Send encodes a send. Seq is left to the caller.
func Send(s store.Send) []byte {
	b := make([]byte, 0, 32+len(s.ID)+len(s.Body))
	b = append(b, version)
	b = binary.AppendVarint(b, Ceil(s.Due))
	b = binary.AppendVarint(b, int64(s.Wait))
	stay := byte(0)
	if s.Stay {
		stay = 1
	}
	b = append(b, stay)
	b = binary.AppendVarint(b, int64(s.Tries))
	b = appendString(b, s.ID)
	return append(b, s.Body...)
}

// ParseSend decodes what Send encoded. Nothing of the result points into b.
func ParseSend(b []byte) (s store.Send, err error) {
	r := reader{b: b}
	r.version()
	s.Due = Time(r.varint())
	s.Wait = time.Duration(r.varint())
	s.Stay = r.byte() != 0
	s.Tries = int(r.varint())
	s.ID = r.string()
	if r.err != nil {
		return store.Send{}, fmt.Errorf("send: %w", r.err)
	}
	s.Body = slices.Clone(r.b)
	return s, nil
}

// Due is the due time, in milliseconds, of an encoded send.
func Due(b []byte) (int64, error) {
	r := reader{b: b}
	r.version()
	at := r.varint()
	return at, r.err
}

// Letter encodes a letter.
func Letter(l store.Letter) []byte {
	b := make([]byte, 0, 32+len(l.ID)+len(l.Kind)+len(l.Reason)+len(l.Body))
	b = append(b, version)
	b = binary.AppendVarint(b, Floor(l.At))
	b = appendString(b, l.Kind)
	b = appendString(b, l.ID)
	b = appendString(b, l.Reason)
	return append(b, l.Body...)
}

// ParseLetter decodes what Letter encoded. Nothing of the result points into b.
func ParseLetter(b []byte) (l store.Letter, err error) {
	r := reader{b: b}
	r.version()
	l.At = Time(r.varint())
	l.Kind, l.ID, l.Reason = r.string(), r.string(), r.string()
	if r.err != nil {
		return store.Letter{}, fmt.Errorf("letter: %w", r.err)
	}
	l.Body = slices.Clone(r.b)
	return l, nil
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// reader takes a record apart; after the first error it yields zeros.
type reader struct {
	b   []byte
	err error
}

func (r *reader) version() {
	if v := r.byte(); r.err == nil && v != version {
		r.err = fmt.Errorf("record has format %d, this program knows %d: %w", v, version, store.ErrForGood)
	}
}

func (r *reader) byte() byte {
	if r.err != nil || len(r.b) == 0 {
		r.fail()
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if r.err != nil || n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) string() string {
	n, used := binary.Uvarint(r.b)
	if r.err != nil || used <= 0 || n > uint64(len(r.b)-used) {
		r.fail()
		return ""
	}
	s := string(r.b[used : used+int(n)])
	r.b = r.b[used+int(n):]
	return s
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = errShort
	}
}
